"""Rows brought across: the target made equal to one snapshot of the source.

What is there already is compared and left, so a move that was killed goes on where it was, and a
second one brings only what has changed. Every batch is committed by itself.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Delete,
    Engine,
    Insert,
    Row,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    update,
)
from sqlalchemy.exc import IntegrityError

from app.engines.errors import MoveRefused
from app.engines.tables import Key, batches, inward, is_row, key_of, moving_tables, rows_with

Statement = Insert | Update | Delete
Values = dict[str, Any]


@dataclass
class Brought:
    """How many rows one pass has made, changed and removed, and how many there are."""

    rows: int = 0
    made: int = 0
    changed: int = 0
    removed: int = 0

    @property
    def differed(self) -> int:
        """How many rows of the target were not what they are now."""
        return self.made + self.changed + self.removed


def writing(target: Engine) -> AbstractContextManager[Connection]:
    """A transaction that writes to the target."""
    return _Writing(target)


class _Writing(AbstractContextManager[Connection]):
    def __init__(self, target: Engine) -> None:
        self._connection = target.connect().execution_options(writes=True)

    def __enter__(self) -> Connection:
        self._connection.begin()
        return self._connection

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            self._connection.commit()
        self._connection.close()


def bring_rows(source: Connection, target: Engine, said: Callable[[str, int], None]) -> Brought:
    """Makes the target's rows those of the source; `said` is told each table and its rows.

    Rows that are gone go first, children before parents: their unique values may be taken again.
    """
    brought, tables = Brought(), moving_tables()
    for table in reversed(tables):
        _remove(source, target, table, brought, strict=False)
    for table in tables:
        before = brought.rows
        fresh: set[Key] = set()
        if inner := inward(table):
            first = _Shape(inner, fresh)
            brought.made += _bring(source, target, table, Brought(), first).made
        _bring(source, target, table, brought, _Shape((), fresh))
        said(table.name, brought.rows - before)
    for table in reversed(tables):
        _remove(source, target, table, brought, strict=True)
    return brought


@dataclass(frozen=True)
class _Shape:
    """How a table is brought: `held` columns are left empty in new rows, whose keys go to `fresh`,
    until all rows are there that they may name; then those rows do not count as changed."""

    held: Sequence[Column[Any]]
    fresh: set[Key]


def _bring(
    source: Connection, target: Engine, table: Table, brought: Brought, shape: _Shape
) -> Brought:
    """Inserts what the target lacks and updates what differs."""
    blocked: list[tuple[Statement, Values]] = []
    for rows in batches(source, table):
        brought.rows += len(rows)
        with writing(target) as connection:
            made, changed = _differences(connection, table, rows)
            if shape.held:
                made, changed = [_without(table, row, shape) for row in made], []
            known = sum(_key_in(table, row) in shape.fresh for row in changed)
            brought.made += len(made)
            brought.changed += len(changed) - known
            blocked += _apply(connection, insert(table), made)
            blocked += _apply(connection, _update_of(table), changed)
    _clear(target, table, blocked)
    return brought


def _without(table: Table, row: Values, shape: _Shape) -> Values:
    if any(row[column.name] is not None for column in shape.held):
        shape.fresh.add(_key_in(table, row))
    return {**row, **{column.name: None for column in shape.held}}


def _key_in(table: Table, row: Values) -> Key:
    return tuple(row[column.name] for column in table.primary_key)


def _differences(
    target: Connection, table: Table, rows: Sequence[Row[Any]]
) -> tuple[list[Values], list[Values]]:
    there = rows_with(target, table, [key_of(table, row) for row in rows])
    made, changed = [], []
    for row in rows:
        known = there.get(key_of(table, row))
        if known is None:
            made.append(dict(row._mapping))
        elif tuple(known) != tuple(row):
            changed.append(_named(table, row))
    return made, changed


def _named(table: Table, row: Row[Any]) -> Values:
    """The values of an update, and the key under names of its own."""
    values = dict(row._mapping)
    return values | {f"key_{column.name}": values[column.name] for column in table.primary_key}


def _update_of(table: Table) -> Update:
    wanted = [column == bindparam(f"key_{column.name}") for column in table.primary_key]
    others = [column for column in table.columns if not column.primary_key]
    if not others:
        return update(table).where(*wanted)
    return update(table).where(*wanted).values({c.name: bindparam(c.name) for c in others})


def _apply(
    target: Connection, statement: Statement, rows: Sequence[Values]
) -> list[tuple[Statement, Values]]:
    """Writes rows; gives back those that another row stands in the way of."""
    if not rows:
        return []
    try:
        with target.begin_nested():
            target.execute(statement, rows)
        return []
    except IntegrityError:
        if len(rows) == 1:
            return [(statement, rows[0])]
    half = len(rows) // 2
    return [*_apply(target, statement, rows[:half]), *_apply(target, statement, rows[half:])]


def _clear(target: Engine, table: Table, blocked: list[tuple[Statement, Values]]) -> None:
    """Writes what was in each other's way: a value that moved from row to row frees up in turn."""
    while blocked:
        left: list[tuple[Statement, Values]] = []
        with writing(target) as connection:
            for statement, row in blocked:
                left += _apply(connection, statement, [row])
        if len(left) == len(blocked):
            raise MoveRefused(
                f"表 {table.name} 有 {len(left)} 行写不进目标数据库（互换了不能重复的值）；"
                "请换一个空的目标数据库，重新运行。"
            )
        blocked = left


def _remove(
    source: Connection, target: Engine, table: Table, brought: Brought, *, strict: bool
) -> None:
    """Removes what the source no longer has; unless `strict`, what something still names stays."""
    with target.connect() as looking:
        gone = [key for keys in _gone(source, looking, table) for key in keys]
    for start in range(0, len(gone), 100):
        with writing(target) as connection:
            for key in gone[start : start + 100]:
                brought.removed += _removed(connection, table, key, strict=strict)


def _gone(source: Connection, target: Connection, table: Table) -> Iterable[list[Key]]:
    columns = list(table.primary_key)
    for rows in batches(target, table, *columns):
        keys = [key_of(table, row) for row in rows]
        there = rows_with(source, table, keys, *columns)
        yield [key for key in keys if key not in there]


def _removed(target: Connection, table: Table, key: Key, *, strict: bool) -> int:
    try:
        with target.begin_nested():
            target.execute(delete(table).where(is_row(table, key)))
        return 1
    except IntegrityError:
        if strict:
            raise
        return 0
