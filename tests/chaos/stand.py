"""Instances and workers as an operator's supervisor keeps them: what dies is started again."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from config.settings import ROOT
from tests.chaos import BEGAN, FASTER, JUMP
from tests.postgres import free_ports

SERVED = "tests.chaos.served:app"
STARTS_WITHIN_S = 90.0
AGAIN_AFTER_S = 0.2


class Kept:
    """One process that is started again whenever it ends, until it is let go."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self._command, self._environment, self._log = command, environment, log
        self._wanted = True
        self.starts = 0
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        while self._wanted:
            with self._log.open("ab") as log:
                self.process = subprocess.Popen(
                    self._command,
                    cwd=ROOT,
                    env=self._environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            self.starts += 1
            self.process.wait()
            _kill_group(self.process.pid)
            time.sleep(AGAIN_AFTER_S)

    def pids(self) -> list[int]:
        """The process and its children, those of gunicorn being its workers."""
        return [self.process.pid, *_children(self.process.pid)]

    def let_go(self) -> None:
        """Ends it for good."""
        self._wanted = False
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            _kill_group(self.process.pid)
        self._thread.join(20)


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


class Stand:
    """Some instances (each gunicorn with two workers) and background workers on one database."""

    def __init__(
        self, variables: dict[str, str], folder: Path, *, instances: int, faster: float
    ) -> None:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("GEXUN_")}
        self.began = time.time()
        self._jump = folder / "jump"
        told = {BEGAN: repr(self.began), FASTER: repr(faster), JUMP: str(self._jump)}
        environment = {**kept, **variables, **told}
        self.ports = free_ports(instances)
        self.log = folder / "log"
        self._web = [Kept(_gunicorn(port), environment, self.log) for port in self.ports]
        worker = [sys.executable, "-m", "flask", "--app", SERVED, "worker"]
        self._workers = [Kept(worker, environment, self.log)]
        self._chance = random.Random(7)
        self.kills = 0

    @property
    def urls(self) -> list[str]:
        """Where the instances answer."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def wait_until_ready(self, within_s: float = STARTS_WITHIN_S) -> float:
        """Until every instance says that it is ready; the seconds that took."""
        began = time.monotonic()
        for url in self.urls:
            while not _is_ready(url):
                if time.monotonic() > began + within_s:
                    raise TimeoutError(self.log.read_text(errors="replace")[-4000:])
                time.sleep(0.1)
        return time.monotonic() - began

    def kill_something(self) -> None:
        """SIGKILL to a worker of an instance, an instance's master, or a background worker.

        Only when all is up again after the last one: else nobody ever gets to work."""
        self.wait_until_ready()
        kept = self._chance.choice([*self._web, *self._web, *self._workers])
        pids = kept.pids()
        pid = self._chance.choice(pids[1:] or pids) if self._chance.random() < 0.8 else pids[0]
        try:
            os.kill(pid, signal.SIGKILL)
            self.kills += 1
        except ProcessLookupError:
            pass

    def jump(self) -> None:
        """Every clock an hour forward or back."""
        ahead = self._jump.with_suffix(".new")
        ahead.write_text(str(self._chance.choice([-3600, 0, 3600])))
        ahead.replace(self._jump)

    def close(self) -> None:
        """Ends everything."""
        for kept in (*self._web, *self._workers):
            kept.let_go()


def _gunicorn(port: int) -> list[str]:
    told = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--no-control-socket"]
    sized = ["--workers", "2", "--threads", "16", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", *told, *sized, SERVED]


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=6) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
