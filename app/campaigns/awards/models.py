"""The table of award applications."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.rules import Grade
from app.grid.models import Compound
from app.kernel.db import Base, FreeText, Identified


class Award(StrEnum):
    """What may be applied for (§ 9.2); the owners chosen as best are named on the county's own
    list, never here."""

    civilised_compound = "civilised_compound"
    civilised_unit = "civilised_unit"
    best_owners = "best_owners"


AWARD_LABELS = {
    Award.civilised_compound: "文明小区",
    Award.civilised_unit: "文明单元",
    Award.best_owners: "最美业主",
}


class AwardState(StrEnum):
    """Where an application stands."""

    applied = "applied"
    accepted = "accepted"
    returned = "returned"
    withdrawn = "withdrawn"


AWARD_STATE_LABELS = {
    AwardState.applied: "待审核",
    AwardState.accepted: "同意申报",
    AwardState.returned: "退回",
    AwardState.withdrawn: "已撤回",
}

_STANDING = text("state IN ('applied', 'accepted')")


class AwardApplication(Identified, Base):
    """An application of a compound for an award of a year.

    `grade` is what the compound had reached when it was applied for: a model compound applies for
    文明小区 directly. `unit` is a building or a number of households, never a flat.
    """

    __tablename__ = "award_applications"

    town_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    compound_id: Mapped[UUID] = mapped_column(ForeignKey("compounds.id"))
    award: Mapped[Award]
    year: Mapped[int]
    unit: Mapped[str] = mapped_column(FreeText)
    grounds: Mapped[str] = mapped_column(FreeText)
    grade: Mapped[Grade | None]
    state: Mapped[AwardState]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    applied_at: Mapped[datetime]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(FreeText)

    compound: Mapped[Compound] = relationship(viewonly=True)

    __table_args__ = (
        Index(
            "uq_award_applications_standing",
            "compound_id",
            "award",
            "year",
            "unit",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_award_applications_town_year", "town_id", "year"),
    )
