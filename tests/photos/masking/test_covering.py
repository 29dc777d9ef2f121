"""What is covered is one grey, whatever was there, and what is outside stays."""

import io
import random

import pytest
from PIL import Image, ImageChops, ImageStat

from app.photos.imaging.renditions import display_and_thumb
from app.photos.masking.covering import BLOCK, GREY, Box, covered
from tests.photos import pictures

SIZE = (1440, 1080)


def display_of(picture: Image.Image) -> bytes:
    return display_and_thumb(picture)[0]


def pixels(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def with_noise(picture: Image.Image, box: Box) -> Image.Image:
    """The same picture with something else in a box."""
    chance = random.Random(7)
    noise = Image.frombytes(
        "RGB", (box.width, box.height), chance.randbytes(3 * box.width * box.height)
    )
    other = picture.copy()
    other.paste(noise, (box.x, box.y))
    return other


BOXES = (
    Box(400, 300, 90, 120),
    Box(401, 303, 1, 1),
    Box(416, 320, 16, 16),
    Box(-20, -20, 60, 60),
    Box(1400, 1000, 300, 300),
    Box(0, 0, 1440, 8),
)


@pytest.mark.parametrize("box", BOXES)
def test_a_mask_is_the_same_bytes_whatever_it_covers(box: Box) -> None:
    picture = pictures.scene(3, *SIZE)
    before, other = display_of(picture), display_of(with_noise(picture, box))
    assert before != other
    assert covered(before, [box]) == covered(other, [box])


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_region_is_one_grey_and_the_rest_stays(mode: str) -> None:
    before = display_of(pictures.scene(4, *SIZE).convert(mode))
    box = Box(400, 300, 90, 120)
    display, thumb = covered(before, [box])
    left, top, right, bottom = box.in_blocks()
    inner = pixels(display).crop((left + 1, top + 1, right - 1, bottom - 1))
    assert all(low >= GREY - 1 and high <= GREY + 1 for low, high in inner.getextrema())
    outside = (0, 0, SIZE[0], top - 8), (0, bottom + 8, *SIZE), (0, top, left - 8, bottom)
    for region in outside:
        change = ImageChops.difference(pixels(before).crop(region), pixels(display).crop(region))
        assert max(ImageStat.Stat(change).mean) < 3
    small = pixels(thumb)
    scale = SIZE[0] // small.width
    inside = (-(-box.x // scale), -(-box.y // scale),
              (box.x + box.width) // scale, (box.y + box.height) // scale)  # fmt: skip
    assert all(abs(each - GREY) <= 12 for each in ImageStat.Stat(small.crop(inside)).mean)


def test_boxes_are_widened_to_whole_blocks() -> None:
    for box in BOXES:
        edges = box.in_blocks()
        assert all(edge % BLOCK == 0 for edge in edges)
        left, top, right, bottom = edges
        assert (left, top) <= (box.x, box.y)
        assert right >= box.x + box.width
        assert bottom >= box.y + box.height
        assert (right - left) * (bottom - top) < (box.width + 32) * (box.height + 32)
