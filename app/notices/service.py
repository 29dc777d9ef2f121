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
from app.notices.messages.outbox import message_time
from app.notices.models import TEXT_LENGTH, Notice, NoticeKind


@dataclass(frozen=True)
class News:
    """What there is to tell, mostly about a ticket, in one sentence that names no person.

    With `about` it stands in for what somebody was told about the same thing before; without, it
    is told once. What is `urgent` goes out as a message in quiet hours too.
    """

    kind: NoticeKind
    ticket_id: UUID | None
    text: str
    about: str | None = None
    urgent: bool = False


def tell(session: Session, people: Collection[UUID], news: News, *, now: datetime) -> None:
    """Puts news into the inboxes of some people: what is not new, or renews an older one. Those who
    have let their host tell them get a message of it too, later."""
    rows = [
        {
            "id": new_id(),
            "person_id": person_id,
            "kind": news.kind,
            "ticket_id": news.ticket_id,
            "about": news.about,
            "text": _short(news.text),
            "created_at": now,
            "message_at": message_time(urgent=news.urgent, now=now),
        }
        for person_id in sorted(people)
    ]
    if rows:
        statement = _told_once if news.about is None else _told_anew
        session.execute(statement(session.get_bind().dialect.name), rows)


def _short(text: str) -> str:
    """At most what an inbox holds: long names of places give way at the end."""
    return text if len(text) <= TEXT_LENGTH else f"{text[: TEXT_LENGTH - 1]}…"


@cache
def _told_once(dialect: str) -> Any:
    """What somebody was told already is left as it is."""
    fresh = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(Notice)
    return fresh.on_conflict_do_nothing(index_elements=["person_id", "kind", "ticket_id"])


@cache
def _told_anew(dialect: str) -> Any:
    """The notice about the same thing says what is new, and is to be read again: under another id,
    so that who marks what they saw as read does not mark what they did not see."""
    fresh = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(Notice)
    said = ("id", "kind", "ticket_id", "text", "created_at", "message_at")
    new = {name: getattr(fresh.excluded, name) for name in said}
    return fresh.on_conflict_do_update(
        index_elements=["person_id", "about"], set_={**new, "read_at": None}
    )


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
