"""Table of what was asked to be judged anew, and how far that is."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Identified


class Rejudging(Identified, Base):
    """All photos received in some days (both included; None: no bound) in a township (None: all)
    are judged by the thresholds of `day`, those received until it was asked.

    `after_id` is the last photo done. `changes` counts by "photo" or "use" and the verdicts before
    and after, those too whose findings alone changed; `left_out` counts uses that cannot be judged
    anew: a ticket that they hang on was moved since, or their maker could not explain.
    """

    __tablename__ = "rejudgings"

    asked_at: Mapped[datetime]
    day: Mapped[date]
    rule_version: Mapped[str] = mapped_column(String(40))
    town_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    after_id: Mapped[UUID]
    total: Mapped[int]
    photos: Mapped[int] = mapped_column(default=0)
    uses: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    changes: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    ended_at: Mapped[datetime | None]
