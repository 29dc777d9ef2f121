"""The application as an operator runs it: gunicorn, behind the nginx that ships."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from config.settings import Settings
from tests.deploy.nginx import NAME, Nginx, free_port
from tests.postgres import ADDRESS, die_with_parent
from tests.running import ROOT
from tests.towns import Town


@pytest.fixture
def backend() -> str:
    """What is told here is of the way there: one database is enough."""
    return "sqlite"


class Gunicorn:
    """The application with few threads, as a process of its own."""

    def __init__(self, settings: Settings, *, threads: int) -> None:
        self.port = free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "GEXUN_DATABASE_URL": settings.database_url,
            "GEXUN_PHOTO_STORE": settings.photo_store,
            "GEXUN_SECRET_KEY": settings.secret_key.get_secret_value(),
            "GEXUN_PUBLIC_URL": f"https://{NAME}",
            "GEXUN_TRUSTED_PROXIES": "1",
            "GEXUN_LIMIT_SIGN_INS": "3",
        }
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "--bind", f"{ADDRESS}:{self.port}",
                "--worker-class", "gthread", "--workers", "1", "--threads", str(threads),
                "--no-control-socket", "wsgi:app",
            ],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )  # fmt: skip

    def wait_until_ready(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + 60
        while socket.socket().connect_ex((ADDRESS, self.port)) != 0:
            assert self._process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        # It listens before its worker has the application.
        up = httpx.get(f"http://{ADDRESS}:{self.port}/healthz", trust_env=False, timeout=60)
        assert up.is_success

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


@pytest.fixture
def gunicorn(town: Town, settings: Settings) -> Iterator[Gunicorn]:
    made = Gunicorn(settings, threads=4)
    try:
        made.wait_until_ready()
        yield made
    finally:
        made.stop()


@pytest.fixture
def nginx(gunicorn: Gunicorn, tmp_path: Path) -> Iterator[Nginx]:
    with Nginx(tmp_path / "nginx", gunicorn.port) as running:
        yield running


@pytest.fixture
def outside(nginx: Nginx) -> Iterator[httpx.Client]:
    """Somebody who comes by the public address."""
    address = f"https://{ADDRESS}:{nginx.secure}"
    headers = {"Host": NAME}
    with httpx.Client(
        base_url=address, verify=nginx.trust, headers=headers, trust_env=False, timeout=30
    ) as client:
        yield client
