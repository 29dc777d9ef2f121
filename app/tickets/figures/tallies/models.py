"""Tables of what was counted in advance.

None of them is a fact: they are made of the tickets, and can be made again.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Identity, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

ONLY = 1
"""The key of the one row there is of TallyState."""

_Number = BigInteger().with_variant(Integer(), "sqlite")


class TallyState(Base):
    """How far counting in advance has come.

    `rules` stands for the rules that were counted by (empty: none yet), `revision` grows with each
    transaction that counts. Until `built`, tickets are gone through in the order of their ids, and
    `walked_to` is the last one that was.
    """

    __tablename__ = "tally_state"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    rules: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(BigInteger)
    built: Mapped[bool]
    walked_to: Mapped[UUID | None]


class UncountedTicket(Base):
    """A note that a ticket or a leg of it was written: the database makes it by itself, in the
    same transaction, so there is none that is forgotten. It goes when the ticket was counted."""

    __tablename__ = "uncounted_tickets"

    id: Mapped[int] = mapped_column(_Number, Identity(), primary_key=True)
    ticket_id: Mapped[UUID]


class CountedTicket(Base):
    """What a ticket was last counted as: `shares` as app/tickets/figures/tallies/shares.py writes
    them. They are right at every instant between `valid_from` and `valid_until` (None: for ever),
    if nobody writes to the ticket; not at these two themselves."""

    __tablename__ = "counted_tickets"

    ticket_id: Mapped[UUID] = mapped_column(primary_key=True)
    shares: Mapped[dict[str, Any]] = mapped_column(JSON)
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_counted_tickets_valid_from", "valid_from"),
        Index("ix_counted_tickets_valid_until", "valid_until"),
    )


class Tally(Base):
    """The sum of the shares of all tickets that were counted, for one group.

    `grain` is a day, a month (from its first day, `on_day`), or the tickets as they stand.
    `counted` names the denominator, or the state; `key` is the group, of the `dimension`.
    `count_1` and so on are the numerators in their order, or the lights.
    """

    __tablename__ = "tallies"

    dimension: Mapped[str] = mapped_column(String(16), primary_key=True)
    grain: Mapped[str] = mapped_column(String(8), primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    counted: Mapped[str] = mapped_column(String(24), primary_key=True)
    total: Mapped[int]
    count_1: Mapped[int]
    count_2: Mapped[int]
    count_3: Mapped[int]
    count_4: Mapped[int]
