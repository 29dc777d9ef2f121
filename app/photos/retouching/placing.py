"""Where the changed patches lie, on either photo, in shares of its width and height. Pure."""

from dataclasses import dataclass

import numpy as np

from app.photos.retouching.sampling import Laid, Truths

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A box from the upper left corner, in shares of the upright picture's width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Area:
    """One changed patch: where the after-photo shows it, and the same place before."""

    after: Box
    before: Box


def area_of(blocks: Truths, block: int, laid: Laid, before: tuple[int, int]) -> Area:
    """The box round blocks of `block` pixels; `before`: the size of the picture laid over."""
    height, width = laid.levels.shape
    rows, columns = np.nonzero(blocks)
    xs = np.array([columns.min() * block, min((columns.max() + 1) * block, width)], np.float64)
    ys = np.array([rows.min() * block, min((rows.max() + 1) * block, height)], np.float64)
    x, y = (each.ravel() for each in np.meshgrid(xs - width / 2, ys - height / 2))
    there_x = laid.a * x - laid.b * y + laid.u + before[0] / 2
    there_y = laid.b * x + laid.a * y + laid.v + before[1] / 2
    return Area(_box(xs, ys, (width, height)), _box(there_x, there_y, before))


def _box(xs: np.ndarray, ys: np.ndarray, size: tuple[int, int]) -> Box:
    across, down = np.clip(xs / size[0], 0, 1), np.clip(ys / size[1], 0, 1)
    left, top = (round(float(each.min()), _DIGITS) for each in (across, down))
    wide, tall = (float(each.max()) - at for each, at in ((across, left), (down, top)))
    return Box(left, top, round(wide, _DIGITS), round(tall, _DIGITS))
