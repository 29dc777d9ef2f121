"""Tables of rounds and of what was seen on them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.grid.models import Compound
from app.kernel.db import Base, ByteOrdered, FreeText, Identified
from app.people.models import Person


class CheckResult(StrEnum):
    """How a checkpoint was found."""

    fine = "fine"
    problem = "problem"


CHECK_RESULT_LABELS = {CheckResult.fine: "正常", CheckResult.problem: "有问题"}


class Round(Identified, Base):
    """The walk of one compound in one ISO week (Asia/Shanghai), shared by all of its wardens.

    `began_at` is when the first of its calls happened. `completed_at` is when the last checkpoint
    that it needed was seen; None: not complete. It is a fact of the newest call and does not
    change when a checkpoint is added afterwards.
    """

    __tablename__ = "rounds"

    compound_id: Mapped[UUID] = mapped_column(ForeignKey("compounds.id"))
    week: Mapped[str] = mapped_column(ByteOrdered(8))
    began_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]

    compound: Mapped[Compound] = relationship()
    checks: Mapped[list["RoundCheck"]] = relationship(
        back_populates="round", order_by="RoundCheck.id"
    )

    __table_args__ = (
        Index("uq_rounds_compound_week", "compound_id", "week", unique=True),
        Index("ix_rounds_week", "week", "id"),
    )

    @property
    def complete(self) -> bool:
        """Whether every checkpoint had a result at the newest call."""
        return self.completed_at is not None


class RoundCheck(Identified, Base):
    """What one person saw at one checkpoint: appended, never edited.

    `one_tap`: said of all checkpoints at once (all fine), so it gives way to any result that
    somebody gave for this checkpoint by itself. `ticket_id` is a ticket of the packages above.
    """

    __tablename__ = "round_checks"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    checkpoint_id: Mapped[UUID] = mapped_column(ForeignKey("checkpoints.id"))
    result: Mapped[CheckResult]
    one_tap: Mapped[bool]
    ticket_id: Mapped[UUID | None]
    note: Mapped[str | None] = mapped_column(FreeText)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    clock_offset_s: Mapped[float | None]

    round: Mapped[Round] = relationship(back_populates="checks")
    person: Mapped[Person] = relationship()

    __table_args__ = (Index("ix_round_checks_round", "round_id", "checkpoint_id"),)
