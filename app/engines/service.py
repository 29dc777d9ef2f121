"""The move itself: bytes first and then rows, of one snapshot of the source at a time.

Whoever is served goes on meanwhile; what changes comes with the next pass. Only the last pass has
the source to itself, and only what was proven equal then may be switched to.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from app.engines.bytes import Carried, carry, known_bytes, read_back
from app.engines.checking import broken_references, set_sequences, unequal_tables
from app.engines.errors import MoveRefused
from app.engines.holding import alone_with, refuse_while_used
from app.engines.marks import mark_checked, mark_target, mark_whole, record
from app.engines.rows import Brought, bring_rows, writing
from app.engines.tables import moving_tables
from app.kernel.facts import MOVED_TO
from app.photos.store import PhotoStore

Tell = Callable[[str], None]
_MANY_ROWS = 20_000


@dataclass(frozen=True)
class Side:
    """One of the two: a database, a store, and how people call them, without a secret."""

    engine: Engine
    store: PhotoStore
    name: str


@dataclass(frozen=True)
class Pass:
    """What one pass did."""

    carried: Carried
    brought: Brought

    def __str__(self) -> str:
        files, rows = self.carried, self.brought
        return (
            f"照片文件 {files.files} 个，复制 {files.copied} 个；"
            f"数据 {rows.rows} 行，新增 {rows.made}、改 {rows.changed}、删 {rows.removed}"
        )


def copy_while_served(source: Side, target: Side, installation: str, tell: Tell) -> Carried:
    """Two passes, the second for what changed during the first, and the proof."""
    mark = mark_target(target.engine, target.store, installation)
    with snapshot(source.engine) as connection:
        tell(f"第一遍：{_one_pass(connection, source, target, tell)}。")
    with snapshot(source.engine) as connection:
        last = _one_pass(connection, source, target, tell)
        tell(f"第二遍，补上这期间的变化：{last}。")
        checked = _prove(connection, source, target, last, tell, since=mark.checked)
    mark_checked(target.engine, mark, checked)
    return last.carried


def copy_and_hand_over(source: Side, target: Side, installation: str, tell: Tell) -> Carried:
    """The last pass, with the source to itself; then the target is the installation.

    The source is closed first: killed in between, neither may be served, and the move is run again.
    """
    refuse_while_used(source.engine)
    mark = mark_target(target.engine, target.store, installation)
    with alone_with(source.engine) as connection:
        last = _one_pass(connection, source, target, tell)
        tell(f"最后一遍：{last}。")
        _prove(connection, source, target, last, tell, since=mark.checked)
        record(connection, MOVED_TO, target.name)
    mark_whole(target.engine, installation)
    return last.carried


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """All rows as they are at one instant, while others write."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def _one_pass(connection: Connection, source: Side, target: Side, tell: Tell) -> Pass:
    def told(table: str, rows: int) -> None:
        if rows >= _MANY_ROWS:
            tell(f"  {table} {rows} 行")

    carried = carry(
        known_bytes(connection),
        source.store,
        target.store,
        lambda done: tell(f"  已看过 {done} 个照片文件"),
    )
    brought = bring_rows(connection, target.engine, told)
    with writing(target.engine) as there:
        set_sequences(there)
    return Pass(carried, brought)


def _prove(
    connection: Connection,
    source: Side,
    target: Side,
    done: Pass,
    tell: Tell,
    *,
    since: datetime | None,
) -> datetime | None:
    """Holds every row, every foreign key and every file that is not yet proven against the source;
    MoveRefused when a row differs. The time up to which files are proven."""
    with snapshot(target.engine) as there:
        faults = [*unequal_tables(connection, there), *broken_references(there)]
    if faults:
        raise MoveRefused("核对不符：" + "；".join(faults) + "。请再运行一次。")
    checked = read_back(
        known_bytes(connection),
        source.store,
        target.store,
        done.carried,
        since=since,
        said=lambda count: tell(f"  已读回 {count} 个照片文件"),
    )
    mended = done.carried.mended
    again = f"，其中 {mended} 个与原件不同，已重新复制" if mended else ""
    tell(
        f"核对：{len(moving_tables())} 张表的行数和内容都一致，外键完好；"
        f"读回照片文件 {done.carried.checked} 个{again}。"
    )
    return checked


def revision_of(engine: Engine) -> str | None:
    """The revision of a database's tables; None without any."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(found[0]) if found else None
