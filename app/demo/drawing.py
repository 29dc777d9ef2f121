"""A believable photo of a made-up corner of a compound, before and after it was put right.

The place (its building, colours, trees) comes from `place`, the moment (where the photographer
stood, the light, the sensor's noise) from `moment`: two moments of one place are a re-take from
nearly the same spot, never the same pixels.
"""

import io
import random
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageChops, ImageDraw, ImageEnhance

from app.demo.scenes import HEIGHT, SCENES, WIDTH, draw_place
from app.kernel.clock import SHANGHAI

MAKE, MODEL = "Gexun", "Demonstration"


class UnknownScene(ValueError):
    """There is no such scene, or no such state of it."""


@dataclass(frozen=True)
class Stamp:
    """What the phone writes into EXIF: the time (aware) and the position (WGS-84, degrees)."""

    taken_at: datetime | None = None
    lng: float | None = None
    lat: float | None = None


def draw_photo(
    scene: str,
    state: str,
    *,
    place: int = 1,
    moment: int = 1,
    stamp: Stamp | None = None,
    size: tuple[int, int] = (1600, 1200),
) -> bytes:
    """The JPEG bytes of one photo; the same arguments give the same bytes.

    `scene` is a key of SCENES, `state` "before" or "after". UnknownScene otherwise.
    """
    if scene not in SCENES or state not in ("before", "after"):
        raise UnknownScene(f"{scene} {state}")
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(picture)
    draw_place(pen, random.Random(f"place {place}"))
    SCENES[scene](pen, random.Random(f"{scene} {place}"), state == "before")
    return _encode(_as_seen(picture, random.Random(f"moment {moment} {state}"), size), stamp)


def _as_seen(picture: Image.Image, chance: random.Random, size: tuple[int, int]) -> Image.Image:
    """The drawn place through a phone held by hand: turned a little, moved, brightened, noisy."""
    turned = picture.rotate(chance.uniform(-1.2, 1.2), Image.Resampling.BICUBIC)
    left, top = chance.randint(50, 90), chance.randint(40, 70)
    framed = turned.crop((left, top, WIDTH - 140 + left, HEIGHT - 110 + top))
    seen = framed.resize(size, Image.Resampling.BICUBIC)
    lit = ImageEnhance.Brightness(seen).enhance(chance.uniform(0.94, 1.08))
    return _with_noise(lit, chance)


def _with_noise(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Grain at two sizes, up to about ±6 levels, so that flat paint looks like a surface."""
    for share, strength in ((1, 8), (6, 10)):
        width, height = picture.width // share, picture.height // share
        grain = Image.frombytes("L", (width, height), chance.randbytes(width * height))
        weaker = grain.point([level * strength // 255 for level in range(256)])
        layer = weaker.resize(picture.size, Image.Resampling.BILINEAR).convert("RGB")
        picture = ImageChops.add(picture, layer, offset=-strength // 2)
    return picture


def _encode(picture: Image.Image, stamp: Stamp | None) -> bytes:
    out = io.BytesIO()
    exif = _exif(stamp) if stamp else Image.Exif()
    picture.save(out, "JPEG", quality=86, exif=exif)
    return out.getvalue()


def _exif(stamp: Stamp) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = MAKE, MODEL
    if stamp.taken_at is not None:
        local = stamp.taken_at.astimezone(SHANGHAI).strftime("%Y:%m:%d %H:%M:%S")
        exif.get_ifd(0x8769).update({0x9003: local, 0x9011: "+08:00"})
    if stamp.lng is not None and stamp.lat is not None:
        exif.get_ifd(0x8825).update(
            {
                1: "N" if stamp.lat >= 0 else "S",
                2: _degrees_minutes_seconds(stamp.lat),
                3: "E" if stamp.lng >= 0 else "W",
                4: _degrees_minutes_seconds(stamp.lng),
            }
        )
    return exif


def _degrees_minutes_seconds(degrees: float) -> tuple[float, float, float]:
    whole, rest = divmod(abs(degrees) * 60, 1)
    return float(whole // 60), float(whole % 60), round(rest * 60, 4)
