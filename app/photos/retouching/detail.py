"""The detail of two pictures laid over each other, block by block: how much, and how alike. Pure.

Light differs broadly and recompression finely; what is between tells pictures apart.
"""

import numpy as np

from app.photos.retouching.sampling import Levels, Truths

BLOCK = 12
"""Pixels on a side."""
_BROAD, _EDGES = 6, 1.0


def fine(levels: Levels) -> Levels:
    """Detail of a few pixels: finer is what recompression takes, broader is light."""
    soft = _mean(_mean(levels, 1), 1)
    return soft - _mean(soft, _BROAD)


def _mean(levels: Levels, reach: int) -> Levels:
    side = 2 * reach + 1
    padded = np.pad(levels, reach, mode="edge").astype(np.float64)
    sums = np.pad(padded.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    total = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    mean: Levels = (total / side**2).astype(np.float32)
    return mean


def gain(first: Levels, second: Levels, inside: Truths) -> float:
    """By how much the second's contrast is to be raised; what was changed has little say."""
    one, other, found = first[inside], second[inside], 1.0
    for _ in range(4):
        apart = np.abs(one - found * other)
        weight = 1 / (1 + (apart / (2 * np.median(apart) + 0.5)) ** 2) ** 2
        found = float((weight * one * other).sum() / ((weight * other * other).sum() + 1e-6))
    return found


def blocks(levels: np.ndarray) -> np.ndarray:
    """Cut into blocks: rows of blocks, rows in a block, columns of blocks, columns in a block."""
    height, width = (side // BLOCK for side in levels.shape)
    cut = levels[: height * BLOCK, : width * BLOCK]
    return cut.reshape(height, BLOCK, width, BLOCK)


def strength(levels: Levels) -> Levels:
    """Root mean square of each block."""
    found: Levels = np.sqrt((blocks(levels) ** 2).mean(axis=(1, 3)))
    return found


def whole_blocks(inside: Truths) -> Truths:
    """The blocks of which all is inside."""
    return np.asarray(blocks(inside).all(axis=(1, 3)))


def uneven(first: Levels, second: Levels, told: Truths) -> Levels:
    """By how many levels each block is lighter or darker than one change of brightness and
    contrast for the whole picture would make it; `told`: the blocks to learn that change from."""
    one, other = (blocks(each).mean(axis=(1, 3)) for each in (first, second))
    slope, offset, weight = 1.0, 0.0, told.astype(np.float64)
    for _ in range(6):
        total = weight.sum() + 1e-6
        middle, of = (weight * other).sum() / total, (weight * one).sum() / total
        spread = (weight * (other - middle) ** 2).sum() + 1e-3 * total
        slope = float((weight * (other - middle) * (one - of)).sum() / spread)
        offset = of - slope * middle
        weight = told / (1 + ((one - slope * other - offset) / 3) ** 2) ** 2
    found: Levels = np.abs(one - slope * other - offset)
    return found


def around(each: np.ndarray) -> np.ndarray:
    """Of each block, it and its eight neighbours, stacked."""
    wide = np.pad(each, 1)
    height, width = each.shape
    return np.stack([wide[y : y + height, x : x + width] for y in range(3) for x in range(3)])


def shifts(first: Levels, second: Levels) -> tuple[Levels, Truths]:
    """By how many pixels the second's detail lies beside the first's, round each block, and where
    that can be told: where there are edges both ways."""
    both = (first + second) / 2
    down, across = np.gradient(both, axis=0), np.gradient(both, axis=1)
    apart = first - second
    pairs = ((across, across), (across, down), (down, down), (across, apart), (down, apart))
    xx, xy, yy, xd, yd = (around(blocks(a * b).mean(axis=(1, 3))).mean(axis=0) for a, b in pairs)
    least = (xx + yy) / 2 - np.hypot((xx - yy) / 2, xy)
    even = 1e-3 * (xx + yy) + 1e-6
    area = (xx + even) * (yy + even) - xy * xy
    to_x, to_y = ((yy + even) * xd - xy * yd) / area, ((xx + even) * yd - xy * xd) / area
    found: Levels = np.hypot(to_x, to_y)
    return found, least > _EDGES
