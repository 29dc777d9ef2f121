"""Photos to try it on: drawn ones, with honest re-takes beside them, and those of any folder."""

import io
from collections.abc import Iterator
from pathlib import Path

import pillow_heif
from PIL import Image

from app.demo.drawing import draw_photo
from app.demo.scenes import SCENES

LONG_SIDE = 1600
"""Larger files are made so long first, as a phone does before it sends."""

SIZE = (1280, 960)


def drawn(count: int) -> Iterator[tuple[int, Image.Image]]:
    """So many made-up places with something wrong in them."""
    for place in range(count):
        yield place, _drawn(place, "before", moment=1, hour=10.0)


def drawn_again(place: int) -> list[Image.Image]:
    """A place taken again from nearly the same spot: at once, in other light, and another day."""
    moments = ((2, 10.0), (3, 15.6), (4, 11.0))
    return [_drawn(place, "before", moment=moment, hour=hour) for moment, hour in moments]


def drawn_after(place: int) -> Image.Image:
    """A place from nearly the same spot when it has been put right."""
    return _drawn(place, "after", moment=5, hour=10.5)


def _drawn(place: int, state: str, *, moment: int, hour: float) -> Image.Image:
    scene = sorted(SCENES)[place % len(SCENES)]
    data = draw_photo(scene, state, place=place, moment=moment, hour=hour, size=SIZE)
    return Image.open(io.BytesIO(data)).convert("RGB")


def of_folder(folder: Path) -> Iterator[tuple[str, Image.Image]]:
    """The photos in a folder and below it, by name; what cannot be opened is left out."""
    pillow_heif.register_heif_opener()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        try:
            image = Image.open(path)
            image.draft("RGB", (LONG_SIDE, LONG_SIDE))
            image = image.convert("RGB")
        except (OSError, SyntaxError, ValueError):
            continue
        if min(image.size) >= 320:
            image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BICUBIC)
            yield path.name, image
