"""Telling people something, and what they have read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.db import rows_changed
from app.kernel.ids import new_id
from app.notices.models import Notice, NoticeKind


@dataclass(frozen=True)
class News:
    """What there is to tell about a ticket, in one sentence that names no person."""

    kind: NoticeKind
    ticket_id: UUID
    text: str


def tell(session: Session, people: Collection[UUID], news: News, *, now: datetime) -> None:
    """Puts news that is new into the inboxes of some people."""
    rows = [
        {
            "id": new_id(),
            "person_id": person_id,
            "kind": news.kind,
            "ticket_id": news.ticket_id,
            "text": news.text,
            "created_at": now,
        }
        for person_id in sorted(people)
    ]
    if rows:
        session.execute(_told_once(session.get_bind().dialect.name), rows)


@cache
def _told_once(dialect: str) -> Any:
    """What somebody was told already is left as it is."""
    fresh = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(Notice)
    return fresh.on_conflict_do_nothing(index_elements=["person_id", "kind", "ticket_id"])


def mark_older_read(session: Session, *, before: datetime, now: datetime) -> int:
    """Marks everybody's notices from before an instant as read; how many were not."""
    unread = Notice.created_at < before, Notice.read_at.is_(None)
    return rows_changed(session, update(Notice).where(*unread).values(read_at=now))


def mark_read(
    session: Session, person_id: UUID, *, ids: Sequence[UUID] | None, now: datetime
) -> int:
    """Marks a person's notices as read, all of them unless some are named; how many were not."""
    asked = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    if ids is not None:
        asked = asked.where(Notice.id.in_(ids))
    return rows_changed(session, asked.values(read_at=now))
