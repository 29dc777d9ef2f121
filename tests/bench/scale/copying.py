"""One township's tickets once more in another: every row with its own ids, made by the database."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnClause,
    ColumnElement,
    Connection,
    MetaData,
    SmallInteger,
    Table,
    TableClause,
    Text,
    Uuid,
    cast,
    column,
    func,
    insert,
    literal,
    select,
    text,
    type_coerce,
)
from sqlalchemy import table as sql_table

from app.grid.models import Cell, Compound
from app.kernel.db import db
from app.people.models import Organisation, Person, Post
from tests.bench.filling import TABLES
from tests.bench.tickets import LAST

TWINS = Table(
    "twins",
    MetaData(),
    Column("town", SmallInteger, primary_key=True),
    Column("old", Uuid, primary_key=True),
    Column("new", Uuid, nullable=False),
    prefixes=["TEMPORARY"],
)
"""What stands for a place, a person or a post of the first township in another, by its number."""

_STAND_FOR = frozenset(
    model.__tablename__ for model in (Organisation, Person, Post, Cell, Compound)
)
_HYPHENS = 4
NAMED_AFTER = ("shequ", "wangge", "ducha")
"""What names to sign in with begin with, before the last three digits of the township's code."""


def copy_township(connection: Connection, towns: tuple[str, ...]) -> None:
    """Copies the tickets of the first township into each of the others."""
    TWINS.create(connection)
    for number, town in enumerate(towns[1:], start=1):
        pairs = _pairs(connection, towns[0], town)
        rows = [{"town": number, "old": old, "new": new} for old, new in pairs]
        connection.execute(insert(TWINS), rows)
    homes = {name: _home(connection, db.metadata.tables[name]) for name in TABLES}
    span = connection.execute(select(func.max(homes["blobs"].c.number))).scalar_one()
    for number, town in enumerate(towns[1:], start=1):
        copying = _Copying(connection, number, towns[0], town, span)
        for name, home in homes.items():
            table = db.metadata.tables[name]
            copied = [copying.column(column, home.c[column.name]) for column in table.c]
            connection.execute(insert(table).from_select(list(table.c.keys()), select(*copied)))
    if connection.dialect.name != "sqlite":
        connection.execute(select(func.setval("blob_numbers", span * len(towns))))


def _home(connection: Connection, table: Table) -> TableClause:
    """The rows of the first township, which are all there are yet, in a table of their own."""
    kept = f"home_{table.name}"
    connection.execute(text(f"CREATE TEMPORARY TABLE {kept} AS SELECT * FROM {table.name}"))
    columns: list[ColumnClause[Any]] = [column(one.name, one.type) for one in table.c]
    return sql_table(kept, *columns)


def _pairs(connection: Connection, old: str, new: str) -> Iterator[tuple[UUID, UUID]]:
    """Each place, person and post of one township with its counterpart in another."""
    for code in (Organisation.code, Cell.code, Compound.code):
        yield from _matched(connection, code, old, new)
    people: dict[UUID, UUID] = {}
    for role in NAMED_AFTER:
        people |= _matched(connection, Person.username, role + old[6:], role + new[6:])
    yield from people.items()
    posts: dict[UUID, UUID] = {
        person: post for person, post in connection.execute(select(Post.person_id, Post.id))
    }
    yield from ((posts[one], posts[other]) for one, other in people.items())


def _matched(
    connection: Connection, column: ColumnElement[str], old: str, new: str
) -> Iterator[tuple[UUID, UUID]]:
    table = column.class_  # type: ignore[attr-defined]
    rows = connection.execute(select(column, table.id)).all()
    ids: dict[str, UUID] = {code: row_id for code, row_id in rows}
    for code, row_id in ids.items():
        if code.startswith(old):
            yield row_id, ids[new + code.removeprefix(old)]


class _Copying:
    """How each column is copied into one township."""

    def __init__(self, connection: Connection, number: int, old: str, new: str, span: int) -> None:
        self._embedded = connection.dialect.name == "sqlite"
        self._number, self._span = number, span
        self._old, self._new = old, new
        self._tail = f"{number:0{LAST}x}"

    def column(self, column: Column[Any], home: ColumnElement[Any]) -> ColumnElement[Any]:
        """What stands in a column of the copy, given the same of the first township."""
        held = {key.column.table.name for key in column.foreign_keys}
        if column.name.endswith("sha256"):
            return self._renumbered_text(home, 64)
        if column.name == "id" or held & set(TABLES):
            return self._renumbered(home)
        if held & _STAND_FOR:
            return self._counterpart(home)
        if column.name == "number":
            return self._next_number(column, home)
        return home

    def _renumbered(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        if self._embedded:
            return self._renumbered_text(type_coerce(column, Text), 32)
        return cast(self._renumbered_text(cast(column, Text), 32 + _HYPHENS), Uuid)

    def _renumbered_text(self, column: ColumnElement[Any], width: int) -> ColumnElement[Any]:
        return func.substr(column, 1, width - LAST).concat(self._tail)

    def _counterpart(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        twin = select(TWINS.c.new).where(TWINS.c.town == self._number, TWINS.c.old == column)
        return func.coalesce(twin.scalar_subquery(), column)

    def _next_number(self, column: Column[Any], home: ColumnElement[Any]) -> ColumnElement[Any]:
        if column.table.name == "blobs":
            return home + literal(self._number * self._span)
        return func.replace(home, self._old, self._new)
