"""The tables of cases."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.grid.models import Compound
from app.kernel.db import Base, FreeText, Identified
from app.people.models import Organisation, Person

_OPEN = text("closed_at IS NULL")


class Case(Identified, Base):
    """A matter in one of the stages of its kind.

    `kind_id` is the row of the catalogue it goes by. `due_on` is the day (Asia/Shanghai) on which
    the next stage is due, `expires_on` when what was filled in runs out. `cause` is the category
    that repeats, of a case that opened by itself. `dropped_because`: ended before its last stage.
    """

    __tablename__ = "cases"

    kind_code: Mapped[str] = mapped_column(String(40))
    kind_id: Mapped[UUID] = mapped_column(ForeignKey("case_kinds.id"))
    town_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    compound_id: Mapped[UUID | None] = mapped_column(ForeignKey("compounds.id"))
    title: Mapped[str] = mapped_column(FreeText)
    cause: Mapped[str | None] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(32))
    due_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    dropped_because: Mapped[str | None] = mapped_column(FreeText)

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], viewonly=True)
    compound: Mapped[Compound | None] = relationship(viewonly=True)
    steps: Mapped[list["CaseStep"]] = relationship(back_populates="case", order_by="CaseStep.id")
    tickets: Mapped[list["CaseTicket"]] = relationship(order_by="CaseTicket.ticket_id")

    __table_args__ = (
        Index("ix_cases_town_kind", "town_id", "kind_code", "id"),
        Index("ix_cases_organisation", "organisation_id", "kind_code", "id"),
        Index("ix_cases_due", "due_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "uq_cases_cause",
            "compound_id",
            "cause",
            unique=True,
            sqlite_where=text("closed_at IS NULL AND cause IS NOT NULL"),
            postgresql_where=text("closed_at IS NULL AND cause IS NOT NULL"),
        ),
    )


class CaseStep(Identified, Base):
    """What was recorded: a stage, or something noted besides. Appended, never edited.

    Nobody recorded what a case did by itself: `person_id` and `post_id` are then None.
    """

    __tablename__ = "case_steps"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    step: Mapped[str] = mapped_column(String(32))
    done_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(FreeText)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    recorded_at: Mapped[datetime]

    case: Mapped[Case] = relationship(back_populates="steps")
    person: Mapped[Person | None] = relationship(viewonly=True)
    photos: Mapped[list["CasePhoto"]] = relationship(order_by="CasePhoto.sequence")


class CasePhoto(Base):
    """A photo that proves a step."""

    __tablename__ = "case_photos"

    step_id: Mapped[UUID] = mapped_column(ForeignKey("case_steps.id"), primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    sequence: Mapped[int]

    __table_args__ = (Index("ix_case_photos_photo", "photo_id"),)


class CaseTicket(Base):
    """A ticket that belongs to a case."""

    __tablename__ = "case_tickets"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)

    __table_args__ = (Index("ix_case_tickets_ticket", "ticket_id"),)
