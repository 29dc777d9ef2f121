"""Having a database to oneself."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, text

from app.engines.errors import MoveRefused
from app.engines.tables import moving_tables
from app.kernel.sqlite import open_privately
from app.kernel.turns import Turn

_IN_USE = "还有程序在使用原来的数据库；请先停下网页服务和后台任务进程，再运行。"


def refuse_while_used(source: Engine) -> None:
    """Raises MoveRefused while anybody else has the database open."""
    source.dispose()
    if source.dialect.name == "sqlite":
        used = _sqlite_is_open(str(source.url.database))
    else:
        with source.connect() as connection:
            used = bool(connection.scalar(text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )))  # fmt: skip
    if used:
        raise MoveRefused(_IN_USE)


def _sqlite_is_open(path: str) -> bool:
    """Leaving WAL needs the file to oneself: the one question SQLite answers about others."""
    with closing(sqlite3.connect(path, timeout=0.5)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            return True
    return bool(mode != "delete")


@contextmanager
def alone_with(source: Engine) -> Iterator[Connection]:
    """A transaction in which nobody else writes, committed when the block ends."""
    with source.connect() as connection:
        if source.dialect.name == "sqlite":
            connection.execution_options(writes=True)
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            if source.dialect.name == "postgresql":
                names = ", ".join(table.name for table in moving_tables())
                connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
            yield connection


@contextmanager
def only_mover(target: Engine) -> Iterator[None]:
    """Nobody else fills this target meanwhile; MoveRefused when somebody does."""
    if target.dialect.name == "sqlite":
        with _with_file(f"{target.url.database}.move"):
            yield
        return
    with target.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text(f"SELECT pg_try_advisory_lock({Turn.move.value})")):
            raise MoveRefused(_ANOTHER)
        yield


_ANOTHER = "另一个 engine move 正在写这个目标；请等它结束。"


@contextmanager
def _with_file(path: str) -> Iterator[Any]:
    with open(path, "ab", opener=open_privately) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MoveRefused(_ANOTHER) from None
        yield
