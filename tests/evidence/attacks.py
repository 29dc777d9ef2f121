"""What is done to a photo so that it passes for another one, and what a chat does to every one."""

import io
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

Change = Callable[[Image.Image, random.Random], Image.Image]
CHAT_LONG_SIDE, CHAT_QUALITY = 1080, 70
DARK = (12, 12, 14)


@dataclass(frozen=True)
class Attack:
    """A change with its name and the share (%) of photos that are to be recognised after it."""

    name: str
    change: Change
    expected: int | None = 98


def through_a_chat(image: Image.Image) -> Image.Image:
    """As a messenger passes a picture on: at most 1080 px long, JPEG quality 70."""
    small = image.convert("RGB")
    small.thumbnail((CHAT_LONG_SIDE, CHAT_LONG_SIDE), Image.Resampling.BILINEAR)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=CHAT_QUALITY)
    return Image.open(io.BytesIO(out.getvalue()))


def _cut(left: float, top: float, right: float, bottom: float) -> Change:
    def change(image: Image.Image, _: random.Random) -> Image.Image:
        width, height = image.size
        box = (width * left, height * top, width * (1 - right), height * (1 - bottom))
        return image.crop(tuple(round(side) for side in box))  # type: ignore[arg-type]

    return change


def _off_centre(share: float) -> Change:
    """Shares up to one off each side, each its own."""

    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        return _cut(*(chance.uniform(0, share) for _ in range(4)))(image, chance)

    return change


def _brighter(factor: float) -> Change:
    return lambda image, _: ImageEnhance.Brightness(image).enhance(factor)


def _strip(share: float, top: float, colour: tuple[int, int, int]) -> Change:
    """An opaque strip over the whole width, with something like a caption on it."""

    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        image = image.copy()
        pen, (width, height) = ImageDraw.Draw(image), image.size
        first, tall = height * top, height * share
        pen.rectangle((0, first, width, first + tall), colour)
        for _ in range(8):
            x = chance.uniform(0.02, 0.9) * width
            box = (x, first + tall * 0.3, x + width * 0.06, first + tall * 0.7)
            pen.rectangle(box, tuple(255 - level for level in colour))
        return image

    return change


def _transposed(turn: Image.Transpose) -> Change:
    return lambda image, _: image.transpose(turn)


def _rotated(degrees: float, how: str) -> Change:
    def change(image: Image.Image, _: random.Random) -> Image.Image:
        turned = image.rotate(degrees, Image.Resampling.BICUBIC, expand=how == "grown")
        if how != "cut":
            return turned
        angle, (width, height) = math.radians(abs(degrees)), image.size
        x, y = round(height * math.sin(angle) / 2), round(width * math.sin(angle) / 2)
        return turned.crop((x, y, width - x, height - y))

    return change


def _on_a_screen(border: float) -> Change:
    """Photographed from a screen: a little askew, banded, unevenly lit, bluish, grainy, soft."""

    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        seen = np.asarray(askew(image, chance, 0.02, border), np.float32)
        y, x = np.mgrid[0 : seen.shape[0], 0 : seen.shape[1]]
        bands = np.sin(x * chance.uniform(1.6, 2.5)) * np.sin(y * chance.uniform(1.6, 2.5))
        slope = chance.uniform(-0.15, 0.15) * (x / seen.shape[1] - 0.5)
        slope = slope + chance.uniform(-0.15, 0.15) * (y / seen.shape[0] - 0.5)
        lit = seen * ((1 + 0.08 * bands) * (1 + slope))[..., None] * (0.84, 0.9, 0.95) + 12
        grain = np.random.default_rng(chance.getrandbits(32)).normal(0, 4, lit.shape)
        levels = np.clip(lit + grain, 0, 255).astype(np.uint8)
        return Image.fromarray(levels).filter(ImageFilter.GaussianBlur(1))

    return change


def askew(image: Image.Image, chance: random.Random, by: float, border: float) -> Image.Image:
    """The picture with each corner moved by up to a share, a border of the screen around it."""
    width, height = image.size
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    rows, sides = [], []
    for x, y in corners:
        to_x = x + width * ((border if x == 0 else -border) + chance.uniform(-by, by))
        to_y = y + height * ((border if y == 0 else -border) + chance.uniform(-by, by))
        rows.append([to_x, to_y, 1, 0, 0, 0, -x * to_x, -x * to_y])
        rows.append([0, 0, 0, to_x, to_y, 1, -y * to_x, -y * to_y])
        sides += [x, y]
    data = np.linalg.solve(np.array(rows), np.array(sides)).tolist()
    kind = Image.Transform.PERSPECTIVE
    return image.transform(image.size, kind, data, Image.Resampling.BICUBIC, fillcolor=DARK)


def _edges() -> list[Attack]:
    names = ("左边", "上边", "右边", "下边")
    return [
        Attack(
            f"裁{name} {round(share * 100)}%",
            _cut(*(share if name == each else 0 for each in names)),
        )
        for share in (0.05, 0.1)
        for name in names
    ]


TURNS = {
    Image.Transpose.FLIP_LEFT_RIGHT: "左右镜像",
    Image.Transpose.FLIP_TOP_BOTTOM: "上下镜像",
    Image.Transpose.ROTATE_90: "左转 90°",
    Image.Transpose.ROTATE_180: "转 180°",
    Image.Transpose.ROTATE_270: "右转 90°",
    Image.Transpose.TRANSPOSE: "镜像并左转 90°",
    Image.Transpose.TRANSVERSE: "镜像并右转 90°",
}

ATTACKS: tuple[Attack, ...] = (
    Attack("聊天软件转发", lambda image, _: image),
    Attack("调暗至 0.7", _brighter(0.7)),
    Attack("调亮至 1.3", _brighter(1.3)),
    Attack("对比度降至 0.7", lambda image, _: ImageEnhance.Contrast(image).enhance(0.7)),
    *(Attack(f"四边各裁 {share}%", _cut(*[share / 100] * 4)) for share in (2, 4, 6, 8, 10)),
    Attack("四边各随意裁 0–10%", _off_centre(0.1), None),
    *_edges(),
    Attack("底部 8% 不透明条", _strip(0.08, 0.92, (0, 0, 0))),
    Attack("底部 12% 不透明条", _strip(0.12, 0.88, (250, 250, 250))),
    Attack("顶部 10% 不透明条", _strip(0.1, 0, (20, 60, 160))),
    Attack("中间 8% 不透明条", _strip(0.08, 0.46, (250, 250, 250))),
    *(Attack(name, _transposed(turn)) for turn, name in TURNS.items()),
    Attack("转 2°，四角发黑", _rotated(2, "kept"), 95),
    Attack("转 −2°，四角发黑", _rotated(-2, "kept"), 95),
    Attack("转 2°，裁去四角", _rotated(2, "cut"), 95),
    Attack("转 2°，画面外扩", _rotated(2, "grown"), 95),
    Attack("翻拍屏幕，满幅", _on_a_screen(0.0), 95),
    Attack("翻拍屏幕，略裁边", _on_a_screen(-0.03), 95),
    Attack("翻拍屏幕，带 3% 黑边", _on_a_screen(0.03), 95),
    Attack("翻拍屏幕，带 6% 黑边", _on_a_screen(0.06), 95),
    Attack("左右镜像并四边各裁 5%", lambda image, chance: _cut(*[0.05] * 4)(
        image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), chance), None),
    Attack("四边各裁 20%", _cut(*[0.2] * 4), None),
    Attack("转 5°，裁去四角", _rotated(5, "cut"), None),
)  # fmt: skip
"""Without an expected share: what nobody promises, measured all the same."""
