"""Whether an after-photo is its before-photo's very pixels but for a patch. Pure.

A copy differs from what it was made of evenly, by what recompression does; a second photograph
differs wherever there is an edge, for it was taken from another spot, in other light.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from app.photos.evidence import Thresholds
from app.photos.retouching.placing import Area, area_of
from app.photos.retouching.registering import Levels, Truths, lay_over

_SIDE, _BLOCK = 360, 12
_BROAD = 6
_RICH = 3.0
_CHANGED, _CHANGED_LEVELS = 0.5, 4.0
_SMALLEST_PATCH, _MOST_PATCHES = 3, 3
_MOST_CHANGED, _LEAST_KEPT, _LEAST_SHARED = 0.4, 0.12, 0.3


@dataclass(frozen=True, slots=True)
class Patch:
    """What was changed: the largest patch in pixels of the after-photo, and all of them, the
    largest first. Of the rest, the share of the detail that differs: `middle` in the middle block,
    `most` in all but a tenth of the blocks."""

    x: int
    y: int
    width: int
    height: int
    areas: tuple[Area, ...]
    middle: float
    most: float


def painted_patch(before: Image.Image, after: Image.Image, limits: Thresholds) -> Patch | None:
    """The patch that alone tells the after-photo from the before-photo; None: no such thing."""
    found = closest_patch(before, after)
    if found is None:
        return None
    even = found.middle <= limits.retouched_middle and found.most <= limits.retouched_most
    return found if even else None


def closest_patch(before: Image.Image, after: Image.Image) -> Patch | None:
    """The largest patch, however unlike the rest is; None: nothing is changed or too much."""
    one, two = (_grey(each) for each in (after, before))
    laid = lay_over(one, two)
    if laid.inside.mean() < _LEAST_SHARED:
        return None
    ratio, rich, changed = _differences(np.asarray(one, np.float32), laid.levels, laid.inside)
    patches = sorted(_patches(changed), key=lambda each: -int(each.sum()))[:_MOST_PATCHES]
    if not patches:
        return None
    covered = _grown(np.logical_or.reduce(patches))
    kept = rich & ~covered
    if kept.mean() < _LEAST_KEPT or changed.mean() > _MOST_CHANGED:
        return None
    middle, most = (float(each) for each in np.quantile(ratio[kept], (0.5, 0.9)))
    areas = tuple(area_of(each, _BLOCK, laid, two.size) for each in patches)
    return _told(areas, after.size, middle, most)


def _grey(image: Image.Image) -> Image.Image:
    by = _SIDE / max(image.size)
    size = (max(1, round(image.width * by)), max(1, round(image.height * by)))
    return image.convert("L").resize(size, Image.Resampling.BOX)


def _differences(first: Levels, second: Levels, inside: Truths) -> tuple[Levels, Truths, Truths]:
    """Of each block: the share of its detail that differs, whether it has any, whether it is
    another thing altogether."""
    first, second = _fine(first), _fine(second)
    second = second * _gain(first, second, inside)
    whole = _blocks(inside.astype(np.float32)).min(axis=(1, 3)) > 0
    apart = _strength(first - second)
    detail = np.maximum(_strength(first), _strength(second))
    ratio = apart / (detail + 1)
    changed = whole & (ratio > _CHANGED) & (apart > _CHANGED_LEVELS)
    return ratio, whole & (detail > _RICH), changed


def _fine(levels: Levels) -> Levels:
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


def _gain(first: Levels, second: Levels, inside: Truths) -> float:
    """By how much the second's contrast is to be raised; what was changed has little say."""
    one, other, gain = first[inside], second[inside], 1.0
    for _ in range(4):
        apart = np.abs(one - gain * other)
        weight = 1 / (1 + (apart / (2 * np.median(apart) + 0.5)) ** 2) ** 2
        gain = float((weight * one * other).sum() / ((weight * other * other).sum() + 1e-6))
    return gain


def _strength(levels: Levels) -> Levels:
    strength: Levels = np.sqrt((_blocks(levels) ** 2).mean(axis=(1, 3)))
    return strength


def _blocks(levels: Levels) -> np.ndarray:
    height, width = (side // _BLOCK for side in levels.shape)
    cut = levels[: height * _BLOCK, : width * _BLOCK]
    return cut.reshape(height, _BLOCK, width, _BLOCK)


def _grown(blocks: Truths) -> Truths:
    """The blocks and all around them."""
    wide = np.pad(blocks, 1)
    height, width = blocks.shape
    shifts = [wide[y : y + height, x : x + width] for y in range(3) for x in range(3)]
    grown: Truths = np.logical_or.reduce(shifts)
    return grown


def _patches(changed: Truths) -> list[Truths]:
    """Changed blocks that hang together, diagonals too."""
    left, found = changed.copy(), []
    while left.any():
        patch = np.zeros_like(left)
        patch[tuple(np.argwhere(left)[0])] = True
        while (grown := _grown(patch) & left).sum() > patch.sum():
            patch = grown
        left &= ~patch
        if patch.sum() >= _SMALLEST_PATCH:
            found.append(patch)
    return found


def _told(areas: tuple[Area, ...], size: tuple[int, int], middle: float, most: float) -> Patch:
    (width, height), box = size, areas[0].after
    left, top = round(box.x * width), round(box.y * height)
    right, bottom = round((box.x + box.width) * width), round((box.y + box.height) * height)
    return Patch(left, top, right - left, bottom - top, areas, middle, most)
