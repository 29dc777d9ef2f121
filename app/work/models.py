"""Tables of background work."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, ByteOrdered, Identified


class JobOutcome(StrEnum):
    """How a job ended; a dead one failed too often and waits for a person."""

    done = "done"
    dead = "dead"
    cancelled = "cancelled"


class JobState(StrEnum):
    """Where a job stands, as people see it."""

    waiting = "waiting"
    running = "running"
    cancelling = "cancelling"
    done = "done"
    dead = "dead"
    cancelled = "cancelled"


JOB_STATE_LABELS = {
    JobState.waiting: "等待中",
    JobState.running: "进行中",
    JobState.cancelling: "正在取消",
    JobState.done: "已完成",
    JobState.dead: "失败，待处理",
    JobState.cancelled: "已取消",
}

_OPEN = text("ended_at IS NULL")


class Job(Identified, Base):
    """A piece of work: due at `run_at`, held by a worker until `leased_until`, ended at last.

    `slot` is unique: whatever many workers want to make once, they make once. `requested_by` is
    the id of the person who asked, None for what comes by itself, and `requested_path` the path of
    the organisation it was asked for, whose administrators may look. Neither is a foreign key:
    this package knows nothing of people, and people are never deleted.
    """

    __tablename__ = "jobs"

    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    slot: Mapped[str | None] = mapped_column(String(120), unique=True)
    requested_by: Mapped[UUID | None]
    requested_path: Mapped[str | None] = mapped_column(ByteOrdered(512))
    made_at: Mapped[datetime]
    run_at: Mapped[datetime]
    attempts: Mapped[int]
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    progress: Mapped[int]
    progress_text: Mapped[str] = mapped_column(String(120))
    cancel_asked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[JobOutcome | None]
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_jobs_open", "run_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_jobs_outcome", "outcome", "ended_at"),
    )


class WorkerBeat(Base):
    """When a worker was last seen at work."""

    __tablename__ = "worker_beats"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    beat_at: Mapped[datetime]
