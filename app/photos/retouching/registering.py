"""Laying one picture over another: shift, scale and small turn, with brightness and contrast. Pure.

Coarse to fine, least squares of the levels with weights that fall off where the two differ, so that
a painted patch does not pull; last of the detail alone, weighed block by block, to a few hundredths
of a pixel. No perspective on purpose: a second photograph has one, a copy none.
"""

import numpy as np
from PIL import Image

from app.photos.retouching.detail import BLOCK, fine, gain, strength, whole_blocks
from app.photos.retouching.sampling import Laid, Levels, Truths, from_centre, joined, laid

_SMALLEST = 32
_STEPS, _LAST_STEPS = 14, 5
_RICH, _UNLIKE = 3.0, 0.25
_STILL = 0.02


def lay_over(first: Image.Image, second: Image.Image) -> Laid:
    """Registers the second onto the first; both grey, of about one size."""
    long_side = max(first.size)
    sides = [long_side // 2]
    while sides[-1] // 2 >= _SMALLEST:
        sides.append(sides[-1] // 2)
    params, before = np.array([1.0, 0.0, 0.0, 0.0]), sides[-1]
    for side in reversed(sides):
        params[2:] *= side / before
        one, two = (_smaller(each, side / long_side) for each in (first, second))
        params = _refined(one, two, params)
        before = side
    params[2:] *= long_side / before
    return _brought_close(np.asarray(first, np.float32), np.asarray(second, np.float32), params)


def _smaller(image: Image.Image, by: float) -> Levels:
    size = (max(8, round(image.width * by)), max(8, round(image.height * by)))
    kept = image if size == image.size else image.resize(size, Image.Resampling.BOX)
    return np.asarray(kept, np.float32)


def _refined(first: Levels, second: Levels, params: np.ndarray) -> np.ndarray:
    """Gauss-Newton on shift, scale and turn; gain and offset are solved for beside them."""
    y, x = from_centre(first)
    for _ in range(_STEPS):
        now = laid(first, second, params)
        slope_y, slope_x = np.gradient(now.levels)
        inside = now.inside
        ones = np.ones(int(inside.sum()), np.float32)
        if ones.size < 64:
            break
        gx, gy, xs, ys = slope_x[inside], slope_y[inside], x[inside], y[inside]
        # Slopes are those of the laid picture: of the second they would be turned and scaled.
        columns = np.stack(
            [gx * xs + gy * ys, gy * xs - gx * ys, gx, gy, now.levels[inside], ones], axis=1
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
        params = joined(params, da, db, du, dv)
        if _is_still(first, da, db, du, dv):
            break
    return params


def _is_still(first: Levels, da: float, db: float, du: float, dv: float) -> bool:
    reach = max(first.shape) / 2
    return max(abs(da) * reach, abs(db) * reach, abs(du), abs(dv)) < _STILL


def _brought_close(first: Levels, second: Levels, params: np.ndarray) -> Laid:
    """Gauss-Newton on the detail; blocks that are another thing altogether have no say."""
    wanted = fine(first)
    height, width = (side // BLOCK * BLOCK for side in first.shape)
    y, x = (each[:height, :width] for each in from_centre(first))
    for _ in range(_LAST_STEPS):
        now = laid(first, second, params)
        there = fine(now.levels)
        there = there * gain(wanted, there, now.inside)
        weight = np.kron(_say(wanted, there, now.inside), np.ones((BLOCK, BLOCK), np.float32))
        apart = (wanted - there)[:height, :width]
        gy, gx = (each[:height, :width] for each in np.gradient(there))
        columns = np.stack([gx * x + gy * y, gy * x - gx * y, gx, gy], -1).reshape(-1, 4)
        weighed = columns * weight.reshape(-1, 1)
        normal = weighed.T @ columns
        normal[np.diag_indices(4)] *= 1.0001
        try:
            found = np.linalg.solve(normal, weighed.T @ apart.ravel())
        except np.linalg.LinAlgError:
            break
        da, db, du, dv = (float(each) for each in found)
        params = joined(params, da, db, du, dv)
        if _is_still(first, da, db, du, dv):
            break
    return laid(first, second, params)


def _say(first: Levels, second: Levels, inside: Truths) -> Levels:
    """The weight of each block: by how alike it is, whatever its contrast."""
    detail = np.maximum(strength(first), strength(second))
    ratio = strength(first - second) / (detail + 1)
    whole = whole_blocks(inside)
    rich = ratio[whole & (detail > _RICH)]
    usual = max(_UNLIKE, 1.5 * float(np.median(rich))) if rich.size else _UNLIKE
    weight: Levels = whole / (1 + (ratio / usual) ** 4) / (detail**2 + 9)
    return weight


def _weights(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Full weight where the two agree but for gain and offset, little where they do not."""
    spread = float(one.std()) or 1.0
    gain = max(0.3, min(3.0, float(other.std()) / spread))
    apart = np.abs((one - np.median(one)) * gain - (other - np.median(other)))
    scale = 2.0 * float(np.median(apart)) + 2.0
    weight: np.ndarray = 1 / (1 + (apart / scale) ** 2) ** 2
    return weight.astype(np.float32)
