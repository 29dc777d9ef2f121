"""Table of holds: what may not be purged whatever its period."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, FreeText, Identified
from app.people.models import Person


class PhotoHold(Identified, Base):
    """A ticket with all its photos, or one photo, held from `from_at` to `to_at` (None: until it is
    released). Nothing removes it: releasing brings `to_at` forward."""

    __tablename__ = "photo_holds"

    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))
    photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("photos.id"))
    town_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    reason: Mapped[str] = mapped_column(FreeText(400))
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    release_reason: Mapped[str | None] = mapped_column(FreeText(400))

    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    released_by: Mapped[Person | None] = relationship(foreign_keys=[released_by_id])

    __table_args__ = (
        CheckConstraint("(ticket_id IS NULL) <> (photo_id IS NULL)", name="one_subject"),
        Index("ix_photo_holds_ticket", "ticket_id"),
        Index("ix_photo_holds_photo", "photo_id"),
    )
