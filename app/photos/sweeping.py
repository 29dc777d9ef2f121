"""What lies in the store without a row, and rows whose bytes are not what they were.

Bytes come before the row, so a crash between the two leaves bytes that nobody knows; so does a
removed photo. They are left for a day: an upload under way has its bytes there before its row.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from app.kernel.db import rows_changed
from app.photos.masking.models import PhotoMask
from app.photos.models import BlobFile, Photo, PhotoBlob, masked_files
from app.photos.store import BlobKind, PhotoStore, blob_key, blob_of_key, hash_in, is_staged

ORPHAN_AGE = timedelta(hours=24)
MASKED = PhotoBlob.mask_id, PhotoBlob.masked_display_sha256, PhotoBlob.masked_thumb_sha256
"""What names the masked renditions of a blob."""


def unused_blobs(session: Session, *, now: datetime) -> set[str]:
    """The SHA-256 of blobs that no photo has any more and that were stored over a day ago."""
    return set(session.scalars(select(PhotoBlob.sha256).where(*_unused(now))))


def forget_unused_blobs(session: Session, *, now: datetime) -> int:
    """Removes the rows of unused blobs; how many there were. Their bytes go afterwards."""
    unused = select(PhotoBlob.sha256).where(*_unused(now))
    session.execute(delete(PhotoMask).where(PhotoMask.sha256.in_(unused)))
    return rows_changed(session, delete(PhotoBlob).where(*_unused(now)))


def _unused(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        ~exists().where(Photo.sha256 == PhotoBlob.sha256),
        PhotoBlob.stored_at < now - ORPHAN_AGE,
    )


def old_keys(store: PhotoStore, *, now: datetime) -> Iterator[str]:
    """Keys of ours that were last put over a day ago; a file that somebody else left is none."""
    for key, put_at in store.entries():
        if put_at < now - ORPHAN_AGE and (blob_of_key(key) is not None or is_staged(key)):
            yield key


def orphans_among(
    session: Session, keys: Collection[str], *, forgotten: Collection[str] = ()
) -> list[str]:
    """Those of some keys whose bytes no row knows, left-over parts of puts that never ended, what
    was posted to an address and never made a photo, and renditions of masks no longer in force.

    `forgotten` are SHA-256 of blobs that count as gone already.
    """
    named = {key: found for key in keys if (found := blob_of_key(key)) is not None}
    hashes = {digest for digest, _ in named.values()}
    kept = PhotoBlob.sha256.in_(hashes) & PhotoBlob.purged_at.is_(None)
    known: set[str] = set()
    for row in session.execute(select(PhotoBlob.sha256, *MASKED).where(kept)):
        if row.sha256 not in forgotten:
            known |= {blob_key(row.sha256, kind) for kind in BlobKind}
            known |= {file.key for file in masked_files(*row).values()}
    return [key for key in named if key not in known] + [key for key in keys if is_staged(key)]


def remove_orphan(store: PhotoStore, key: str, *, now: datetime) -> int | None:
    """Removes an orphan unless it was put again meanwhile; its bytes, or None when it stays."""
    size = store.size(key)
    if size is None or not store.delete_if_older(key, now - ORPHAN_AGE):
        return None
    return size


@dataclass(frozen=True, slots=True)
class Fault:
    """Bytes of a blob that are missing, or (`altered`) not those that its row names; of the
    rendition of that kind that a mask covers, where it is `masked`."""

    sha256: str
    kind: BlobKind
    altered: bool
    photos: int
    masked: bool = False


@dataclass(frozen=True, slots=True)
class KnownBlob:
    """What a row says of a blob: the files as they came and with a mask, and how many photos it
    has."""

    sha256: str
    files: dict[BlobKind, BlobFile]
    masked: dict[BlobKind, BlobFile]
    photos: int


def known_blob(blob: PhotoBlob, photos: int) -> KnownBlob:
    """The same of a row at hand."""
    mask = blob.mask_id, blob.masked_display_sha256, blob.masked_thumb_sha256
    return KnownBlob(blob.sha256, blob.files(), masked_files(blob.sha256, *mask), photos)


def known_blobs(session: Session) -> list[KnownBlob]:
    """All blobs that photos have, by hash; not those that were purged."""
    rows = session.execute(
        select(PhotoBlob, func.count(Photo.id))
        .join(Photo, Photo.sha256 == PhotoBlob.sha256)
        .where(PhotoBlob.purged_at.is_(None))
        .group_by(*PhotoBlob.__table__.c)
        .order_by(PhotoBlob.sha256)
    )
    return [known_blob(blob, photos) for blob, photos in rows]


def faults_of(store: PhotoStore, blob: KnownBlob) -> list[Fault]:
    """What is missing or altered of a blob; every byte is read."""
    found = []
    for masked, files in ((False, blob.files), (True, blob.masked)):
        for kind, file in files.items():
            seen = hash_in(store, file.key)
            if seen != file.sha256:
                found.append(Fault(blob.sha256, kind, seen is not None, blob.photos, masked))
    return found
