"""The ledger of problems and how they were put right; no person is named in it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.streaming_sheets import Column, Value
from app.people.models import Organisation
from app.reports.periods import Days
from app.tickets.actions import Action
from app.tickets.exporting.rows import instant_of, name_of, tickets_oldest_first
from app.tickets.models import Ticket, TicketEvent
from app.tickets.narrowing import TicketFilter
from app.tickets.showing.presenting import Viewer, ticket_fields

COLUMNS: tuple[Column, ...] = (
    ("工单号", 16), ("上报时间", 12), ("社区（村）", 13), ("小区", 14), ("部位", 10),
    ("问题类别", 12), ("问题描述", 26), ("责任单位", 16), ("整改期限", 12), ("整改时间", 12),
    ("整改情况", 20), ("是否按期", 9), ("结案时间", 12), ("状态", 8), ("备注", 16),
)  # fmt: skip
_LONGEST_NOTE = 300


def pages(
    viewer: Viewer, under: Organisation | None, days: Days
) -> Iterator[list[Sequence[Value]]]:
    """Every ticket in sight that was reported on these days, the oldest first."""
    last = days.ends_at - timedelta(microseconds=1)
    wanted = TicketFilter(under=under, reported_from=days.begins_at, reported_to=last)
    for tickets in tickets_oldest_first(viewer, wanted):
        notes = _notes_of_work(viewer.session, [ticket.id for ticket in tickets])
        yield [_row(viewer, ticket, notes.get(ticket.id)) for ticket in tickets]


def _notes_of_work(session: Session, ticket_ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """What was said of the newest rectification of some tickets; one query."""
    asked = select(TicketEvent.ticket_id, TicketEvent.note).where(
        TicketEvent.ticket_id.in_(ticket_ids), TicketEvent.action == Action.rectify.value
    )
    rows = session.execute(asked.order_by(TicketEvent.ticket_id, TicketEvent.sequence))
    return {row.ticket_id: row.note for row in rows}


def _row(viewer: Viewer, ticket: Ticket, note: str | None) -> list[Value]:
    shown = ticket_fields(viewer, ticket)
    due, done = instant_of(shown["due_at"]), instant_of(shown["rectified_at"])
    return [
        shown["number"],
        instant_of(shown["reported_at"]),
        shown["community"]["name"],
        name_of(shown["compound"]),
        shown["area_label"],
        shown["category"]["name"],
        shown["description"],
        name_of(shown["responsible"]),
        due,
        done,
        # Whoever handed the ticket over does not learn what others did.
        (note or "已整改")[:_LONGEST_NOTE] if done else None,
        in_time(due, done, viewer.now),
        instant_of(shown["closed_at"]),
        shown["state_label"],
        _remarks(shown),
    ]


def in_time(due: datetime | None, done: datetime | None, now: datetime) -> str | None:
    """Whether it is done in time, as the two columns beside it say; None: not known yet."""
    if due is None:
        return None
    if done is not None:
        return "按期" if done <= due else "超期"
    return "超期未改" if due < now else None


def _remarks(shown: dict[str, Any]) -> str | None:
    """What else a clerk has to know of it."""
    said = [
        f"返工{shown['rework_count']}次" if shown["rework_count"] else "",
        f"延期{shown['extension_count']}次" if shown["extension_count"] else "",
        "督办" if shown["supervised_at"] else "",
        "复发" if shown["recurrence_of"] else "",
        f"{shown['source_label']} {shown['external_number']}" if shown["external_number"] else "",
    ]
    return "；".join(part for part in said if part) or None
