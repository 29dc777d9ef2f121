"""The bytes of photos brought across, and read back to see that they are whole."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, exists, select

from app.backup.service import copy_bytes
from app.backup.snapshot import Bytes, bytes_of_blob
from app.photos.models import Photo, PhotoBlob
from app.photos.store import PhotoStore, blob_of_key, hash_in
from app.photos.sweeping import MASKED

AT_ONCE = 8
"""A store far away answers slowly, and several at a time as fast as one."""
_TELL_EVERY = 2000
_GRAIN = timedelta(seconds=2)
"""Stores know a time to the second."""

Said = Callable[[int], None]
B = TypeVar("B")


@dataclass
class Carried:
    """What became of the bytes: how many there are, were copied, were found altered in the target
    and copied again, and the keys of those that the source itself has not, or not unaltered."""

    files: int = 0
    copied: int = 0
    mended: int = 0
    checked: int = 0
    lost: list[str] = field(default_factory=list)


def known_bytes(connection: Connection) -> Iterator[Bytes]:
    """All bytes that the photos of a database have."""
    used = exists().where(Photo.sha256 == PhotoBlob.sha256)
    asked = select(
        PhotoBlob.media_type,
        PhotoBlob.sha256,
        PhotoBlob.display_sha256,
        PhotoBlob.thumb_sha256,
        *MASKED,
    )
    kept = PhotoBlob.purged_at.is_(None)
    for row in connection.execute(asked.where(used, kept).order_by(PhotoBlob.sha256)):
        said, mask = row[:4], row[4:]
        yield from bytes_of_blob(*said, mask=mask)


def put_times(store: PhotoStore) -> dict[str, datetime]:
    """When each of the photos' files in a store was put, by its key."""
    return {key: put_at for key, put_at in store.entries() if blob_of_key(key) is not None}


def carry(wanted: Iterable[Bytes], source: PhotoStore, target: PhotoStore, said: Said) -> Carried:
    """Copies what the target lacks; every file is held against its hash on the way."""
    there, carried = put_times(target), Carried()

    def bring(each: Bytes) -> tuple[str, bool | None]:
        return each.key, None if each.key in there else copy_bytes(each, source, target)

    for key, copied in _several(bring, wanted):
        carried.files += 1
        carried.copied += copied is True
        if copied is False:
            carried.lost.append(key)
        if carried.files % _TELL_EVERY == 0:
            said(carried.files)
    return carried


def read_back(
    wanted: Iterable[Bytes],
    source: PhotoStore,
    target: PhotoStore,
    carried: Carried,
    *,
    since: datetime | None,
    said: Said,
) -> datetime | None:
    """Reads every file of the target that was put since an instant, and copies again what is not
    what its row says; the latest time of any, from which a next time may begin."""
    there, lost = put_times(target), set(carried.lost)
    fresh = [
        each for each in wanted if each.key not in lost and _is_fresh(there.get(each.key), since)
    ]

    def check(each: Bytes) -> tuple[Bytes, bool]:
        return each, hash_in(target, each.key) == each.sha256

    for each, whole in _several(check, fresh):
        carried.checked += 1
        if not whole:
            _mend(each, source, target, carried)
        if carried.checked % _TELL_EVERY == 0:
            said(carried.checked)
    return max(there.values(), default=None)


def _mend(each: Bytes, source: PhotoStore, target: PhotoStore, carried: Carried) -> None:
    if copy_bytes(each, source, target) and hash_in(target, each.key) == each.sha256:
        carried.mended += 1
    else:
        carried.lost.append(each.key)


def _is_fresh(put_at: datetime | None, since: datetime | None) -> bool:
    return put_at is None or since is None or put_at >= since - _GRAIN


def _several(do: Callable[[Bytes], B], each: Iterable[Bytes]) -> Iterator[B]:
    """What a function makes of many, some at a time."""
    left = iter(each)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while batch := list(islice(left, 20 * AT_ONCE)):
            yield from pool.map(do, batch)
