"""A photo is taken in: its bytes into the store, then its row with what was noticed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.grid.indexes import cell_index
from app.grid.locate import locate
from app.grid.sight import towns_in_sight
from app.kernel.clock import shanghai_day
from app.kernel.errors import Conflict, NotAllowed, PreparedInVain
from app.kernel.geo import Datum, to_wgs84
from app.kernel.ids import new_id
from app.kernel.moments import Moment
from app.people.access import Actor, require
from app.photos.access import PhotoUses
from app.photos.evidence import EarlierCopy, Finding, Fix, PhotoFacts, PhotoSource
from app.photos.findings import findings_of_photo, verdict
from app.photos.imaging.containers import Limits
from app.photos.imaging.examine import Examined, examine
from app.photos.models import Photo, PhotoBlob
from app.photos.queries import Copy, copies_of, photo_by_id
from app.photos.receive import Readable, Received, receive
from app.photos.store import BlobKind, PhotoStore, blob_key


class PhotoInUse(Conflict):
    """The photo is evidence of something."""

    code = "photo_in_use"
    title = "照片已用于工单或巡查，不能删除"


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


def take_in_photo(
    session: Session, kept: KeptBytes, claims: PhotoClaims, *, actor: Actor
) -> tuple[Photo, bool]:
    """The photo of these bytes by this person, and whether it is new.

    The same bytes again are the first photo with its first metadata; a position that it lacked is
    added to it.
    """
    copies = copies_of(session, sha256=kept.sha256, maker_id=actor.person_id)
    earlier = photo_by_id(session, copies[0].photo_id) if copies and copies[0].own else None
    if earlier is not None:
        if claims.fix is not None and earlier.device_lng is None:
            _set_fix(earlier, claims.fix)
            _judge(session, earlier, copies, actor=actor)
        return earlier, False
    if kept.examined is None:
        raise PhotoJustRemoved("请重新上传。", retry_after=1)
    blob = _remember_blob(session, kept, kept.examined, now=claims.moment.now)
    photo = _new_photo(kept.examined, claims, blob, actor=actor)
    _judge(session, photo, copies, actor=actor)
    session.add(photo)
    session.flush()
    return photo, True


def _remember_blob(
    session: Session, kept: KeptBytes, examined: Examined, *, now: datetime
) -> PhotoBlob:
    row = {
        "sha256": kept.sha256,
        "bytes": kept.size,
        "media_type": examined.media_type.value,
        "width": examined.width,
        "height": examined.height,
        "display_sha256": sha256(examined.display).hexdigest(),
        "thumb_sha256": sha256(examined.thumb).hexdigest(),
        "stored_at": now,
    }
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(PhotoBlob).values(**row)
    renewed = {name: row[name] for name in ("display_sha256", "thumb_sha256", "stored_at")}
    kept_row = fresh.on_conflict_do_update(index_elements=[PhotoBlob.sha256], set_=renewed)
    blob: PhotoBlob = session.scalars(kept_row.returning(PhotoBlob)).one()
    return blob


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


def _judge(session: Session, photo: Photo, copies: Sequence[Copy], *, actor: Actor) -> None:
    """Locates the photo and writes down what is noticed about it.

    Only copies made before it count: judged again, a photo is not held against later ones.
    """
    match = _locate(session, photo, actor=actor)
    earlier = tuple(
        EarlierCopy(copy.photo_id, copy.received_at, copy.own)
        for copy in copies
        if copy.photo_id < photo.id
    )
    found = findings_of_photo(facts_of(photo, copies=earlier, cell_match=match))
    photo.verdict = verdict(found)
    photo.findings = [finding_json(finding) for finding in found]


def _locate(session: Session, photo: Photo, *, actor: Actor) -> str | None:
    if photo.lng is None or photo.lat is None:
        photo.cell, photo.cell_id = None, None
        return None
    day = shanghai_day(photo.occurred_at)
    towns = towns_in_sight(session, actor, day=day)
    accuracy = photo.device_accuracy_m if photo.device_lng is not None else None
    index = cell_index(session, day=day, town_ids=towns)
    located = locate(index, photo.lng, photo.lat, accuracy)
    photo.cell_id = located.cell.id if located.cell else None
    photo.cell = {
        "code": located.cell.code if located.cell else None,
        "name": located.cell.name if located.cell else None,
        "match": located.match.value,
        "candidates": [{"code": c.code, "name": c.name} for c in located.candidates],
    }
    return located.match.value


def facts_of(
    photo: Photo, *, copies: tuple[EarlierCopy, ...] = (), cell_match: str | None = None
) -> PhotoFacts:
    """What the rules of evidence look at, from a photo's row."""
    device = exif = None
    if photo.device_lng is not None and photo.lng is not None and photo.lat is not None:
        device = Fix(photo.lng, photo.lat, photo.device_accuracy_m, photo.device_fixed_at)
    if photo.exif_lng is not None and photo.exif_lat is not None:
        exif = Fix(photo.exif_lng, photo.exif_lat)
    return PhotoFacts(
        received_at=photo.received_at,
        device_position=device,
        exif_position=exif,
        device_taken_at=photo.device_taken_at,
        exif_taken_at=photo.exif_taken_at,
        exif_problem=photo.exif_problem,
        clock_offset=timedelta(seconds=photo.clock_offset_s or 0),
        source=photo.source,
        cell_match=cell_match,
        earlier_copies=copies,
    )


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as it is kept."""
    return {
        "code": finding.code,
        "direction": finding.direction.value,
        "observed": finding.observed,
        "threshold": finding.threshold,
        "message": finding.message,
        "photo_id": str(finding.other_photo_id) if finding.other_photo_id else None,
        "rule_version": finding.rule_version,
        "leads_to": finding.leads_to.value,
    }


def delete_photo(session: Session, photo: Photo, *, actor: Actor, uses: PhotoUses) -> None:
    """Removes a photo by its maker while nothing uses it; raises NotAllowed or PhotoInUse.

    Its bytes go with the next sweep, when no other photo has them.
    """
    if photo.maker_id != actor.person_id:
        raise NotAllowed("只有拍摄者本人可以删除。")
    if any(used_by(session, photo.id) for used_by in uses.used_by):
        raise PhotoInUse
    session.delete(photo)
    session.flush()
