"""From bytes to facts and renditions: honest photos come out right, hostile ones are refused."""

import io
import struct
import subprocess
import sys
import threading
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.kernel.errors import DomainError, Unavailable
from app.photos.errors import PhotoTooManyPixels, PhotoUnreadable
from app.photos.imaging.containers import Limits, MediaType
from app.photos.imaging.examine import decoders_fail_in_our_words, examine
from tests.photos import hostile, pictures
from tests.photos.pictures import (
    BLUE,
    GREEN,
    RED,
    SAMPLES,
    YELLOW,
    close,
    corners,
    decoded,
    encoded,
)

UPRIGHT = (RED, GREEN, BLUE, YELLOW)
FORMS = [
    ("JPEG", MediaType.JPEG),
    ("PNG", MediaType.PNG),
    ("WEBP", MediaType.WEBP),
    ("HEIC", MediaType.HEIC),
]


@pytest.mark.parametrize(("form", "media_type"), FORMS)
def test_each_kind_is_known_by_its_content(form, media_type):
    data = encoded(pictures.quadrants(640, 480), form)
    seen = examine(data)
    assert (seen.media_type, seen.width, seen.height) == (media_type, 640, 480)
    assert seen.size == len(data)
    assert close(corners(decoded(seen.display)), UPRIGHT)
    assert close(corners(decoded(seen.thumb)), UPRIGHT)
    assert seen.renditions_media_type == "image/jpeg"
    assert decoded(seen.display).format == decoded(seen.thumb).format == "JPEG"


def test_a_file_is_read_from_its_path(tmp_path):
    path = tmp_path / "named.gif"
    path.write_bytes(pictures.photo())
    assert examine(path).media_type is MediaType.JPEG


# What a stored picture must look like for the shown one to be UPRIGHT (EXIF 3.0, 4.6.5.1.6).
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_shown_upright(form, orientation):
    turn = STORED[orientation]
    stored = pictures.quadrants(400, 240)
    stored = stored if turn is None else stored.transpose(turn)
    tags = pictures.exif(orientation=orientation).tobytes()
    seen = examine(encoded(stored, form, exif=tags))
    assert (seen.width, seen.height) == (400, 240)
    assert decoded(seen.display).size == (400, 240)
    assert close(corners(decoded(seen.display)), UPRIGHT)
    assert close(corners(decoded(seen.thumb)), UPRIGHT)


def test_a_heic_is_turned_once():
    tags = pictures.exif(orientation=6).tobytes()
    stored = pictures.quadrants(400, 240).transpose(Image.Transpose.ROTATE_90)
    seen = examine(encoded(stored, "HEIC", exif=tags))
    assert (seen.width, seen.height, seen.exif.orientation) == (400, 240, 1)
    assert close(corners(decoded(seen.display)), UPRIGHT)


@pytest.mark.parametrize(
    ("size", "display", "thumb"),
    [
        ((4000, 3000), (2000, 1500), (286, 215)),
        ((2880, 2160), (1440, 1080), (288, 216)),
        ((2879, 2160), (2879, 2160), (320, 240)),
        ((1000, 800), (1000, 800), (250, 200)),
        ((321, 20), (321, 20), (161, 10)),
        ((320, 320), (320, 320), (320, 320)),
        ((1, 1), (1, 1), (1, 1)),
        ((6000, 3), (1500, 1), (300, 1)),
        ((3, 12000), (1, 1500), (1, 300)),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_renditions_are_large_enough_and_no_larger(form, size, display, thumb):
    seen = examine(encoded(pictures.quadrants(*size), form))
    assert (seen.width, seen.height) == size
    assert decoded(seen.display).size == display
    assert decoded(seen.thumb).size == thumb


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_jpeg_colour_models(mode):
    picture = pictures.quadrants(mode=mode)
    seen = decoded(examine(encoded(picture, quality=95)).display)
    assert close(corners(seen), corners(picture), within=30)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "RGB"])
@pytest.mark.parametrize("size", [(320, 240), (3000, 2000)])
def test_png_modes(mode, size):
    if mode == "I;16":
        picture = pictures.quadrants(*size, mode="L")
        stored = picture.convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        picture = stored = pictures.quadrants(*size, mode=mode)
    seen = decoded(examine(encoded(stored, "PNG")).display)
    assert close(corners(seen), corners(picture), within=30)


def test_sixteen_bits_a_colour_are_scaled_and_not_clipped():
    pixels = b"".join(b"\x00" + struct.pack(">3H", 0xDC00, 0x1E00, 0x1E00) * 40 for _ in range(30))
    header = struct.pack(">IIBBBBB", 40, 30, 16, 2, 0, 0, 0)
    import zlib

    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        hostile.png_chunk(kind, body)
        for kind, body in [(b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b"")]
    )
    assert close(corners(decoded(examine(data).display)), (RED,) * 4)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
@pytest.mark.parametrize("size", [(320, 240), (3000, 2000)])
def test_what_is_transparent_is_shown_on_white(form, size):
    picture = pictures.quadrants(*size).convert("RGBA")
    picture.putalpha(Image.new("L", size, 0))
    seen = decoded(examine(encoded(picture, form, lossless=True)).display)
    assert close(corners(seen), ((255, 255, 255),) * 4)


def test_a_transparent_palette_colour_is_shown_on_white():
    picture = pictures.quadrants().quantize(4)
    clear = picture.getpixel((10, 10))
    seen = decoded(examine(encoded(picture, "PNG", transparency=clear)).display)
    assert close(corners(seen), ((255, 255, 255), GREEN, BLUE, YELLOW))


def test_a_transparent_true_colour_is_shown_on_white():
    data = encoded(pictures.quadrants(), "PNG", transparency=RED)
    seen = decoded(examine(data).display)
    assert close(corners(seen), ((255, 255, 255), GREEN, BLUE, YELLOW))


@pytest.mark.parametrize(("form", "options"), [("WEBP", {"lossless": True}), ("PNG", {})])
def test_of_an_animation_the_first_picture_is_shown(form, options):
    later = Image.new("RGB", (320, 240), (0, 0, 0))
    data = encoded(
        pictures.quadrants(),
        form,
        save_all=True,
        append_images=[later] * 3,
        duration=100,
        **options,
    )
    assert close(corners(decoded(examine(data).display)), UPRIGHT)


def test_of_a_multi_picture_jpeg_the_first_is_shown():
    later = Image.new("RGB", (320, 240), (0, 0, 0))
    data = encoded(pictures.quadrants(), "MPO", save_all=True, append_images=[later])
    seen = examine(data)
    assert seen.media_type is MediaType.JPEG
    assert close(corners(decoded(seen.display)), UPRIGHT)


def test_a_photo_with_another_behind_it_is_taken():
    """Ultra HDR gain maps and motion photos follow the end of the image."""
    gain_map = encoded(Image.new("L", (80, 60), 7), progressive=True) * 20
    seen = examine(encoded(pictures.quadrants(), progressive=True) + gain_map + bytes(1000))
    assert close(corners(decoded(seen.display)), UPRIGHT)


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_rows": 1}, {}])
def test_ordinary_ways_to_write_a_jpeg(options):
    seen = examine(encoded(pictures.quadrants(3000, 2000), **options))
    assert close(corners(decoded(seen.display)), UPRIGHT)


def test_a_wide_profile_is_turned_into_srgb():
    swapped = (GREEN, RED, BLUE, YELLOW)
    data = encoded(pictures.quadrants(), icc_profile=pictures.swapped_profile(), quality=95)
    seen = corners(decoded(examine(data).display))
    assert seen[0][1] > 150 > seen[0][0], f"red is shown green: {seen} {swapped}"
    assert seen[1][0] > 120 > seen[1][1]


@pytest.mark.parametrize("profile", [pictures.srgb_profile(), b"no profile at all"])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_other_profiles_change_nothing(form, profile):
    data = encoded(pictures.quadrants(), form, icc_profile=profile)
    assert close(corners(decoded(examine(data).display)), UPRIGHT)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_renditions_carry_no_metadata(form):
    tags = pictures.exif(position=(118.33, 30.92), software="secret").tobytes()
    options = {"exif": tags, "icc_profile": pictures.swapped_profile()}
    if form == "JPEG":
        options["comment"] = b"secret"
    seen = examine(encoded(pictures.quadrants(), form, **options))
    for rendition in (seen.display, seen.thumb):
        markers = {marker for marker, _ in Image.open(io.BytesIO(rendition)).applist}
        assert markers == {"APP0"}
        assert b"secret" not in rendition


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_what_is_refused_is_refused_by_its_code(name):
    make, code = hostile.REFUSED[name]
    with pytest.raises(DomainError) as refused:
        examine(make())
    assert refused.value.code == code
    assert refused.value.detail


@pytest.mark.parametrize("name", hostile.TAKEN)
def test_what_is_only_odd_is_taken(name):
    seen = examine(hostile.TAKEN[name]())
    assert close(corners(decoded(seen.display)), UPRIGHT)
    assert seen.exif.lng is None


@pytest.mark.parametrize(
    ("form", "limits"),
    [
        ("JPEG", Limits(jpeg_pixels=100 * 80 - 1)),
        ("PNG", Limits(other_pixels=100 * 80 - 1)),
        ("WEBP", Limits(other_pixels=100 * 80 - 1)),
        ("HEIC", Limits(other_pixels=100 * 80 - 1)),
    ],
)
def test_one_pixel_too_many(form, limits):
    data = encoded(pictures.quadrants(100, 80), form)
    with pytest.raises(PhotoTooManyPixels):
        examine(data, limits=limits)
    most = Limits(jpeg_pixels=100 * 80, other_pixels=100 * 80)
    assert examine(data, limits=most).width == 100


def test_pixels_are_counted_before_they_are_decoded():
    huge = bytearray(pictures.photo())
    at = huge.find(b"\xff\xc0")
    huge[at + 5 : at + 9] = struct.pack(">HH", 20_000, 20_000)
    with pytest.raises(PhotoTooManyPixels):
        examine(bytes(huge))


def test_a_progressive_jpeg_too_large_to_hold_is_refused():
    data = bytearray(encoded(pictures.quadrants(), progressive=True))
    at = data.find(b"\xff\xc2")
    data[at + 5 : at + 9] = struct.pack(">HH", 14_000, 14_000)
    with pytest.raises(PhotoTooManyPixels):
        examine(bytes(data))


def test_a_header_that_lies_about_its_size_is_refused():
    data = bytearray(encoded(pictures.quadrants(), "WEBP", exif=b"Exif\x00\x00" + bytes(20)))
    data[24:27] = (10).to_bytes(3, "little")
    with pytest.raises(PhotoUnreadable):
        examine(bytes(data))


COST = """
import resource, sys
from app.photos.imaging.examine import examine
from app.kernel.errors import DomainError
from tests.photos import hostile
name = sys.argv[1]
data = hostile.REFUSED[name][0]() if name in hostile.REFUSED else hostile.TAKEN[name]()
def used():
    now = resource.getrusage(resource.RUSAGE_SELF)
    return now.ru_utime + now.ru_stime, now.ru_maxrss / 1024
before = used()
try:
    examine(data)
except DomainError:
    pass
after = used()
print(after[0] - before[0], after[1] - before[1])
"""


@pytest.mark.parametrize(
    "name",
    ["scan bomb", "sequential scan bomb", "4,500 rationals", "count overflow",
     "144 megapixel png", "png text bomb", "png profile bomb"],
)  # fmt: skip
def test_a_bomb_costs_little_memory(name):
    run = subprocess.run(
        [sys.executable, "-c", COST, name],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(p for p in sys.path if p)},
    )
    _, megabytes = map(float, run.stdout.split())
    assert megabytes < 60


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(["JPEG", "PNG", "WEBP", "HEIC"]))
def test_a_damaged_photo_is_shown_or_refused(data, form):
    tags = pictures.exif(position=(118.3, 30.9), orientation=6).tobytes()
    photo = bytearray(encoded(pictures.quadrants(64, 48), form, exif=tags))
    for _ in range(data.draw(st.integers(1, 8))):
        photo[data.draw(st.integers(0, len(photo) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(photo) // 2, len(photo)))
    try:
        seen = examine(bytes(photo[:cut]), limits=Limits(4_000_000, 4_000_000))
    except DomainError as error:
        assert error.code.startswith("photo_") or error.code == "unsupported_media_type"
    else:
        assert decoded(seen.display).format == "JPEG"


def test_many_at_once_each_get_their_own_picture():
    colours = [RED, GREEN, BLUE, YELLOW] * 3
    photos = [encoded(Image.new("RGB", (900, 700), colour)) for colour in colours]
    seen: dict[int, bytes] = {}

    def work(number: int) -> None:
        seen[number] = examine(photos[number]).thumb

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(photos))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, colour in enumerate(colours):
        assert close(corners(decoded(seen[number])), (colour,) * 4)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photos are not here")
@pytest.mark.parametrize(
    ("name", "media_type", "size"),
    [
        ("HMD_Nokia_8.3_5G.jpg", MediaType.JPEG, (4608, 1976)),
        ("iphone_hdr_YES.jpg", MediaType.JPEG, (3264, 2448)),
        ("DSCN0010.jpg", MediaType.JPEG, (640, 480)),
        ("DSCN0042.jpg", MediaType.JPEG, (640, 480)),
        ("portrait_6.jpg", MediaType.JPEG, (450, 600)),
        ("corrupted.jpg", MediaType.JPEG, (3648, 2736)),
        ("iphone_13_pro_max.HEIC", MediaType.HEIC, (3024, 4032)),
    ],
)
def test_real_photos(name, media_type, size):
    seen = examine(SAMPLES / name)
    assert (seen.media_type, (seen.width, seen.height)) == (media_type, size)
    shown = decoded(seen.display)
    assert (shown.width > shown.height) == (size[0] > size[1])
    assert max(decoded(seen.thumb).size) <= 320


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (ImportError("no such module"), Unavailable),
        (MemoryError(), Unavailable),
        (OSError(28, "No space left on device"), Unavailable),
        (OSError("image file is truncated"), PhotoUnreadable),
        (SyntaxError("broken PNG"), PhotoUnreadable),
        (ZeroDivisionError(), PhotoUnreadable),
    ],
)
def test_what_is_wrong_here_is_no_fault_of_the_file(
    error: Exception, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal), decoders_fail_in_our_words():
        raise error


def _png_parts(form: str, *, interlaced: bool) -> tuple[bytes, bytes]:
    """The header and the rows, with their filters, of a small noisy picture; Pillow writes nothing
    interlaced, so the seven passes are laid here."""
    noise = Image.effect_noise((53, 41), 80).convert(form)
    if not interlaced:
        data = encoded(noise, "PNG")
        chunks = dict(hostile.png_chunks(data))
        return chunks[b"IHDR"], zlib.decompress(chunks[b"IDAT"])
    width, height = noise.size
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)
    steps = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2)]
    rows = bytearray()
    for x, y, every_x, every_y in [*steps, (0, 1, 1, 2)]:
        for row in range(y, height, every_y):
            rows.append(0)
            rows += bytes(noise.getpixel((at, row)) for at in range(x, width, every_x))
    return header, bytes(rows)


@pytest.mark.parametrize(
    ("form", "interlaced"),
    [("L", False), ("RGB", False), ("RGBA", False), ("1", False), ("L", True)],
)
def test_a_png_is_whole_or_refused(form, interlaced):
    """Pillow leaves rows black that are missing, and passes over the pixels' checksums."""
    header, rows = _png_parts(form, interlaced=interlaced)

    def png(rows, *, damage=False):
        pixels = bytearray(hostile.png_chunk(b"IDAT", zlib.compress(rows)))
        pixels[-1] ^= damage
        start = b"\x89PNG\r\n\x1a\n" + hostile.png_chunk(b"IHDR", header)
        return start + bytes(pixels) + hostile.png_chunk(b"IEND", b"")

    assert (examine(png(rows)).width, examine(png(rows)).height) == (53, 41)
    for cut in (1, len(rows) // 2, len(rows)):
        with pytest.raises(PhotoUnreadable):
            examine(png(rows[:-cut]))
    with pytest.raises(PhotoUnreadable):
        examine(png(rows, damage=True))
