"""Counts the statements that reach the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.kernel.db import db

NOT_COUNTED = (
    *("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA"),
    # The limit of requests is counted in blocks: now and then, whatever is asked.
    "INSERT INTO RATE_WINDOWS",
    # What is hidden is asked for every two seconds, whatever is asked.
    "SELECT TEXT_CHECKS.MARK",
)


def is_counted(statement: str) -> bool:
    """Whether a statement is of what was asked."""
    return not statement.lstrip().upper().startswith(NOT_COUNTED)


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database while the block runs, in their order."""
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if is_counted(statement):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
