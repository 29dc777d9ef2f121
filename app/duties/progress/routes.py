"""Progress over HTTP."""

from datetime import date, timedelta
from typing import Any

from app.administration.routes.acting import text_after, today
from app.duties.progress.presenting import line_json, unit_json
from app.duties.progress.schemas import (
    ProgressOut,
    ProgressQuery,
    ProgressSummary,
    ProgressSummaryQuery,
)
from app.duties.progress.service import progress_between
from app.duties.progress.summing import progress_by_line
from app.duties.progress.units import units_in
from app.kernel.dated import BadDates
from app.kernel.paging import cut_page
from app.rounds.coverage import kinds_walked
from app.rounds.coverage_queries import DueRules, due_rules_of, organisations_rolled_up
from app.rounds.routes import scope_asked
from app.web.routing import Call, Routes

READ = "duties.read"
LONGEST = timedelta(days=366)
routes = Routes("指标")


def rules_of(call: Call) -> DueRules:
    """What is walked weekly, and where whole weeks stand still."""
    kinds = kinds_walked(settlements=call.settings.settlements_walked_weekly)
    return due_rules_of(call.session, kinds)


@routes.get(
    "/duties/progress",
    permission=READ,
    query=ProgressQuery,
    answer=ProgressOut,
    refusals=(404,),
)
def get_progress(call: Call) -> dict[str, Any]:
    """各单位每项指标完成多少、还差什么、什么时候到期，按单位编码排列"""
    asked = call.query(ProgressQuery)
    first_on, last_on = _days(call, asked)
    scope, after = scope_asked(call, asked.organisation), text_after(asked.cursor)
    there = units_in(call.session, scope.holds(), day=min(last_on, scope.day))
    behind = [unit for unit in there if after is None or unit.code > after]
    page = cut_page(behind[: asked.limit + 1], asked.limit, lambda one: (one.code,))
    found = progress_between(
        call.session,
        scope,
        first_on=first_on,
        last_on=last_on,
        rules=rules_of(call),
        units=page.items,
    )
    items = [unit_json(unit, found) for unit in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def _days(call: Call, asked: ProgressQuery) -> tuple[date, date]:
    """Between which days; raises BadDates."""
    if asked.from_on is None and asked.to_on is None:
        day = asked.on or today(call)
        return day, day
    if asked.from_on is None or asked.to_on is None or asked.on is not None:
        detail = "from_on 和 to_on 一起填，填了就不填 on。"
        raise BadDates(detail, fields={"from_on": [detail]})
    if not timedelta() <= asked.to_on - asked.from_on <= LONGEST:
        detail = "to_on 不能早于 from_on，至多相隔一年。"
        raise BadDates(detail, fields={"to_on": [detail]})
    return asked.from_on, asked.to_on


@routes.get(
    "/duties/progress/summary",
    permission=READ,
    query=ProgressSummaryQuery,
    answer=ProgressSummary,
    refusals=(404,),
)
def get_progress_summary(call: Call) -> dict[str, Any]:
    """下级组织各项指标的完成情况，某天所在的各时段"""
    asked = call.query(ProgressSummaryQuery)
    scope, day = scope_asked(call, asked.organisation), asked.on or today(call)
    lines = organisations_rolled_up(call.session, scope)
    found = progress_by_line(call.session, scope, lines, rules_of(call), day=day)
    items = [line_json(one, counts) for one, counts in zip(lines, found, strict=True)]
    return {"on": day.isoformat(), "items": items}
