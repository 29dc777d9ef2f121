"""A photo is taken in: its bytes into the store, then its row with what was noticed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.catalogue.snapshots import CATALOGUE
from app.grid.version import MAP
from app.kernel.errors import Conflict, NotAllowed, PreparedInVain
from app.kernel.geo import Datum, to_wgs84
from app.kernel.ids import new_id
from app.kernel.moments import Moment
from app.kernel.stamps import ask_together
from app.people.access import Actor, require
from app.photos.access import PhotoUses
from app.photos.direct.models import PhotoUpload
from app.photos.errors import purged
from app.photos.evidence import PhotoSource, Thresholds
from app.photos.imaging.containers import Limits
from app.photos.imaging.examine import Examined, examine
from app.photos.judging import judge, judge_where_it_was
from app.photos.likeness.hashing import hashes_of
from app.photos.likeness.keeping import keep_hashes, keep_pairs, looks_of
from app.photos.likeness.lookup import alike_blobs
from app.photos.models import Photo, PhotoBlob, PhotoRemoval, RemovalReason
from app.photos.queries import Others, others_of
from app.photos.receive import Readable, Received, receive
from app.photos.retention.models import PhotoHold
from app.photos.store import BlobKind, PhotoStore, blob_key
from app.photos.thresholds.in_force import thresholds_at

NOBODYS = Others([], [])


class PhotoInUse(Conflict):
    """The photo is evidence of something."""

    code = "photo_in_use"
    title = "照片已用于工单或巡查，不能删除"


class PhotoOnceHeld(Conflict):
    """The photo is or was held: that stays known."""

    code = "photo_once_held"
    title = "照片保全过，不能删除"


class PhotoJustRemoved(PreparedInVain):
    """The photo that these bytes were known by was removed while they arrived again, twice."""

    code = "photo_just_removed"
    title = "这张照片刚被删除，请再传一次"


@dataclass(frozen=True)
class DeviceFix:
    """Where the phone says it was, on its declared datum."""

    lng: float
    lat: float
    datum: Datum
    accuracy_m: float | None
    fixed_at: datetime | None


@dataclass(frozen=True)
class PhotoClaims:
    """What the sender says about a photo."""

    moment: Moment
    fix: DeviceFix | None = None
    taken_at: datetime | None = None
    source: PhotoSource = PhotoSource.UNKNOWN
    client_sha256: str | None = None


@dataclass(frozen=True)
class KeptBytes:
    """Bytes that lie in the store with their renditions; `examined` None: known from before."""

    sha256: str
    size: int
    examined: Examined | None


def keep_bytes(
    stream: Readable,
    store: PhotoStore,
    *,
    max_bytes: int,
    known: Callable[[str], bool],
) -> KeptBytes:
    """Receives, examines and stores a file; `known` says whether this sender sent it before.

    Raises PhotoTooLarge, UnsupportedPhoto, PhotoUnreadable, PhotoTooManyPixels, PhotoHostile or
    StoreUnavailable; what is refused leaves nothing behind.
    """
    with receive(stream, max_bytes=max_bytes) as received:
        if known(received.sha256):
            return KeptBytes(received.sha256, received.size, None)
        examined = examine(received.path, limits=Limits())
        _store_all(received, examined, store)
        return KeptBytes(received.sha256, received.size, examined)


def _store_all(received: Received, examined: Examined, store: PhotoStore) -> None:
    with received.open() as file:
        _put(store, received.sha256, BlobKind.RECEIVED, file, examined.media_type)
    jpeg = examined.renditions_media_type
    _put(store, received.sha256, BlobKind.DISPLAY, BytesIO(examined.display), jpeg)
    _put(store, received.sha256, BlobKind.THUMB, BytesIO(examined.thumb), jpeg)


def _put(store: PhotoStore, digest: str, kind: BlobKind, source: BinaryIO, media_type: str) -> None:
    store.put(blob_key(digest, kind), source, media_type=media_type)


@dataclass(frozen=True)
class TakenIn:
    """A photo of some bytes, whether it is new, and the other photos that it was held against."""

    photo: Photo
    is_new: bool
    held_against: Sequence[Photo] = ()


def take_in_photo(
    session: Session, kept: KeptBytes, claims: PhotoClaims, *, actor: Actor
) -> TakenIn:
    """The photo of these bytes by this person.

    The same bytes again are the first photo with its first metadata; a position that it lacked is
    added to it. What is held against earlier photos is held against all of them: whoever sends at
    the same moment waits, from the blob's row on, until this transaction ends.
    """
    ask_together(session, MAP, CATALOGUE)
    limits = thresholds_at(session, claims.moment.now)
    blob = None
    if kept.examined is not None:
        blob = _remember_blob(session, kept, limits, now=claims.moment.now)
    is_first = blob is not None and blob.arrivals == 1
    others = NOBODYS if is_first else _others_of(session, kept, actor)
    earlier = next((each for each in others.copies if each.maker_id == actor.person_id), None)
    if earlier is not None:
        if claims.fix is not None and earlier.device_lng is None:
            _set_fix(earlier, claims.fix)
            then = thresholds_at(session, earlier.received_at)
            judge_where_it_was(session, earlier, others, then, actor, claims.moment.now)
        return TakenIn(earlier, False, others.photos)
    if blob is None or kept.examined is None:
        raise PhotoJustRemoved("请重新上传。", retry_after=1)
    photo = _new_photo(kept.examined, claims, blob, actor=actor)
    if is_first and _notice_looks(session, blob.number, kept.examined, limits):
        others = _others_of(session, kept, actor)
    judge(session, photo, others, limits, actor)
    session.add(photo)
    session.flush()
    return TakenIn(photo, True, others.photos)


def _others_of(session: Session, kept: KeptBytes, actor: Actor) -> Others:
    return others_of(session, kept.sha256, maker_id=actor.person_id)


def _remember_blob(
    session: Session, kept: KeptBytes, limits: Thresholds, *, now: datetime
) -> PhotoBlob:
    examined = kept.examined
    assert examined is not None
    row = {
        "sha256": kept.sha256,
        "bytes": kept.size,
        "media_type": examined.media_type.value,
        "width": examined.width,
        "height": examined.height,
        "display_sha256": sha256(examined.display).hexdigest(),
        "thumb_sha256": sha256(examined.thumb).hexdigest(),
        "stored_at": now,
        **looks_of(hashes_of(examined.grey), limits),
    }
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(PhotoBlob).values(**row)
    renewed: dict[str, Any] = {"purged_at": None, "files_gone": False}
    renewed |= {name: row[name] for name in ("display_sha256", "thumb_sha256", "stored_at")}
    renewed["arrivals"] = PhotoBlob.arrivals + 1
    kept_row = fresh.on_conflict_do_update(index_elements=[PhotoBlob.sha256], set_=renewed)
    asked = kept_row.returning(PhotoBlob).execution_options(populate_existing=True)
    blob: PhotoBlob = session.scalars(asked).one()
    return blob


def _notice_looks(session: Session, number: int, examined: Examined, limits: Thresholds) -> bool:
    """Keeps what a blob looks like, and which ones it is like; whether there are any."""
    hashes = hashes_of(examined.grey)
    if hashes.shows_little(limits):
        return False
    alike = alike_blobs(session, hashes, but=number)
    keep_hashes(session, number, hashes)
    keep_pairs(session, number, alike)
    return bool(alike)


def _new_photo(examined: Examined, claims: PhotoClaims, blob: PhotoBlob, *, actor: Actor) -> Photo:
    post = require(actor, "photos.upload")
    exif, moment = examined.exif, claims.moment
    photo = Photo(
        id=new_id(),
        sha256=blob.sha256,
        blob=blob,
        maker_id=actor.person_id,
        post_id=post.id,
        organisation_id=post.organisation_id,
        town_id=post.town_id,
        received_at=moment.now,
        occurred_at=moment.occurred_at,
        clock_offset_s=moment.offset_s,
        source=claims.source,
        client_sha256=claims.client_sha256,
        device_taken_at=claims.taken_at,
        exif_taken_at=exif.taken_at,
        exif_lng=exif.lng,
        exif_lat=exif.lat,
        exif_problem=exif.problem.value if exif.problem else None,
        software=exif.software,
    )
    _set_fix(photo, claims.fix)
    return photo


def _set_fix(photo: Photo, fix: DeviceFix | None) -> None:
    """Keeps the device's position as sent; the one in force is the device's before EXIF's."""
    photo.lng, photo.lat = photo.exif_lng, photo.exif_lat
    if fix is None:
        return
    photo.device_lng, photo.device_lat = fix.lng, fix.lat
    photo.device_datum, photo.device_accuracy_m = fix.datum, fix.accuracy_m
    photo.device_fixed_at = fix.fixed_at
    photo.lng, photo.lat = to_wgs84(fix.lng, fix.lat, fix.datum)


def delete_photo(
    session: Session, photo: Photo, *, actor: Actor, uses: PhotoUses, now: datetime
) -> None:
    """Removes a photo by its maker while nothing uses it; raises NotAllowed, PhotoInUse,
    PhotoOnceHeld or PhotoPurged.

    Its bytes go with the next sweep, when no other photo has them; that it was removed stays.
    """
    if photo.maker_id != actor.person_id:
        raise NotAllowed("只有拍摄者本人可以删除。")
    if photo.purged_at is not None:
        raise purged(photo.purged_at)
    if any(used_by(session, photo.id) for used_by in uses.used_by):
        raise PhotoInUse
    if session.scalar(select(PhotoHold.id).where(PhotoHold.photo_id == photo.id).limit(1)):
        raise PhotoOnceHeld
    session.execute(delete(PhotoUpload).where(PhotoUpload.photo_id == photo.id))
    note_removal(session, photo, RemovalReason.maker, by=actor.person_id, now=now)
    session.delete(photo)
    session.flush()


def note_removal(
    session: Session,
    photo: Photo,
    reason: RemovalReason,
    *,
    by: UUID | None,
    now: datetime,
    rule: dict[str, Any] | None = None,
) -> None:
    """Notes that a photo, or its files, were rightly removed; it goes on the record."""
    session.add(
        PhotoRemoval(
            photo_id=photo.id,
            sha256=photo.sha256,
            organisation_id=photo.organisation_id,
            town_id=photo.town_id,
            removed_at=now,
            remover_id=by,
            reason=reason,
            rule=rule,
        )
    )
