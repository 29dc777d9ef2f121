"""Tables of checklists: how each item of a site stands, and every look that said so."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, Identified
from app.tickets.models import Ticket


class ItemState(Identified, Base):
    """How an item of a checklist stands at a site (a unit or a compound, by its id): there, or
    missing, as it was last seen; the ticket that was made of it, whose closing puts it back."""

    __tablename__ = "checklist_items"

    checklist: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(40))
    site_id: Mapped[UUID]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    present: Mapped[bool]
    seen_on: Mapped[date]
    seen_at: Mapped[datetime]
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"), index=True)

    ticket: Mapped[Ticket | None] = relationship()

    __table_args__ = (UniqueConstraint("site_id", "checklist", "item"),)


class ChecklistLook(Identified, Base):
    """What somebody saw at a site: appended, never edited; `items` are codes and whether there."""

    __tablename__ = "checklist_looks"

    checklist: Mapped[str] = mapped_column(String(40))
    site_id: Mapped[UUID]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    items: Mapped[dict[str, Any]] = mapped_column(JSON)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    clock_offset_s: Mapped[float | None]

    __table_args__ = (Index("ix_checklist_looks_site", "site_id", "checklist", "id"),)
