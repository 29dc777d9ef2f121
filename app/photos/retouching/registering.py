"""Laying one picture over another: shift, scale and small turn, with brightness and contrast. Pure.

Coarse to fine, least squares of the levels with weights that fall off where the two differ, so that
a painted patch does not pull. No perspective on purpose: a second photograph has one, a copy none.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

Levels = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Truths = np.ndarray[tuple[int, int], np.dtype[np.bool_]]
_SMALLEST = 32
_STEPS, _LAST_STEPS = 14, 4
_STILL = 0.02


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


def lay_over(first: Image.Image, second: Image.Image) -> Laid:
    """Registers the second onto the first; both grey, of about one size."""
    long_side = max(first.size)
    sides = [long_side]
    while sides[-1] // 2 >= _SMALLEST:
        sides.append(sides[-1] // 2)
    params, before = np.array([1.0, 0.0, 0.0, 0.0]), sides[-1]
    for side in reversed(sides):
        params[2:] *= side / before
        one, two = (_smaller(each, side / long_side) for each in (first, second))
        steps = _LAST_STEPS if side == long_side else _STEPS
        params = _refined(one, two, params, steps)
        before = side
    return _laid(np.asarray(first, np.float32), np.asarray(second, np.float32), params)


def _smaller(image: Image.Image, by: float) -> Levels:
    size = (max(8, round(image.width * by)), max(8, round(image.height * by)))
    kept = image if size == image.size else image.resize(size, Image.Resampling.BOX)
    return np.asarray(kept, np.float32)


def _refined(first: Levels, second: Levels, params: np.ndarray, steps: int) -> np.ndarray:
    """Gauss-Newton on shift, scale and turn; gain and offset are solved for beside them."""
    y, x = _from_centre(first)
    for _ in range(steps):
        laid = _laid(second=second, first=first, params=params)
        slope_y, slope_x = np.gradient(laid.levels)
        inside = laid.inside
        ones = np.ones(int(inside.sum()), np.float32)
        if ones.size < 64:
            break
        gx, gy, xs, ys = slope_x[inside], slope_y[inside], x[inside], y[inside]
        # Slopes are those of the laid picture: of the second they would be turned and scaled.
        columns = np.stack(
            [gx * xs + gy * ys, gy * xs - gx * ys, gx, gy, laid.levels[inside], ones], axis=1
        )
        wanted = first[inside]
        weight = _weights(columns[:, 4], wanted)
        normal = (columns * weight[:, None]).T @ columns
        normal[np.diag_indices(6)] *= 1.0001
        try:
            found = np.linalg.solve(normal, (columns * weight[:, None]).T @ wanted)
        except np.linalg.LinAlgError:
            break
        gain = found[4] if abs(found[4]) > 0.2 else 1.0
        da, db, du, dv = (float(each) for each in found[:4] / gain)
        params = _joined(params, da, db, du, dv)
        reach = max(first.shape) / 2
        if max(abs(da) * reach, abs(db) * reach, abs(du), abs(dv)) < _STILL:
            break
    return params


def _joined(params: np.ndarray, da: float, db: float, du: float, dv: float) -> np.ndarray:
    """The old way after a small new one."""
    a, b, u, v = (float(each) for each in params)
    one = 1 + da
    return np.array([a * one - b * db, b * one + a * db, a * du - b * dv + u, b * du + a * dv + v])


def _weights(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Full weight where the two agree but for gain and offset, little where they do not."""
    spread = float(one.std()) or 1.0
    gain = max(0.3, min(3.0, float(other.std()) / spread))
    apart = np.abs((one - np.median(one)) * gain - (other - np.median(other)))
    scale = 2.0 * float(np.median(apart)) + 2.0
    weight: np.ndarray = 1 / (1 + (apart / scale) ** 2) ** 2
    return weight.astype(np.float32)


def _from_centre(levels: Levels) -> tuple[Levels, Levels]:
    height, width = levels.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return y - (height - 1) / 2, x - (width - 1) / 2


def _laid(first: Levels, second: Levels, params: np.ndarray) -> Laid:
    a, b, u, v = (float(each) for each in params)
    y, x = _from_centre(first)
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
