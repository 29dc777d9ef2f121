"""The database: one declarative base, column types, and the unit of work."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, cast
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CursorResult,
    DateTime,
    Delete,
    Dialect,
    Engine,
    Enum,
    Insert,
    MetaData,
    Row,
    Select,
    String,
    Text,
    Update,
    Uuid,
    event,
    insert,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.kernel.hiding import Hidden, look, shown, words_of
from app.kernel.ids import new_id
from app.kernel.masking import masked
from app.kernel.sqlite import prepare_sqlite
from app.kernel.turns import Turn, take_turn


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, always aware and in UTC on both databases; a naive one is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ByteOrdered(TypeDecorator[str]):
    """Text compared byte by byte on both databases, for codes and paths searched by range."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        collation = "C" if dialect.name == "postgresql" else "BINARY"
        return dialect.type_descriptor(String(self.length, collation=collation))


class FreeText(TypeDecorator[str]):
    """What people write in their own words: masked as soon as it is set, whoever sets it, and not
    shown while it waits for a person."""

    impl: TypeEngine[str] | type[TypeEngine[str]] = Text
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__()
        self.length = length
        if length is not None:
            self.impl = String(length)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return words_of(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return shown(value, dialect)


def _words(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """The base of every table: UUIDv7 keys, aware instants, named constraints."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: UTCDateTime(),
            UUID: Uuid(),
            StrEnum: Enum(StrEnum, native_enum=False, length=32, values_callable=_words),
        },
    )


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _mask_free_text(_model: Any, _name: str, attribute: Any) -> None:
    column = next(iter(getattr(attribute.property, "columns", ())), None)
    if isinstance(getattr(column, "type", None), FreeText):
        event.listen(attribute, "set", _as_masked, retval=True)


def _as_masked(_row: Any, text: str | None, _before: Any, _initiator: Any) -> str | None:
    return masked(text) if text and not isinstance(text, Hidden) else text


class Identified:
    """A row with an id of its own."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Dated:
    """A row that holds from `from_on` (included) to `to_on` (not included; None: still)."""

    from_on: Mapped[date]
    to_on: Mapped[date | None] = mapped_column(default=None)

    @classmethod
    def in_force(cls, day: date) -> Any:
        """The SQL condition that the row holds on a day (Asia/Shanghai)."""
        return (cls.from_on <= day) & (cls.to_on.is_(None) | (cls.to_on > day))

    def holds_on(self, day: date) -> bool:
        """Whether this row holds on a day (Asia/Shanghai)."""
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def prepare_engine(engine: Engine) -> None:
    """Sets a new engine up for how it is used here; nothing to do for PostgreSQL."""
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)


def begin_reading() -> Session:
    """The session, ready for reads only.

    On PostgreSQL each statement stands alone, as READ COMMITTED sees it anyway, without the two
    round trips of BEGIN and ROLLBACK. On SQLite a deferred transaction costs nothing and is one
    snapshot. Nothing happens inside a transaction that is open already.
    """
    session = db.session()
    if not session.in_transaction():
        look(db.engine)
        if db.engine.dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
    return session


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction that writes: committed when the block ends, undone when it raises."""
    session = db.session()
    session.rollback()
    look(db.engine)
    try:
        session.connection(execution_options={"writes": True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def administering() -> Iterator[Session]:
    """A unit of work that has the turn of administration.

    Administration decides by what it reads (which contract holds, who is away, what hangs below),
    so whoever changes it takes the turn before the first read and sees what was done before. One
    turn for the whole county: companies and people belong to several townships.
    """
    with unit_of_work() as session:
        take_turn(session, Turn.administration)
        yield session


def rows_changed(
    session: Session, statement: Update | Delete, values: Mapping[str, Any] | None = None
) -> int:
    """Executes an UPDATE or DELETE; how many rows it changed."""
    return cast("CursorResult[Any]", session.execute(statement, values)).rowcount


def fetch(
    session: Session, asked: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
) -> Sequence[Row[Any]]:
    """The rows of a statement for columns, as from the session but at half of its cost."""
    if session.autoflush:
        session.flush()
    return session.connection().execute(asked, values).all()


def write_new(session: Session, rows: Sequence[Base]) -> None:
    """Inserts new rows of one table, which are complete: they have the same attributes, the keys of
    what they belong to among them.

    The session does not get to know them, which spares what it would find out about each; so
    nothing may change them in this transaction any more.
    """
    if rows:
        statement, columns = _insertion(type(rows[0]))
        values = [{name: had[name] for name in columns if name in had} for had in map(vars, rows)]
        session.connection().execute(statement, values)


@cache
def _insertion(kind: type[Base]) -> tuple[Insert, tuple[str, ...]]:
    return insert(kind.__table__), tuple(kind.__table__.columns.keys())  # type: ignore[arg-type]
