"""`make run` keeps a background worker beside its server, and takes it along when it ends."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.running import Run, copy_product


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product in a folder of its own."""
    return copy_product(tmp_path_factory.mktemp("clone"))


@pytest.fixture
def run(copy: Path) -> Iterator[Run]:
    """A server whose worker is at work; ended at the end."""
    begun = Run(copy)
    begun.greeting()
    # Readiness alone may still speak of the worker of the run before.
    wait_until(lambda: bool(background_workers(begun)) and worker_state(begun) == "ok")
    yield begun
    begun.clear_away()


def worker_state(run: Run) -> str:
    """What readiness says of the worker."""
    answer = httpx.get(f"http://127.0.0.1:{run.port}/readyz", timeout=30, trust_env=False)
    return str(answer.json()["checks"]["worker"])


def done_jobs(database: Path) -> int:
    """How many jobs are done."""
    with closing(sqlite3.connect(database)) as connection:
        counted = connection.execute("SELECT count(*) FROM jobs WHERE outcome = 'done'")
        return int(counted.fetchone()[0])


def background_workers(run: Run) -> list[int]:
    """The children of the server that run the worker's command."""
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True
    )
    rows = [line.split(maxsplit=3) for line in listed.stdout.splitlines()]
    return [
        int(pid)
        for pid, parent, state, command in rows
        if int(parent) == run.process.pid and " worker " in command and "Z" not in state
    ]


def lives(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return listed.stdout.strip()[:1] not in ("", "Z")


def wait_until(holds: Callable[[], bool]) -> None:
    """Looks until a condition holds, for a minute at most."""
    ends = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_it_works_is_begun_again_when_it_dies_and_ends_with_the_server(
    copy: Path, run: Run
) -> None:
    wait_until(lambda: done_jobs(copy / ".gexun" / "gexun.db") >= 2)
    (first,) = background_workers(run)
    assert os.getpgid(first) != os.getpgid(run.process.pid)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: background_workers(run) not in ([], [first]))
    (second,) = background_workers(run)
    assert run.interrupt() == 0
    assert not lives(second)
    assert run.process.stderr is not None
    assert "Traceback" not in run.process.stderr.read()


def test_it_ends_with_the_server_when_that_is_told_to(run: Run) -> None:
    (worker,) = background_workers(run)
    run.process.terminate()
    assert run.process.wait(30) == 0
    assert not lives(worker)


def test_it_ends_when_the_server_is_killed(run: Run) -> None:
    (worker,) = background_workers(run)
    run.process.kill()
    run.process.wait()
    wait_until(lambda: not lives(worker))
