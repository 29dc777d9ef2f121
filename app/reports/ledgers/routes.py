"""Ledgers over HTTP."""

from collections.abc import Iterator
from typing import Any

from flask import Response

from app.grid.sight import organisation_seen_by
from app.kernel.clock import shanghai_day
from app.kernel.errors import NotThere
from app.kernel.spreadsheets import XLSX
from app.kernel.streaming_sheets import Printed, streamed_xlsx
from app.people.models import Organisation
from app.reports.ledgers.kinds import BY_CODE, LEDGERS, NUMBER, LedgerKind, Pages, numbered
from app.reports.ledgers.schemas import LedgerQuery, LedgersOut
from app.reports.periods import Days, days_asked
from app.tickets.routes import viewer
from app.web.files import saved_as
from app.web.routing import BASE, Call, Routes

routes = Routes("台账")


@routes.get("/ledgers", permission="ledgers.read", answer=LedgersOut)
def get_ledgers(call: Call) -> dict[str, Any]:
    """有哪些台账"""
    return {
        "items": [
            {
                "code": kind.code,
                "name": kind.name,
                "says": kind.says,
                "columns": [name for name, _ in kind.columns],
                "url": f"{BASE}/ledgers/{kind.code}.xlsx",
            }
            for kind in LEDGERS
        ]
    }


def kind_named(call: Call) -> LedgerKind:
    """The ledger that a path names; raises NotThere."""
    found = BY_CODE.get(call.args["ledger"])
    if found is None:
        raise NotThere("没有这种台账，见 GET /ledgers。")
    return found


@routes.get(
    "/ledgers/<ledger>.xlsx",
    permission="ledgers.read",
    query=LedgerQuery,
    media_type=XLSX,
    loads=kind_named,
)
def get_ledger(call: Call) -> Response:
    """一个单位、一段时间的台账（Excel），按 A4 横向排好，可直接打印

    只有本人看得到的内容；再大也是边读边发。
    """
    kind, asked, today = call.loaded, call.query(LedgerQuery), shanghai_day(call.now)
    days = days_asked(asked.from_, asked.to, today=today)
    under = _organisation(call, asked.organisation)
    printed = Printed(f"{under.name if under else ''}{kind.name}", _note(call, days))
    rows = numbered(_begun(kind.pages(viewer(call), under, days)))
    pieces = streamed_xlsx(kind.name, (NUMBER, *kind.columns), rows, printed=printed)
    whose = under.name if under else "全部"
    return saved_as(f"{kind.name}-{whose}-{days.first}至{days.last}.xlsx", pieces, XLSX)


def _organisation(call: Call, code: str | None) -> Organisation | None:
    if code is None:
        return None
    day = shanghai_day(call.now)
    return organisation_seen_by(call.session, call.actor, code, day=day)


def _note(call: Call, days: Days) -> str:
    return f"时间：{days.said}　　生成：{shanghai_day(call.now)}　　由系统中的记录自动生成"


def _begun(pages: Pages) -> Pages:
    """The pages, the first read at once, so that a refusal is still one."""
    first: Any = next(pages, [])

    def all_of_them() -> Iterator[Any]:
        yield first
        yield from pages

    return all_of_them()
