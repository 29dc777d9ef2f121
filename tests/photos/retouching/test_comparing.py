"""A picture painted over is told with its patch; a second photograph never is."""

import itertools
import random
from collections.abc import Callable

import pytest
from PIL import Image, ImageEnhance

from app.photos.evidence import Thresholds
from app.photos.retouching.comparing import Patch, painted_patch
from tests.evidence.attacks import through_a_chat
from tests.evidence.retouching import taken_again
from tests.evidence.sources import drawn, drawn_after, drawn_again

Change = Callable[[Image.Image], Image.Image]
LIMITS = Thresholds()
BOX = (500, 380, 760, 620)
"""Of a picture 1280 by 960."""


@pytest.fixture(scope="module")
def places() -> list[Image.Image]:
    return [image for _, image in drawn(6)]


def painted(image: Image.Image) -> Image.Image:
    """The floor from elsewhere in the picture put over what was to be removed."""
    done = image.copy()
    done.paste(image.crop((60, 600, 60 + 260, 600 + 240)), BOX[:2])
    return done


def told(before: Image.Image, after: Image.Image) -> Patch | None:
    return painted_patch(through_a_chat(before), through_a_chat(after), LIMITS)


def shifted(image: Image.Image) -> Image.Image:
    return image.crop((40, 20, 1270, 942))


def turned(image: Image.Image) -> Image.Image:
    return image.rotate(1.2, Image.Resampling.BICUBIC).crop((30, 30, 1250, 930))


def darker(image: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(0.8)


def as_it_is(image: Image.Image) -> Image.Image:
    return image


@pytest.mark.parametrize("change", [as_it_is, shifted, turned, darker])
def test_what_is_painted_over_is_told_with_its_place(
    places: list[Image.Image], change: Change
) -> None:
    before = places[4]
    after = change(painted(before))
    patch = told(before, after)
    assert patch is not None
    by = 1080 / max(after.size)
    left, top = (by * (side - 25) for side in BOX[:2])
    assert abs(patch.x + patch.width / 2 - (left + by * 130)) < 90
    assert abs(patch.y + patch.height / 2 - (top + by * 120)) < 90


def test_what_was_only_sent_again_is_not_told(places: list[Image.Image]) -> None:
    for image in places:
        assert told(image, shifted(image)) is None


def test_honest_photographs_are_not_told(places: list[Image.Image]) -> None:
    for place, image in enumerate(places):
        chance = random.Random(place)
        others = [drawn_after(place), *drawn_again(place), taken_again(image, chance)]
        assert [told(image, other) for other in others] == [None] * len(others)


def test_other_places_are_not_told(places: list[Image.Image]) -> None:
    assert [told(one, other) for one, other in itertools.pairwise(places)] == [None] * 5


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (32, 32), (400, 300)])
def test_what_shows_nothing_is_not_told(size: tuple[int, int]) -> None:
    plain = Image.new("RGB", size, (90, 90, 90))
    assert painted_patch(plain, plain, LIMITS) is None
    assert painted_patch(plain, Image.new("RGB", (640, 480)), LIMITS) is None
    assert painted_patch(Image.new("RGB", (640, 480)), plain, LIMITS) is None
