"""Pauses over HTTP."""

from typing import Any

from flask import current_app

from app.administration.pauses import (
    PauseContent,
    PauseEffect,
    begin_pause,
    finish_pause,
    pause_in_sight,
    pauses_page,
)
from app.administration.presenting.pauses import pause_json, pauses_json
from app.administration.routes.acting import (
    WRITE,
    act_of,
    organisation_of_body,
    organisation_of_query,
    ruled,
    today,
    towns_seen,
)
from app.administration.schemas.pauses import NewPause, PauseEnd, PauseOut, PausesOut, PausesQuery
from app.administration.sight import matter_changed
from app.catalogue.models import PausePeriod
from app.kernel.ids import parse_id
from app.people.access import Matter
from app.web.routing import Call, Routes

routes = Routes("管理：暂停计时")


def effects() -> list[PauseEffect]:
    """What the application registered to be told of a pause."""
    told: list[PauseEffect] = current_app.extensions.get("gexun_pause_effects", [])
    return told


def area_named(call: Call) -> Matter:
    """Who orders a pause administers its area."""
    place = organisation_of_body(call, "organisation")
    return matter_changed(place) if place is not None else Matter()


def pause_asked_for(call: Call) -> PausePeriod:
    """The pause named in the path; raises NotThere."""
    return pause_in_sight(call.session, parse_id(call.args["pause"]), towns_seen(call))


def area_paused(call: Call) -> Matter:
    """Who ends a pause administers its area."""
    return matter_changed(call.loaded.organisation)


@routes.get(
    "/pauses", permission="pauses.read", query=PausesQuery, answer=PausesOut, refusals=(404,)
)
def get_pauses(call: Call) -> dict[str, Any]:
    """暂停计时：哪里、哪些类别、依据什么文件、从何时到何时，后登记的在前"""
    asked = call.query(PausesQuery)
    place = organisation_of_query(call, asked.organisation)
    page = pauses_page(
        call.session, towns_seen(call), place, limit=asked.limit, cursor=asked.cursor
    )
    items = pauses_json(call.session, page.items, day=today(call))
    return {"items": items, "next_cursor": page.next_cursor}


@routes.post(
    "/pauses",
    permission=WRITE,
    body=NewPause,
    answer=PauseOut,
    status=201,
    matter=area_named,
)
def post_pause(call: Call) -> dict[str, Any]:
    """按文件暂停一个地方的时限和巡查；紧急时限不停"""
    said = call.body(NewPause)
    pause = begin_pause(
        call.session,
        ruled(call, said.organisation),
        PauseContent(said.categories, said.document, said.reason, said.from_at, said.to_at),
        effects=effects(),
        act=act_of(call),
    )
    return _shown(call, pause)


@routes.post(
    "/pauses/<pause>/end",
    permission=WRITE,
    body=PauseEnd,
    answer=PauseOut,
    loads=pause_asked_for,
    matter=area_paused,
    refusals=(409,),
)
def post_end(call: Call) -> dict[str, Any]:
    """提前结束一次暂停；还没有开始的就此取消"""
    said = call.body(PauseEnd)
    finish_pause(call.session, call.loaded, at=said.at, effects=effects(), act=act_of(call))
    return _shown(call, call.loaded)


def _shown(call: Call, pause: PausePeriod) -> dict[str, Any]:
    call.session.flush()
    call.session.refresh(pause)
    return pause_json(call.session, pause, day=today(call))
