"""What is needed to see a worker at work."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.jobs.handlers import Handler, Periodic
from app.jobs.worker import Worker
from app.kernel.db import unit_of_work
from app.work.models import Job
from app.work.service import enqueue
from tests.clocks import MovableClock

MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture
def now(clock: MovableClock) -> datetime:
    """Monday, 23 November 2026, 09:30 in Shanghai, where the clock stands."""
    clock.set(MONDAY)
    return MONDAY


@pytest.fixture
def inside(app: Flask, now: datetime) -> Iterator[None]:
    """Within the application, as a command is."""
    with app.app_context():
        yield


@pytest.fixture
def ask(inside: None, clock: MovableClock) -> Callable[..., UUID]:
    """Enqueues a job and commits; its id."""

    def make(kind: str = "try", payload: dict[str, Any] | None = None, **more: Any) -> UUID:
        with unit_of_work() as session:
            job_id = enqueue(session, kind, payload or {}, now=clock(), **more)
        assert job_id is not None
        return job_id

    return make


@pytest.fixture
def job(inside: None) -> Callable[[UUID], Job]:
    """Reads a job as it is now."""

    def read(job_id: UUID) -> Job:
        with unit_of_work() as session:
            found = session.get_one(Job, job_id)
            session.refresh(found)
            session.expunge(found)
        return found

    return read


@pytest.fixture
def worker(inside: None, clock: MovableClock) -> Callable[..., Worker]:
    """A worker that knows some handlers."""

    def make(
        handlers: Mapping[str, Handler] | None = None,
        periodic: Iterable[Periodic] = (),
        name: str = "one",
    ) -> Worker:
        return Worker(clock, name=name, handlers=handlers or {}, periodic=periodic)

    return make
