"""What a picture looks like, in a few hundred bits that survive re-encoding. Pure.

Everything is made of one grey square of 160 × 160. Cutting a window out of it, resampling that and
transforming it to frequencies are linear, so each is folded into constant matrices: the rows are
done in one product for all windows, the columns in a second. The products are done eight rows at a
time: numerical libraries start threads for larger ones, which cost more than they bring.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.photos.evidence import SHIPPED, Thresholds

HASH_VERSION = 1
"""Grows with every change that gives other bits; `photos rehash` brings older rows along."""

SIDE = 160
_FEW, _MANY = 8, 16
_CENTRE_CROPS = (0.035, 0.056, 0.08, 0.106)
_EDGE = 0.1

Floats = NDArray[np.float32]
Window = tuple[float, float]

WHOLE: Window = (0.0, 1.0)
_CENTRES: tuple[Window, ...] = tuple((cut, 1 - cut) for cut in _CENTRE_CROPS)
_LESS_START: Window = (_EDGE, 1.0)
_LESS_END: Window = (0.0, 1 - _EDGE)

WINDOWS: tuple[tuple[Window, Window], ...] = (
    (WHOLE, WHOLE),
    *((centre, centre) for centre in _CENTRES),
    (_LESS_START, WHOLE),
    (_LESS_END, WHOLE),
    (WHOLE, _LESS_START),
    (WHOLE, _LESS_END),
)
"""From top to bottom and from left to right, as shares of a side: the whole picture, four windows
around its middle, and the picture less a tenth at each of its edges."""

MIDDLE = 3
"""The window that leaves out most of what turning a picture or photographing a screen changes."""


@dataclass(frozen=True, slots=True)
class Hashes:
    """What a picture looks like.

    `windows` are 64 bits each (uint64), in the order of WINDOWS; `turned` those of the whole
    picture mirrored and turned by quarters, the seven other ways to hang it; `gradient` says where
    it grows brighter to the right; `fine` is the whole picture in 256 bits (32 bytes). `detail` is
    how strong the middle one of its frequencies is, in levels of grey; `entropy` how many bits its
    levels take a pixel.
    """

    windows: NDArray[np.uint64]
    turned: NDArray[np.uint64]
    gradient: np.uint64
    fine: bytes
    detail: float
    entropy: float

    @property
    def whole(self) -> np.uint64:
        """The hash of the whole picture as it hangs."""
        found: np.uint64 = self.windows[0]
        return found

    def shows_little(self, limits: Thresholds = SHIPPED) -> bool:
        """Whether it shows too little to be told from others like it.

        With little detail the middle frequency is noise: plain walls, fog, the sky. With little
        entropy there are a few flat tones: night, black frames, plain signs.
        """
        return self.detail < limits.least_detail or self.entropy < limits.least_entropy


def hashes_of(grey: bytes) -> Hashes:
    """The hashes of a grey square: SIDE × SIDE levels, row by row, the right way up."""
    levels = np.frombuffer(grey, np.uint8)
    square = levels.reshape(SIDE, SIDE).astype(np.float32)
    rows = _ROWS @ square
    few = rows[: len(WINDOWS)] @ _COLUMNS
    many = rows[len(WINDOWS) : -1].reshape(_MANY, SIDE) @ _MANY_COLUMNS
    brighter = rows[-1] @ _STEPS > 0
    return Hashes(
        windows=_bits(few),
        turned=_bits(_turned(few[0])),
        gradient=_packed(brighter.reshape(1, -1))[0],
        fine=np.packbits(many > np.median(many)).tobytes(),
        detail=float(np.median(np.abs(few[0]))),
        entropy=_entropy(levels),
    )


def _entropy(levels: NDArray[np.uint8]) -> float:
    """Bits that a level takes on average (Shannon)."""
    counts = np.bincount(levels)
    shares = counts[counts > 0] / levels.size
    return float(-(shares * np.log2(shares)).sum())


def _bits(transforms: Floats) -> NDArray[np.uint64]:
    """One hash of each transform: which frequencies are above its median, exactly half of them."""
    flat = transforms.reshape(len(transforms), -1)
    return _packed(flat > np.median(flat, axis=1, keepdims=True))


def _packed(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Neighbours are alike, and a look-up by thirds of a hash meets least where they are apart."""
    return np.packbits(np.take(bits, _APART, axis=1), axis=1).view(">u8")[:, 0].astype(np.uint64)


_APART = sorted(range(64), key=lambda bit: bit % 3)


def _turned(transform: Floats) -> Floats:
    """The transforms of a picture mirrored and turned: odd frequencies change their sign, and a
    quarter turn exchanges rows and columns."""
    odd = np.where(np.arange(_FEW) % 2, -1, 1).astype(np.float32)
    found = [
        each * rows[:, None] * columns
        for each in (transform, transform.T)
        for rows in (1 + 0 * odd, odd)
        for columns in (1 + 0 * odd, odd)
    ]
    return np.stack(found[1:])


def _frequencies(count: int, window: Window) -> Floats:
    """The first cosines over a window of the square's side, each integrated pixel by pixel."""
    start, end = window
    edges = np.clip((np.arange(SIDE + 1) / SIDE - start) / (end - start), 0, 1)
    waves = np.arange(1, count)[:, None] * np.pi
    steps = np.diff(np.sin(waves * edges) / waves, axis=1) * np.sqrt(2)
    return np.vstack([np.diff(edges)[None], steps]).astype(np.float32)


def _means(count: int) -> Floats:
    """The mean of each of so many equal parts of the square's side."""
    edges = np.clip(np.arange(SIDE + 1)[None] * count / SIDE - np.arange(count)[:, None], 0, 1)
    return np.diff(edges, axis=1).astype(np.float32)


_ROWS = np.concatenate(
    [
        *(_frequencies(_FEW, rows) for rows, _ in WINDOWS),
        _frequencies(_MANY, WHOLE),
        _means(_FEW),
    ]
).reshape(-1, _FEW, SIDE)
_COLUMNS = np.stack([_frequencies(_FEW, columns).T for _, columns in WINDOWS])
_MANY_COLUMNS = _frequencies(_MANY, WHOLE).T
_STEPS = np.diff(_means(_FEW + 1), axis=0).T
