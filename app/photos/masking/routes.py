"""Masks over HTTP."""

from typing import Any

from app.grid.sight import towns_in_sight
from app.kernel.clock import shanghai_day
from app.kernel.errors import NotAllowed
from app.kernel.paging import PageQuery
from app.people.access import require
from app.photos.access import sees_whole
from app.photos.looks import looks_at
from app.photos.masking.covering import Box
from app.photos.masking.presenting import look_json, masks_json
from app.photos.masking.schemas import LooksOut, MasksOut, NewMask
from app.photos.masking.service import Covered, cover, decide_mask, refuse_purged, refuse_stale
from app.photos.models import Photo
from app.photos.routes import loaded_photo, store
from app.web.routing import Call, Routes

PERMISSION = "photos.mask"
routes = Routes("照片遮盖")


def photo_seen_whole(call: Call) -> Photo:
    """The photo a path names, when the asker sees it; raises NotAllowed for who may not see its
    received file, but first what else is wrong with them."""
    photo = loaded_photo(call)
    require(call.actor, PERMISSION)
    if not sees_whole(call.actor, photo):
        raise NotAllowed("看得到原图的才能定遮盖。")
    return photo


@routes.get(
    "/photos/<photo>/masks",
    permission=PERMISSION,
    answer=MasksOut,
    loads=photo_seen_whole,
    refusals=(422,),
)
def get_masks(call: Call) -> dict[str, Any]:
    """一张照片的遮盖：现在的方框、历次决定、谁等着对外用"""
    return _shown(call)


def _shown(call: Call) -> dict[str, Any]:
    towns = towns_in_sight(call.session, call.actor, day=shanghai_day(call.now))
    return masks_json(call.session, call.loaded, towns=towns)


@routes.get(
    "/photos/<photo>/looks",
    permission="photos.looks",
    query=PageQuery,
    answer=LooksOut,
    loads=loaded_photo,
    refusals=(422,),
)
def get_looks(call: Call) -> dict[str, Any]:
    """谁看过一张照片的原图和没有遮盖的显示图，新的在前"""
    asked = call.query(PageQuery)
    page = looks_at(call.session, call.loaded.id, limit=asked.limit, cursor=asked.cursor)
    items = [look_json(each) for each in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def covered_photo(call: Call) -> Covered:
    """The decision with its renditions, before any transaction that writes begins."""
    said, photo = call.body(NewMask), call.loaded
    refuse_purged(photo)
    refuse_stale(call.session, photo.sha256, said.version)
    blob, boxes = photo.blob, [Box(**box.model_dump()) for box in said.boxes]
    # No connection is held while the picture is read, covered and kept.
    call.session.rollback()
    return cover(store(), blob, said.decision, boxes)


@routes.put(
    "/photos/<photo>/masks",
    permission=PERMISSION,
    body=NewMask,
    answer=MasksOut,
    loads=photo_seen_whole,
    prepare=covered_photo,
    refusals=(409, 503),
)
def put_masks(call: Call) -> dict[str, Any]:
    """遮盖一张照片，或认定无需遮盖；以前的决定都留着

    方框里的填成灰色，不能还原；同一文件的照片一起生效，显示图和缩略图随即换成遮盖后的。
    """
    decide_mask(
        call.session,
        call.loaded,
        call.prepared,
        seen=call.body(NewMask).version,
        post=require(call.actor, PERMISSION),
        person_id=call.actor.person_id,
        now=call.now,
    )
    return _shown(call)
