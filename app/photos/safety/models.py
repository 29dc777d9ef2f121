"""Tables of content safety: what a host was asked, what it answered, what a person decided."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, FreeText

TRACE_LENGTH = 128
_OPEN = text("state IN ('asked', 'risky', 'left')")


class CheckState(StrEnum):
    """How far the check of a photo is. `left`: to a person, without being hidden."""

    asked = "asked"
    passed = "passed"
    risky = "risky"
    left = "left"
    impossible = "impossible"
    released = "released"
    confirmed = "confirmed"


CHECK_STATE_LABELS = {
    CheckState.asked: "等待微信的结果",
    CheckState.passed: "没有发现问题",
    CheckState.risky: "微信认为有风险，已隐藏",
    CheckState.left: "微信没有结论，待人工看",
    CheckState.impossible: "微信不能检查",
    CheckState.released: "人工看过，没有问题",
    CheckState.confirmed: "人工确认有问题，已隐藏",
}
WAITING = (CheckState.risky, CheckState.left)
"""What waits for a person."""
OF_A_PERSON = (*WAITING, CheckState.released, CheckState.confirmed)
"""What waits for a person, or somebody decided about."""


class PhotoCheck(Base):
    """The check of a photo. `trace_id` is the host's of the last time it was asked."""

    __tablename__ = "photo_checks"

    photo_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[CheckState]
    trace_id: Mapped[str | None] = mapped_column(String(TRACE_LENGTH), unique=True)
    tries: Mapped[int]
    asked_at: Mapped[datetime]
    label: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    reason: Mapped[str | None] = mapped_column(FreeText(400))

    __table_args__ = (
        Index("ix_photo_checks_open", "state", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


class CheckTrace(Base):
    """A time that a host was asked about a photo and did not answer yet: its answer may come after
    it was asked again."""

    __tablename__ = "photo_check_traces"

    trace_id: Mapped[str] = mapped_column(String(TRACE_LENGTH), primary_key=True)
    photo_id: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(index=True)


class CheckAnswer(Base):
    """What a host pushed about a trace: it may come before the trace is known here. `suggest` is
    the host's word; error: it could not look."""

    __tablename__ = "photo_check_answers"

    trace_id: Mapped[str] = mapped_column(String(TRACE_LENGTH), primary_key=True)
    suggest: Mapped[str] = mapped_column(String(16))
    label: Mapped[int | None]
    received_at: Mapped[datetime]
