"""Drawn photos: what the phone wrote, and the same place before and after."""

import io
from datetime import UTC, datetime
from pathlib import Path

import exifread
import pytest
from click.testing import CliRunner
from PIL import Image, ImageChops, ImageFilter, ImageStat

from app.demo.cli import demo
from app.demo.drawing import Stamp, UnknownScene, draw_photo
from app.demo.scenes import SCENES

SMALL = (400, 300)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=["JPEG"])
    image.load()
    return image


def unlike(one: bytes, other: bytes) -> float:
    """The mean difference of two photos in grey levels, seen from afar."""
    far = [opened(data).convert("L").resize((32, 24)) for data in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(*far)).mean[0])


def test_the_same_arguments_draw_the_same_bytes() -> None:
    assert draw_photo("clutter", "before", size=SMALL) == draw_photo(
        "clutter", "before", size=SMALL
    )


def test_another_moment_is_another_picture_of_the_same_place() -> None:
    one = draw_photo("clutter", "before", moment=1, size=SMALL)
    later = draw_photo("clutter", "before", moment=2, size=SMALL)
    elsewhere = draw_photo("clutter", "before", moment=2, place=5, size=SMALL)
    assert one != later
    assert unlike(one, later) < unlike(one, elsewhere)


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_the_repair_shows(scene: str) -> None:
    before = draw_photo(scene, "before", size=SMALL)
    after = draw_photo(scene, "after", size=SMALL)
    elsewhere = draw_photo(scene, "after", place=5, size=SMALL)
    assert 0.5 < unlike(before, after) < unlike(before, elsewhere)


def test_the_stamp_is_what_a_phone_writes() -> None:
    stamp = Stamp(datetime(2026, 11, 23, 1, 30, tzinfo=UTC), 118.3113, 30.9191)
    tags = exifread.process_file(
        io.BytesIO(draw_photo("garden", "before", stamp=stamp, size=SMALL)), details=False
    )
    assert str(tags["EXIF DateTimeOriginal"]) == "2026:11:23 09:30:00"
    assert str(tags["EXIF OffsetTimeOriginal"]) == "+08:00"
    degrees, minutes, seconds = (float(part) for part in tags["GPS GPSLongitude"].values)
    assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(118.3113, abs=1e-6)
    assert str(tags["GPS GPSLatitudeRef"]) == "N"


def test_no_stamp_no_exif() -> None:
    assert not opened(draw_photo("garden", "after", size=SMALL)).getexif()


def test_every_scene_is_drawn_in_each_of_its_settings() -> None:
    for name, scene in SCENES.items():
        for setting in scene.settings:
            shots = [
                opened(draw_photo(name, "before", place=place, setting=setting, size=(120, 90)))
                for place in (3, 4)
            ]
            assert all(len(set(shot.convert("L").tobytes())) > 20 for shot in shots)
            assert shots[0].tobytes() != shots[1].tobytes()


def test_a_night_is_dark_and_the_place_stays_the_same() -> None:
    day, night = (
        opened(draw_photo("rubbish", "after", place=2, hour=hour, size=SMALL)).convert("L")
        for hour in (11, 22)
    )
    assert ImageStat.Stat(night).mean[0] < 0.6 * ImageStat.Stat(day).mean[0]
    edges = [shot.filter(ImageFilter.FIND_EDGES).resize((40, 30)) for shot in (day, night)]
    other = opened(draw_photo("rubbish", "after", place=9, hour=11, size=SMALL)).convert("L")
    edges.append(other.filter(ImageFilter.FIND_EDGES).resize((40, 30)))
    apart = [ImageStat.Stat(ImageChops.difference(edges[0], each)).mean[0] for each in edges[1:]]
    assert apart[0] < apart[1]


def test_a_setting_in_which_a_scene_is_not_seen_is_refused() -> None:
    with pytest.raises(UnknownScene):
        draw_photo("garden", "before", setting="stairwell")


def test_an_unknown_scene_is_refused() -> None:
    with pytest.raises(UnknownScene):
        draw_photo("volcano", "before")
    with pytest.raises(UnknownScene):
        draw_photo("garden", "during")


def test_the_command_draws_a_file(tmp_path: Path) -> None:
    out = tmp_path / "before.jpg"
    arguments = ["photo", "--scene", "garden", "--out", str(out), "--moment", "3"]
    made = CliRunner().invoke(demo, arguments)
    assert made.exit_code == 0, made.output
    assert opened(out.read_bytes()).size == (1600, 1200)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--lng", "118.3"], "经度和纬度要一起给"),
        (["--taken-at", "2026-11-23T09:30:00"], "时区"),
        (["--taken-at", "yesterday"], "时间写作"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path: Path, arguments: list[str], says: str) -> None:
    out = tmp_path / "before.jpg"
    made = CliRunner().invoke(demo, ["photo", "--out", str(out), *arguments])
    assert made.exit_code != 0
    assert says in made.output
    assert not out.exists()
