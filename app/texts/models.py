"""The table of texts that a host was asked about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, FreeText
from app.kernel.hiding import hides
from app.photos.safety.models import TRACE_LENGTH, CheckState

_OPEN = text("state NOT IN ('passed', 'impossible')")

TEXT_STATE_LABELS = {
    CheckState.asked: "等待微信的结果",
    CheckState.passed: "没有发现问题",
    CheckState.risky: "微信认为有风险，已隐藏",
    CheckState.left: "微信没有结论，待人工看",
    CheckState.impossible: "微信不能检查",
    CheckState.released: "人工看过，没有问题",
    CheckState.confirmed: "人工确认有问题，已隐藏",
}
HIDING = (CheckState.risky, CheckState.confirmed)
"""In which states a text is hidden."""


class TextCheck(Base):
    """The check of a text, once for all rows that say the same.

    `mark` is what the text is known by (see app/kernel/hiding.py). `said` are the words, which the
    types of columns do not hide here; None once there is nothing to look at. `place` says in
    Chinese where it was met, `town_id` whose it is; None: the county's.
    """

    __tablename__ = "text_checks"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[CheckState]
    said: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    town_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    written_at: Mapped[datetime]
    tries: Mapped[int]
    asked_at: Mapped[datetime]
    trace_id: Mapped[str | None] = mapped_column(String(TRACE_LENGTH))
    label: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    reason: Mapped[str | None] = mapped_column(FreeText(400))

    __table_args__ = (
        Index("ix_text_checks_open", "state", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_text_checks_asked_at", "asked_at"),
    )


hides(select(TextCheck.mark).where(TextCheck.state.in_(HIDING)))
