"""Frozen scores: made, listed, one whole, what was behind it, the boards."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.assessments.models import AssessmentFreeze, AssessmentScore
from app.assessments.periods import stretch
from app.assessments.presenting import (
    board_json,
    freeze_json,
    items_json,
    line_json,
    score_json,
)
from app.assessments.reading.tickets import kpi_of
from app.assessments.routes.scores import READ, today
from app.assessments.schemas import (
    AssessmentFreezeIn,
    AssessmentFreezeOut,
    AssessmentFreezesOut,
    AssessmentFreezesQuery,
    AssessmentFreezeWholeOut,
    AssessmentTown,
    BoardOut,
    ScoreOut,
)
from app.assessments.scores import scores_of
from app.assessments.service import (
    By,
    freeze_scores,
    freezes_page,
    objections_until,
    refuse_unfreezable,
    scheme_asked,
    scheme_of,
)
from app.assessments.sight import (
    freeze_in_sight,
    matter_of_town,
    score_in_sight,
    sight_of,
    town_in_sight,
)
from app.assessments.switching import require_on
from app.catalogue.assessments.models import Source
from app.kernel.errors import DomainError, NotThere
from app.kernel.ids import parse_id
from app.kernel.paging import PageQuery
from app.people.access import Matter, require
from app.people.models import Organisation, Role
from app.rounds.routes import due_rules
from app.tickets.figures.behind import Part, frozen_page, ids_of
from app.tickets.figures.definitions import Kpi
from app.tickets.figures.presenting import counted_json
from app.tickets.figures.schemas import CountedPage
from app.tickets.figures.scope import Scope
from app.tickets.routes import viewer
from app.web.routing import BASE, Answer, Call, Routes

FREEZE = "assessments.freeze"
routes = Routes("考核参考分")


def town_to_freeze(call: Call) -> Organisation | None:
    """The township that the body names; None when it cannot be told, NotThere out of sight."""
    require_on(call.session, today(call))
    try:
        code = call.body(AssessmentTown).organisation
    except DomainError:
        return None
    return town_in_sight(call.session, call.actor, code)


def its_town(call: Call) -> Matter:
    """What permissions ask about the township. Of one that cannot be told: as if it were the
    asker's own, so that who freezes any learns that the body is at fault."""
    if call.loaded is None:
        own = next(iter(call.actor.posts_as(Role.supervisor, Role.administrator)), None)
        return Matter(town_id=own.town_id, paths=(own.path,)) if own else Matter()
    return matter_of_town(call.loaded)


@routes.post(
    "/assessments/freezes",
    permission=FREEZE,
    body=AssessmentFreezeIn,
    answer=AssessmentFreezeOut,
    status=201,
    loads=town_to_freeze,
    matter=its_town,
    refusals=(404, 409),
)
def post_assessment_freeze(call: Call) -> Answer:
    """固定一个时段的参考分"""
    said, town = call.body(AssessmentFreezeIn), call.loaded
    period = stretch(said.period, call.now)
    scheme = scheme_asked(call.session, said.scheme, period)
    reason = said.reason or None
    sequence = refuse_unfreezable(call.session, town, scheme, period, reason)
    scores = scores_of(call.session, town, scheme, period, due_rules(call))
    made = freeze_scores(
        call.session,
        town,
        scheme,
        period,
        [(one, items_json(one, scheme, period, BASE)) for one in scores],
        sequence=sequence,
        reason=reason,
        by=By(call.actor, require(call.actor, FREEZE, its_town(call)), call.now),
    )
    return Answer(freeze_json(made, scheme), 201)


@routes.get(
    "/assessments/freezes",
    permission=READ,
    query=AssessmentFreezesQuery,
    answer=AssessmentFreezesOut,
    refusals=(404, 409),
)
def get_assessment_freezes(call: Call) -> dict[str, Any]:
    """一个镇固定过的参考分，新的在前"""
    require_on(call.session, today(call))
    asked = call.query(AssessmentFreezesQuery)
    town = town_in_sight(call.session, call.actor, asked.organisation)
    page = freezes_page(call.session, town, limit=asked.limit, cursor=asked.cursor)
    items = [freeze_json(one, scheme_of(call.session, one)) for one in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def freeze_named(call: Call) -> AssessmentFreeze:
    """The freeze that the path names; raises AssessmentOff or NotThere."""
    require_on(call.session, today(call))
    return freeze_in_sight(call.session, call.actor, parse_id(call.args["frozen"]))


def _scores(call: Call) -> list[AssessmentScore]:
    asked = (
        select(AssessmentScore)
        .where(AssessmentScore.freeze_id == call.loaded.id)
        .options(joinedload(AssessmentScore.objection))
        .order_by(AssessmentScore.position)
    )
    return list(call.session.scalars(asked))


@routes.get(
    "/assessments/freezes/<frozen>",
    permission=READ,
    answer=AssessmentFreezeWholeOut,
    loads=freeze_named,
    refusals=(409,),
)
def get_assessment_freeze(call: Call) -> dict[str, Any]:
    """一次固定的参考分，看得到的各个单位（公司、小区）"""
    sight = sight_of(call.actor, call.loaded.town)
    seen = [one for one in _scores(call) if sight.sees(one.community_id, one.organisation_id)]
    whole = freeze_json(call.loaded, scheme_of(call.session, call.loaded))
    return {**whole, "scores": [line_json(one) for one in seen]}


@routes.get(
    "/assessments/freezes/<frozen>/board",
    permission=READ,
    answer=BoardOut,
    loads=freeze_named,
    refusals=(409,),
)
def get_board(call: Call) -> dict[str, Any]:
    """红黑榜：单位和公司，没有个人"""
    return board_json(call.loaded, scheme_of(call.session, call.loaded), _scores(call))


def score_named(call: Call) -> AssessmentScore:
    """The score that the path names; raises AssessmentOff or NotThere."""
    require_on(call.session, today(call))
    writing = call.route.method != "GET"
    name = parse_id(call.args["score"])
    return score_in_sight(call.session, call.actor, name, for_update=writing)


@routes.get(
    "/assessments/scores/<score>",
    permission=READ,
    answer=ScoreOut,
    loads=score_named,
    refusals=(409,),
)
def get_score(call: Call) -> dict[str, Any]:
    """一个参考分：每项的算式、数的是什么、异议和答复"""
    freeze = call.loaded.freeze
    until = objections_until(call.session, freeze).isoformat()
    return score_json(call.loaded, scheme_of(call.session, freeze), until, BASE)


def figure_named(call: Call) -> tuple[AssessmentScore, Kpi]:
    """The score and the KPI that a path names; raises NotThere."""
    score = score_named(call)
    try:
        kpi = kpi_of(Source(call.args["item"]))
    except ValueError:
        kpi = None
    if kpi is None:
        raise NotThere("这一项不是从工单算出的。")
    return score, kpi


def _counted_then(call: Call, part: Part) -> dict[str, Any]:
    score, kpi = call.loaded
    said = call.query(PageQuery)
    scope = Scope(call.actor, today(call), score.organisation or score.freeze.town)
    ids = ids_of(score.counted, kpi, part)
    page = frozen_page(call.session, kpi, ids, scope, limit=said.limit, cursor=said.cursor)
    return counted_json(viewer(call), page)


@routes.get(
    "/assessments/scores/<score>/<item>/numerator",
    permission=READ,
    query=PageQuery,
    answer=CountedPage,
    loads=figure_named,
    refusals=(409,),
)
def get_score_numerator(call: Call) -> dict[str, Any]:
    """固定时分子是哪些工单（环节）"""
    return _counted_then(call, Part.numerator)


@routes.get(
    "/assessments/scores/<score>/<item>/denominator",
    permission=READ,
    query=PageQuery,
    answer=CountedPage,
    loads=figure_named,
    refusals=(409,),
)
def get_score_denominator(call: Call) -> dict[str, Any]:
    """固定时分母是哪些工单（环节）"""
    return _counted_then(call, Part.denominator)
