"""Holds over HTTP."""

from datetime import datetime
from typing import Any

from app.administration.routes.acting import act_of
from app.evidence.holds.matters import matters_of_photo
from app.evidence.holds.schemas import HoldOut, HoldsOut, NewHold, Release
from app.evidence.holds.service import hold, holds_of, release
from app.kernel.clock import rfc3339
from app.people.access import Matter
from app.photos.retention.models import PhotoHold
from app.photos.routes import loaded_photo
from app.tickets.circumstances import matter_of
from app.tickets.routes import loaded_ticket
from app.web.routing import Answer, Call, Routes

PERMISSION = "photos.hold"
routes = Routes("照片保全")


def _matter(call: Call) -> Matter:
    return matter_of(call.loaded)


@routes.get(
    "/tickets/<ticket>/holds",
    permission=PERMISSION,
    answer=HoldsOut,
    loads=loaded_ticket,
    matter=_matter,
    refusals=(422,),
)
def get_holds(call: Call) -> dict[str, Any]:
    """一张工单的照片保全，新的在前"""
    return _listed(call)


@routes.post(
    "/tickets/<ticket>/holds",
    permission=PERMISSION,
    body=NewHold,
    answer=HoldOut,
    status=201,
    loads=loaded_ticket,
    matter=_matter,
    refusals=(409,),
)
def post_hold(call: Call) -> Answer:
    """保全一张工单的全部照片：保存期满也不清除，直到解除"""
    return _placed(call)


@routes.post(
    "/tickets/<ticket>/holds/release",
    permission=PERMISSION,
    body=Release,
    answer=HoldOut,
    loads=loaded_ticket,
    matter=_matter,
    refusals=(409,),
)
def post_release(call: Call) -> dict[str, Any]:
    """解除正在执行的保全"""
    return _released(call)


def _photo_matter(call: Call) -> Matter:
    """Where a photo belongs, as far as it lets the asker in: at its maker's, where it was taken, or
    with a ticket that uses it."""
    matters = matters_of_photo(call.session, call.loaded)
    return next((one for one in matters if call.may(PERMISSION, one)), matters[0])


@routes.get(
    "/photos/<photo>/holds",
    permission=PERMISSION,
    answer=HoldsOut,
    loads=loaded_photo,
    matter=_photo_matter,
    refusals=(422,),
)
def get_photo_holds(call: Call) -> dict[str, Any]:
    """一张照片自己的保全，新的在前；随工单保全的看工单"""
    return _listed(call)


@routes.post(
    "/photos/<photo>/holds",
    permission=PERMISSION,
    body=NewHold,
    answer=HoldOut,
    status=201,
    loads=loaded_photo,
    matter=_photo_matter,
    refusals=(409,),
)
def post_photo_hold(call: Call) -> Answer:
    """保全一张照片：保存期满也不清除，直到解除"""
    return _placed(call)


@routes.post(
    "/photos/<photo>/holds/release",
    permission=PERMISSION,
    body=Release,
    answer=HoldOut,
    loads=loaded_photo,
    matter=_photo_matter,
    refusals=(409,),
)
def post_photo_release(call: Call) -> dict[str, Any]:
    """解除对一张照片正在执行的保全"""
    return _released(call)


def _listed(call: Call) -> dict[str, Any]:
    found = holds_of(call.session, call.loaded)
    return {"items": [_hold_json(one, now=call.now) for one in found]}


def _placed(call: Call) -> Answer:
    said = call.body(NewHold)
    made = hold(call.session, call.loaded, reason=said.reason, until=said.until, act=act_of(call))
    return Answer(_hold_json(made, now=call.now), 201)


def _released(call: Call) -> dict[str, Any]:
    said = call.body(Release)
    ended = release(
        call.session, call.loaded, reason=said.reason, act=act_of(call), actor=call.actor
    )
    return _hold_json(ended, now=call.now)


def _hold_json(hold: PhotoHold, *, now: datetime) -> dict[str, Any]:
    return {
        "id": str(hold.id),
        "reason": hold.reason,
        "from_at": rfc3339(hold.from_at),
        "until": rfc3339(hold.to_at),
        "holds": hold.from_at <= now and (hold.to_at is None or now < hold.to_at),
        "made_by": hold.made_by.name,
        "released_at": rfc3339(hold.released_at),
        "released_by": hold.released_by.name if hold.released_by else None,
        "release_reason": hold.release_reason,
    }
