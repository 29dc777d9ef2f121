"""Keeps what was read of the catalogue in the process, by the id of the newest version.

A version's id is never used twice, in any database, and rows change only together with a new one:
so what is kept under an id is never stale, and every process sees a load in its next transaction.
The id itself is asked for once in a transaction.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import CatalogueVersion

_KEPT = 16
_MEMO = "catalogue_version"

Value = TypeVar("Value")

_NEWEST = select(CatalogueVersion.id).order_by(CatalogueVersion.number.desc()).limit(1)
_snapshots: OrderedDict[tuple[UUID, Callable[..., Any]], Any] = OrderedDict()
_lock = Lock()


def snapshot_of(session: Session, load: Callable[[Session], Value]) -> Value:
    """What `load` reads in the newest version: kept values only, nothing bound to a session."""
    version = _newest_version(session)
    if version is None:
        return load(session)
    key = (version, load)
    with _lock:
        if key in _snapshots:
            kept: Value = _snapshots[key]
            return kept
    value = load(session)
    with _lock:
        _snapshots[key] = value
        if len(_snapshots) > _KEPT:
            _snapshots.popitem(last=False)
    return value


def look_again(session: Session) -> None:
    """Let this session's next read ask for the newest version, also within the transaction."""
    session.info.pop(_MEMO, None)


def forget_snapshots() -> None:
    """Empty the process's memory of the catalogue."""
    with _lock:
        _snapshots.clear()


def _newest_version(session: Session) -> UUID | None:
    """The id of the newest version, asked for once in a transaction or savepoint."""
    memo = session.info.get(_MEMO)
    if memo is not None and memo[0] == _transactions(session):
        known: UUID | None = memo[1]
        return known
    version = session.scalar(_NEWEST)
    session.info[_MEMO] = (_transactions(session), version)
    return version


def _transactions(session: Session) -> tuple[object, object]:
    return session.get_transaction(), session.get_nested_transaction()
