"""Two gunicorn workers as an operator starts them, and the CPU that they and PostgreSQL use."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from config.settings import ROOT, Settings

WORKERS, THREADS = 2, 16
STARTS_WITHIN_S = 60.0
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


@contextmanager
def gunicorn(settings: Settings, *, workers: int = WORKERS) -> Iterator["Service"]:
    """The real `wsgi:app` on a free loopback port while the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--no-control-socket"]
    sized = ["--workers", str(workers), "--threads", str(THREADS), "--log-level", "warning"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *told, *sized, "wsgi:app"],
        cwd=ROOT,
        env=_environment(settings),
    )
    try:
        service = Service(port, process.pid, _postmaster(settings))
        service.wait_until_ready()
        yield service
    finally:
        process.terminate()
        process.wait(30)


def _environment(settings: Settings) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GEXUN_")}
    return {
        **kept,
        "GEXUN_ENV": "production",
        "GEXUN_DATABASE_URL": settings.database_url,
        "GEXUN_PHOTO_STORE": settings.photo_store,
        "GEXUN_SECRET_KEY": settings.secret_key.get_secret_value(),
        "GEXUN_LIMIT_REQUESTS": str(settings.limit_requests),
    }


class Service:
    """A running service and its database server, if it has one on this machine."""

    def __init__(self, port: int, pid: int, postmaster: int | None) -> None:
        self.port = port
        self._pid, self._postmaster = pid, postmaster

    def application_ms(self) -> float:
        """CPU used so far by gunicorn and its workers."""
        return _family_ms(self._pid)

    def database_ms(self) -> float:
        """CPU used so far by PostgreSQL; SQLite works inside the application."""
        return 0.0 if self._postmaster is None else _family_ms(self._postmaster)

    def wait_until_ready(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5).close()
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def _postmaster(settings: Settings) -> int | None:
    """The process that listens on the port of a loopback PostgreSQL."""
    url = make_url(settings.database_url)
    if settings.embedded or url.host not in ("127.0.0.1", "localhost", "::1"):
        return None
    for pid in _pids():
        words = _read(f"/proc/{pid}/cmdline").split("\0")
        if "postgres" in words[0] and str(url.port) in words:
            return pid
    return None


def _family_ms(pid: int) -> float:
    """CPU of a process, of the children it has, and of those it had (their ends included)."""
    parents = {each: _stat(each) for each in _pids()}
    if not parents.get(pid):
        raise ProcessLookupError(pid)
    ticks = sum(parents[pid][11:15])
    ticks += sum(sum(stat[11:13]) for stat in parents.values() if stat and stat[1] == pid)
    return ticks * TICK_MS


def _stat(pid: int) -> list[int]:
    """The numbers of /proc/PID/stat after the name: [0] is the state (as 0), [1] the parent."""
    text = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return [0, *(int(word) for word in text[1:])] if text else []


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _read(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""
