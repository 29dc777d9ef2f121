"""The dictionary over HTTP."""

from datetime import date
from typing import Any

from app.administration.dictionary import (
    change_category,
    end_own_category,
    town_of_dictionary,
)
from app.administration.presenting.dictionary import dictionary_json
from app.administration.reminders import change_rungs, end_own_rungs, rungs_json
from app.administration.routes.acting import (
    READ,
    WRITE,
    act_of,
    changed,
    organisation_of_query,
    today,
    towns_seen,
)
from app.administration.schemas.common import OnBody
from app.administration.schemas.dictionary import (
    CategoryBody,
    DayQuery,
    DictionaryOut,
    DictionaryQuery,
    RungsBody,
    RungsOut,
)
from app.administration.sight import matter_read
from app.catalogue.schemas import CategoryPart, RemindersFile
from app.grid import sight
from app.kernel.errors import NotThere
from app.people.models import Organisation, OrganisationType
from app.web.parsing import validated
from app.web.routing import Call, Routes

routes = Routes("管理：事项字典")

DICTIONARIES = frozenset({OrganisationType.county, OrganisationType.town})


def _json(call: Call, place: Organisation, day: date) -> dict[str, Any]:
    town_id = town_of_dictionary(place)
    return {"items": dictionary_json(call.session, town_id=town_id, day=day)}


@routes.get(
    "/dictionary",
    permission=READ,
    query=DictionaryQuery,
    answer=DictionaryOut,
    refusals=(404,),
)
def get_dictionary(call: Call) -> dict[str, Any]:
    """事项字典：全县的，或一个镇的，某一天的"""
    asked = call.query(DictionaryQuery)
    day = asked.day or today(call)
    place = organisation_of_query(call, asked.town)
    if place is None:
        return {"items": dictionary_json(call.session, town_id=None, day=day)}
    call.require(READ, matter_read(place))
    return _json(call, place, day)


def dictionary_asked_for(call: Call) -> Organisation:
    """The county or township whose dictionary the path names; raises NotThere."""
    place = sight.organisation_in_sight(call.session, call.args["town"], towns_seen(call))
    if place.type not in DICTIONARIES:
        raise NotThere("只有县和镇有自己的事项字典。")
    return place


@routes.put(
    "/dictionary/<town>/categories/<category>",
    permission=WRITE,
    body=CategoryBody,
    answer=DictionaryOut,
    loads=dictionary_asked_for,
    matter=changed,
    refusals=(409,),
)
def put_category(call: Call) -> dict[str, Any]:
    """从某天起，一个类别在一个镇（或全县）按这里写的"""
    said = call.body(CategoryBody)
    content = said.model_dump(exclude={"from_on"})
    part = validated(CategoryPart, {**content, "code": call.args["category"]})
    day = change_category(call.session, call.loaded, part, from_on=said.from_on, act=act_of(call))
    return _json(call, call.loaded, day)


@routes.post(
    "/dictionary/<town>/categories/<category>/end",
    permission=WRITE,
    body=OnBody,
    answer=DictionaryOut,
    loads=dictionary_asked_for,
    matter=changed,
)
def post_ended_category(call: Call) -> dict[str, Any]:
    """从某天起，一个类别在一个镇改回全县的"""
    said = call.body(OnBody)
    code = call.args["category"]
    day = end_own_category(call.session, call.loaded, code, on=said.on, act=act_of(call))
    return _json(call, call.loaded, day)


@routes.get(
    "/dictionary/<town>/reminders",
    permission=READ,
    query=DayQuery,
    answer=RungsOut,
    loads=dictionary_asked_for,
    matter=lambda call: matter_read(call.loaded),
)
def get_rungs(call: Call) -> dict[str, Any]:
    """期限的提醒各级：一个镇的（没有自己的为全县的），或全县的"""
    day = call.query(DayQuery).day or today(call)
    return rungs_json(call.session, town_id=town_of_dictionary(call.loaded), day=day)


@routes.put(
    "/dictionary/<town>/reminders",
    permission=WRITE,
    body=RungsBody,
    answer=RungsOut,
    loads=dictionary_asked_for,
    matter=changed,
    refusals=(409,),
)
def put_rungs(call: Call) -> dict[str, Any]:
    """从某天起，一个镇（或全县）的期限提醒整份按这里写的"""
    said = call.body(RungsBody)
    rungs = [each.model_dump(mode="json") for each in said.rungs]
    parts = validated(RemindersFile, {"rungs": rungs}).rungs
    day = change_rungs(call.session, call.loaded, parts, from_on=said.from_on, act=act_of(call))
    return rungs_json(call.session, town_id=town_of_dictionary(call.loaded), day=day)


@routes.post(
    "/dictionary/<town>/reminders/end",
    permission=WRITE,
    body=OnBody,
    answer=RungsOut,
    loads=dictionary_asked_for,
    matter=changed,
    refusals=(409,),
)
def post_ended_rungs(call: Call) -> dict[str, Any]:
    """从某天起，一个镇的期限提醒改回全县的"""
    day = end_own_rungs(call.session, call.loaded, on=call.body(OnBody).on, act=act_of(call))
    return rungs_json(call.session, town_id=town_of_dictionary(call.loaded), day=day)
