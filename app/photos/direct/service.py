"""An upload in two steps: bytes at an address of their own, then the photo made of them.

What is posted lies under a key of the upload's until it is completed or a day has passed; it is
read back from there by the same intake as any other photo.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.kernel.db import rows_changed
from app.kernel.errors import Conflict, NotThere
from app.kernel.ids import new_id
from app.people.access import Actor
from app.photos.direct.models import PhotoUpload
from app.photos.errors import (
    BytesMissing,
    PhotoHostile,
    PhotoTooLarge,
    PhotoTooManyPixels,
    PhotoUnreadable,
    UnsupportedPhoto,
)
from app.photos.models import Photo
from app.photos.receive import Readable
from app.photos.service import KeptBytes
from app.photos.store import PhotoStore, staged_key

KEPT = timedelta(days=30)
"""As long as the answers that named them are given again."""
_NO_PHOTO = (
    PhotoTooLarge, UnsupportedPhoto, PhotoUnreadable, PhotoTooManyPixels, PhotoHostile,
)  # fmt: skip


class PhotoNotUploaded(Conflict):
    """Nothing lies at the address yet, or no longer."""

    code = "photo_not_uploaded"
    title = "照片还没有传上来"


class UploadCompleted(Conflict):
    """The address has done its work."""

    code = "photo_upload_completed"
    title = "这次上传已经完成"


def begin_upload(session: Session, *, actor: Actor, now: datetime) -> PhotoUpload:
    """An upload of a person's, with nothing at its address yet."""
    upload = PhotoUpload(id=new_id(), person_id=actor.person_id, created_at=now)
    session.add(upload)
    session.flush()
    return upload


def upload_by_id(session: Session, upload_id: UUID | None) -> PhotoUpload:
    """An upload, whoever began it; raises NotThere."""
    found = session.get(PhotoUpload, upload_id) if upload_id else None
    if found is None:
        raise NotThere("没有这次上传，请重新申请上传地址。")
    return found


def own_upload(session: Session, upload_id: UUID | None, *, actor: Actor) -> PhotoUpload:
    """An upload that the actor began; raises NotThere."""
    found = upload_by_id(session, upload_id)
    if found.person_id != actor.person_id:
        raise NotThere("没有这次上传，请重新申请上传地址。")
    return found


def bytes_of_completed(session: Session, upload_id: UUID) -> KeptBytes | None:
    """What a completed upload came to, as bytes known from before; None while it is open."""
    digest = session.scalar(
        select(Photo.sha256)
        .join(PhotoUpload, PhotoUpload.photo_id == Photo.id)
        .where(PhotoUpload.id == upload_id)
    )
    return None if digest is None else KeptBytes(digest, 0, None)


@contextmanager
def staged(store: PhotoStore, upload_id: UUID) -> Iterator[Readable]:
    """The bytes at an upload's address; PhotoNotUploaded without any.

    What turns out to be no photo is removed: another file may be sent to the same address.
    """
    key = staged_key(upload_id)
    try:
        with store.open(key) as stored:
            yield stored
    except BytesMissing:
        raise PhotoNotUploaded("请先把照片传到上传地址，再来登记。") from None
    except _NO_PHOTO:
        store.delete(key)
        raise


def forget_old_uploads(session: Session, *, now: datetime, at_most: int) -> int:
    """Removes uploads that were begun more than 30 days ago; how many there were."""
    old = select(PhotoUpload.id).where(PhotoUpload.created_at < now - KEPT).limit(at_most)
    return rows_changed(session, delete(PhotoUpload).where(PhotoUpload.id.in_(old)))
