"""Content safety over HTTP: what waits for a person, its picture, and the decision."""

from functools import partial
from typing import Any

from flask import Response

from app.kernel.clock import rfc3339
from app.kernel.ids import parse_id
from app.kernel.paging import PageQuery
from app.people.access import Matter, require
from app.people.models import Organisation
from app.photos.imaging.renditions import RENDITIONS_MEDIA_TYPE
from app.photos.looks import note_look
from app.photos.models import Photo
from app.photos.routes import store
from app.photos.safety.models import CHECK_STATE_LABELS, PhotoCheck
from app.photos.safety.schemas import CheckOut, ChecksOut, DecideIn
from app.photos.safety.service import Found, checked_photo, decide, waiting_page
from app.photos.store import BlobKind
from app.web.files import file_response
from app.web.routing import Call, Routes

routes = Routes("内容安全")
PERMISSION = "photos.checks"
QUARANTINED = "quarantined"
"""What the log of looks calls the picture of a photo that is hidden."""


@routes.get("/photo-checks", permission=PERMISSION, query=PageQuery, answer=ChecksOut)
def get_checks(call: Call) -> dict[str, Any]:
    """微信认为有风险的（已隐藏）和没有结论的照片，等人工看，新的在前"""
    asked = call.query(PageQuery)
    page = waiting_page(call.session, call.actor, limit=asked.limit, cursor=asked.cursor)
    items = [_check_json(check, photo) for check, photo in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def photo_named(call: Call) -> Found:
    """The photo in the path that was checked, when the asker decides about it; raises NotThere."""
    wanted, writing = parse_id(call.args["photo"]), call.route.method != "GET"
    return checked_photo(call.session, call.actor, wanted, for_update=writing)


@routes.get(
    "/photo-checks/<photo>/picture",
    permission=PERMISSION,
    media_type="image/*",
    other_statuses=(206, 304),
    loads=photo_named,
    refusals=(404, 416),
)
def get_checked_picture(call: Call) -> Response:
    """待看的照片的显示图，隐藏的也看得到；记下谁看过"""
    _, photo = call.loaded
    person_id = call.actor.person_id
    call.note(
        partial(note_look, photo_id=photo.id, kind=QUARANTINED, person_id=person_id, now=call.now)
    )
    file = photo.blob.shown_files()[BlobKind.DISPLAY]
    return file_response(
        size=store().size(file.key),
        opened=lambda start, end: store().open(file.key, start, end),
        etag=file.sha256,
        media_type=RENDITIONS_MEDIA_TYPE,
        keep=False,
    )


@routes.post(
    "/photo-checks/<photo>/decide",
    permission=PERMISSION,
    body=DecideIn,
    answer=CheckOut,
    loads=photo_named,
    refusals=(409,),
)
def post_decision(call: Call) -> dict[str, Any]:
    """恢复显示，或确认有问题、继续隐藏；照片不删除，工单照常办理"""
    body = call.body(DecideIn)
    check, photo = call.loaded
    place = call.session.get(Organisation, photo.organisation_id)
    matter = Matter(town_id=photo.town_id, paths=(place.path,) if place else ())
    decide(
        call.session,
        check,
        photo,
        release=body.release,
        reason=body.reason,
        actor=call.actor,
        post=require(call.actor, PERMISSION, matter),
        now=call.now,
    )
    return _check_json(check, photo)


def _check_json(check: PhotoCheck, photo: Photo) -> dict[str, Any]:
    return {
        "photo": str(photo.id),
        "state": check.state,
        "state_label": CHECK_STATE_LABELS[check.state],
        "label": check.label,
        "hidden": photo.blob.quarantined_at is not None,
        "received_at": rfc3339(photo.received_at),
        "asked_at": rfc3339(check.asked_at),
        "decided_at": rfc3339(check.decided_at),
        "reason": check.reason,
    }
