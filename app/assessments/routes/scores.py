"""The switch, the schemes, and scores as of now."""

from datetime import date
from typing import Any

from app.assessments.periods import stretch
from app.assessments.presenting import live_json, scheme_json, switch_json
from app.assessments.schemas import SchemesOut, ScoresOut, ScoresQuery, SwitchIn, SwitchOut
from app.assessments.scores import scores_of
from app.assessments.service import data_version, scheme_asked
from app.assessments.sight import sight_of, town_in_sight
from app.assessments.switching import (
    Switching,
    county,
    require_on,
    switch,
    switch_on_day,
    switches,
)
from app.catalogue.assessments.queries import schemes_in_force
from app.kernel.clock import shanghai_day
from app.people.access import Matter, require
from app.rounds.routes import due_rules
from app.web.routing import BASE, Call, Routes

READ, SWITCH = "assessments.read", "assessments.switch"
routes = Routes("考核参考分")


def today(call: Call) -> date:
    """The day of the request."""
    return shanghai_day(call.now)


def _switch_now(call: Call) -> dict[str, Any]:
    on = switch_on_day(call.session, today(call)) is not None
    return {"on": on, "history": [switch_json(one) for one in switches(call.session)]}


@routes.get("/assessments/switch", permission=READ, answer=SwitchOut)
def get_switch(call: Call) -> dict[str, Any]:
    """考核参考分是否启用，历次启用的依据"""
    return _switch_now(call)


def the_county(call: Call) -> Matter:
    """What permissions ask about the county: its administrators alone switch."""
    found = county(call.session)
    return Matter(paths=(found.path,) if found else ("",))


@routes.post(
    "/assessments/switch",
    permission=SWITCH,
    body=SwitchIn,
    answer=SwitchOut,
    matter=the_county,
)
def post_switch(call: Call) -> dict[str, Any]:
    """启用或停用考核参考分，从今天起；全县一样"""
    said = call.body(SwitchIn)
    home, post = county(call.session), require(call.actor, SWITCH, the_county(call))
    assert home is not None
    wanted = Switching(said.on, said.document)
    switch(call.session, home, wanted, actor=call.actor, post=post, now=call.now)
    return _switch_now(call)


@routes.get("/assessments/schemes", permission=READ, answer=SchemesOut, refusals=(409,))
def get_schemes(call: Call) -> dict[str, Any]:
    """今天有效的考核方案：各项、分数和它的依据"""
    require_on(call.session, today(call))
    found = schemes_in_force(call.session, day=today(call))
    return {"items": [scheme_json(one) for one in found]}


@routes.get(
    "/assessments",
    permission=READ,
    query=ScoresQuery,
    answer=ScoresOut,
    refusals=(404, 409),
)
def get_scores(call: Call) -> dict[str, Any]:
    """一个镇一组单位（公司、小区）到现在为止的参考分，每项的算式和依据"""
    require_on(call.session, today(call))
    asked = call.query(ScoresQuery)
    town = town_in_sight(call.session, call.actor, asked.organisation)
    period = stretch(asked.period, call.now)
    scheme = scheme_asked(call.session, asked.scheme, period)
    sight = sight_of(call.actor, town)
    scores = [
        one
        for one in scores_of(call.session, town, scheme, period, due_rules(call))
        if sight.sees(one.scoree.community_id, one.scoree.organisation_id)
    ]
    return {
        "scheme": {"code": scheme.code, "name": scheme.name},
        "period": period.code,
        "over": period.over,
        "data_version": data_version(call.session, period),
        "items": [live_json(one, scheme, period, BASE) for one in scores],
    }
