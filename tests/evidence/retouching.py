"""Pairs of before and after: retouched ones and honest ones, and how many are told as retouched."""

import random
import time
from collections.abc import Iterable, Iterator

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from app.photos.evidence import Thresholds
from app.photos.retouching.comparing import painted_patch
from tests.evidence.attacks import askew, through_a_chat
from tests.evidence.sources import drawn_after, drawn_again

WAYS = ("克隆", "模糊", "涂抹")
Pair = tuple[str, Image.Image, Image.Image]


def retouched(image: Image.Image, way: str, chance: random.Random) -> Image.Image:
    """Something painted over, then turned, cut and made lighter or darker a little, and sent."""
    image = _painted(image, way, chance)
    image = image.rotate(chance.uniform(-2, 2), Image.Resampling.BICUBIC)
    (width, height), (left, top, right, bottom) = (
        image.size,
        (chance.uniform(0.03, 0.06) for _ in range(4)),
    )
    image = image.crop(
        (
            round(width * left),
            round(height * top),
            round(width * (1 - right)),
            round(height * (1 - bottom)),
        )
    )
    return through_a_chat(ImageEnhance.Brightness(image).enhance(chance.uniform(0.8, 1.2)))


def taken_again(image: Image.Image, chance: random.Random) -> Image.Image:
    """From a step beside, in other light, with other noise, and sent."""
    return lit_anew(askew(image, chance, 0.012, -0.015), chance)


def lit_anew(image: Image.Image, chance: random.Random) -> Image.Image:
    """By a camera that did not move: in other light, with other noise, and sent."""
    levels = np.asarray(image, np.float32)
    y, x = np.mgrid[0 : levels.shape[0], 0 : levels.shape[1]]
    slope = chance.uniform(-0.2, 0.2) * (x / levels.shape[1] - 0.5)
    slope = slope + chance.uniform(-0.2, 0.2) * (y / levels.shape[0] - 0.5)
    grain = np.random.default_rng(chance.getrandbits(32)).normal(0, 4, levels.shape)
    lit = np.clip(levels * (1 + slope)[..., None] + grain, 0, 255)
    return through_a_chat(Image.fromarray(lit.astype(np.uint8)))


def _painted(image: Image.Image, way: str, chance: random.Random) -> Image.Image:
    """A tenth to three tenths of each side cloned from elsewhere, blurred or filled."""
    image, (width, height) = image.copy(), image.size
    wide, tall = round(width * chance.uniform(0.1, 0.3)), round(height * chance.uniform(0.1, 0.3))
    spots = [(chance.randrange(width - wide), chance.randrange(height - tall)) for _ in range(2)]
    (x, y), (from_x, from_y) = spots
    part = image.crop((x, y, x + wide, y + tall))
    if way == "克隆":
        part = image.crop((from_x, from_y, from_x + wide, from_y + tall))
    elif way == "模糊":
        part = part.filter(ImageFilter.GaussianBlur(25))
    else:
        part = _filled(part, chance)
    image.paste(part, (x, y))
    return image


def _filled(part: Image.Image, chance: random.Random) -> Image.Image:
    levels = np.asarray(part, np.float32)
    grain = np.random.default_rng(chance.getrandbits(32)).normal(0, 6, levels.shape)
    return Image.fromarray(np.clip(levels.mean((0, 1)) * 0.9 + grain, 0, 255).astype(np.uint8))


def pairs_of(photos: Iterable[tuple[str, Image.Image]], *, drawn: bool) -> Iterator[Pair]:
    """The pairs that are made of photos: what each is, the before and the after."""
    for place, (name, image) in enumerate(photos):
        before = through_a_chat(image)
        for way in WAYS:
            chance = random.Random(f"{way} {name}")
            yield f"涂改：{way}", before, retouched(image, way, chance)
            yield "如实：问题已除，再拍", before, taken_again(_painted(image, way, chance), chance)
        fixed = _painted(image, "克隆", random.Random(f"fixed {name}"))
        yield "如实：问题已除，机位固定", before, lit_anew(fixed, random.Random(name))
        yield "如实：未变，再拍", before, taken_again(image, random.Random(name))
        if drawn:
            yield from (("如实：绘制，未变", before, through_a_chat(a)) for a in drawn_again(place))
            yield "如实：绘制，整改后", before, through_a_chat(drawn_after(place))


def report_retouching(photos: Iterable[tuple[str, Image.Image]], *, drawn: bool) -> None:
    """A table: of each kind of pair, how many are told as retouched."""
    told: dict[str, list[bool]] = {}
    costs: list[float] = []
    for kind, before, after in pairs_of(photos, drawn=drawn):
        begun = time.process_time()
        found = painted_patch(before, after, Thresholds())
        costs.append(1000 * (time.process_time() - begun))
        told.setdefault(kind, []).append(found is not None)
    print("\n| 一对照片 | 对数 | 判为涂改 % |\n|---|---|---|")
    for kind, each in sorted(told.items()):
        print(f"| {kind} | {len(each)} | {100 * sum(each) / len(each):.1f} |", flush=True)
    print(f"\n一对 CPU：中位数 {np.median(costs):.0f} ms，最多 {max(costs):.0f} ms")
