"""Codes for places over HTTP."""

from typing import Any

from flask import Response, current_app, request

from app.grid.codes.port import CodeMaker
from app.grid.codes.queries import Scanned, scanned
from app.grid.codes.scenes import Spot, scene_of
from app.grid.codes.schemas import CodesQuery, ScannedOut
from app.grid.codes.sheets import Card, code_sheet
from app.grid.models import AREA_LABELS, Checkpoint, Compound
from app.grid.queries import checkpoints_in_service
from app.grid.routes import compound_asked_for
from app.grid.sight import compound_in_sight, towns_in_sight
from app.kernel.clock import shanghai_day
from app.kernel.errors import NotThere
from app.kernel.pdf import PDF
from app.web.files import saved_as
from app.web.routing import Call, Routes

routes = Routes("网格")


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
    spots = checkpoints_in_service(call.session, [compound.id], day=day)
    maker: CodeMaker | None = current_app.extensions["gexun_code_maker"]
    used = maker if call.query(CodesQuery).wechat else None
    base = call.settings.public_url or request.url_root.rstrip("/")
    where = compound.organisation.name
    cards = [_card(base, used, compound.name, where, scene_of(Spot.compound, compound.id))]
    for one in spots.get(compound.id, []):
        scene = scene_of(Spot.checkpoint, one.id)
        # A card is cut out: it says whose checkpoint it is.
        cards.append(
            _card(base, used, one.name, f"{compound.name}　{AREA_LABELS[one.area]}", scene)
        )
    cards.append(_card_for_residents(base, compound))
    data = code_sheet(compound.name, where, cards)
    return saved_as(f"二维码-{compound.name}.pdf", [data], PDF)


def _card_for_residents(base: str, compound: Compound) -> Card:
    address = f"{base}/say/{scene_of(Spot.compound, compound.id)}"
    return Card("居民投诉建议", compound.name, address, use="不用登录，凭回执看答复")


def _card(base: str, maker: CodeMaker | None, title: str, said: str, scene: str) -> Card:
    return Card(title, said, f"{base}/at/{scene}", maker.place_code(scene) if maker else None)
