"""Honest pictures for tests: drawn here, with the EXIF a test asks for."""

import io
import random
import struct
from fractions import Fraction
from pathlib import Path

import pillow_heif
from PIL import Image, ImageCms, ImageDraw

SAMPLES = Path(__file__).parents[3] / "shared" / "photos"
"""Real camera files, where they lie beside the clone."""

Corners = tuple[tuple[int, int, int], ...]
RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 180, 30), (30, 30, 220), (230, 220, 40)


def quadrants(width: int = 320, height: int = 240, mode: str = "RGB") -> Image.Image:
    """Red, green / blue, yellow: a picture whose way up can be told."""
    image = Image.new("RGB", (width, height), RED)
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 2, 0, width, max(0, height // 2 - 1)), GREEN)
    draw.rectangle((0, height // 2, max(0, width // 2 - 1), height), BLUE)
    draw.rectangle((width // 2, height // 2, width, height), YELLOW)
    if mode == "P":
        return image.quantize(4)
    return image if mode == "RGB" else image.convert(mode, dither=Image.Dither.NONE)


def scene(number: int = 1, width: int = 640, height: int = 480) -> Image.Image:
    """A picture with enough in it to be told from others: another one for every number."""
    chance = random.Random(number)
    image = Image.new("RGB", (width, height), (130, 140, 150))
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = chance.randrange(width), chance.randrange(height)
        colour = tuple(chance.randrange(256) for _ in range(3))
        size = (
            chance.randrange(width // 16, width // 3),
            chance.randrange(height // 16, height // 3),
        )
        shape = draw.rectangle if chance.random() < 0.5 else draw.ellipse
        shape((x - size[0] // 2, y - size[1] // 2, x + size[0] // 2, y + size[1] // 2), colour)
    return image


def corners(image: Image.Image) -> Corners:
    """The colours in the middle of the four quadrants, read like text."""
    image = image.convert("RGB")
    width, height = image.size
    xs, ys = (width // 4, width * 3 // 4), (height // 4, height * 3 // 4)
    return tuple(image.getpixel((x, y)) for y in ys for x in xs)


def close(seen: Corners, wanted: Corners, within: int = 24) -> bool:
    """Whether colours are the same but for the loss of an encoder."""
    return all(
        abs(a - b) <= within
        for left, right in zip(seen, wanted, strict=True)
        for a, b in zip(left, right, strict=True)
    )


def dms(degrees: float) -> tuple[Fraction, Fraction, Fraction]:
    """Degrees, minutes and seconds as EXIF writes them, to 1/10,000 of a second."""
    seconds = Fraction(round(abs(degrees) * 36_000_000), 10_000)
    minutes, rest = divmod(seconds, 60)
    whole, minutes = divmod(minutes, 60)
    return Fraction(whole), Fraction(minutes), rest


def exif(
    *,
    position: tuple[float, float] | None = None,
    taken_at: str | None = None,
    offset: str | None = None,
    orientation: int | None = None,
    software: str | None = None,
) -> Image.Exif:
    """EXIF with a (lng, lat) in WGS-84, `YYYY:MM:DD HH:MM:SS` and so on."""
    tags = Image.Exif()
    if orientation is not None:
        tags[0x0112] = orientation
    if software is not None:
        tags[0x0131] = software
    sub = {0x9003: taken_at, 0x9011: offset}
    tags._ifds[0x8769] = {tag: text for tag, text in sub.items() if text is not None}
    if position is not None:
        lng, lat = position
        tags._ifds[0x8825] = {
            1: "N" if lat >= 0 else "S",
            2: dms(lat),
            3: "E" if lng >= 0 else "W",
            4: dms(lng),
        }
    return tags


def tiff_block(**wanted: object) -> bytes:
    """The same EXIF as a bare TIFF block."""
    return exif(**wanted).tobytes().removeprefix(b"Exif\x00\x00")  # type: ignore[arg-type]


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    """A picture as a file; `form` as Pillow names it, or HEIC."""
    out = io.BytesIO()
    if form == "HEIC":
        heif = pillow_heif.from_pillow(image)
        heif.save(out, quality=90, **options)
    else:
        image.save(out, form, **options)
    return out.getvalue()


def photo(**wanted: object) -> bytes:
    """A small JPEG as a phone would send it, with EXIF as asked."""
    return encoded(quadrants(), exif=exif(**wanted), quality=85)  # type: ignore[arg-type]


def decoded(data: bytes) -> Image.Image:
    """A rendition's pixels."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def srgb_profile() -> bytes:
    """A profile that says sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """A matrix profile whose red primary is sRGB's green and the other way round."""
    profile = bytearray(srgb_profile())
    count = struct.unpack_from(">I", profile, 128)[0]
    places = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, green = places[b"rXYZ"], places[b"gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(
        profile.replace(b"s\x00R\x00G\x00B\x00", b"t\x00e\x00s\x00t\x00").replace(
            b"\x00s\x00R\x00G\x00B", b"\x00t\x00e\x00s\x00t"
        )
    )
