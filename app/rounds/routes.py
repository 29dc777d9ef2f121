"""Rounds and coverage over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app

from app.grid import sight
from app.grid.models import Compound
from app.kernel.clock import iso_week, shanghai_day
from app.kernel.errors import DomainError
from app.kernel.ids import parse_id
from app.kernel.moments import moment_of
from app.people.access import Matter
from app.people.models import Role
from app.rounds.coverage import Figures, kinds_walked, latest_day, latest_weeks
from app.rounds.coverage_queries import (
    DueRules,
    coverage_figures,
    coverage_page,
    due_rules_of,
    missing_checkpoints,
    organisations_rolled_up,
)
from app.rounds.errors import CompoundUnknown
from app.rounds.models import Round
from app.rounds.presenting import (
    coverage_item_json,
    figures_json,
    round_json,
    summary_item_json,
)
from app.rounds.queries import Scope, round_in_sight, rounds_page
from app.rounds.schemas import (
    CheckBody,
    CompoundNamed,
    CoverageOut,
    CoverageQuery,
    RoundBody,
    RoundOut,
    RoundsOut,
    RoundsQuery,
    SummaryOut,
    SummaryQuery,
)
from app.rounds.service import (
    SeenCheckpoint,
    TicketsSeen,
    add_to_round,
    matter_of,
    no_tickets_seen,
)
from app.web.references import references
from app.web.routing import Answer, Call, Routes

routes = Routes("巡查")


def tickets_seen() -> TicketsSeen:
    """What the packages above know of tickets."""
    found: TicketsSeen = current_app.extensions.get("gexun_round_tickets", no_tickets_seen)
    return found


def _today(call: Call) -> date:
    return shanghai_day(call.now)


def compound_named(call: Call) -> Compound | None:
    """The compound that the body names, when it is in one of the asker's townships."""
    try:
        code = call.body(CompoundNamed).compound
        towns = sight.towns_in_sight(call.session, call.actor, day=_today(call))
        return sight.compound_in_sight(call.session, code, towns)
    except DomainError:
        return None


def matter_walked(call: Call) -> Matter:
    """The compound's matter. One that cannot be told is judged as if it were of the asker's own
    community: who walks anywhere learns that the body is at fault, anybody else is refused."""
    if call.loaded is not None:
        return matter_of(call.loaded)
    own = next(iter(call.actor.posts_as(Role.warden, Role.lead)), None)
    return Matter(community_id=own.organisation_id if own else None)


@routes.post(
    "/rounds",
    permission="rounds.walk",
    body=RoundBody,
    answer=RoundOut,
    status=201,
    loads=compound_named,
    matter=matter_walked,
    made="round",
)
def post_round(call: Call) -> Answer:
    """记录巡查所见，计入小区本周的巡查"""
    said = call.body(RoundBody)
    moment = moment_of(call.now, said.occurred_at, said.sent_at)
    if call.loaded is None:
        detail = "请从小区列表中选择。"
        raise CompoundUnknown(detail, fields={"compound": [CompoundUnknown.title]})
    walked = add_to_round(
        call.session,
        call.loaded,
        seen_checkpoints(call, said.checks or []),
        all_fine=bool(said.all_fine),
        tickets_seen=tickets_seen(),
        actor=call.actor,
        moment=moment,
    )
    return Answer(round_json(walked, now=call.now), made=walked.id)


def seen_checkpoints(call: Call, checks: list[CheckBody]) -> list[SeenCheckpoint]:
    """What a body says of checkpoints; raises ReferenceUnknown."""
    tickets = _tickets(call, [one.ticket for one in checks])
    return [
        SeenCheckpoint(one.checkpoint, one.result, ticket_id, one.note or None)
        for one, ticket_id in zip(checks, tickets, strict=True)
    ]


def _tickets(call: Call, texts: list[str | None]) -> list[UUID | None]:
    """The ids that references to tickets name, one query for all keys; raises ReferenceUnknown."""
    known = references(call.session, texts, person_id=call.actor.person_id)
    return [known.one("ticket", text) if text else None for text in texts]


def scope_asked(call: Call, code: str | None) -> Scope:
    """What is asked for; raises NotThere for an organisation out of the asker's sight."""
    day = _today(call)
    if code is None:
        return Scope(call.actor, day)
    towns = sight.towns_in_sight(call.session, call.actor, day=day)
    return Scope(call.actor, day, sight.organisation_in_sight(call.session, code, towns))


def _compound(call: Call, code: str | None) -> Compound | None:
    if code is None:
        return None
    towns = sight.towns_in_sight(call.session, call.actor, day=_today(call))
    return sight.compound_in_sight(call.session, code, towns)


def due_rules(call: Call) -> DueRules:
    """What is due to be walked in this deployment, and what is excused."""
    kinds = kinds_walked(settlements=call.settings.settlements_walked_weekly)
    return due_rules_of(call.session, kinds)


@routes.get(
    "/rounds",
    permission="rounds.read",
    query=RoundsQuery,
    answer=RoundsOut,
    refusals=(404,),
)
def get_rounds(call: Call) -> dict[str, Any]:
    """巡查列表，新的在前"""
    asked = call.query(RoundsQuery)
    page = rounds_page(
        call.session,
        scope_asked(call, asked.organisation),
        week=asked.week,
        compound=_compound(call, asked.compound),
        limit=asked.limit,
        cursor=asked.cursor,
    )
    items = [round_json(one, now=call.now) for one in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def round_asked_for(call: Call) -> Round:
    """The round named in the path, when the asker sees it; raises NotThere."""
    return round_in_sight(call.session, call.actor, parse_id(call.args["round"]))


@routes.get("/rounds/<round>", permission="rounds.read", answer=RoundOut, loads=round_asked_for)
def get_round(call: Call) -> dict[str, Any]:
    """一次巡查"""
    return round_json(call.loaded, now=call.now)


@routes.get(
    "/coverage",
    permission="coverage.read",
    query=CoverageQuery,
    answer=CoverageOut,
    refusals=(404,),
)
def get_coverage(call: Call) -> dict[str, Any]:
    """一周的巡查覆盖率和每个小区的情况"""
    asked = call.query(CoverageQuery)
    week, rules = asked.week or iso_week(_today(call)), due_rules(call)
    scope = scope_asked(call, asked.organisation)
    page = coverage_page(call.session, scope, week, rules, limit=asked.limit, cursor=asked.cursor)
    by_path = coverage_figures(call.session, scope, [week], rules)
    figures = sum((by_week[week] for by_week in by_path.values()), Figures())
    missing = missing_checkpoints(call.session, page.items, week, latest=latest_day(week, call.now))
    items = [coverage_item_json(one, missing.get(one.compound.id, [])) for one in page.items]
    shown = figures_json(week, figures)
    return {**shown, "items": items, "next_cursor": page.next_cursor}


@routes.get(
    "/coverage/summary",
    permission="coverage.read",
    query=SummaryQuery,
    answer=SummaryOut,
    refusals=(404,),
)
def get_coverage_summary(call: Call) -> dict[str, Any]:
    """下级组织近几周的巡查覆盖率"""
    asked = call.query(SummaryQuery)
    scope, weeks = scope_asked(call, asked.organisation), latest_weeks(call.now, asked.weeks)
    by_path = coverage_figures(call.session, scope, weeks, due_rules(call))
    lines = organisations_rolled_up(call.session, scope)
    return {
        "weeks": weeks,
        "items": [summary_item_json(one, weeks, by_path) for one in lines],
    }
