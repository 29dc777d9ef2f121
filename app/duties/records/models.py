"""Tables of records: what was done, under which kinds it counts, its photos, what was changed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.grid.models import Compound
from app.kernel.db import Base, FreeText, Identified
from app.people.models import Organisation, Person
from app.photos.models import Photo


class RecordState(StrEnum):
    """Whether a record counts: at once, once it is accepted, or not."""

    recorded = "recorded"
    waiting = "waiting"
    accepted = "accepted"
    returned = "returned"
    withdrawn = "withdrawn"


RECORD_STATE_LABELS = {
    RecordState.recorded: "已记录",
    RecordState.waiting: "待审核",
    RecordState.accepted: "已通过",
    RecordState.returned: "已退回",
    RecordState.withdrawn: "已撤回",
}


NOT_COUNTING = text("duty_records.state IN ('returned', 'withdrawn')")
"""Written out, so that a database sees that its index holds just these."""
_INDEXED = text("state IN ('returned', 'withdrawn')")


class RecordAction(StrEnum):
    """What was done to a record after it was made."""

    correct = "correct"
    withdraw = "withdraw"
    accept = "accept"
    return_ = "return"


RECORD_ACTION_LABELS = {
    RecordAction.correct: "更正",
    RecordAction.withdraw: "撤回",
    RecordAction.accept: "通过",
    RecordAction.return_: "退回",
}


class DutyRecord(Identified, Base):
    """What a unit did: when, where, what, how many, with links; `kinds` say what it counts as.

    `version` grows by one with every action; what was before a correction is a RecordChange.
    """

    __tablename__ = "duty_records"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    compound_id: Mapped[UUID | None] = mapped_column(ForeignKey("compounds.id"))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[RecordState]
    version: Mapped[int]
    happened_on: Mapped[date]
    subject: Mapped[str] = mapped_column(FreeText(200))
    place: Mapped[str | None] = mapped_column(FreeText(160))
    quantity: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(FreeText)
    links: Mapped[list[str]] = mapped_column(JSON)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    clock_offset_s: Mapped[float | None]

    organisation: Mapped[Organisation] = relationship()
    compound: Mapped[Compound | None] = relationship()
    person: Mapped[Person] = relationship()
    photos: Mapped[list["RecordPhoto"]] = relationship(order_by="RecordPhoto.position")
    changes: Mapped[list["RecordChange"]] = relationship(order_by="RecordChange.id")

    __table_args__ = (
        Index("ix_duty_records_unit", "organisation_id", "happened_on", "id"),
        Index(
            "ix_duty_records_not_counting",
            "id",
            sqlite_where=_INDEXED,
            postgresql_where=_INDEXED,
        ),
    )


class RecordMark(Base):
    """A kind under which a record counts; it repeats what counting looks for, so that a county is
    counted in one walk over an index."""

    __tablename__ = "record_marks"

    record_id: Mapped[UUID] = mapped_column(ForeignKey("duty_records.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    happened_on: Mapped[date]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    compound_id: Mapped[UUID | None] = mapped_column(ForeignKey("compounds.id"))

    __table_args__ = (
        Index("ix_record_marks_kind", "kind", "happened_on", "organisation_id"),
        Index("ix_record_marks_unit", "organisation_id", "kind", "happened_on"),
    )


class RecordPhoto(Identified, Base):
    """A photo of a record; `position` is None once a correction left it out: what was evidence
    stays."""

    __tablename__ = "record_photos"

    record_id: Mapped[UUID] = mapped_column(ForeignKey("duty_records.id"))
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), index=True)
    position: Mapped[int | None]

    photo: Mapped[Photo] = relationship()

    __table_args__ = (UniqueConstraint("record_id", "photo_id"),)


class RecordChange(Identified, Base):
    """What somebody did to a record, and what it said before: appended, never edited."""

    __tablename__ = "record_changes"

    record_id: Mapped[UUID] = mapped_column(ForeignKey("duty_records.id"), index=True)
    at: Mapped[datetime]
    action: Mapped[RecordAction]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    note: Mapped[str | None] = mapped_column(FreeText)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    person: Mapped[Person] = relationship()
