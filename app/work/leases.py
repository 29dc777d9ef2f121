"""A job in a worker's hands: taken under a lease, completed, failed or given back.

At least once, and never by two at a time: a lease is a fresh UUID, and whatever is said of a job
asks for it, so a worker that was thought dead and comes back late changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.kernel.db import rows_changed
from app.kernel.ids import new_id
from app.work.models import Job, JobOutcome
from app.work.queries import due_jobs

LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
ATTEMPTS = 8
CUT_SHORT = "后台进程多次在做这项任务时中断"


class LeaseLost(Exception):
    """Another worker holds the job by now, or it has ended."""


class JobCancelled(Exception):
    """Somebody has asked for this job to stop."""


@dataclass(frozen=True)
class TakenJob:
    """A job in a worker's hands; `attempt` counts from 1."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    lease: UUID
    attempt: int


def pause_after(attempt: int) -> timedelta:
    """How long a job rests after its n-th failed attempt: 30 s, doubled each time, at most 6 h."""
    doubled: int = 2 ** min(attempt - 1, 20)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def take_due_job(session: Session, kinds: frozenset[str], *, now: datetime) -> TakenJob | None:
    """The job of some kinds that has been due the longest and that nobody holds, now held.

    On the way a job that was to be cancelled, or whose attempts are used up because its workers
    died in it, is ended: no worker will ever say so.
    """
    due = due_jobs(kinds, now=now).limit(1).with_for_update(skip_locked=True)
    while (job := session.scalar(due)) is not None:
        if job.cancel_asked_at is not None:
            _end(job, JobOutcome.cancelled, now=now)
        elif job.attempts >= ATTEMPTS:
            job.last_error = CUT_SHORT
            _end(job, JobOutcome.dead, now=now)
        else:
            return _held(session, job, now=now)
        session.flush()
    return None


def _held(session: Session, job: Job, *, now: datetime) -> TakenJob:
    lease = new_id()
    job.lease, job.leased_until = lease, now + LEASE
    job.attempts += 1
    job.progress, job.progress_text = 0, ""
    session.flush()
    return TakenJob(job.id, job.kind, dict(job.payload), lease, job.attempts)


def complete_job(session: Session, taken: TakenJob, *, now: datetime) -> None:
    """Marks a job done in the transaction of its work.

    Raises LeaseLost or JobCancelled, which undo the work with it.
    """
    job = _still_held(session, taken)
    if job.cancel_asked_at is not None:
        raise JobCancelled
    job.progress = 100
    _end(job, JobOutcome.done, now=now)


def report_progress(
    session: Session, taken: TakenJob, percent: int, said: str, *, now: datetime
) -> None:
    """Says how far a job is (0–100) in a few Chinese words, and renews its lease.

    Raises LeaseLost or JobCancelled: then the handler stops.
    """
    job = _still_held(session, taken)
    if job.cancel_asked_at is not None:
        raise JobCancelled
    job.progress, job.progress_text = max(0, min(percent, 100)), said[:120]
    job.leased_until = now + LEASE


def fail_job(session: Session, taken: TakenJob, error: str, *, now: datetime) -> JobOutcome | None:
    """Puts a job back with a growing pause; after the last attempt it is dead, and when it was to
    be cancelled it is that. Its outcome now, None when it will be tried again. Raises LeaseLost."""
    job = _still_held(session, taken)
    job.last_error = error[:2000]
    if job.cancel_asked_at is not None:
        _end(job, JobOutcome.cancelled, now=now)
    elif taken.attempt >= ATTEMPTS:
        _end(job, JobOutcome.dead, now=now)
    else:
        job.run_at = now + pause_after(taken.attempt)
        job.lease = job.leased_until = None
    return job.outcome


def end_cancelled(session: Session, taken: TakenJob, *, now: datetime) -> None:
    """Ends a job whose handler has stopped because somebody asked. Raises LeaseLost."""
    _end(_still_held(session, taken), JobOutcome.cancelled, now=now)


def give_back(session: Session, taken: TakenJob) -> bool:
    """Lets a job go that its worker has no time to finish: due at once, the attempt not counted.

    False when it was not held any more.
    """
    held = update(Job).where(Job.id == taken.id, Job.lease == taken.lease, Job.ended_at.is_(None))
    freed = held.values(lease=None, leased_until=None, attempts=taken.attempt - 1)
    return rows_changed(session, freed) == 1


def _still_held(session: Session, taken: TakenJob) -> Job:
    """The row, locked until the transaction ends; raises LeaseLost when it is another's."""
    job = session.scalar(
        select(Job)
        .where(Job.id == taken.id, Job.lease == taken.lease, Job.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if job is None:
        raise LeaseLost
    return job


def _end(job: Job, outcome: JobOutcome, *, now: datetime) -> None:
    job.outcome, job.ended_at = outcome, now
    job.lease = job.leased_until = None
