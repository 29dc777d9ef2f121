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
from app.kernel.stamps import Stamp

_KEPT = 16

Value = TypeVar("Value")

CATALOGUE = Stamp(
    "catalogue",
    select(CatalogueVersion.id).order_by(CatalogueVersion.number.desc()).limit(1),
)
_snapshots: OrderedDict[tuple[UUID, Callable[..., Any]], Any] = OrderedDict()
_lock = Lock()


def snapshot_of(session: Session, load: Callable[[Session], Value]) -> Value:
    """What `load` reads in the newest version: kept values only, nothing bound to a session."""
    version = CATALOGUE.of(session)
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
    CATALOGUE.forget(session)


def forget_snapshots() -> None:
    """Empty the process's memory of the catalogue."""
    with _lock:
        _snapshots.clear()
