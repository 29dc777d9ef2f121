"""Photos that go before their period is over, because they should not have been taken."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict
from app.photos.access import PhotoUses
from app.photos.models import Photo, RemovalReason
from app.photos.retention.purging import empty_blobs, holds_of, needs_of
from app.photos.service import note_removal


class PhotoHeld(Conflict):
    """A hold keeps the photo or its ticket."""

    code: ClassVar[str] = "photo_held"
    title: ClassVar[str] = "照片正在保全，不能清除"


class PhotoNeeded(Conflict):
    """Something that is not over uses the photo."""

    code: ClassVar[str] = "photo_needed"
    title: ClassVar[str] = "照片还在使用，不能清除"


def purge_early(
    session: Session,
    uses: PhotoUses,
    photo_ids: Sequence[UUID],
    *,
    by: UUID,
    rule: dict[str, Any],
    now: datetime,
) -> int:
    """Purges photos by somebody's decision, for the reason in `rule`; how many were there still.

    The files go with the next run of the job that removes them. All or none: raises PhotoNeeded
    while any of them is used by what goes on, PhotoHeld while one is held.
    """
    asked = select(Photo).where(Photo.id.in_(photo_ids), Photo.purged_at.is_(None))
    photos = session.scalars(asked.order_by(Photo.id).with_for_update()).all()
    ids = [photo.id for photo in photos]
    needs = needs_of(session, uses, ids)
    if any(need.over_at is None for found in needs.values() for need in found):
        raise PhotoNeeded("用到它的工单或别的事办结（作废也算）以后再清除。")
    if any(holds_of(session, ids, needs, now=now)):
        raise PhotoHeld("先解除保全。")
    for photo in photos:
        photo.purged_at = now
        note_removal(session, photo, RemovalReason.complaint, by=by, now=now, rule=rule)
    empty_blobs(session, photos, now=now)
    return len(photos)
