"""Workers as processes: killed in the middle, told to end, and several at once."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.jobs.worker import Worker
from app.kernel.clock import utc_now
from app.kernel.db import unit_of_work
from app.kernel.facts import DeploymentFact
from app.work.leases import LEASE
from app.work.models import Job, JobOutcome
from app.work.service import enqueue
from tests.clocks import MovableClock
from tests.work.slow_worker import SLOW

ROOT = Path(__file__).resolve().parents[2]


class WorkerProcess:
    """A started worker that waits for `begin`."""

    def __init__(self, url: str, folder: Path, *, grace_s: float) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.work.slow_worker", url, str(folder), str(grace_s)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def says(self, line: str) -> None:
        """Waits for a line."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == f"{line}\n"

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its status after a signal."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def clear_away(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


@pytest.fixture
def start(database_url: str, photo_folder: Path) -> Iterator[Callable[..., WorkerProcess]]:
    """Starts a worker process that is ready; whatever still runs at the end is ended."""
    started: list[WorkerProcess] = []

    def begin(*, grace_s: float = 25) -> WorkerProcess:
        started.append(WorkerProcess(database_url, photo_folder, grace_s=grace_s))
        started[-1].says("ready")
        return started[-1]

    yield begin
    for one in started:
        one.clear_away()


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """Within the application, at the real time: processes know no other."""
    with app.app_context():
        yield


def asked(kind: str, count: int = 1, **more: object) -> list[UUID]:
    with unit_of_work() as session:
        made = [
            enqueue(session, kind, {"fact": f"{kind} {number}", **more}, now=utc_now())
            for number in range(count)
        ]
    return [job_id for job_id in made if job_id]


def seen(job_id: UUID) -> tuple[JobOutcome | None, int]:
    """A job's outcome and attempts."""
    with unit_of_work() as session:
        job = session.get_one(Job, job_id)
        return job.outcome, job.attempts


def facts() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).where(DeploymentFact.value == "written")) or 0


@pytest.mark.parametrize("kind", ["slow_short", "slow_long"])
def test_killed_in_the_middle_the_job_is_done_after_its_lease(
    kind: str, inside: None, start: Callable[..., WorkerProcess], clock: MovableClock
) -> None:
    (job_id,) = asked(kind)
    doomed = start()
    doomed.begin()
    doomed.says("begun")
    assert doomed.end(signal.SIGKILL) == -signal.SIGKILL
    assert facts() == 0
    with unit_of_work() as session:
        # Who takes it over does not dawdle.
        session.get_one(Job, job_id).payload = {"fact": "slow", "sleeps_s": 0}
    successor = Worker(clock, name="successor", handlers=SLOW, periodic=())
    assert successor.work_once().done == 0
    clock.move(LEASE)
    assert successor.work_once().done == 1
    assert seen(job_id) == (JobOutcome.done, 2)
    assert facts() == (1 if kind == "slow_short" else 0)
    clock.move(timedelta(days=1))
    assert successor.work_once().done == 0


def test_told_to_end_it_finishes_its_job_and_begins_no_other(
    inside: None, start: Callable[..., WorkerProcess]
) -> None:
    first, second = asked("slow_short", 2, sleeps_s=1.0)
    one = start()
    one.begin()
    one.says("begun")
    assert one.end() == 0
    assert seen(first) == (JobOutcome.done, 1)
    assert seen(second) == (None, 0)
    assert facts() == 1


@pytest.mark.parametrize("kind", ["slow_short", "slow_long"])
def test_without_time_to_finish_it_puts_the_job_back(
    kind: str, inside: None, start: Callable[..., WorkerProcess]
) -> None:
    (job_id,) = asked(kind)
    one = start(grace_s=0.5)
    one.begin()
    one.says("begun")
    assert one.end() == 0
    assert seen(job_id) == (None, 0)
    assert facts() == 0
    # Due at once: no lease is waited for.
    other = start(grace_s=0.5)
    other.begin()
    other.says("begun")


def test_a_second_ctrl_c_ends_it_now(inside: None, start: Callable[..., WorkerProcess]) -> None:
    (job_id,) = asked("slow_long")
    one = start()
    one.begin()
    one.says("begun")
    one.process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        one.process.wait(0.5)
    assert one.end(signal.SIGINT) == 0
    assert seen(job_id) == (None, 0)


def test_two_processes_do_each_of_many_jobs_once(
    inside: None, start: Callable[..., WorkerProcess], clock: MovableClock
) -> None:
    both = [start(), start()]
    jobs = asked("quick", 200)
    for one in both:
        one.begin()
    here = Worker(clock, name="here", handlers=SLOW, periodic=())
    here.work_once()
    assert [one.end() for one in both] == [0, 0]
    assert [seen(job_id) for job_id in jobs] == [(JobOutcome.done, 1)] * len(jobs)
    assert facts() == len(jobs)
