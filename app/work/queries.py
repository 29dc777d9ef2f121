"""Reads about background work."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.work.models import Job, JobOutcome, JobState, WorkerBeat


def due_jobs(kinds: Collection[str], *, now: datetime) -> Select[Job]:
    """Open jobs of some kinds that are due and that nobody holds, the longest due first."""
    free = or_(Job.leased_until.is_(None), Job.leased_until <= now)
    return (
        select(Job)
        .where(Job.ended_at.is_(None), Job.run_at <= now, free, Job.kind.in_(sorted(kinds)))
        .order_by(Job.run_at, Job.id)
    )


def has_due_job(session: Session, kinds: Collection[str], *, now: datetime) -> bool:
    """Whether there is anything to take: a look that writes nothing."""
    due = due_jobs(kinds, now=now).with_only_columns(Job.id).limit(1)
    return session.scalar(due) is not None


def slots_made(session: Session, slots: Collection[str]) -> set[str]:
    """Those of some slots that have their job."""
    found = session.scalars(select(Job.slot).where(Job.slot.in_(sorted(slots))))
    return {slot for slot in found if slot is not None}


def job_by_id(session: Session, job_id: UUID) -> Job | None:
    """The job with an id, whoever asks."""
    return session.get(Job, job_id)


def jobs_to_look_at(session: Session, *, dead_only: bool, limit: int) -> Sequence[Job]:
    """Dead jobs, the latest first, or all that are dead or open, those due first at the top."""
    asked = select(Job).limit(limit)
    if dead_only:
        dead = asked.where(Job.outcome == JobOutcome.dead)
        return session.scalars(dead.order_by(Job.ended_at.desc(), Job.id.desc())).all()
    shown = or_(Job.ended_at.is_(None), Job.outcome == JobOutcome.dead)
    return session.scalars(asked.where(shown).order_by(Job.run_at, Job.id)).all()


def state_of(job: Job, *, now: datetime) -> JobState:
    """Where a job stands at an instant; one whose worker has died is waiting again."""
    if job.outcome is not None:
        return JobState(job.outcome.value)
    if job.cancel_asked_at is not None:
        return JobState.cancelling
    held = job.leased_until is not None and job.leased_until > now
    return JobState.running if held else JobState.waiting


def last_beat(session: Session) -> datetime | None:
    """When any worker was last seen at work; None when there never was one."""
    return session.scalar(select(func.max(WorkerBeat.beat_at)))
