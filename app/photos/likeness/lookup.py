"""Which blobs look like a picture: exact within 8 bits, on SQLite and PostgreSQL alike.

One statement reads by the keys of every hash that may match, both ways: the new whole picture among
all windows of the older ones, the new one's windows and turned views among their whole pictures,
gradients among gradients; and the new one's middle among all windows, which finds what was turned a
few degrees or photographed from a screen. What lies too far is dropped here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Integer,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.photos.likeness.bands import RADIUS, Hashes64, Keys, distances, keys_around
from app.photos.likeness.hashing import HASH_VERSION, MIDDLE, Hashes
from app.photos.likeness.models import PictureHash
from app.photos.models import PhotoBlob

MOST = 10
"""Of the blobs alike so many of the nearest are told, and so many of the first that came."""

FAR = 64
"""The most by which hashes can differ."""

_MOST_READ = 100_000
"""Rows read at most: a picture that came ten thousand times shall not stop the next one."""

WHOLE, PART, GRADIENT = range(3)
_KEYS = (PictureHash.key_a, PictureHash.key_b, PictureHash.key_c)


@dataclass(frozen=True, slots=True)
class Alike:
    """A blob that looks like the picture asked about.

    `distance` is the smallest between hashes that are held against each other, `whole_distance`
    (FAR: not found near) and `fine_distance` those of the whole pictures as they hang, in 64 and in
    256 bits.
    """

    number: int
    distance: int
    whole_distance: int
    fine_distance: int


@dataclass(frozen=True, slots=True)
class _Near:
    """A blob whose hashes are near; `whole` is how far apart the whole pictures are."""

    number: int
    distance: int
    whole: int


def alike_blobs(session: Session, hashes: Hashes, *, but: int) -> list[Alike]:
    """The blobs that look like a picture, the first that came first, without one (`but`).

    Of more than 20 the nearest ten and the first ten. One statement, and one more when there are
    any. Those with hashes of another version are not compared.
    """
    near = [each for each in near_blobs(session, hashes) if each.number != but]
    return _confirmed(session, hashes, _told(near))


def near_blobs(session: Session, hashes: Hashes) -> list[_Near]:
    """Every blob with a hash within RADIUS bits of one of the picture's that it is held against."""
    wanted = _wanted(hashes)
    embedded = session.get_bind().dialect.name == "sqlite"
    groups = [keys_around(one, kind) for kind, one in wanted.items()]
    given = {
        f"keys_{number}": _listed(np.concatenate(keys), embedded)
        for number, keys in enumerate(zip(*groups, strict=True))
    }
    rows = session.execute(_candidates(embedded), given).all()
    # An array of the rows themselves would take longer than the look-up.
    numbers = np.fromiter(chain.from_iterable(rows), np.int64, 3 * len(rows))
    return _near(wanted, numbers.reshape(-1, 3))


def _wanted(hashes: Hashes) -> dict[int, Hashes64]:
    """For each kind of stored hash the new ones that are held against it."""
    return {
        WHOLE: np.concatenate([hashes.windows, hashes.turned]),
        PART: hashes.windows[[0, MIDDLE]],
        GRADIENT: np.array([hashes.gradient]),
    }


def kinds_of(parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The kind of each part of a picture: the whole, a window of it, or the gradient."""
    return np.select([parts == 0, parts < 9], [WHOLE, PART], GRADIENT)


@cache
def _candidates(embedded: bool) -> CompoundSelect[int, int, int]:
    """Number, part and hash of all that shares a key with what is asked."""
    columns = (PictureHash.number, PictureHash.part, PictureHash.hash)
    found = (
        select(*columns).where(key == _given(f"keys_{number}", embedded))
        for number, key in enumerate(_KEYS)
    )
    return union_all(*found).limit(_MOST_READ)


def _listed(keys: Keys, embedded: bool) -> str:
    """Keys in order, each once, as JSON for SQLite and as an array for PostgreSQL: one text either
    way, since drivers take their time over thousands of numbers."""
    inner = json.dumps(np.unique(keys).tolist())[1:-1]
    return f"[{inner}]" if embedded else f"{{{inner}}}"


def _given(name: str, embedded: bool) -> ColumnElement[int]:
    """The keys of a parameter, as a table that is joined.

    PostgreSQL holds every row against every key of `= ANY(array)` where it reads a small table
    whole: seconds with five hundred photos.
    """
    keys = bindparam(name, type_=Text)
    if embedded:
        return func.json_each(keys).table_valued(column("value", Integer)).c.value
    return func.unnest(cast(keys, ARRAY(Integer))).column_valued()


def _near(wanted: dict[int, Hashes64], rows: NDArray[np.int64]) -> list[_Near]:
    """The rows within RADIUS of what they are held against, one for each blob."""
    kinds, stored = kinds_of(rows[:, 1]), rows[:, 2].view(np.uint64)
    least: dict[int, tuple[int, int]] = {}
    for kind, asked in wanted.items():
        mine = kinds == kind
        apart = distances(stored[mine], asked)
        if not apart.size:
            continue
        whole = apart[:, 0] if kind == WHOLE else np.full(len(apart), FAR)
        kept = np.flatnonzero(apart.min(axis=1) <= RADIUS)
        numbers, nearest = rows[mine, 0][kept], apart.min(axis=1)[kept]
        for number, *both in np.stack([numbers, nearest, whole[kept]], axis=1).tolist():
            known = least.get(number, (FAR, FAR))
            least[number] = (min(known[0], both[0]), min(known[1], both[1]))
    return [_Near(number, *both) for number, both in sorted(least.items())]


def _told(near: Sequence[_Near]) -> list[_Near]:
    nearest = sorted(near, key=lambda each: (each.distance, each.number))[:MOST]
    return sorted({*near[:MOST], *nearest}, key=lambda each: each.number)


def _confirmed(session: Session, hashes: Hashes, near: Sequence[_Near]) -> list[Alike]:
    """With the distance in 256 bits."""
    if not near:
        return []
    rows = session.execute(
        select(PhotoBlob.number, PhotoBlob.fine_hash).where(
            PhotoBlob.number.in_([each.number for each in near]),
            PhotoBlob.hash_version == HASH_VERSION,
        )
    )
    fine = {number: fine_hash for number, fine_hash in rows}
    found = []
    for each in near:
        if (other := fine.get(each.number)) is not None:
            apart = fine_distance(hashes.fine, other)
            found.append(Alike(each.number, each.distance, each.whole, apart))
    return found


def fine_distance(one: bytes, other: bytes) -> int:
    """How many of 256 bits differ."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()
