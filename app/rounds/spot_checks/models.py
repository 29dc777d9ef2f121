"""The tables of spot checks."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.grid.models import Compound
from app.kernel.db import Base, ByteOrdered, FreeText, Identified
from app.rounds.models import CheckResult, Round


class SpotCheckState(StrEnum):
    """Whether somebody has walked it."""

    waiting = "waiting"
    walked = "walked"


SPOT_CHECK_STATE_LABELS = {SpotCheckState.waiting: "待抽查", SpotCheckState.walked: "已抽查"}


class DrawnWeek(Base):
    """An ISO week of which spot checks were drawn, even if none came of it."""

    __tablename__ = "drawn_weeks"

    week: Mapped[str] = mapped_column(ByteOrdered(8), primary_key=True)
    drawn_at: Mapped[datetime]


class SpotCheck(Identified, Base):
    """A clean round of a week that is over, drawn for a supervisor to walk again.

    `result`, `checks` (checkpoint, result, ticket, note) and the rest are what that walk found;
    None until then. `town_id` and `community_id` are those of the compound when it was drawn.
    """

    __tablename__ = "spot_checks"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), unique=True)
    compound_id: Mapped[UUID] = mapped_column(ForeignKey("compounds.id"))
    town_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    week: Mapped[str] = mapped_column(ByteOrdered(8))
    drawn_at: Mapped[datetime]
    result: Mapped[CheckResult | None]
    checks: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    note: Mapped[str | None] = mapped_column(FreeText)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    walked_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    clock_offset_s: Mapped[float | None]

    compound: Mapped[Compound] = relationship()
    round: Mapped[Round] = relationship()

    __table_args__ = (
        Index("ix_spot_checks_town_week", "town_id", "week"),
        Index("ix_spot_checks_community_week", "community_id", "week"),
    )

    @property
    def state(self) -> SpotCheckState:
        """Whether somebody has walked it."""
        return SpotCheckState.waiting if self.result is None else SpotCheckState.walked
