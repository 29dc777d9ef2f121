"""Tables of the ladder of reminders: where a ticket stands on it, and what was told."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.models import Audience, Clock
from app.kernel.db import Base, Identified

_CLOCK = Enum(Clock, native_enum=False, length=32)
_AUDIENCE = Enum(Audience, native_enum=False, length=32)


class TicketLadder(Base):
    """Where a ticket stood when it was looked at last, so that it is looked at again only when it
    or its due time has changed, another rung comes, or another day has other rungs."""

    __tablename__ = "ticket_ladders"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    version: Mapped[int]
    due_at: Mapped[datetime]
    looked_on: Mapped[date]
    next_at: Mapped[datetime | None]


class ToldRung(Identified, Base):
    """A rung that was told, or passed over: once in a limit. `begun` is the limit's own mark."""

    __tablename__ = "told_rungs"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    clock: Mapped[Clock] = mapped_column(_CLOCK)
    begun: Mapped[str] = mapped_column(String(120))
    percent: Mapped[int]
    audience: Mapped[Audience] = mapped_column(_AUDIENCE)
    told_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("ticket_id", "clock", "begun", "percent", "audience"),)
