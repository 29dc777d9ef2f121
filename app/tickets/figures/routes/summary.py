"""Lists of tickets summed up, over HTTP."""

from typing import Any
from urllib.parse import urlencode

from app.kernel.clock import rfc3339
from app.tickets.figures.schemas import TicketSummaryOut, TicketSummaryQuery
from app.tickets.figures.summary import Sum, SummaryBy
from app.tickets.figures.tallies.county import sums_asked
from app.tickets.narrowing import COMPANIES, TicketFilter
from app.tickets.routes import filter_asked
from app.web.routing import BASE, Call, Routes

routes = Routes("统计")


@routes.get(
    "/tickets/summary",
    permission="tickets.list",
    query=TicketSummaryQuery,
    answer=TicketSummaryOut,
    refusals=(404,),
)
def get_ticket_summary(call: Call) -> dict[str, Any]:
    """工单按状态、类别、社区、网格、责任单位或小区汇总"""
    asked = call.query(TicketSummaryQuery)
    wanted = filter_asked(call, asked)
    sums = sums_asked(call.session, call.actor, wanted, asked.by, now=call.now)
    words = _words_of_the_list(asked, wanted)
    return {
        "by": asked.by,
        "total": sum(one.total for one in sums),
        "open": sum(one.open for one in sums),
        "items": [_sum(one, asked.by, words) for one in sums],
    }


def _words_of_the_list(asked: TicketSummaryQuery, wanted: TicketFilter) -> dict[str, Any]:
    """What was asked for, in words that leave the organisation free to be a group's: a company
    stands for what it is responsible for."""
    said = asked.model_dump(exclude={"by"}, exclude_defaults=True, by_alias=True, mode="json")
    for name in ("reported_from", "reported_to", "updated_since"):
        if name in said:
            said[name] = rfc3339(getattr(asked, name))
    if asked.mine:
        said["mine"] = "1"
    by_place = asked.by is SummaryBy.organisation
    if by_place and wanted.under is not None and wanted.under.type in COMPANIES:
        said["responsible"] = wanted.under.code
    return said


def _sum(one: Sum, by: SummaryBy, words: dict[str, Any]) -> dict[str, Any]:
    narrowed = urlencode({**words, by.value: one.group.code}, doseq=True)
    return {
        "code": one.group.code,
        "name": one.group.name,
        "total": one.total,
        "open": one.open,
        "lights": {light.value: count for light, count in one.lights.items()},
        "tickets": f"{BASE}/tickets?{narrowed}",
    }
