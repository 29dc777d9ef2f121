"""Stamps: the version of what processes keep in memory, asked for once in a transaction."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.kernel.db import fetch


class Stamp:
    """The newest version of something that is kept; None before there is any."""

    def __init__(self, name: str, asked: Select[UUID]) -> None:
        self.name = name
        self.asked = asked.scalar_subquery()

    def of(self, session: Session) -> UUID | None:
        """The version in this transaction's eyes; one query in a transaction or savepoint."""
        ask_together(session, self)
        known: UUID | None = session.info[self][1]
        return known

    def keep(self, session: Session, version: UUID | None) -> None:
        """Hold the version, which came with something else, for this transaction."""
        session.info[self] = _transactions(session), version

    def forget(self, session: Session) -> None:
        """Let the next one who asks see what this transaction has changed."""
        session.info.pop(self, None)

    def is_known(self, session: Session) -> bool:
        """Whether it was asked for in this transaction."""
        return self in session.info and session.info[self][0] == _transactions(session)


def ask_together(session: Session, *stamps: Stamp) -> None:
    """Ask for several stamps in one query, unless they are known."""
    if all(stamp.is_known(session) for stamp in stamps):
        return
    for stamp, version in zip(stamps, fetch(session, _together(stamps))[0], strict=True):
        stamp.keep(session, version)


@cache
def _together(stamps: tuple[Stamp, ...]) -> Select[*tuple[Any, ...]]:
    return select(*(stamp.asked for stamp in stamps))


def _transactions(session: Session) -> tuple[object, object]:
    return session.get_transaction(), session.get_nested_transaction()
