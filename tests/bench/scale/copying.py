"""One township's tickets once more in another: every row with its own ids, made by the database."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    cast,
    func,
    insert,
    literal,
    select,
    type_coerce,
)

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
    blobs = db.metadata.tables["blobs"]
    span = connection.execute(select(func.max(blobs.c.number))).scalar_one()
    home = _home(connection, towns[0])
    for number, town in enumerate(towns[1:], start=1):
        copying = _Copying(connection, number, towns[0], town, span)
        for name in TABLES:
            table = db.metadata.tables[name]
            chosen = select(*map(copying.column, table.c)).where(_of(table, home, span))
            connection.execute(insert(table).from_select(list(table.c.keys()), chosen))
    if connection.dialect.name != "sqlite":
        connection.execute(select(func.setval("blob_numbers", span * len(towns))))


def _home(connection: Connection, town: str) -> UUID:
    return connection.execute(select(Organisation.id).where(Organisation.code == town)).scalar_one()


def _of(table: Table, home: UUID, span: int) -> ColumnElement[bool]:
    """The rows of the first township."""
    if "town_id" in table.c:
        return table.c.town_id == home
    if "ticket_id" in table.c:
        tickets = db.metadata.tables["tickets"]
        return table.c.ticket_id.in_(select(tickets.c.id).where(tickets.c.town_id == home))
    return table.c.number <= span


def _pairs(connection: Connection, old: str, new: str) -> Iterator[tuple[UUID, UUID]]:
    """Each place, person and post of one township with its counterpart in another."""
    for column in (Organisation.code, Cell.code, Compound.code):
        yield from _matched(connection, column, old, new)
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
    ids: dict[str, UUID] = {text: row_id for text, row_id in rows}
    for text, row_id in ids.items():
        if text.startswith(old):
            yield row_id, ids[new + text.removeprefix(old)]


class _Copying:
    """How each column is copied into one township."""

    def __init__(self, connection: Connection, number: int, old: str, new: str, span: int) -> None:
        self._embedded = connection.dialect.name == "sqlite"
        self._number, self._span = number, span
        self._old, self._new = old, new
        self._tail = f"{number:0{LAST}x}"

    def column(self, column: Column[object]) -> ColumnElement[object]:
        """What stands in a column of the copy."""
        held = {key.column.table.name for key in column.foreign_keys}
        if column.name.endswith("sha256"):
            return self._renumbered_text(column, 64)
        if column.name == "id" or held & set(TABLES):
            return self._renumbered(column)
        if held & _STAND_FOR:
            return self._counterpart(column)
        if column.name == "number":
            return self._next_number(column)
        return column

    def _renumbered(self, column: ColumnElement[object]) -> ColumnElement[object]:
        if self._embedded:
            return self._renumbered_text(type_coerce(column, Text), 32)
        return cast(self._renumbered_text(cast(column, Text), 32 + _HYPHENS), Uuid)

    def _renumbered_text(self, column: ColumnElement[object], width: int) -> ColumnElement[object]:
        return func.substr(column, 1, width - LAST).concat(self._tail)

    def _counterpart(self, column: ColumnElement[object]) -> ColumnElement[object]:
        twin = select(TWINS.c.new).where(TWINS.c.town == self._number, TWINS.c.old == column)
        return func.coalesce(twin.scalar_subquery(), column)

    def _next_number(self, column: Column[object]) -> ColumnElement[object]:
        if column.table.name == "blobs":
            return column + literal(self._number * self._span)
        return func.replace(column, self._old, self._new)
