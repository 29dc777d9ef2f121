"""Reads about photos."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.kernel.errors import NotThere
from app.people.access import Actor
from app.photos.access import PhotoUses, photos_in_sight
from app.photos.models import Photo


def photo_by_id(session: Session, photo_id: UUID) -> Photo | None:
    """The photo with an id, with its blob."""
    return session.scalar(select(Photo).where(Photo.id == photo_id).options(joinedload(Photo.blob)))


def photo_in_sight(session: Session, actor: Actor, photo_id: UUID | None, uses: PhotoUses) -> Photo:
    """The photo with an id when the actor sees it; raises NotThere."""
    photo = photo_by_id(session, photo_id) if photo_id else None
    if photo is None or not photos_in_sight(session, actor, [photo], uses):
        raise NotThere("没有这张照片，或不在您的范围内。")
    return photo


def was_sent_before(session: Session, *, maker_id: UUID, sha256: str) -> bool:
    """Whether a person has a photo of these bytes."""
    asked = select(Photo.id).where(Photo.maker_id == maker_id, Photo.sha256 == sha256)
    return session.scalar(asked) is not None


@dataclass(frozen=True)
class Copy:
    """A photo of some bytes; `own`: by the person asked about."""

    photo_id: UUID
    received_at: datetime
    own: bool


def copies_of(session: Session, *, sha256: str, maker_id: UUID) -> list[Copy]:
    """The photos of these bytes: a person's own first, then others', the oldest first (20)."""
    own = Photo.maker_id == maker_id
    rows = session.execute(
        select(Photo.id, Photo.received_at, own)
        .where(Photo.sha256 == sha256)
        .order_by(own.desc(), Photo.id)
        .limit(20)
    )
    return [Copy(photo_id, received_at, bool(is_own)) for photo_id, received_at, is_own in rows]


def others_in_sight(
    session: Session, actor: Actor, findings: Iterable[dict[str, Any]], uses: PhotoUses
) -> set[UUID]:
    """Of the other photos that findings name, those that the actor sees."""
    named = {UUID(found["photo_id"]) for found in findings if found["photo_id"]}
    if not named:
        return set()
    photos = session.scalars(select(Photo).where(Photo.id.in_(named))).all()
    return photos_in_sight(session, actor, photos, uses)
