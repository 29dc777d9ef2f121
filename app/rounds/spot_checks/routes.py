"""Spot checks over HTTP."""

from typing import Any

from app.kernel.ids import parse_id
from app.kernel.moments import moment_of
from app.people.access import Matter
from app.rounds.routes import scope_asked, seen_checkpoints, tickets_seen
from app.rounds.spot_checks.models import SpotCheck
from app.rounds.spot_checks.presenting import spot_check_json
from app.rounds.spot_checks.queries import spot_check_in_sight, spot_checks_page
from app.rounds.spot_checks.schemas import (
    SpotCheckOut,
    SpotChecksOut,
    SpotChecksQuery,
    SpotResultBody,
)
from app.rounds.spot_checks.service import matter_of, record_spot_check, require_walkable
from app.web.routing import Call, Routes

routes = Routes("抽查")


@routes.get(
    "/spot-checks",
    permission="spot_checks.read",
    query=SpotChecksQuery,
    answer=SpotChecksOut,
    refusals=(404,),
)
def get_spot_checks(call: Call) -> dict[str, Any]:
    """抽查列表，新的在前；还没有抽查的只有督查员和管理员看得到"""
    asked = call.query(SpotChecksQuery)
    page = spot_checks_page(
        call.session,
        scope_asked(call, asked.organisation),
        week=asked.week,
        state=asked.state,
        limit=asked.limit,
        cursor=asked.cursor,
    )
    items = [spot_check_json(each) for each in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def spot_check_named(call: Call) -> SpotCheck:
    """The spot check named in the path, when the asker sees it; raises NotThere."""
    scope = scope_asked(call, None)
    return spot_check_in_sight(call.session, scope, parse_id(call.args["spot_check"]))


def matter_checked(call: Call) -> Matter:
    """What permissions ask about the spot check named."""
    return matter_of(call.loaded)


@routes.post(
    "/spot-checks/<spot_check>/result",
    permission="spot_checks.walk",
    body=SpotResultBody,
    answer=SpotCheckOut,
    loads=spot_check_named,
    matter=matter_checked,
    refusals=(409,),
)
def post_spot_check_result(call: Call) -> dict[str, Any]:
    """登记抽查结果，一次抽查只登记一次"""
    require_walkable(call.session, call.loaded, actor=call.actor)
    said = call.body(SpotResultBody)
    check = record_spot_check(
        call.session,
        call.loaded,
        seen_checkpoints(call, said.checks or []),
        note=said.note or None,
        tickets_seen=tickets_seen(),
        actor=call.actor,
        moment=moment_of(call.now, said.occurred_at, said.sent_at),
    )
    return spot_check_json(check)
