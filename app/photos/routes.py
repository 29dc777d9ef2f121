"""Photos over HTTP: upload, read, remove, and the signed addresses of their bytes."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Response, current_app, request
from werkzeug.datastructures import FileStorage

from app.kernel.errors import NotThere
from app.kernel.ids import parse_id
from app.kernel.moments import moment_of
from app.photos.access import PhotoUses, sees_whole
from app.photos.errors import BadPosition, PhotoTooLarge
from app.photos.imaging.renditions import RENDITIONS_MEDIA_TYPE
from app.photos.looks import UNMASKED, note_look
from app.photos.models import Photo, PhotoBlob
from app.photos.presenting import photo_json
from app.photos.queries import others_in_sight, photo_by_id, photo_in_sight, was_sent_before
from app.photos.receive import Readable
from app.photos.retention.picture import purged_picture, quarantined_picture
from app.photos.schemas import PhotoForm, PhotoLinkQuery, PhotoOut, PhotoUpload
from app.photos.service import (
    DeviceFix,
    KeptBytes,
    PhotoClaims,
    TakenIn,
    delete_photo,
    keep_bytes,
    take_in_photo,
)
from app.photos.store import BlobKind, PhotoStore
from app.web.files import file_response
from app.web.parsing import InvalidInput
from app.web.references import resolve_reference
from app.web.routing import Answer, Call, Routes
from app.web.signing import SEALED_FIELDS, BadSignature, UrlSigner

routes = Routes("照片")

KINDS = frozenset(BlobKind) | SEALED_FIELDS
POSITION_FIELDS = frozenset({"lng", "lat", "datum", "accuracy_m"})


def uses() -> PhotoUses:
    """What the packages above know of photos."""
    found: PhotoUses = current_app.extensions["gexun_photo_uses"]
    return found


def store() -> PhotoStore:
    """The photo store of this application."""
    found: PhotoStore = current_app.extensions["gexun_store"]
    return found


def photo_for(call: Call, photo: Photo, at_hand: Sequence[Photo] = ()) -> dict[str, Any]:
    """A photo as the asker may see it."""
    session, actor = call.session, call.actor
    others = others_in_sight(session, actor, photo.findings, uses(), at_hand=at_hand)
    return photo_json(photo, whole=sees_whole(call.actor, photo), others=others)


def claims_of(call: Call) -> PhotoClaims:
    """What the sender says about a photo; raises BadPosition or InvalidInput."""
    try:
        said = call.body(PhotoForm)
    except InvalidInput as error:
        if POSITION_FIELDS.isdisjoint(error.fields):
            raise
        raise BadPosition(error.detail, fields=error.fields) from None
    if (said.lng is None) != (said.lat is None):
        raise BadPosition("经度和纬度须同时填写。", fields={"lng": ["经纬度须同时填写"]})
    fix = None
    # A phone without a fix sends 0, 0: that is no place, as in EXIF.
    if said.lng is not None and said.lat is not None and (said.lng, said.lat) != (0, 0):
        fix = DeviceFix(said.lng, said.lat, said.datum, said.accuracy_m, said.fixed_at)
    return PhotoClaims(
        moment=moment_of(call.now, said.occurred_at, said.sent_at),
        fix=fix,
        taken_at=said.taken_at,
        source=said.source,
        client_sha256=said.client_sha256.lower() if said.client_sha256 else None,
    )


def kept_photo(call: Call) -> tuple[PhotoClaims, KeptBytes]:
    """The claims, and the bytes in the store, before any transaction that writes begins."""
    claims = claims_of(call)
    stream = one_file().stream
    stream.seek(0)
    return claims, keep_for(call, stream)


def keep_for(call: Call, stream: Readable) -> KeptBytes:
    """Examines and stores bytes for the asker; raises what `keep_bytes` does."""

    def known(digest: str) -> bool:
        maker_id = call.actor.person_id
        found = was_sent_before(call.session, maker_id=maker_id, sha256=digest)
        # No connection is held while a photo waits for its turn to be decoded.
        call.session.rollback()
        return found

    maximum = call.settings.photo_max_bytes
    return keep_bytes(stream, store(), max_bytes=maximum, known=known)


def one_file() -> FileStorage:
    """The file of an upload; raises InvalidInput without one, and for more: none is dropped."""
    sent = request.files.getlist("file")
    if not sent:
        raise InvalidInput("请选择一张照片。", fields={"file": ["必填"]})
    if sum(1 for _ in request.files.items(multi=True)) > 1:
        raise InvalidInput("一次只上传一张照片。", fields={"file": ["只能有一个文件"]})
    return sent[0]


@routes.post(
    "/photos",
    permission="photos.upload",
    form=PhotoUpload,
    answer=PhotoOut,
    status=201,
    other_statuses=(200,),
    prepare=kept_photo,
    made="photo",
    too_large=PhotoTooLarge,
)
def post_photo(call: Call) -> Answer:
    """上传一张照片"""
    claims, kept = call.prepared
    return answer_with(call, take_in_photo(call.session, kept, claims, actor=call.actor))


def answer_with(call: Call, taken: TakenIn) -> Answer:
    """The photo that bytes were taken in as."""
    shown = photo_for(call, taken.photo, taken.held_against)
    return Answer(shown, 201 if taken.is_new else 200, made=taken.photo.id)


def loaded_photo(call: Call) -> Photo:
    """The photo a path names, when the asker sees it."""
    reference = call.args["photo"]
    person_id = call.actor.person_id
    found = resolve_reference(call.session, reference, kind="photo", person_id=person_id)
    return photo_in_sight(call.session, call.actor, found, uses())


@routes.get(
    "/photos/<photo>",
    permission="photos.read",
    answer=PhotoOut,
    loads=loaded_photo,
    refusals=(422,),
)
def get_photo(call: Call) -> dict[str, Any]:
    """一张照片"""
    return photo_for(call, call.loaded)


@routes.delete(
    "/photos/<photo>",
    permission="photos.delete",
    status=204,
    loads=loaded_photo,
    refusals=(409, 422),
)
def remove_photo(call: Call) -> Answer:
    """删除自己还没有用过的照片"""
    delete_photo(call.session, call.loaded, actor=call.actor, uses=uses(), now=call.now)
    return Answer(None, 204)


@routes.get(
    "/photos/<photo>/<kind>",
    permission="public",
    query=PhotoLinkQuery,
    media_type="image/*",
    other_statuses=(206, 304, 410),
    refusals=(403, 404, 416),
)
def get_photo_bytes(call: Call) -> Response:
    """照片文件，须用签名地址"""
    try:
        asked = call.query(PhotoLinkQuery)
    except InvalidInput:
        raise BadSignature from None
    kind, viewer = call.args["kind"], parse_id(asked.viewer)
    if kind not in KINDS:
        raise NotThere("照片没有这种文件。")
    signer: UrlSigner = current_app.extensions["gexun_signer"]
    signer.check(
        request.path,
        expires=asked.expires,
        signature=asked.signature,
        viewer=asked.viewer,
        now=call.now,
    )
    if kind in SEALED_FIELDS and viewer is None:
        raise BadSignature
    photo_id = parse_id(call.args["photo"])
    photo = photo_by_id(call.session, photo_id) if photo_id else None
    if photo is None:
        raise NotThere("照片已删除。")
    if photo.purged_at is not None:
        return purged_picture(photo.purged_at)
    if photo.blob.quarantined_at is not None:
        return quarantined_picture()
    if viewer is not None:
        call.note(partial(note_look, photo_id=photo.id, kind=kind, person_id=viewer, now=call.now))
    return _bytes_of(photo.blob, kind)


def _bytes_of(blob: PhotoBlob, kind: str) -> Response:
    """A file as it is shown now: once there is a mask, no older address gives one without."""
    plain = blob.files()
    file = plain[BlobKind.DISPLAY] if kind == UNMASKED else blob.shown_files()[BlobKind(kind)]
    return file_response(
        size=store().size(file.key),
        opened=lambda start, end: store().open(file.key, start, end),
        etag=file.sha256,
        media_type=blob.media_type if kind == BlobKind.RECEIVED else RENDITIONS_MEDIA_TYPE,
        keep=kind not in SEALED_FIELDS,
    )
