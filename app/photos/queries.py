"""Reads about photos."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Subquery, cast, false, literal, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from app.kernel.errors import NotThere
from app.people.access import Actor
from app.photos.access import PhotoUses, photos_in_sight
from app.photos.evidence import EarlierLike
from app.photos.likeness.models import AlikePair
from app.photos.models import Photo, PhotoBlob
from app.photos.thresholds.figures import FIGURES


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
class Others:
    """The photos that one may be held against: those of the same bytes, a person's own first, then
    others', the oldest first (20); and, the oldest first (200), those that look like it."""

    copies: list[Photo]
    likes: list["Like"]

    @property
    def photos(self) -> list[Photo]:
        """All of them."""
        return [*self.copies, *(each.photo for each in self.likes)]


@dataclass(frozen=True)
class Like:
    """A photo whose blob looks like another: which, and how far apart the two are."""

    photo: Photo
    number: int
    distance: int
    whole_distance: int
    fine_distance: int


def others_of(session: Session, sha256: str, *, maker_id: UUID) -> Others:
    """What the photos of these bytes are held against, in one statement."""
    of, own = aliased(PhotoBlob), Photo.maker_id == maker_id
    same = (
        select(Photo.id, _NONE.label("like"), _NONE, _NONE, _NONE, own.label("own"))
        .where(Photo.sha256 == sha256)
        .order_by(own.desc(), Photo.id)
        .limit(_MOST_COPIES)
        .subquery()
    )
    distances = _PAIRS.c.distance, _PAIRS.c.whole_distance, _PAIRS.c.fine_distance
    like = (
        select(Photo.id, _PAIRS.c.like, *distances, false())
        .select_from(of)
        .join(_PAIRS, _PAIRS.c.of == of.number)
        .join(PhotoBlob, PhotoBlob.number == _PAIRS.c.like)
        .join(Photo, Photo.sha256 == PhotoBlob.sha256)
        .where(of.sha256 == sha256)
        .order_by(Photo.id)
        .limit(_MOST_LIKES)
        .subquery()
    )
    found = union_all(select(same), select(like)).subquery()
    asked = select(Photo, *list(found.c)[1:]).join(found, found.c.id == Photo.id)
    copies, likes = [], []
    for photo, number, *apart, _ in session.execute(asked.order_by(found.c.own.desc(), Photo.id)):
        if number is None:
            copies.append(photo)
        else:
            likes.append(Like(photo, number, *apart))
    return Others(copies, likes)


def likes_of(session: Session, photo: Photo) -> list[EarlierLike]:
    """Of every blob that looks like a photo's the first photo, as far as it came before this one;
    the first that came first."""
    others = others_of(session, photo.sha256, maker_id=photo.maker_id)
    return earlier_likes(photo, others)


def earlier_likes(photo: Photo, others: Others) -> list[EarlierLike]:
    """The same, of photos at hand."""
    first: dict[int, EarlierLike] = {}
    for like in others.likes:
        other = like.photo
        if other.id >= photo.id:
            continue
        same_person = other.maker_id == photo.maker_id
        same_file = other.client_sha256 is not None and other.client_sha256 == photo.client_sha256
        earlier = EarlierLike(
            other.id,
            other.received_at,
            like.distance,
            like.whole_distance,
            like.fine_distance,
            same_person=same_person,
            sent_again=same_person and same_file,
        )
        first.setdefault(like.number, earlier)
    return list(first.values())


_Number = InstrumentedAttribute[int]


def _pairs(of: _Number, like: _Number) -> Select[int, int, int, int, int]:
    distances = (AlikePair.distance, AlikePair.whole_distance, AlikePair.fine_distance)
    return select(of.label("of"), like.label("like"), *distances)


_PAIRS = union_all(
    _pairs(AlikePair.number, AlikePair.other), _pairs(AlikePair.other, AlikePair.number)
).subquery("pairs")
"""Every pair twice: what each blob is like."""

_MOST_LIKES, _MOST_COPIES = 200, 20
_NONE = cast(null(), Integer)


def same_or_nearly_so(sha256s: Select[str]) -> Subquery:
    """Of some blobs (`of`, by SHA-256) themselves and all that may be near-identical (`like`), with
    how many of 64 bits differ (`whole`). Whether they are near-identical, thresholds say."""
    first, second = AlikePair.number, AlikePair.other
    same = select(
        PhotoBlob.sha256.label("of"), PhotoBlob.sha256.label("like"), literal(0).label("whole")
    ).where(PhotoBlob.sha256.in_(sha256s))
    near = _near(sha256s, first, second), _near(sha256s, second, first)
    return union_all(same, *near).subquery("nearly")


def _near(sha256s: Select[str], of: _Number, like: _Number) -> Select[str, str, int]:
    known = aliased(PhotoBlob)
    return (
        select(known.sha256, PhotoBlob.sha256, AlikePair.whole_distance)
        .join(AlikePair, like == PhotoBlob.number)
        .join(known, known.number == of)
        .where(
            known.sha256.in_(sha256s),
            AlikePair.whole_distance <= FIGURES["near_distance"].most,
            AlikePair.fine_distance <= FIGURES["near_fine_distance"].most,
        )
    )


def others_in_sight(
    session: Session,
    actor: Actor,
    findings: Iterable[dict[str, Any]],
    uses: PhotoUses,
    *,
    at_hand: Sequence[Photo] = (),
) -> set[UUID]:
    """Of the other photos that findings name, those that the actor sees; what is at hand already is
    not read again."""
    named = {UUID(found["photo_id"]) for found in findings if found["photo_id"]}
    photos = [photo for photo in at_hand if photo.id in named]
    missing = named - {photo.id for photo in photos}
    if missing:
        photos += session.scalars(select(Photo).where(Photo.id.in_(missing))).all()
    return photos_in_sight(session, actor, photos, uses) if photos else set()
