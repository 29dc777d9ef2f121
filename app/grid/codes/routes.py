"""Codes for places over HTTP."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, current_app, request

from app.grid.codes.port import CodeMaker
from app.grid.codes.queries import Scanned, scanned
from app.grid.codes.scenes import Spot, scene_of
from app.grid.codes.schemas import CodesQuery, ScannedOut, UnitCodesQuery
from app.grid.codes.sheets import Card, code_sheet
from app.grid.models import AREA_LABELS, Checkpoint, Compound
from app.grid.queries import checkpoints_in_service, compounds_of
from app.grid.routes import compound_asked_for
from app.grid.sight import compound_in_sight, organisation_in_sight, towns_in_sight
from app.kernel.clock import shanghai_day
from app.kernel.errors import NotThere
from app.kernel.pdf import PDF
from app.web.files import saved_as
from app.web.routing import Call, Routes

routes = Routes("网格")
MOST = 60
"""Compounds on one sheet: a community has fewer, a town is asked for community by community."""


def place_scanned(call: Call) -> Scanned:
    """The place of the code in the path, if the asker sees its township; raises NotThere."""
    found = scanned(call.session, call.args["scene"])
    if found is None:
        raise NotThere("这个二维码不是本系统的，或已失效。")
    towns = towns_in_sight(call.session, call.actor, day=shanghai_day(call.now))
    compound_in_sight(call.session, found.compound.code, towns)
    return found


@routes.get(
    "/places/at/<scene>",
    permission="places.read",
    answer=ScannedOut,
    loads=place_scanned,
    refusals=(404,),
)
def get_scanned(call: Call) -> dict[str, Any]:
    """扫到的二维码是哪个小区、哪个点位；只作选择地点用，不证明人在那里"""
    place: Scanned = call.loaded
    spot, day = place.checkpoint, shanghai_day(call.now)
    return {
        "compound": {"code": place.compound.code, "name": place.compound.name},
        "checkpoint": _checkpoint_json(spot) if spot else None,
        "in_service": (spot or place.compound).serves_on(day),
    }


def _checkpoint_json(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "id": str(checkpoint.id),
        "name": checkpoint.name,
        "area": checkpoint.area,
        "area_label": AREA_LABELS[checkpoint.area],
    }


@routes.get(
    "/compounds/<code>/codes.pdf",
    permission="places.read",
    query=CodesQuery,
    media_type=PDF,
    loads=compound_asked_for,
    refusals=(404, 503),
)
def get_codes(call: Call) -> Response:
    """小区和各点位的二维码，打印用：普通的，开通了微信的另有小程序码"""
    compound: Compound = call.loaded
    day = max(shanghai_day(call.now), compound.in_service_on)
    where = compound.organisation.name
    data = code_sheet(compound.name, where, [("", _cards(call, [compound], day)[0])])
    return saved_as(f"二维码-{compound.name}.pdf", [data], PDF)


def unit_asked_for(call: Call) -> Sequence[Compound]:
    """The compounds in service of the unit in the query; raises NotThere when there are none."""
    day = shanghai_day(call.now)
    towns = towns_in_sight(call.session, call.actor, day=day)
    code = call.query(UnitCodesQuery).organisation
    unit = organisation_in_sight(call.session, code, towns)
    found = compounds_of(call.session, towns=towns, day=day, organisation=unit, limit=MOST + 1)
    if not 0 < len(found) <= MOST:
        raise NotThere(f"请选一个社区（村），有 1 到 {MOST} 个小区的。")
    return found


@routes.get(
    "/places/codes.pdf",
    permission="places.read",
    query=UnitCodesQuery,
    media_type=PDF,
    loads=unit_asked_for,
    refusals=(404, 503),
)
def get_unit_codes(call: Call) -> Response:
    """一个社区（村）所有小区和点位的二维码，打印用"""
    compounds: Sequence[Compound] = call.loaded
    name = compounds[0].organisation.name
    cards = _cards(call, compounds, shanghai_day(call.now))
    groups = list(zip((one.name for one in compounds), cards, strict=True))
    return saved_as(f"二维码-{name}.pdf", [code_sheet(name, name, groups)], PDF)


def _cards(call: Call, compounds: Sequence[Compound], day: date) -> list[list[Card]]:
    """The cards of each compound: its own, one for each checkpoint, then the residents'."""
    spots = checkpoints_in_service(call.session, [one.id for one in compounds], day=day)
    maker: CodeMaker | None = current_app.extensions["gexun_code_maker"]
    used = maker if call.query(CodesQuery).wechat else None
    base = call.settings.public_url or request.url_root.rstrip("/")
    found = []
    for compound in compounds:
        where = compound.organisation.name
        whole = _card(base, used, compound.name, where, scene_of(Spot.compound, compound.id))
        found.append([whole])
        for one in spots.get(compound.id, []):
            scene = scene_of(Spot.checkpoint, one.id)
            # A card is cut out: it says whose checkpoint it is.
            said = f"{compound.name}　{AREA_LABELS[one.area]}"
            found[-1].append(_card(base, used, one.name, said, scene))
        found[-1].append(_card_for_residents(base, compound))
    return found


def _card_for_residents(base: str, compound: Compound) -> Card:
    address = f"{base}/say/{scene_of(Spot.compound, compound.id)}"
    return Card("居民投诉建议", compound.name, address, use="不用登录，凭回执看答复")


def _card(base: str, maker: CodeMaker | None, title: str, said: str, scene: str) -> Card:
    return Card(title, said, f"{base}/at/{scene}", maker.place_code(scene) if maker else None)
