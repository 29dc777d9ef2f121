"""What EXIF says, and what it is not believed."""

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import DomainError
from app.photos.errors import PhotoHostile
from app.photos.imaging.examine import examine
from app.photos.imaging.exif import ExifFacts, ExifProblem, read_exif
from tests.photos import hostile, pictures
from tests.photos.pictures import SAMPLES

ONE = struct.pack("<6I", 30, 1, 15, 1, 36, 1)


def degrees(*parts: int) -> bytes:
    return struct.pack("<6I", *parts)


@pytest.mark.parametrize("position", [(118.33, 30.92), (-3.7247, 40.4469), (24.5, -60.1)])
def test_a_position_is_read_in_all_four_quarters(position):
    facts = read_exif(pictures.tiff_block(position=position))
    assert (facts.lng, facts.lat) == pytest.approx(position, abs=1e-7)
    assert facts.problem is None


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_every_position_survives_the_way_through_exif(lng, lat):
    facts = read_exif(pictures.tiff_block(position=(lng, lat)))
    if facts.lng is None:
        assert (round(lng, 7), round(lat, 7)) == (0, 0)
    else:
        assert (facts.lng, facts.lat) == pytest.approx((lng, lat), abs=1e-7)


@pytest.mark.parametrize(
    ("taken_at", "offset", "instant"),
    [
        ("2026:11:23 09:00:00", None, datetime(2026, 11, 23, 1, 0, tzinfo=UTC)),
        ("2026:11:23 09:00:00", "+08:00", datetime(2026, 11, 23, 1, 0, tzinfo=UTC)),
        ("2026:11:23 09:00:00", "-03:30", datetime(2026, 11, 23, 12, 30, tzinfo=UTC)),
        ("2026:11:23 09:00:00", "nonsense", datetime(2026, 11, 23, 1, 0, tzinfo=UTC)),
        ("0000:00:00 00:00:00", None, None),
        ("    :  :     :  :  ", None, None),
        (None, None, None),
    ],
)
def test_the_time_of_taking(taken_at, offset, instant):
    facts = read_exif(pictures.tiff_block(taken_at=taken_at, offset=offset))
    assert (facts.taken_at, facts.problem) == (instant, None)


@pytest.mark.parametrize("taken_at", ["2026:13:01 00:00:00", "yesterday", "2026:11:23"])
def test_a_time_that_is_none_is_left_out_with_its_reason(taken_at):
    facts = read_exif(pictures.tiff_block(taken_at=taken_at, position=(118.0, 30.0)))
    assert (facts.taken_at, facts.problem) == (None, ExifProblem.BAD_TIME)
    assert facts.lng == pytest.approx(118)


def test_an_offset_no_place_has_breaks_only_the_time():
    block = pictures.tiff_block(taken_at="2026:11:23 09:00:00", offset="+99:99", orientation=6)
    assert read_exif(block) == ExifFacts(orientation=6, problem=ExifProblem.BAD_TIME)


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (hostile.gps(latitude=degrees(0, 0, 0, 0, 0, 0)), ExifProblem.BAD_POSITION),
        (hostile.gps(latitude=degrees(30, 1, 0, 0, 0, 1)), ExifProblem.BAD_POSITION),
        (hostile.gps(latitude=degrees(91, 1, 0, 1, 0, 1)), ExifProblem.BAD_POSITION),
        (hostile.gps(latitude=degrees(90, 1, 0, 1, 1, 1)), ExifProblem.BAD_POSITION),
        (hostile.gps(latitude=degrees(30, 1, 61, 1, 0, 1)), ExifProblem.BAD_POSITION),
        (hostile.gps(latitude=degrees(30, 1, 0, 1, 61, 1)), ExifProblem.BAD_POSITION),
        (hostile.gps(latitude=struct.pack("<6i", -30, 1, 0, 1, 0, 1), kind=10),
         ExifProblem.BAD_POSITION),
        (hostile.gps(ref=b"x"), ExifProblem.BAD_POSITION),
        (hostile.gps(ref=b""), ExifProblem.BAD_POSITION),
        (hostile.gps(ref=b"E"), ExifProblem.BAD_POSITION),
        (hostile.gps(count=2), ExifProblem.BAD_POSITION),
        (hostile.gps(kind=4), ExifProblem.BAD_POSITION),
        (b"garbage", ExifProblem.BROKEN),
        (b"II*\x00", ExifProblem.BROKEN),
        (hostile.tiff([(0x8769, 4, 1, 60_000)]), ExifProblem.BROKEN),
        (b"", ExifProblem.ABSENT),
        (None, ExifProblem.ABSENT),
    ],
)  # fmt: skip
def test_what_is_broken_is_left_out_with_its_reason(block, problem):
    assert read_exif(block) == ExifFacts(problem=problem)


@pytest.mark.parametrize("kind", [5, 10])
def test_signed_rationals_of_positive_value_are_read_too(kind):
    facts = read_exif(hostile.gps(latitude=ONE, kind=kind))
    assert (facts.lng, facts.lat) == pytest.approx((118.0, 30.26))


def test_a_position_of_exactly_nothing_is_none():
    facts = read_exif(pictures.tiff_block(position=(0.0, 0.0)))
    assert (facts.lng, facts.lat, facts.problem) == (None, None, None)
    assert read_exif(pictures.tiff_block(position=(0.0, 30.0))).lat == pytest.approx(30)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_known_even_when_the_rest_is_broken(orientation):
    facts = read_exif(pictures.tiff_block(orientation=orientation, taken_at="broken"))
    assert (facts.orientation, facts.problem) == (orientation, ExifProblem.BAD_TIME)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_there_is_not_counts_as_upright(orientation):
    assert read_exif(pictures.tiff_block(orientation=orientation)).orientation == 1


def test_software_is_kept_short_and_printable():
    facts = read_exif(pictures.tiff_block(software="Retouch\x07 3.1 " + "x" * 500))
    assert facts.software is not None
    assert facts.software.startswith("Retouch 3.1 xxx")
    assert len(facts.software) == 80


@pytest.mark.parametrize(
    "bomb",
    [
        hostile.directory_cycle,
        hostile.directory_reached_twice,
        hostile.many_directories,
        hostile.rationals,
        hostile.overlapping_values,
        hostile.count_overflow,
    ],
)
def test_a_block_built_to_exhaust_is_refused_before_it_is_parsed(bomb):
    data = bomb()
    block = data[data.find(b"II*\x00") :]
    with pytest.raises(PhotoHostile):
        read_exif(block)


def test_the_bounds_themselves_are_allowed():
    most = hostile.tiff([(0xC000 + n, 1, 1, 0) for n in range(512)])
    assert read_exif(most).problem is None
    with pytest.raises(PhotoHostile):
        read_exif(hostile.tiff([(0xC000 + n % 99, 1, 1, 0) for n in range(513)]))
    assert read_exif(hostile.tiff([(0x927C, 7, 65_536, 8)])).problem is None
    with pytest.raises(PhotoHostile):
        read_exif(hostile.tiff([(0x927C, 7, 65_537, 8)]))


@given(
    st.binary(max_size=400),
    st.sampled_from([b"II*\x00\x08\x00\x00\x00", b"MM\x00*\x00\x00\x00\x08"]),
)
def test_noise_after_a_header_is_read_or_refused(noise, header):
    try:
        facts = read_exif(header + noise)
    except DomainError as error:
        assert error.code == "photo_hostile"
    else:
        assert 1 <= facts.orientation <= 8


@given(st.data())
def test_a_damaged_honest_block_is_read_or_refused(data):
    block = bytearray(pictures.tiff_block(position=(118.3, 30.9), taken_at="2026:11:23 09:00:00"))
    for _ in range(data.draw(st.integers(1, 6))):
        block[data.draw(st.integers(0, len(block) - 1))] = data.draw(st.integers(0, 255))
    try:
        facts = read_exif(bytes(block))
    except PhotoHostile:
        return
    assert facts.lng is None or (abs(facts.lng) <= 180 and abs(facts.lat or 0) <= 90)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_exif_is_found_in_every_container(form):
    tags = pictures.exif(position=(118.33, 30.92), taken_at="2026:11:23 09:00:00")
    facts = examine(pictures.encoded(pictures.quadrants(), form, exif=tags.tobytes())).exif
    assert (facts.lng, facts.lat) == pytest.approx((118.33, 30.92), abs=1e-7)
    assert facts.taken_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photos are not here")
@pytest.mark.parametrize(
    ("name", "lat", "lng", "taken_at"),
    [
        ("HMD_Nokia_8.3_5G.jpg", 60 + 8 / 60 + 48.14 / 3600, 24 + 54 / 60 + 24.38 / 3600,
         datetime(2022, 8, 14, 11, 12, 31, tzinfo=UTC)),
        ("iphone_hdr_YES.jpg", 40 + 26 / 60 + 49.11 / 3600, -(3 + 43 / 60 + 29.11 / 3600),
         datetime(2015, 4, 10, 12, 12, 23, tzinfo=UTC)),
        ("DSCN0010.jpg", 43 + 28 / 60 + 2.814 / 3600, 11 + 53 / 60 + 6.456 / 3600, None),
        ("iphone_13_pro_max.HEIC", None, None, datetime(2022, 2, 16, 11, 55, 41, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_real_photos(name, lat, lng, taken_at):
    facts = examine(SAMPLES / name).exif
    assert (facts.lat, facts.lng) == pytest.approx((lat, lng), abs=1e-5)
    assert taken_at is None or facts.taken_at == taken_at
