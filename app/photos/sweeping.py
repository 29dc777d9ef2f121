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
from app.photos.models import Photo, PhotoBlob
from app.photos.store import BlobKind, PhotoStore, blob_key, blob_of_key, hash_in, is_staged

ORPHAN_AGE = timedelta(hours=24)
_KINDS = frozenset(BlobKind)


def unused_blobs(session: Session, *, now: datetime) -> set[str]:
    """The SHA-256 of blobs that no photo has any more and that were stored over a day ago."""
    return set(session.scalars(select(PhotoBlob.sha256).where(*_unused(now))))


def forget_unused_blobs(session: Session, *, now: datetime) -> int:
    """Removes the rows of unused blobs; how many there were. Their bytes go afterwards."""
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
    """Those of some keys whose bytes no row knows, left-over parts of puts that never ended, and
    what was posted to an address and never made a photo.

    `forgotten` are SHA-256 of blobs that count as gone already.
    """
    named = {key: found for key in keys if (found := blob_of_key(key)) is not None}
    hashes = {digest for digest, _ in named.values()}
    kept = PhotoBlob.sha256.in_(hashes) & PhotoBlob.purged_at.is_(None)
    known = set(session.scalars(select(PhotoBlob.sha256).where(kept)))
    known.difference_update(forgotten)
    unknown = [
        key for key, (digest, name) in named.items() if digest not in known or name not in _KINDS
    ]
    return unknown + [key for key in keys if is_staged(key)]


def remove_orphan(store: PhotoStore, key: str, *, now: datetime) -> int | None:
    """Removes an orphan unless it was put again meanwhile; its bytes, or None when it stays."""
    size = store.size(key)
    if size is None or not store.delete_if_older(key, now - ORPHAN_AGE):
        return None
    return size


@dataclass(frozen=True, slots=True)
class Fault:
    """Bytes of a blob that are missing, or (`altered`) not those that its row names."""

    sha256: str
    kind: BlobKind
    altered: bool
    photos: int


@dataclass(frozen=True, slots=True)
class KnownBlob:
    """What a row says of a blob: the hash of the bytes of each kind, and how many photos it has."""

    sha256: str
    hashes: dict[BlobKind, str]
    photos: int


def known_blobs(session: Session) -> list[KnownBlob]:
    """All blobs that photos have, by hash; not those that were purged."""
    rows = session.execute(
        select(
            PhotoBlob.sha256,
            PhotoBlob.display_sha256,
            PhotoBlob.thumb_sha256,
            func.count(Photo.id),
        )
        .join(Photo, Photo.sha256 == PhotoBlob.sha256)
        .where(PhotoBlob.purged_at.is_(None))
        .group_by(PhotoBlob.sha256, PhotoBlob.display_sha256, PhotoBlob.thumb_sha256)
        .order_by(PhotoBlob.sha256)
    )
    return [
        KnownBlob(
            digest,
            {BlobKind.RECEIVED: digest, BlobKind.DISPLAY: display, BlobKind.THUMB: thumb},
            photos,
        )
        for digest, display, thumb, photos in rows
    ]


def faults_of(store: PhotoStore, blob: KnownBlob) -> list[Fault]:
    """What is missing or altered of a blob; every byte is read."""
    found = []
    for kind, wanted in blob.hashes.items():
        seen = hash_in(store, blob_key(blob.sha256, kind))
        if seen != wanted:
            found.append(Fault(blob.sha256, kind, seen is not None, blob.photos))
    return found
