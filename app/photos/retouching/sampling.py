"""One picture read where another's pixels lie on it. Pure."""

from dataclasses import dataclass

import numpy as np

Levels = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Truths = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Laid:
    """The second picture brought onto the first one's pixels. `inside`: where it has any.

    A pixel of the first at (x, y) from its centre is the second's at (a·x − b·y + u, b·x + a·y + v)
    from its centre.
    """

    levels: Levels
    inside: Truths
    a: float
    b: float
    u: float
    v: float


def joined(params: np.ndarray, da: float, db: float, du: float, dv: float) -> np.ndarray:
    """The old way after a small new one."""
    a, b, u, v = (float(each) for each in params)
    one = 1 + da
    return np.array([a * one - b * db, b * one + a * db, a * du - b * dv + u, b * du + a * dv + v])


def from_centre(levels: Levels) -> tuple[Levels, Levels]:
    """How far each pixel lies below and to the right of the centre."""
    height, width = levels.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return y - (height - 1) / 2, x - (width - 1) / 2


def laid(first: Levels, second: Levels, params: np.ndarray) -> Laid:
    """The second on the first's pixels, linearly between its own."""
    a, b, u, v = (float(each) for each in params)
    y, x = from_centre(first)
    height, width = second.shape
    at_x = a * x - b * y + u + (width - 1) / 2
    at_y = b * x + a * y + v + (height - 1) / 2
    inside = (at_x >= 1) & (at_y >= 1) & (at_x < width - 2) & (at_y < height - 2)
    low_x = np.clip(at_x.astype(np.int32), 0, width - 2)
    low_y = np.clip(at_y.astype(np.int32), 0, height - 2)
    part_x, part_y = at_x - low_x, at_y - low_y
    flat = second.ravel()
    base = low_y * width + low_x
    top = flat[base] * (1 - part_x) + flat[base + 1] * part_x
    low = flat[base + width] * (1 - part_x) + flat[base + width + 1] * part_x
    levels = (top * (1 - part_y) + low * part_y).astype(np.float32)
    return Laid(levels, inside, a, b, u, v)
