"""Exact look-up of 64-bit hashes by parts of them (pigeonhole). Pure.

A hash is cut into three bands of 21, 21 and 22 bits. Two hashes that differ in at most 8 bits
differ in at most 2 within one of the bands: so whoever looks at every value within 2 bits of each
of the three bands (232 + 232 + 254 values) meets all of them.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

RADIUS = 8
BANDS = ((0, 21), (21, 21), (42, 22))
"""Each band's lowest bit and width."""

_BAND_RADIUS = 2
_KIND_AT = 22

Hashes64 = NDArray[np.uint64]
Keys = NDArray[np.int64]

assert len(BANDS) * (_BAND_RADIUS + 1) > RADIUS


def keys_of(hashes: Hashes64, kind: NDArray[np.int64] | int) -> Keys:
    """The three keys of each hash, a row each; hashes of different kinds share no key."""
    parts = [_part(hashes, *band) for band in BANDS]
    return np.stack(parts, axis=1) | (np.asarray(kind) << _KIND_AT).reshape(-1, 1)


def keys_around(hashes: Hashes64, kind: int) -> list[Keys]:
    """For each of the three bands the keys of all hashes of a kind within RADIUS of any of
    these, and of others."""
    keys = keys_of(hashes, kind)
    return [
        (keys[:, number, None] ^ near[None]).reshape(-1) for number, near in enumerate(_NEIGHBOURS)
    ]


def distances(some: Hashes64, others: Hashes64) -> NDArray[np.uint8]:
    """How many bits differ between each of some hashes (rows) and each of others (columns)."""
    apart: NDArray[np.uint8] = np.bitwise_count(some[:, None] ^ others[None])
    return apart


def _part(hashes: Hashes64, lowest: int, width: int) -> Keys:
    return (hashes >> np.uint64(lowest) & np.uint64((1 << width) - 1)).astype(np.int64)


def _neighbours(width: int) -> Keys:
    """What to flip in a band of so many bits: nothing, one bit, or two."""
    flips = (
        sum(1 << bit for bit in bits)
        for count in range(_BAND_RADIUS + 1)
        for bits in combinations(range(width), count)
    )
    return np.fromiter(flips, np.int64)


_NEIGHBOURS = [_neighbours(width) for _, width in BANDS]
