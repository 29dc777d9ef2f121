"""Whether an after-photo is its before-photo's very pixels but for a patch. Pure.

A copy differs from what it was made of evenly, by what recompression does, and lies on it to a
tenth of a pixel everywhere; a second photograph differs wherever there is an edge, for it was taken
from another spot, in other light.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from app.photos.evidence import Thresholds
from app.photos.retouching.detail import (
    BLOCK,
    around,
    blocks,
    fine,
    gain,
    shifts,
    strength,
    uneven,
    whole_blocks,
)
from app.photos.retouching.placing import Area, area_of
from app.photos.retouching.registering import lay_over
from app.photos.retouching.sampling import Laid, Levels, Truths

_SIDE, _NARROWEST = 360, 4
_RICH = 3.0
_CHANGED, _CHANGED_LEVELS, _CHANGED_LIGHT = 0.5, 4.0, 14.0
_SMALLEST_PATCH, _MOST_PATCHES = 3, 3
_MOST_CHANGED, _LEAST_KEPT, _LEAST_TOLD, _LEAST_SHARED = 0.4, 0.12, 0.02, 0.3
_ENDS, _MOST_CLIPPED = (5, 247), 0.1


@dataclass(frozen=True, slots=True)
class Patch:
    """What was changed: the largest patch in pixels of the after-photo, and all of them, the
    largest first. Of the rest, the share of the detail that differs: `middle` in the middle block,
    `most` in all but a tenth of the blocks; `shift` by how many
    thousandths of the long side it lies beside, in all but a tenth."""

    x: int
    y: int
    width: int
    height: int
    areas: tuple[Area, ...]
    middle: float
    most: float
    shift: float


@dataclass(frozen=True, slots=True)
class _Compared:
    """Of each block: the share of its detail that differs, whether it has any to speak of, whether
    it is another thing altogether, by how many pixels it lies beside, whether that can be told."""

    ratio: Levels
    rich: Truths
    changed: Truths
    shift: Levels
    told: Truths


def painted_patch(before: Image.Image, after: Image.Image, limits: Thresholds) -> Patch | None:
    """The patch that alone tells the after-photo from the before-photo; None: no such thing."""
    found = closest_patch(before, after)
    if found is None:
        return None
    even = found.middle <= limits.retouched_middle and found.most <= limits.retouched_most
    return found if even and found.shift <= limits.retouched_shift else None


def closest_patch(before: Image.Image, after: Image.Image) -> Patch | None:
    """The largest patch, however unlike the rest is; None: nothing is changed or too much."""
    one, two = (_grey(each) for each in (after, before))
    if min(*one.size, *two.size) < _NARROWEST * BLOCK:
        return None
    laid = lay_over(one, two)
    if laid.inside.mean() < _LEAST_SHARED:
        return None
    found = _compared(np.asarray(one, np.float32), laid)
    patches = sorted(_patches(found.changed), key=lambda each: -int(each.sum()))[:_MOST_PATCHES]
    if not patches or found.changed.mean() > _MOST_CHANGED:
        return None
    near = _grown(np.logical_or.reduce(patches))
    kept, still = found.rich & ~near, found.told & ~_grown(near)
    if kept.mean() < _LEAST_KEPT or still.mean() < _LEAST_TOLD:
        return None
    areas = tuple(area_of(each, BLOCK, laid, two.size) for each in patches)
    middle, most = (float(each) for each in np.quantile(found.ratio[kept], (0.5, 0.9)))
    shift = 1000 * float(np.quantile(found.shift[still], 0.9)) / _SIDE
    return _told(areas, after.size, middle, most, shift)


def _grey(image: Image.Image) -> Image.Image:
    by = _SIDE / max(image.size)
    size = (max(1, round(image.width * by)), max(1, round(image.height * by)))
    return image.convert("L").resize(size, Image.Resampling.LANCZOS)


def _compared(first: Levels, laid: Laid) -> _Compared:
    """Block by block; of the levels those at either end, where light clipped them, have no say."""
    one, two = fine(first), fine(laid.levels)
    two = two * gain(one, two, laid.inside)
    apart, detail = strength(one - two), np.maximum(strength(one), strength(two))
    ratio, whole = apart / (detail + 1), whole_blocks(laid.inside)
    unclipped = whole & ~(_is_clipped(first) | _is_clipped(laid.levels))
    changed = whole & (ratio > _CHANGED) & (apart > _CHANGED_LEVELS)
    changed |= unclipped & (uneven(first, laid.levels, unclipped) > _CHANGED_LIGHT)
    shift, told = shifts(one, two)
    return _Compared(ratio, unclipped & (detail > _RICH), changed, shift, unclipped & told)


def _is_clipped(levels: Levels) -> Truths:
    """The blocks of which more than a tenth is as dark or as light as can be."""
    dark, light = _ENDS
    share = blocks((levels <= dark) | (levels >= light)).mean(axis=(1, 3))
    return np.asarray(share > _MOST_CLIPPED)


def _grown(each: Truths) -> Truths:
    """The blocks and all around them."""
    return np.asarray(around(each).any(axis=0))


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


def _told(areas: tuple[Area, ...], size: tuple[int, int], *differences: float) -> Patch:
    (width, height), box = size, areas[0].after
    left, top = round(box.x * width), round(box.y * height)
    right, bottom = round((box.x + box.width) * width), round((box.y + box.height) * height)
    return Patch(left, top, right - left, bottom - top, areas, *differences)
