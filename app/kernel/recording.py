"""Rows that go on the record: each says whether it is there yet, so that it is found exactly once.

When a transaction commits, or what instant it wrote, does not matter then: a row waits until the
worker has seen it.
"""

from sqlalchemy import Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

WAITING = 0
FROM_BEFORE = 1
"""It was there before there was a record, and waits too."""
ON_RECORD = 2

STILL_WAITS = text("record_state < 2")
"""As the indexes have it: a parameter instead of the figure would not be found in them."""


class Recorded:
    """A row that goes on the record with what it says; `record_state` alone changes afterwards."""

    record_state: Mapped[int] = mapped_column(SmallInteger, default=WAITING, server_default="0")


def waiting_index(name: str, *columns: str) -> Index:
    """The index of the rows that wait: empty most of the time."""
    return Index(name, *columns, sqlite_where=STILL_WAITS, postgresql_where=STILL_WAITS)
