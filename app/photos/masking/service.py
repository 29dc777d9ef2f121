"""Somebody decides what of a picture is covered; the renditions are made before it is written."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict, Rejected
from app.kernel.ids import new_id
from app.people.access import ActorPost
from app.people.models import Organisation, Post
from app.photos.errors import purged
from app.photos.imaging.renditions import RENDITIONS_MEDIA_TYPE
from app.photos.masking.covering import Box, covered, size_of
from app.photos.masking.models import MaskDecision, PhotoMask, PhotoWanted
from app.photos.models import Photo, PhotoBlob
from app.photos.store import BlobKind, PhotoStore, blob_key, masked_key


class StaleMask(Conflict):
    """Somebody else decided about the picture since it was read."""

    code: ClassVar[str] = "stale_mask"
    title: ClassVar[str] = "别人刚改过这张照片的遮盖，请刷新后再定"


class MaskOfAnotherTown(Conflict):
    """The mask in force was made in another town, and would cover less."""

    code: ClassVar[str] = "mask_of_another_town"
    title: ClassVar[str] = "别的镇已遮盖同一张照片，只能加，不能减"


@dataclass(frozen=True)
class Covered:
    """A decision with its renditions in the store, if something is covered; `display_sha256` is of
    the rendition that it was made from."""

    mask_id: UUID
    decision: MaskDecision
    boxes: Sequence[Box]
    size: tuple[int, int]
    display_sha256: str
    hashes: tuple[str, str] | None


def cover(
    store: PhotoStore, blob: PhotoBlob, decision: MaskDecision, boxes: Sequence[Box]
) -> Covered:
    """Makes the renditions of a decision and keeps them; no row is written yet.

    Raises Rejected for boxes beside the picture, BytesMissing, PhotoUnreadable.
    """
    with store.open(blob_key(blob.sha256, BlobKind.DISPLAY)) as stored:
        display = stored.read()
    size, mask_id = size_of(display), new_id()
    if not all(box.touches(size) for box in boxes):
        detail = f"有方框在照片以外；照片宽 {size[0]}、高 {size[1]} 像素。"
        raise Rejected(detail, fields={"boxes": [detail]})
    hashes = None
    if decision is MaskDecision.masked:
        made = covered(display, boxes)
        for kind, data in zip((BlobKind.DISPLAY, BlobKind.THUMB), made, strict=True):
            key = masked_key(blob.sha256, kind, mask_id)
            store.put(key, BytesIO(data), media_type=RENDITIONS_MEDIA_TYPE)
        hashes = (sha256(made[0]).hexdigest(), sha256(made[1]).hexdigest())
    return Covered(mask_id, decision, boxes, size, sha256(display).hexdigest(), hashes)


def decide_mask(
    session: Session, photo: Photo, done: Covered, *, seen: int, post: ActorPost,
    person_id: UUID, now: datetime,
) -> PhotoMask:  # fmt: skip
    """Puts a decision in force for all photos of the same bytes, after the `seen` versions; nobody
    waits for it any more.

    The blob's row is locked. Raises StaleMask, MaskOfAnotherTown or PhotoPurged.
    """
    locked = select(PhotoBlob).where(PhotoBlob.sha256 == photo.sha256).with_for_update()
    blob = session.scalars(locked.execution_options(populate_existing=True)).one()
    session.refresh(photo, ["purged_at"])
    refuse_purged(photo)
    refuse_stale(session, photo.sha256, seen)
    _refuse_less(session, blob, [asdict(box) for box in done.boxes], town_id=post.town_id)
    mask = PhotoMask(
        id=done.mask_id,
        sha256=blob.sha256,
        version=seen + 1,
        decision=done.decision,
        boxes=[asdict(box) for box in done.boxes],
        width=done.size[0],
        height=done.size[1],
        made_at=now,
        made_by_id=person_id,
        post_id=post.id,
    )
    session.add(mask)
    blob.mask_id = mask.id
    blob.masked_display_sha256, blob.masked_thumb_sha256 = done.hashes or (None, None)
    same = select(Photo.id).where(Photo.sha256 == blob.sha256)
    session.execute(delete(PhotoWanted).where(PhotoWanted.photo_id.in_(same)))
    session.flush()
    return mask


def _refuse_less(
    session: Session, blob: PhotoBlob, boxes: Sequence[Any], *, town_id: UUID | None
) -> None:
    """Raises MaskOfAnotherTown for a town that would uncover what another, or the county, did."""
    if town_id is None or blob.mask_id is None:
        return
    # Of the last one made elsewhere: a town's own since then have all its boxes.
    asked = select(PhotoMask.boxes).join(Post, Post.id == PhotoMask.post_id)
    asked = asked.join(Organisation, Organisation.id == Post.organisation_id)
    elsewhere = Organisation.town_id.is_distinct_from(town_id)
    asked = asked.where(PhotoMask.sha256 == blob.sha256, elsewhere)
    kept = session.scalars(asked.order_by(PhotoMask.version.desc()).limit(1)).first() or []
    if any(box not in boxes for box in kept):
        raise MaskOfAnotherTown("原来的方框都要留着；要减的，请联系遮盖它的单位，或由县里定。")


def refuse_purged(photo: Photo) -> None:
    """Raises PhotoPurged for a photo without its files."""
    if photo.purged_at is not None:
        raise purged(photo.purged_at)


def refuse_stale(session: Session, digest: str, seen: int) -> None:
    """Raises StaleMask unless so many versions are there."""
    there = session.scalar(select(func.count()).where(PhotoMask.sha256 == digest))
    if there != seen:
        raise StaleMask(current_version=there)
