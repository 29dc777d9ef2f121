"""What the worker knows to do: handlers by kind, and which kinds come by themselves.

A handler may be run again after a crash in the middle of it, so doing it twice must come to the
same. A payload holds ids and codes, never names, texts or numbers of persons.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from flask import current_app
from sqlalchemy.orm import Session

from app.jobs.housekeeping import forgotten
from app.jobs.photos import removed_orphans
from app.tickets.returning import resume_due_tickets


class Progress(Protocol):
    """What a long handler says of itself, at least every minute and at most every second or so.

    Each call commits by itself and renews the lease; it raises JobCancelled or LeaseLost, which
    the handler lets through. It is not called inside a unit of work.
    """

    def __call__(self, percent: int, said: str) -> None:
        """How far it is (0–100), and what it is doing in a few Chinese words."""


@dataclass(frozen=True)
class ShortHandler:
    """Work of seconds, in one transaction with its completion: both happen or neither does."""

    label: str
    do: Callable[[Session, dict[str, Any], datetime], None]


@dataclass(frozen=True)
class LongHandler:
    """Work of minutes, in transactions of its own, that says how far it is."""

    label: str
    do: Callable[[dict[str, Any], Progress], None]


Handler = ShortHandler | LongHandler


@dataclass(frozen=True)
class Periodic:
    """A kind of job that is made once in every slot of a length; `at` after the slot begins.

    Slots are counted from midnight in Asia/Shanghai, so `every` divides a day or is one.
    """

    kind: str
    every: timedelta
    at: timedelta = timedelta()


def _housekeeping(_payload: dict[str, Any], progress: Progress) -> None:
    """Forgets what is kept only for a while: rows that are gone cannot go twice."""
    chores = current_app.extensions["gexun_chores"]
    for number, chore in enumerate(chores):
        said = partial(progress, 100 * number // len(chores), f"清理{chore.name}")
        forgotten(chore.forget, before_each=said)
    progress(100, "清理完毕")


def _photo_sweep(_payload: dict[str, Any], progress: Progress) -> None:
    """Removes bytes that no photo knows; what is gone already is not met again."""
    said = partial(progress, 0, "查找并清理无主的照片文件")
    said()
    count = sum(1 for _size in removed_orphans(before_each=said))
    progress(100, f"清理了 {count} 个文件")


def _resume_tickets(session: Session, _payload: dict[str, Any], now: datetime) -> None:
    """Suspended tickets whose date has come run on; what was resumed is not met again."""
    resume_due_tickets(session, now)


HANDLERS: dict[str, Handler] = {
    "housekeeping": LongHandler("清理过期记录", _housekeeping),
    "photo_sweep": LongHandler("清理无主照片文件", _photo_sweep),
    "resume_tickets": ShortHandler("挂账到期的工单恢复办理", _resume_tickets),
}

PERIODIC: tuple[Periodic, ...] = (
    Periodic("housekeeping", timedelta(hours=1)),
    Periodic("resume_tickets", timedelta(minutes=10)),
    Periodic("photo_sweep", timedelta(days=1), at=timedelta(hours=3)),
)


def label_of(kind: str) -> str:
    """The Chinese name of a kind of job; the kind itself when this version does not know it."""
    handler = HANDLERS.get(kind)
    return handler.label if handler else kind
