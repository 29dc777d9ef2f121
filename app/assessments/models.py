"""Tables of assessment: when it is on, frozen scores, and what was objected to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, ByteOrdered, Dated, FreeText, Identified
from app.people.models import Organisation


class AssessmentSwitch(Identified, Dated, Base):
    """Days on which the county has assessment on, and the paper that says so."""

    __tablename__ = "assessment_switches"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    document: Mapped[str] = mapped_column(FreeText(160))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    switched_at: Mapped[datetime]


class AssessmentFreeze(Identified, Base):
    """The scores of a township's peer group in a period as they were; never edited.

    A further freeze of the same period stands beside the others with its reason, `sequence` one
    higher. `data_version` says which dictionary and rules it was computed by, and as of when.
    """

    __tablename__ = "assessment_freezes"

    town_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    scheme_code: Mapped[str] = mapped_column(String(40))
    scheme_id: Mapped[UUID] = mapped_column(ForeignKey("assessment_schemes.id"))
    period: Mapped[str] = mapped_column(ByteOrdered(7))
    sequence: Mapped[int]
    reason: Mapped[str | None] = mapped_column(FreeText(400))
    data_version: Mapped[dict[str, Any]] = mapped_column(JSON)
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))

    town: Mapped[Organisation] = relationship()
    scores: Mapped[list["AssessmentScore"]] = relationship(
        back_populates="freeze", order_by="AssessmentScore.position"
    )

    __table_args__ = (UniqueConstraint("town_id", "scheme_code", "period", "sequence"),)


class AssessmentScore(Identified, Base):
    """A frozen score, in hundredths of a point, with each item as it was shown.

    `community_id` is the unit's own, or where a compound lies; None for a company. `counted` are
    the ids of the legs and tickets behind it.
    """

    __tablename__ = "assessment_scores"

    freeze_id: Mapped[UUID] = mapped_column(ForeignKey("assessment_freezes.id"), index=True)
    position: Mapped[int]
    subject_code: Mapped[str] = mapped_column(String(40))
    subject_name: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    compound_id: Mapped[UUID | None] = mapped_column(ForeignKey("compounds.id"))
    total: Mapped[int]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    counted: Mapped[dict[str, list[str]]] = mapped_column(JSON, deferred=True)

    freeze: Mapped[AssessmentFreeze] = relationship(back_populates="scores")
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])
    objection: Mapped["AssessmentObjection | None"] = relationship(back_populates="score")

    @property
    def corrected(self) -> int:
        """The score with what an answer changed, in hundredths."""
        change = self.objection.change if self.objection else None
        return self.total + (change or 0)


class AssessmentObjection(Identified, Base):
    """The one objection to a score, and its one answer. What the answer changes is `change`, in
    hundredths, beside the score, which stays as it was frozen."""

    __tablename__ = "assessment_objections"

    score_id: Mapped[UUID] = mapped_column(ForeignKey("assessment_scores.id"), unique=True)
    source: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(FreeText(1000))
    made_at: Mapped[datetime]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    accepted: Mapped[bool | None]
    exempt: Mapped[bool | None]
    change: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(FreeText(1000))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))

    score: Mapped[AssessmentScore] = relationship(back_populates="objection")

    __table_args__ = (Index("ix_assessment_objections_open", "answered_at"),)
