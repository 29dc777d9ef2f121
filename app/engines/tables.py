"""The tables that move, their rows in batches of keys, and what a row is made of."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Table, and_, select, tuple_

from app.kernel.db import Base
from app.kernel.facts import INSTALLATION, MOVED_TO, MOVING, DeploymentFact
from app.kernel.hiding import words_of

BATCH = 500
_TALLIED = ("tally_state", "uncounted_tickets", "counted_tickets", "tallies")
_STAY = frozenset({"rate_windows", "worker_beats", "host_tokens", *_TALLIED})
"""What running processes have for themselves, worth nothing elsewhere; and what is counted in
advance, which the worker counts there anew."""
_OWN_FACTS = (INSTALLATION, MOVING, MOVED_TO)
"""Facts about a move, which each side has for itself."""

Key = tuple[Any, ...]


def moving_tables() -> list[Table]:
    """All tables that move, none before those that its rows name."""
    return [table for table in Base.metadata.sorted_tables if table.name not in _STAY]


def inward(table: Table) -> list[Column[Any]]:
    """The columns that name rows of the same table, which may come after the row."""
    return [each.parent for each in table.foreign_keys if each.column.table is table]


def key_of(table: Table, row: Row[Any]) -> Key:
    """The primary key of a row."""
    return tuple(row._mapping[column] for column in table.primary_key)


def batches(
    connection: Connection, table: Table, *columns: Column[Any]
) -> Iterator[list[Row[Any]]]:
    """All rows by key, some hundred at a time; only some columns when they are named."""
    last: Key | None = None
    asked = _of_interest(table, *columns).order_by(*table.primary_key).limit(BATCH)
    while True:
        after = asked if last is None else asked.where(_key(table) > _as_key(last))
        found = list(connection.execute(after))
        if found:
            last = key_of(table, found[-1])
            yield found
        if len(found) < BATCH:
            return


def rows_with(
    connection: Connection, table: Table, keys: Sequence[Key], *columns: Column[Any]
) -> dict[Key, Row[Any]]:
    """Those rows of some keys that are there."""
    if len(table.primary_key) == 1:
        among = _key(table).in_([key[0] for key in keys])
    else:
        among = _key(table).in_(keys)
    found = connection.execute(_of_interest(table, *columns).where(among))
    return {key_of(table, row): row for row in found}


def is_row(table: Table, key: Key) -> ColumnElement[bool]:
    """The condition that a row has a key."""
    return and_(*(column == part for column, part in zip(table.primary_key, key, strict=True)))


def digest_of(row: Row[Any]) -> int:
    """A number that stands for everything in a row, the same on both databases."""
    text = "\x1f".join(_written(value) for value in row)
    return int.from_bytes(sha256(text.encode()).digest())


def _of_interest(table: Table, *columns: Column[Any]) -> Select[Any]:
    asked = select(*(columns or table.columns))
    if table.name == DeploymentFact.__tablename__:
        asked = asked.where(table.columns.name.not_in(_OWN_FACTS))
    return asked


def _key(table: Table) -> Any:
    columns = list(table.primary_key)
    return columns[0] if len(columns) == 1 else tuple_(*columns)


def _as_key(key: Key) -> Any:
    return key[0] if len(key) == 1 else key


def _written(value: Any) -> str:
    if value is None:
        return "\x00"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | bytes):
        return value.hex if isinstance(value, UUID) else value.hex()
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, ensure_ascii=True)
    return repr(words_of(value) if isinstance(value, str) else value)
