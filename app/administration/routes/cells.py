"""Redrawing cells over HTTP."""

from typing import Any

from flask import current_app
from sqlalchemy import select

from app.administration.presenting.redraw import redraw_json
from app.administration.redraw.applying import apply_drawing, wardens_named
from app.administration.redraw.drawing import Drawing, read_drawing, touched_organisations
from app.administration.redraw.effects import RedrawEffect
from app.administration.redraw.preview import (
    Redrawing,
    compounds_moved,
    faults_of_ground,
    ground_moved,
    redrawing_of,
)
from app.administration.routes.acting import WRITE, act_of, today, towns_seen
from app.administration.schemas.redraw import RedrawBody, RedrawOut
from app.administration.sight import of_towns, path_above
from app.grid.indexes import compound_index
from app.grid.models import Cell
from app.kernel.dated import day_from
from app.people.access import Matter
from app.people.models import Organisation
from app.web.routing import Call, Routes

routes = Routes("管理：网格")


def communities_named(call: Call) -> Matter:
    """Who redraws administers every community whose cells are drawn or retired."""
    raw = call.raw.get("features")
    features = raw.get("features") if isinstance(raw, dict) else None
    named = [_property(one, "organisation") for one in features or () if isinstance(one, dict)]
    retired = call.raw.get("retire")
    cells = [one for one in retired if isinstance(one, str)] if isinstance(retired, list) else []
    paths = _paths(call, [code for code in named if code], cells)
    return Matter(paths=(path_above(paths),)) if paths else Matter()


def _property(feature: dict[str, Any], name: str) -> str | None:
    properties = feature.get("properties")
    value = properties.get(name) if isinstance(properties, dict) else None
    return value.strip() if isinstance(value, str) else None


def _paths(call: Call, communities: list[str], cells: list[str]) -> list[str]:
    """The paths of what is named and seen; the rest is told as a fault."""
    seen = of_towns(towns_seen(call))
    own = select(Organisation.path).where(seen, Organisation.code.in_(communities[:2000]))
    homes = (
        select(Organisation.path)
        .join(Cell, Cell.organisation_id == Organisation.id)
        .where(seen, Cell.code.in_(cells[:500]))
    )
    return [*call.session.scalars(own), *call.session.scalars(homes)]


@routes.post(
    "/cells/redraw",
    permission=WRITE,
    body=RedrawBody,
    answer=RedrawOut,
    matter=communities_named,
)
def post_redrawing(call: Call) -> dict[str, Any]:
    """重划网格：先预览什么会变，再从某天起写入"""
    said, session = call.body(RedrawBody), call.session
    from_on = day_from(said.from_on, today=today(call), field="from_on")
    drawing = read_drawing(
        session, said.features, said.retire, towns=towns_seen(call), from_on=from_on
    )
    if touched := touched_organisations(drawing):
        call.require(WRITE, Matter(paths=(path_above([one.path for one in touched]),)))
    redrawing = redrawing_of(drawing)
    drawing.faults += faults_of_ground(drawing, redrawing)
    answer = _previewed(call, drawing, redrawing, applied=not said.dry_run)
    if not said.dry_run:
        apply_drawing(session, drawing, act=act_of(call))
    return answer


def _previewed(
    call: Call, drawing: Drawing, redrawing: Redrawing, *, applied: bool
) -> dict[str, Any]:
    effects: list[RedrawEffect] = current_app.extensions.get("gexun_redraw_effects", [])
    if not applied:
        wardens_named(call.session, drawing)
    towns = redrawing.town_ids
    compounds = compound_index(call.session, day=drawing.from_on, town_ids=towns)
    return redraw_json(
        drawing,
        redrawing,
        applied=applied,
        moves=ground_moved(redrawing),
        compounds=compounds_moved(redrawing, compounds),
        effects=[effect(call.session, redrawing) for effect in effects],
    )
