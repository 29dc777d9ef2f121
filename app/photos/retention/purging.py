"""What is due goes: first the rows say so, then the files go, so that a crash between the two
leaves files which the next run, or the sweep, removes.

The photo's row, its hashes and findings stay. On PostgreSQL its row is locked before its uses and
holds are read: who puts it to use, or holds it, locks it too, and one of the two waits and sees
what the other did. A blob goes with the last photo that has it; whoever sends the same bytes again
keeps them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from app.catalogue.models import KeptAs
from app.catalogue.retention import Period, photo_periods_in_force
from app.kernel.clock import shanghai_day
from app.photos.access import PhotoUses
from app.photos.masking.models import PhotoMask
from app.photos.models import Photo, PhotoBlob, RemovalReason
from app.photos.retention.holding import holds_on
from app.photos.retention.models import PhotoHold
from app.photos.retention.rules import Due, Need, due
from app.photos.service import note_removal
from app.photos.store import BlobKind, PhotoStore, blob_key, masked_key
from app.photos.sweeping import ORPHAN_AGE

FIRST = UUID(int=0)


@dataclass(frozen=True)
class Held:
    """A photo that is due and held."""

    photo_id: UUID
    hold: PhotoHold


@dataclass
class Part:
    """What became of a stretch of photos: where it ends (None: it was the last), how many were
    looked at, which went by which use, and which are held."""

    last: UUID | None
    looked_at: int = 0
    gone: dict[UUID, Due] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)


def purge_part(
    session: Session,
    uses: PhotoUses,
    *,
    after: UUID,
    most: int,
    now: datetime,
    for_real: bool,
) -> Part:
    """Purges what is due of the next photos by id; for show: says what would go."""
    periods = photo_periods_in_force(session, day=shanghai_day(now))
    photos = _next(session, periods, after=after, most=most, now=now, locked=for_real)
    part = Part(photos[-1].id if len(photos) == most else None, len(photos))
    needs = needs_of(session, uses, [photo.id for photo in photos])
    dues = {
        photo.id: found
        for photo in photos
        if (found := due(photo.received_at, needs[photo.id], periods))
        and found.at <= now
        # A use that does not say for how long it needs its photos keeps them.
        and (needs[photo.id] or not any(used_by(session, photo.id) for used_by in uses.used_by))
    }
    part.held = [*holds_of(session, dues, needs, now=now)]
    held = {one.photo_id for one in part.held}
    part.gone = {photo_id: found for photo_id, found in dues.items() if photo_id not in held}
    if for_real:
        _note([photo for photo in photos if photo.id in part.gone], part.gone, session, now)
    return part


def _next(
    session: Session,
    periods: Mapping[KeptAs, Period],
    *,
    after: UUID,
    most: int,
    now: datetime,
    locked: bool,
) -> Sequence[Photo]:
    """Photos with their files that came before the shortest period began."""
    if not periods:
        return ()
    shortest = min(period.days for period in periods.values())
    asked = (
        select(Photo)
        .where(
            Photo.id > after,
            Photo.purged_at.is_(None),
            Photo.received_at <= now - timedelta(days=shortest),
        )
        .order_by(Photo.id)
        .limit(most)
    )
    return session.scalars(asked.with_for_update() if locked else asked).all()


def needs_of(
    session: Session, uses: PhotoUses, photo_ids: Sequence[UUID]
) -> dict[UUID, list[Need]]:
    """What needs each of some photos."""
    found: dict[UUID, list[Need]] = {photo_id: [] for photo_id in photo_ids}
    if photo_ids:
        for needed_by in uses.needed_by:
            for need in needed_by(session, photo_ids):
                found[need.photo_id].append(need)
    return found


def holds_of(
    session: Session,
    dues: Collection[UUID],
    needs: Mapping[UUID, Sequence[Need]],
    *,
    now: datetime,
) -> Iterator[Held]:
    """Those of some photos that are held, by themselves or by a ticket that needs them."""
    if not dues:
        return
    tickets = {n.ticket_id for photo_id in dues for n in needs[photo_id] if n.ticket_id}
    holds = holds_on(session, dues, tickets, now=now)
    for photo_id in dues:
        about = [photo_id, *(need.ticket_id for need in needs[photo_id])]
        hold = next((holds[one] for one in about if one in holds), None)
        if hold is not None:
            yield Held(photo_id, hold)


def _note(
    photos: Sequence[Photo], dues: Mapping[UUID, Due], session: Session, now: datetime
) -> None:
    """The rows: the photos are purged, it goes on the record, and blobs that no photo needs go."""
    for photo in photos:
        found = dues[photo.id]
        photo.purged_at = now
        rule = {
            "use": found.kept_as.value,
            "days": found.period.days,
            "catalogue_version": found.period.version,
            "due_at": found.at.isoformat(),
        }
        note_removal(session, photo, RemovalReason.retention, by=None, now=now, rule=rule)
    empty_blobs(session, photos, now=now)


def empty_blobs(session: Session, photos: Sequence[Photo], *, now: datetime) -> None:
    """Marks the blobs of photos that were purged for going, where no other photo needs them."""
    session.flush()
    hashes = sorted({photo.sha256 for photo in photos})
    # Locked first: an upload of the same bytes is over then, and its photo is seen.
    session.execute(
        select(PhotoBlob.sha256)
        .where(PhotoBlob.sha256.in_(hashes))
        .order_by(PhotoBlob.sha256)
        .with_for_update()
    )
    needed = exists().where(Photo.sha256 == PhotoBlob.sha256, Photo.purged_at.is_(None))
    session.execute(
        update(PhotoBlob)
        .where(PhotoBlob.sha256.in_(hashes), ~needed)
        .values(
            purged_at=now,
            files_gone=False,
            # The masked renditions go too: whoever sends the same bytes again has them looked at.
            mask_id=None,
            masked_display_sha256=None,
            masked_thumb_sha256=None,
        ),
        execution_options={"synchronize_session": False},
    )


def blobs_to_empty(session: Session, *, most: int) -> dict[str, list[UUID]]:
    """The SHA-256 of purged blobs whose files may still lie there, with the masks they ever had."""
    asked = select(PhotoBlob.sha256).where(
        PhotoBlob.purged_at.is_not(None), PhotoBlob.files_gone.is_(False)
    )
    found: dict[str, list[UUID]] = {
        sha256: [] for sha256 in session.scalars(asked.order_by(PhotoBlob.sha256).limit(most))
    }
    masks = select(PhotoMask.sha256, PhotoMask.id).where(PhotoMask.sha256.in_(found))
    for sha256, mask_id in session.execute(masks):
        found[sha256].append(mask_id)
    return found


def remove_files(
    store: PhotoStore, sha256: str, mask_ids: Sequence[UUID], *, now: datetime
) -> list[int]:
    """Removes the files of a purged blob; the bytes of each. One that was put again since yesterday
    stays: somebody is sending the same bytes."""
    sizes = []
    masked = [
        masked_key(sha256, kind, each)
        for each in mask_ids
        for kind in (BlobKind.DISPLAY, BlobKind.THUMB)
    ]
    for key in (*(blob_key(sha256, kind) for kind in BlobKind), *masked):
        size = store.size(key)
        if size is not None and store.delete_if_older(key, now - ORPHAN_AGE):
            sizes.append(size)
    return sizes


def note_emptied(session: Session, hashes: Collection[str]) -> None:
    """The files of these blobs are gone, or are left to the sweep."""
    session.execute(
        update(PhotoBlob)
        .where(PhotoBlob.sha256.in_(hashes), PhotoBlob.purged_at.is_not(None))
        .values(files_gone=True),
        execution_options={"synchronize_session": False},
    )
