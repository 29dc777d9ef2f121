"""Tables of the record: a chain of entries for each township, and its signed days."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class EntryKind(StrEnum):
    """What an entry says that the server did."""

    photo_received = "photo_received"
    photo_removed = "photo_removed"
    ticket_event = "ticket_event"
    use_judged = "use_judged"
    photo_judged = "photo_judged"


class RecordChain(Base):
    """Where the chain of a township stands; what belongs to none is on the county's.

    `position`, `head`, `day` are its last entry's (0 and zeros before the first). `signed_day` is
    the last day that was signed, `unsigned_from` the first with entries that is not.
    """

    __tablename__ = "record_chains"

    chain_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    position: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    day: Mapped[date | None]
    signed_day: Mapped[date | None]
    unsigned_from: Mapped[date | None]


class RecordEntry(Base):
    """One link: the text that was hashed, and the hash of all up to here; never changed.

    `day` is the day (Asia/Shanghai) on which it was linked. `source_id` is the row that it is
    about, `ticket_id` the ticket of an event.
    """

    __tablename__ = "record_entries"

    chain_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    linked_at: Mapped[datetime]
    kind: Mapped[EntryKind]
    source_id: Mapped[UUID]
    ticket_id: Mapped[UUID | None]
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("source_id", "kind"),
        Index("ix_record_entries_day", "chain_id", "day", "position"),
        Index("ix_record_entries_ticket", "ticket_id"),
    )


class RecordDay(Base):
    """The signed end of a day: `statement` is what was signed (Ed25519, base64), byte by byte."""

    __tablename__ = "record_days"

    chain_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    position: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    statement: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(120))
    key_id: Mapped[str] = mapped_column(String(32))

    __table_args__ = (Index("ix_record_days_position", "chain_id", "position"),)


class RecordTimestamp(Base):
    """A timestamp authority's answer (RFC 3161, DER) about the statement of a signed day."""

    __tablename__ = "record_timestamps"

    chain_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    stamped_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["chain_id", "day"], ["record_days.chain_id", "record_days.day"]),
    )
