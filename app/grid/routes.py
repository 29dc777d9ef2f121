"""Places over HTTP: which cell is this, cells, their map, compounds."""

from datetime import date
from typing import Any

from app.grid import queries, sight
from app.grid.indexes import Towns, cell_index, compound_index
from app.grid.locate import MATCH_LABELS, compounds_holding, locate
from app.grid.models import AREA_LABELS, COMPOUND_KIND_LABELS, Cell, Checkpoint, Compound
from app.grid.presenting import contract_json
from app.grid.queries import ResponsiblePerson
from app.grid.schemas import (
    CellMap,
    CellsOut,
    CompoundDetail,
    CompoundsOut,
    LocatedOut,
    LocateQuery,
    OrganisationQuery,
    PlacesQuery,
)
from app.kernel.clock import shanghai_day
from app.kernel.geo import to_wgs84
from app.kernel.paging import cut_page, decode_cursor
from app.people.models import ROLE_LABELS, Organisation, Person, Role
from app.web.routing import Call, Routes

routes = Routes("地点")


def _today(call: Call) -> date:
    return shanghai_day(call.now)


def _sight(call: Call) -> Towns:
    return sight.towns_in_sight(call.session, call.actor, day=_today(call))


def _organisation(call: Call, code: str | None, towns: Towns) -> Organisation | None:
    return None if code is None else sight.organisation_in_sight(call.session, code, towns)


def _code_after(cursor: str | None) -> str | None:
    """The code that a cursor stands behind; raises BadCursor."""
    return None if cursor is None else str(decode_cursor(cursor, _code)[0])


def _code(value: Any) -> str:
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise ValueError(value)
    return value


def _named(thing: Any) -> dict[str, str]:
    return {"code": thing.code, "name": thing.name}


@routes.get(
    "/cells/locate",
    permission="places.read",
    query=LocateQuery,
    answer=LocatedOut,
    refusals=(422,),
)
def get_located(call: Call) -> dict[str, Any]:
    """位置在哪个网格、哪个小区"""
    asked = call.query(LocateQuery)
    lng, lat = to_wgs84(asked.lng, asked.lat, asked.datum)
    day, towns = _today(call), _sight(call)
    cells = cell_index(call.session, day=day, town_ids=towns)
    located = locate(cells, lng, lat, asked.accuracy_m)
    compounds = compound_index(call.session, day=day, town_ids=towns)
    return {
        "match": located.match,
        "match_label": MATCH_LABELS[located.match],
        "cell": _named(located.cell) if located.cell else None,
        "candidates": [_named(cell) for cell in located.candidates],
        "compounds": [_named(one) for one in compounds_holding(compounds, lng, lat)],
    }


@routes.get(
    "/cells",
    permission="places.read",
    query=PlacesQuery,
    answer=CellsOut,
    refusals=(404, 422),
)
def get_cells(call: Call) -> dict[str, Any]:
    """网格列表，按编码排列"""
    asked = call.query(PlacesQuery)
    after = _code_after(asked.cursor)
    day, towns = _today(call), _sight(call)
    rows = queries.cells_of(
        call.session,
        towns=towns,
        day=day,
        organisation=_organisation(call, asked.organisation, towns),
        after=after,
        limit=asked.limit + 1,
    )
    page = cut_page(rows, asked.limit, lambda cell: (cell.code,))
    ids = [cell.id for cell in page.items]
    told = sight.wardens_in_sight(call.actor)
    wardens = queries.wardens_of_cells(call.session, ids, day=day) if told else {}
    items = [_cell_json(cell, wardens.get(cell.id, [])) for cell in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


@routes.get(
    "/cells.geojson",
    permission="places.read",
    query=OrganisationQuery,
    answer=CellMap,
    refusals=(404, 422),
    media_type="application/geo+json",
)
def get_cell_map(call: Call) -> dict[str, Any]:
    """网格轮廓（GeoJSON，WGS-84）"""
    asked = call.query(OrganisationQuery)
    day, towns = _today(call), _sight(call)
    organisation = _organisation(call, asked.organisation, towns)
    cells = queries.cells_of(call.session, towns=towns, day=day, organisation=organisation)
    outlines = queries.outlines_of_cells(call.session, cells, day=day)
    features = [
        {
            "type": "Feature",
            "id": str(cell.id),
            "properties": {**_named(cell), "organisation": _named(cell.organisation)},
            "geometry": outlines[cell.id],
        }
        for cell in cells
        if cell.id in outlines
    ]
    return {"type": "FeatureCollection", "features": features}


@routes.get(
    "/compounds",
    permission="places.read",
    query=PlacesQuery,
    answer=CompoundsOut,
    refusals=(404, 422),
)
def get_compounds(call: Call) -> dict[str, Any]:
    """小区列表，按编码排列"""
    asked = call.query(PlacesQuery)
    after = _code_after(asked.cursor)
    day, towns = _today(call), _sight(call)
    rows = queries.compounds_of(
        call.session,
        towns=towns,
        day=day,
        organisation=_organisation(call, asked.organisation, towns),
        after=after,
        limit=asked.limit + 1,
    )
    page = cut_page(rows, asked.limit, lambda compound: (compound.code,))
    ids = [compound.id for compound in page.items]
    companies = queries.companies_in_contract(call.session, ids, day=day)
    items = [_compound_json(one, companies.get(one.id)) for one in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def compound_asked_for(call: Call) -> Compound:
    """The compound named in the path, if the asker sees its township; raises NotThere."""
    return sight.compound_in_sight(call.session, call.args["code"], _sight(call))


@routes.get(
    "/compounds/<code>",
    permission="places.read",
    answer=CompoundDetail,
    loads=compound_asked_for,
    refusals=(404,),
)
def get_compound(call: Call) -> dict[str, Any]:
    """一个小区：点位、物业公司、责任人"""
    compound: Compound = call.loaded
    session, day = call.session, _today(call)
    contracts = queries.contracts_of(session, compound)
    company = next((one.company for one in contracts if one.holds_on(day)), None)
    begun = max(day, compound.in_service_on)
    checkpoints = queries.checkpoints_in_service(session, [compound.id], day=begun)
    people = queries.responsible_people(session, compound, company=company, day=day)
    if not sight.wardens_in_sight(call.actor):
        people = [one for one in people if one.role is not Role.warden]
    retired_on = compound.retired_on
    return {
        **_compound_json(compound, company),
        "cells": [_named(c) for c in queries.cells_of_compound(session, compound, day=day)],
        "outline": compound.outline,
        "in_service_on": compound.in_service_on.isoformat(),
        "retired_on": retired_on.isoformat() if retired_on else None,
        "contracts": [contract_json(one) for one in contracts],
        "checkpoints": [_checkpoint_json(one) for one in checkpoints.get(compound.id, [])],
        "responsible_people": [_responsible_json(one) for one in people],
    }


def _cell_json(cell: Cell, wardens: list[Person]) -> dict[str, Any]:
    return {
        "id": str(cell.id),
        **_named(cell),
        "organisation": _named(cell.organisation),
        "wardens": [{"id": str(person.id), "name": person.name} for person in wardens],
    }


def _compound_json(compound: Compound, company: Organisation | None) -> dict[str, Any]:
    return {
        "id": str(compound.id),
        **_named(compound),
        "kind": compound.kind,
        "kind_label": COMPOUND_KIND_LABELS[compound.kind],
        "organisation": _named(compound.organisation),
        "company": _named(company) if company else None,
        "buildings": compound.buildings,
        "households": compound.households,
    }


def _checkpoint_json(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "id": str(checkpoint.id),
        "name": checkpoint.name,
        "area": checkpoint.area,
        "area_label": AREA_LABELS[checkpoint.area],
    }


def _responsible_json(one: ResponsiblePerson) -> dict[str, Any]:
    return {
        "id": str(one.person.id),
        "name": one.person.name,
        "role": one.role,
        "role_label": ROLE_LABELS[one.role],
        "organisation": _named(one.organisation),
    }
