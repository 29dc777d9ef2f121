"""The rows of a list of tickets, as far as the viewer sees each; no person is named in them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.kernel.paging import Page
from app.kernel.streaming_sheets import Column, Value
from app.sla.lights import Light
from app.tickets.fetching import tickets_named
from app.tickets.listing import TicketFilter, ticket_ids_page
from app.tickets.models import Ticket
from app.tickets.showing.presenting import Viewer, ticket_fields

AT_ONCE = 500
COLUMNS: tuple[tuple[Column, Callable[[dict[str, Any]], Value]], ...] = (
    (("工单号", 26), lambda t: t["number"]),
    (("状态", 10), lambda t: t["state_label"]),
    (("类别", 20), lambda t: t["category"]["name"]),
    (("立案条件", 20), lambda t: t["condition"]["name"]),
    (("描述", 50), lambda t: t["description"]),
    (("社区（村）", 20), lambda t: t["community"]["name"]),
    (("小区", 20), lambda t: name_of(t["compound"])),
    (("部位", 12), lambda t: t["area_label"]),
    (("网格", 26), lambda t: name_of(t["cell"])),
    (("责任单位", 24), lambda t: name_of(t["responsible"])),
    (("来源", 12), lambda t: t["source_label"]),
    (("来件编号", 20), lambda t: t["external_number"]),
    (("来件期限", 17), lambda t: instant_of(t["external_due_at"])),
    (("上报时间", 17), lambda t: instant_of(t["reported_at"])),
    (("派遣时间", 17), lambda t: instant_of(t["dispatched_at"])),
    (("时限", 20), lambda t: t["limit_label"]),
    (("整改期限", 17), lambda t: instant_of(t["due_at"])),
    (("灯", 8), lambda t: Light(t["light"]).label if t["light"] else None),
    (("整改时间", 17), lambda t: instant_of(t["rectified_at"])),
    (("核查期限", 17), lambda t: instant_of(t["check_due_at"])),
    (("结案时间", 17), lambda t: instant_of(t["closed_at"])),
    (("返工次数", 9), lambda t: t["rework_count"]),
    (("延期次数", 9), lambda t: t["extension_count"]),
    (("等待答复", 12), lambda t: t["pending"]["kind_label"] if t["pending"] else None),
    (("督办时间", 17), lambda t: instant_of(t["supervised_at"])),
)
HEADINGS = tuple(column for column, _ in COLUMNS)


def name_of(thing: dict[str, Any] | None) -> str | None:
    """What something with a code is called."""
    return thing["name"] if thing else None


def instant_of(text: str | None) -> datetime | None:
    """The instant that an answer says."""
    return datetime.fromisoformat(text) if text else None


def exported_pages(viewer: Viewer, wanted: TicketFilter) -> Iterator[list[list[Value]]]:
    """The rows of a list page by page, the newest first, each page of its own read: what is
    reported meanwhile is not in it, what changes meanwhile is there once."""
    for ids in _pages_of_ids(viewer, wanted):
        yield [_row(viewer, ticket) for ticket in tickets_named(viewer.session, ids)]
        _let_go(viewer)


def tickets_oldest_first(viewer: Viewer, wanted: TicketFilter) -> Iterator[list[Ticket]]:
    """The tickets of a list page by page in the order in which they were reported."""
    ids = [ticket_id for page in _pages_of_ids(viewer, wanted) for ticket_id in page]
    ids.reverse()
    for first in range(0, len(ids), AT_ONCE):
        yield tickets_named(viewer.session, ids[first : first + AT_ONCE])
        _let_go(viewer)


def _pages_of_ids(viewer: Viewer, wanted: TicketFilter) -> Iterator[Sequence[UUID]]:
    cursor: str | None = None
    while True:
        page = _page(viewer, wanted, cursor)
        yield page.items
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def _let_go(viewer: Viewer) -> None:
    """What was read is not needed any more, and a long export keeps no snapshot. What is let go
    first does not expire: the organisation asked for is looked at again."""
    viewer.session.expunge_all()
    viewer.session.rollback()


def _page(viewer: Viewer, wanted: TicketFilter, cursor: str | None) -> Page[UUID]:
    asked = replace(wanted, by_due=False, by_external_due=False, limit=AT_ONCE, cursor=cursor)
    return ticket_ids_page(viewer.session, viewer.actor, asked, now=viewer.now)


def _row(viewer: Viewer, ticket: Ticket) -> list[Value]:
    shown = ticket_fields(viewer, ticket)
    return [value(shown) for _, value in COLUMNS]
