"""The rows of a list of tickets, as far as the viewer sees each; no person is named in them."""

from collections.abc import Callable, Iterator
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
    (("小区", 20), lambda t: _name(t["compound"])),
    (("部位", 12), lambda t: t["area_label"]),
    (("网格", 26), lambda t: _name(t["cell"])),
    (("责任单位", 24), lambda t: _name(t["responsible"])),
    (("来源", 12), lambda t: t["source_label"]),
    (("来件编号", 20), lambda t: t["external_number"]),
    (("来件期限", 17), lambda t: _instant(t["external_due_at"])),
    (("上报时间", 17), lambda t: _instant(t["reported_at"])),
    (("派遣时间", 17), lambda t: _instant(t["dispatched_at"])),
    (("时限", 20), lambda t: t["limit_label"]),
    (("整改期限", 17), lambda t: _instant(t["due_at"])),
    (("灯", 8), lambda t: Light(t["light"]).label if t["light"] else None),
    (("整改时间", 17), lambda t: _instant(t["rectified_at"])),
    (("核查期限", 17), lambda t: _instant(t["check_due_at"])),
    (("结案时间", 17), lambda t: _instant(t["closed_at"])),
    (("返工次数", 9), lambda t: t["rework_count"]),
    (("延期次数", 9), lambda t: t["extension_count"]),
    (("等待答复", 12), lambda t: t["pending"]["kind_label"] if t["pending"] else None),
    (("督办时间", 17), lambda t: _instant(t["supervised_at"])),
)
HEADINGS = tuple(column for column, _ in COLUMNS)


def _name(thing: dict[str, Any] | None) -> str | None:
    return thing["name"] if thing else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def exported_pages(viewer: Viewer, wanted: TicketFilter) -> Iterator[list[list[Value]]]:
    """The rows of a list page by page, the newest first, each page of its own read: what is
    reported meanwhile is not in it, what changes meanwhile is there once."""
    cursor: str | None = None
    while True:
        page = _page(viewer, wanted, cursor)
        yield [_row(viewer, ticket) for ticket in tickets_named(viewer.session, page.items)]
        # What was read is not needed any more, and a long export keeps no snapshot. What is let go
        # first does not expire: the organisation asked for is looked at again.
        viewer.session.expunge_all()
        viewer.session.rollback()
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def _page(viewer: Viewer, wanted: TicketFilter, cursor: str | None) -> Page[UUID]:
    asked = replace(wanted, by_due=False, by_external_due=False, limit=AT_ONCE, cursor=cursor)
    return ticket_ids_page(viewer.session, viewer.actor, asked, now=viewer.now)


def _row(viewer: Viewer, ticket: Ticket) -> list[Value]:
    shown = ticket_fields(viewer, ticket)
    return [value(shown) for _, value in COLUMNS]
