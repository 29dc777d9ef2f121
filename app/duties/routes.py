"""The dictionary of the desk grid over HTTP, and titles."""

from typing import Any

from app.administration.routes.acting import act_of, meant, organisation_of_body, today
from app.administration.schemas.common import OnBody
from app.catalogue.desk.models import UnitKind
from app.catalogue.desk.queries import desk_known, on_day
from app.duties.presenting import duty_json, kind_json, title_json
from app.duties.schemas import (
    DutiesOut,
    RecordKindsOut,
    TitleIn,
    TitleOut,
    TitlesOut,
    TitlesQuery,
)
from app.duties.titles.models import UnitTitle
from app.duties.titles.service import end_title, give_title, title_in_sight, titles_page
from app.duties.units import matter_of_unit
from app.kernel.ids import parse_id
from app.people.access import Matter
from app.rounds.routes import scope_asked
from app.web.routing import Call, Routes

READ, NAME = "duties.read", "titles.write"
routes = Routes("指标")


@routes.get("/duties", permission=READ, answer=DutiesOut)
def get_duties(call: Call) -> dict[str, Any]:
    """今天有效的指标：谁、多长时间、要做多少"""
    rules = on_day(desk_known(call.session).duties, today(call))
    return {"items": [duty_json(rule) for rule in rules]}


@routes.get("/records/kinds", permission=READ, answer=RecordKindsOut)
def get_record_kinds(call: Call) -> dict[str, Any]:
    """记录的种类，和各种类的短表要填什么"""
    kinds = on_day(desk_known(call.session).kinds, today(call))
    return {"items": [kind_json(kind) for kind in kinds]}


@routes.get("/duties/titles", permission=READ, query=TitlesQuery, answer=TitlesOut, refusals=(404,))
def get_titles(call: Call) -> dict[str, Any]:
    """社区、村现有的称号，新的在前；称号决定按哪一档要求"""
    asked = call.query(TitlesQuery)
    scope = scope_asked(call, asked.organisation)
    page = titles_page(call.session, scope, limit=asked.limit, cursor=asked.cursor)
    return {"items": [title_json(one) for one in page.items], "next_cursor": page.next_cursor}


def unit_named(call: Call) -> Matter:
    """What permissions ask about the organisation that the body names."""
    found = organisation_of_body(call, "organisation")
    return matter_of_unit(found) if found is not None else Matter()


@routes.post(
    "/duties/titles",
    permission=NAME,
    body=TitleIn,
    answer=TitleOut,
    status=201,
    matter=unit_named,
)
def post_title(call: Call) -> dict[str, Any]:
    """社区、村从某天起有一个称号"""
    said = call.body(TitleIn)
    unit = meant(call, said.organisation)
    call.require(NAME, matter_of_unit(unit))
    title = UnitKind(said.title)
    return title_json(give_title(call.session, unit, title, from_on=said.from_on, act=act_of(call)))


def title_asked_for(call: Call) -> UnitTitle:
    """The title named in the path, when the asker sees its unit; raises NotThere."""
    return title_in_sight(call.session, call.actor, parse_id(call.args["title"]))


def its_unit(call: Call) -> Matter:
    """What permissions ask about the title's unit."""
    return matter_of_unit(call.loaded.organisation)


@routes.post(
    "/duties/titles/<title>/end",
    permission=NAME,
    body=OnBody,
    answer=TitleOut,
    loads=title_asked_for,
    matter=its_unit,
    refusals=(404, 409),
)
def post_ended_title(call: Call) -> dict[str, Any]:
    """结束一个称号，从某天起"""
    end_title(call.session, call.loaded, on=call.body(OnBody).on, act=act_of(call))
    return title_json(call.loaded)
