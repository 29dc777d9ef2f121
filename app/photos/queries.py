"""Reads about photos."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from app.kernel.errors import NotThere
from app.people.access import Actor
from app.photos.access import PhotoUses, photos_in_sight
from app.photos.evidence import EarlierLike, Thresholds
from app.photos.likeness.models import AlikePair
from app.photos.models import Photo, PhotoBlob


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


def copies_of(session: Session, sha256: str, *, maker_id: UUID) -> list[Copy]:
    """The photos of these bytes: a person's own first, then others', the oldest first (20)."""
    own = Photo.maker_id == maker_id
    rows = session.execute(
        select(Photo.id, Photo.received_at, own)
        .where(Photo.sha256 == sha256)
        .order_by(own.desc(), Photo.id)
        .limit(20)
    )
    return [Copy(photo_id, received_at, bool(is_own)) for photo_id, received_at, is_own in rows]


def likes_of(session: Session, photo: Photo) -> list[EarlierLike]:
    """Of every blob that looks like a photo's the first photo, as far as it came before this one;
    the first that came first."""
    number = photo.blob.number
    rows: Iterable[Any] = session.execute(
        select(*_PAIRS.c, Photo.id, Photo.received_at, Photo.maker_id, Photo.client_sha256)
        .join(PhotoBlob, PhotoBlob.number == _PAIRS.c.like)
        .join(Photo, Photo.sha256 == PhotoBlob.sha256)
        .where(_PAIRS.c.of == number, Photo.id < photo.id)
        .order_by(Photo.id)
        .limit(_MOST_LIKES)
    )
    first: dict[int, EarlierLike] = {}
    for row in rows:
        same_person = row.maker_id == photo.maker_id
        same_file = row.client_sha256 is not None and row.client_sha256 == photo.client_sha256
        like = EarlierLike(
            row.id,
            row.received_at,
            row.distance,
            row.whole_distance,
            row.fine_distance,
            same_person=same_person,
            sent_again=same_person and same_file,
        )
        first.setdefault(row.like, like)
    return list(first.values())


_Number = InstrumentedAttribute[int]


def _pairs(of: _Number, like: _Number) -> Select[int, int, int, int, int]:
    distances = (AlikePair.distance, AlikePair.whole_distance, AlikePair.fine_distance)
    return select(of.label("of"), like.label("like"), *distances)


_PAIRS = union_all(
    _pairs(AlikePair.number, AlikePair.other), _pairs(AlikePair.other, AlikePair.number)
).subquery("pairs")
"""Every pair twice: what each blob is like."""

_MOST_LIKES = 200


def same_or_near_identical(sha256s: Select[str]) -> CompoundSelect[str]:
    """SHA-256 of some blobs and of all that are near-identical to them, as a subquery."""
    first, second = AlikePair.number, AlikePair.other
    return union_all(sha256s, _near(sha256s, first, second), _near(sha256s, second, first))


def _near(sha256s: Select[str], of: _Number, like: _Number) -> Select[str]:
    known, limits = aliased(PhotoBlob), Thresholds()
    return (
        select(PhotoBlob.sha256)
        .join(AlikePair, like == PhotoBlob.number)
        .join(known, known.number == of)
        .where(
            known.sha256.in_(sha256s),
            AlikePair.whole_distance <= limits.near_distance,
            AlikePair.fine_distance <= limits.near_fine_distance,
        )
    )


def others_in_sight(
    session: Session, actor: Actor, findings: Iterable[dict[str, Any]], uses: PhotoUses
) -> set[UUID]:
    """Of the other photos that findings name, those that the actor sees."""
    named = {UUID(found["photo_id"]) for found in findings if found["photo_id"]}
    if not named:
        return set()
    photos = session.scalars(select(Photo).where(Photo.id.in_(named))).all()
    return photos_in_sight(session, actor, photos, uses)
