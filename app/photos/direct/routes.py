"""Uploads in two steps over HTTP: an address, the file, and the photo made of it."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import current_app, request

from app.kernel.clock import rfc3339
from app.kernel.ids import parse_id
from app.photos.direct.models import PhotoUpload
from app.photos.direct.schemas import PhotoUploadOut, UploadLinkQuery
from app.photos.direct.service import (
    PhotoNotUploaded,
    UploadCompleted,
    begin_upload,
    bytes_of_completed,
    own_upload,
    staged,
    upload_by_id,
)
from app.photos.direct.signer import FILE_FIELD, UploadAddress, UploadSigner
from app.photos.errors import PhotoTooLarge, StoreUnavailable
from app.photos.receive import receive
from app.photos.routes import answer_with, claims_of, keep_for, one_file, store
from app.photos.schemas import FileOnly, PhotoForm, PhotoOut
from app.photos.service import KeptBytes, PhotoClaims, take_in_photo
from app.photos.store import staged_key
from app.web.limits import limits
from app.web.parsing import InvalidInput
from app.web.routing import Answer, Call, Routes
from app.web.signing import BadSignature, UrlSigner

routes = Routes("照片")

LIVES = timedelta(hours=1)
"""How long an address takes a file."""


def _links() -> UrlSigner:
    found: UrlSigner = current_app.extensions["gexun_signer"]
    return found


def _address(call: Call, upload_id: str) -> UploadAddress:
    """The store's own address where it gives out any, else one of ours."""
    parsed = parse_id(upload_id)
    assert parsed is not None
    signer: UploadSigner | None = current_app.extensions["gexun_upload_signer"]
    if signer is not None:
        maximum = call.settings.photo_max_bytes
        return signer.sign(staged_key(parsed), max_bytes=maximum, lives=LIVES)
    path = f"/photos/uploads/{upload_id}/file"
    return UploadAddress(_links().sign_until(path, until=call.now + LIVES))


def with_address(call: Call, upload: dict[str, Any]) -> dict[str, Any]:
    """What an answer says of an upload, with an address that is fresh in a replay too."""
    address = _address(call, upload["photo_upload_id"])
    return {
        **upload,
        "url": address.url,
        "file_field": FILE_FIELD,
        "fields": dict(address.fields),
        "max_bytes": call.settings.photo_max_bytes,
        "expires_at": rfc3339(call.now + LIVES),
    }


@routes.post(
    "/photos/uploads",
    permission="photos.upload",
    answer=PhotoUploadOut,
    status=201,
    dressed=with_address,
)
def post_photo_upload(call: Call) -> dict[str, Any]:
    """申请一个上传地址

    照片分两步传：先把文件按 fields 和 file_field 传到 url（multipart/form-data，文件放在最后），
    得到 2xx；再调用 complete 登记。
    """
    upload = begin_upload(call.session, actor=call.actor, now=call.now)
    return {"photo_upload_id": str(upload.id)}


def admitted_by_link(call: Call) -> None:
    """The signed address says who sends: it was given to one person, for one file, for a time."""
    try:
        asked = call.query(UploadLinkQuery)
        _links().check(request.path, expires=asked.expires, signature=asked.signature, now=call.now)
    except (InvalidInput, BadSignature):
        raise BadSignature("上传地址被改动过，或已失效，请重新申请。") from None
    upload = open_upload(call)
    call.session.rollback()
    limits().count_request(str(upload.person_id))


def open_upload(call: Call) -> PhotoUpload:
    """The upload a path names while it takes a file; raises NotThere or UploadCompleted."""
    upload = upload_by_id(call.session, parse_id(call.args["upload"]))
    if upload.photo_id is not None:
        raise UploadCompleted("照片已经登记，不必再传。")
    return upload


def put_file(call: Call) -> None:
    """The bytes under the key of their upload, replacing what came before."""
    stream, upload_id = one_file().stream, call.loaded.id
    stream.seek(0)
    call.session.rollback()
    maximum = call.settings.photo_max_bytes
    with receive(stream, max_bytes=maximum) as received, received.open() as file:
        store().put(staged_key(upload_id), file, media_type="application/octet-stream")


@routes.post(
    "/photos/uploads/<upload>/file",
    permission="public",
    query=UploadLinkQuery,
    form=FileOnly,
    admits=admitted_by_link,
    loads=open_upload,
    prepare=put_file,
    status=204,
    refusals=(403, 404, 409, 429),
    too_large=PhotoTooLarge,
)
def post_photo_upload_file(call: Call) -> Answer:
    """把照片传到申请来的地址

    地址里的签名就是凭据，不带登录令牌；照片存放在对象存储的，申请到的是存储自己的地址，不经过这里。
    """
    return Answer(None, 204)


def upload_asked_for(call: Call) -> PhotoUpload:
    """The upload that a path names, when the asker began it."""
    return own_upload(call.session, parse_id(call.args["upload"]), actor=call.actor)


def kept_upload(call: Call) -> tuple[PhotoClaims, KeptBytes]:
    """The claims, and the bytes read back from where they were posted."""
    upload_id = call.loaded.id
    done = bytes_of_completed(call.session, upload_id)
    if done is not None:
        return claims_of(call), done
    try:
        with staged(store(), upload_id) as stream:
            claims = claims_of(call)
            return claims, keep_for(call, stream)
    except PhotoNotUploaded:
        # Completed by the same request sent twice, a moment ago.
        call.session.rollback()
        done = bytes_of_completed(call.session, upload_id)
        if done is None:
            raise
        return claims_of(call), done


def clear_staged(call: Call) -> None:
    """Removes what was posted, of which there is a photo now; else the sweep does."""
    upload_id = parse_id(call.args["upload"])
    with suppress(StoreUnavailable):
        if upload_id:
            store().delete(staged_key(upload_id))


@routes.post(
    "/photos/uploads/<upload>/complete",
    permission="photos.upload",
    body=PhotoForm,
    answer=PhotoOut,
    status=201,
    other_statuses=(200,),
    loads=upload_asked_for,
    prepare=kept_upload,
    afterwards=clear_staged,
    made="photo",
)
def post_photo_upload_complete(call: Call) -> Answer:
    """登记传好的照片

    与直接上传（POST /photos）得到的照片相同；重复登记得到同一张。
    """
    claims, kept = call.prepared
    taken = take_in_photo(call.session, kept, claims, actor=call.actor)
    call.loaded.photo_id = taken.photo.id
    return answer_with(call, taken)
