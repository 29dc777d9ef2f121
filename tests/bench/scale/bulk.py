"""Many rows at once: what the tables look after row by row is put off until all of them are in."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from app.kernel.db import db


@contextmanager
def put_off(connection: Connection, tables: Collection[str]) -> Iterator[None]:
    """Indexes that only make reading quick are gone while the block runs, and made again after it.

    PostgreSQL asks for no foreign key meanwhile and notes no ticket to be counted: those that fill
    see to it, and all tickets are counted anew afterwards.
    """
    indexes = [
        index
        for name in tables
        for index in sorted(db.metadata.tables[name].indexes, key=lambda one: str(one.name))
        if not index.unique
    ]
    for index in indexes:
        index.drop(connection)
    with _unwatched(connection):
        yield
    for index in indexes:
        index.create(connection)


@contextmanager
def _unwatched(connection: Connection) -> Iterator[None]:
    if connection.dialect.name == "sqlite":
        yield
        return
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    yield
    connection.execute(text("SET LOCAL session_replication_role = origin"))
