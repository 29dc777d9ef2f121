"""What is asked of background work: enqueue, cancel, retry, forget; and the workers' beat."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.db import rows_changed
from app.kernel.errors import Conflict, NotThere
from app.kernel.ids import new_id
from app.work.models import Job, JobOutcome, WorkerBeat

KEPT = timedelta(days=30)
BEATS_KEPT = timedelta(days=1)


class JobFinished(Conflict):
    """What is done cannot be cancelled."""

    code = "job_finished"
    title = "任务已经做完，不能取消"


class JobNotDead(Conflict):
    """Only what has failed for good can be tried again."""

    code = "job_not_dead"
    title = "只有失败待处理的任务才能重做"


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    run_at: datetime | None = None,
    slot: str | None = None,
    requested_by: UUID | None = None,
    requested_path: str | None = None,
) -> UUID | None:
    """Makes a job in the caller's transaction; its id, or None when its slot has one already.

    The payload names things by id: it lies in the database for 30 days after the work is done.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(Job).values(
        id=new_id(),
        kind=kind,
        payload=payload,
        slot=slot,
        requested_by=requested_by,
        requested_path=requested_path,
        made_at=now,
        run_at=run_at or now,
        attempts=0,
        progress=0,
        progress_text="",
    )
    made = fresh.on_conflict_do_nothing(index_elements=[Job.slot]).returning(Job.id)
    return cast("UUID | None", session.scalar(made))


def cancel_job(session: Session, job_id: UUID, *, now: datetime) -> Job:
    """Ends a job that waits or is dead; one under way is asked to stop, which it does at its next
    report of progress. A second time changes nothing. Raises NotThere or JobFinished."""
    job = _locked(session, job_id)
    if job.outcome is JobOutcome.done:
        raise JobFinished
    if job.outcome is JobOutcome.cancelled or job.cancel_asked_at is not None:
        return job
    if job.ended_at is None and job.leased_until is not None and job.leased_until > now:
        job.cancel_asked_at = now
    else:
        job.outcome, job.ended_at = JobOutcome.cancelled, now
        job.lease = job.leased_until = None
    session.flush()
    return job


def retry_job(session: Session, job_id: UUID, *, now: datetime) -> None:
    """Gives a dead job another round of attempts, due at once. Raises NotThere or JobNotDead."""
    job = _locked(session, job_id)
    if job.outcome is not JobOutcome.dead:
        raise JobNotDead
    job.outcome = job.ended_at = None
    job.attempts, job.run_at = 0, now
    session.flush()


def _locked(session: Session, job_id: UUID) -> Job:
    job = session.scalar(
        select(Job)
        .where(Job.id == job_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if job is None:
        raise NotThere("没有这项任务。")
    return job


def forget_ended_jobs(session: Session, *, now: datetime, at_most: int) -> int:
    """Removes jobs done or cancelled more than 30 days ago; how many went. Dead ones stay until a
    person has decided."""
    ended = (JobOutcome.done, JobOutcome.cancelled)
    old = select(Job.id).where(Job.outcome.in_(ended), Job.ended_at < now - KEPT).limit(at_most)
    return rows_changed(session, delete(Job).where(Job.id.in_(old)))


def beat(session: Session, name: str, *, now: datetime) -> None:
    """Says that a worker is at work, and forgets workers that have been gone for a day."""
    said = update(WorkerBeat).where(WorkerBeat.name == name).values(beat_at=now)
    if rows_changed(session, said) == 0:
        session.add(WorkerBeat(name=name, beat_at=now))
    gone = delete(WorkerBeat).where(WorkerBeat.name != name, WorkerBeat.beat_at < now - BEATS_KEPT)
    rows_changed(session, gone)
