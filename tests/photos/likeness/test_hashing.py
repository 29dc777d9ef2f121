"""Hashes of pictures: what changes them and what does not."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from app.photos.imaging.renditions import GREY_SIDE, grey_of
from app.photos.likeness.bands import RADIUS, distances
from app.photos.likeness.hashing import SIDE, WINDOWS, Hashes, hashes_of
from app.photos.likeness.lookup import fine_distance
from tests.photos.pictures import encoded, quadrants, scene

TURNS = list(Image.Transpose)


def hashes(image: Image.Image) -> Hashes:
    """The hashes of a picture as they are made of its thumb."""
    return hashes_of(grey_of(encoded(image.reduce(2), quality=80)))


def apart(some: object, others: object) -> int:
    """The smallest distance between hashes."""
    return int(distances(np.atleast_1d(some), np.atleast_1d(others)).min())  # type: ignore[call-overload]


def cut(
    left: float, top: float, right: float, bottom: float
) -> Callable[[Image.Image], Image.Image]:
    """Takes shares of its sides off a picture."""

    def done(image: Image.Image) -> Image.Image:
        width, height = image.size
        box = (width * left, height * top, width * (1 - right), height * (1 - bottom))
        return image.crop(tuple(round(side) for side in box))  # type: ignore[arg-type]

    return done


def test_the_square_is_as_large_as_what_is_hashed() -> None:
    assert GREY_SIDE == SIDE


def test_exactly_half_of_the_frequencies_are_above_their_median() -> None:
    found = hashes(scene())
    every = np.concatenate([found.windows, found.turned])
    assert set(np.bitwise_count(every).tolist()) == {32}
    assert int.from_bytes(found.fine).bit_count() == 128
    assert (len(found.windows), len(found.turned), len(found.fine)) == (len(WINDOWS), 7, 32)


def test_re_encoding_and_light_leave_a_picture_near_identical() -> None:
    for number in range(8):
        old = hashes(scene(number))
        for changed in (
            ImageEnhance.Brightness(scene(number)).enhance(0.7),
            ImageEnhance.Contrast(scene(number)).enhance(0.8),
            scene(number).resize((500, 375)),
        ):
            new = hashes(changed)
            assert apart(new.whole, old.whole) <= 6
            assert fine_distance(new.fine, old.fine) <= 48


@pytest.mark.parametrize("share", [0.035, 0.056, 0.08, 0.1])
def test_a_part_of_a_picture_is_near_one_of_its_windows(share: float) -> None:
    for number in range(8):
        old = hashes(scene(number))
        new = hashes(cut(share, share, share, share)(scene(number)))
        assert apart(new.whole, old.windows) <= RADIUS
        assert apart(old.windows, new.whole) <= RADIUS


def test_a_picture_less_one_edge_is_near_the_window_without_it() -> None:
    edges = ((0, 0.1, 0, 0), (0, 0, 0, 0.1), (0.1, 0, 0, 0), (0, 0, 0.1, 0))
    for place, edge in enumerate(edges):
        new, old = hashes(cut(*edge)(scene())), hashes(scene())
        assert apart(new.whole, old.windows[5 + place]) <= 4


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_each_way_to_hang_a_picture_is_one_of_the_turned_hashes(turn: Image.Transpose) -> None:
    for number in range(4):
        new, old = hashes(scene(number).transpose(turn)), hashes(scene(number))
        assert apart(new.turned, old.whole) <= 4
        assert apart(new.whole, old.whole) > RADIUS


def test_a_strip_over_a_picture_leaves_its_gradient() -> None:
    image = scene()
    ImageDraw.Draw(image).rectangle((0, 440, 640, 480), (0, 0, 0))
    assert apart(hashes(image).gradient, hashes(scene()).gradient) <= RADIUS


def test_different_pictures_are_far_apart() -> None:
    found = [hashes(scene(number)) for number in range(40)]
    whole = np.array([each.whole for each in found])
    between = distances(whole, whole)[~np.eye(len(found), dtype=bool)]
    assert between.min() > RADIUS
    assert between.mean() == pytest.approx(32, abs=2)


def test_walls_and_night_show_little_and_scenes_enough() -> None:
    wall = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    night = Image.blend(
        Image.new("RGB", (640, 480)), Image.effect_noise((640, 480), 40).convert("RGB"), 0.1
    )
    for dull in (Image.new("RGB", (640, 480), (200, 190, 180)), wall, night, quadrants()):
        assert hashes(dull).shows_little()
    assert not any(hashes(scene(number)).shows_little() for number in range(20))
