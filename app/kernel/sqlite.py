"""SQLite as it is used here: WAL, foreign keys, an explicit BEGIN, and one writer at a time."""

import contextlib
import fcntl
import os
import sqlite3
import threading
from typing import IO, Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from app.kernel.errors import Unavailable

PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "synchronous=FULL",
    "cache_size=-16000",
    "mmap_size=2147418112",
)


def open_privately(path: str, flags: int) -> int:
    """Opens a file; one that is made is for its owner only."""
    return os.open(path, flags, 0o600)


class WriterTurn:
    """One writer at a time: a thread lock, then `flock` on a file beside the database.

    SQLite's own busy_timeout polls and starves; waiting in the kernel's queue is fair. The kernel
    frees the file of a process that dies.
    """

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._path = path

    def take(self) -> IO[bytes]:
        """Wait for the turn; the open file returned must go back to `give_back`."""
        self._lock.acquire()
        try:
            handle = open(self._path, "ab", opener=open_privately)  # noqa: SIM115
        except OSError as error:
            self._lock.release()
            raise Unavailable("数据库所在的文件夹不能写，请联系管理员。") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except BaseException:
            self.give_back(handle)
            raise
        return handle

    def give_back(self, handle: IO[bytes]) -> None:
        """Let the next writer in."""
        handle.close()
        self._lock.release()


class TurnConnection(sqlite3.Connection):
    """A connection that keeps the writer's turn exactly as long as its transaction lasts."""

    _turn: WriterTurn | None = None
    _held: IO[bytes] | None = None

    def take(self, turn: WriterTurn) -> None:
        """Wait for the turn, unless it is held already."""
        if self._held is None:
            self._turn, self._held = turn, turn.take()

    def let_go(self) -> None:
        """Give the turn back, if it is held."""
        handle, self._held = self._held, None
        if handle is not None and self._turn is not None:
            self._turn.give_back(handle)

    def commit(self) -> None:
        """COMMIT; when it fails the transaction goes on until it is rolled back or closed."""
        super().commit()
        self.let_go()

    def rollback(self) -> None:
        """ROLLBACK."""
        try:
            super().rollback()
        finally:
            self.let_go()

    def close(self) -> None:
        """Close, which undoes what is open."""
        try:
            super().close()
        finally:
            self.let_go()


def prepare_sqlite(engine: Engine) -> None:
    """Set a new engine up: IMMEDIATE for writers in their turn, deferred for readers."""
    path = engine.url.database
    turn = WriterTurn(f"{path}.lock") if path and path != ":memory:" else None

    @event.listens_for(engine, "do_connect")
    def _with_turns(_dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
        options["factory"] = TurnConnection
        if path and path != ":memory:":
            _make_privately(path)

    @event.listens_for(engine, "connect")
    def _configure(connection: TurnConnection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            _begin_writing(connection, turn)
        else:
            connection.exec_driver_sql("BEGIN")


def _make_privately(path: str) -> None:
    """A new database file is for its owner only; SQLite gives -wal and -shm the same mode.

    When it cannot be made, or is no plain path, connecting says so.
    """
    with contextlib.suppress(OSError):
        os.close(open_privately(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))


def _begin_writing(connection: Connection, turn: WriterTurn | None) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, TurnConnection)
    if turn is not None:
        driver.take(turn)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:
        driver.let_go()
        raise
