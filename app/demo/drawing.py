"""A drawn photo of a made-up corner, before and after it was put right.

The place (its buildings, colours, trees, where one stands) comes from `place`, the moment (a hand's
breadth to the side, the weather) from `moment`, the light from the hour: two moments of one place
are a re-take from nearly the same spot, never the same pixels.
"""

import io
import random
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from app.demo.pictures.canvas import Canvas
from app.demo.pictures.light import light_at
from app.demo.pictures.places import SETTINGS, eye_for
from app.demo.scenes import SCENES
from app.kernel.clock import SHANGHAI

MAKE, MODEL = "Gexun", "Demonstration"
_FINER = 2


class UnknownScene(ValueError):
    """There is no such scene, no such state of it, or it is not seen in such a setting."""


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
    setting: str | None = None,
    hour: float | None = None,
    stamp: Stamp | None = None,
    size: tuple[int, int] = (1600, 1200),
) -> bytes:
    """The JPEG bytes of one photo; the same arguments give the same bytes.

    `scene` is a key of SCENES, `state` "before" or "after", `setting` one of the scene's (None: the
    place chooses), `hour` that of the light (None: the stamp's, else ten in the morning).
    UnknownScene otherwise.
    """
    if scene not in SCENES or state not in ("before", "after"):
        raise UnknownScene(f"{scene} {state}")
    fitting = SCENES[scene].settings
    chosen = setting or random.Random(f"setting {place}").choice(fitting)
    if chosen not in fitting:
        raise UnknownScene(f"{scene} {chosen}")
    dice = random.Random(f"moment {moment} {state}")
    picture = Image.new("RGB", (size[0] * _FINER, size[1] * _FINER))
    eye = eye_for(SETTINGS[chosen], random.Random(f"eye {place}"), dice)
    light = light_at(_hour(stamp) if hour is None else hour, overcast=dice.random() < 0.25)
    canvas = Canvas(picture, eye, light)
    site = SETTINGS[chosen].build(canvas, random.Random(f"place {place}"))
    SCENES[scene].draw(canvas, site, random.Random(f"{scene} {place}"), state == "before")
    canvas.settle()
    seen = picture.reduce(_FINER)
    return _encode(_flashed(seen) if light.dark else seen, stamp)


def _flashed(picture: Image.Image) -> Image.Image:
    """Lit by the phone: brighter where one looks, the rim as dark as it was."""
    bright = picture.point([min(255, level * 2 + 6) for level in range(256)] * 3)
    round_about = Image.radial_gradient("L").point(
        [max(0, 255 - level * 2) for level in range(256)]
    )
    width, height = picture.size
    spot = Image.new("L", picture.size)
    spot.paste(round_about.resize((width * 5 // 4, height)), (-width // 8, height // 5))
    return Image.composite(bright, picture, spot)


def _hour(stamp: Stamp | None) -> float:
    if stamp is None or stamp.taken_at is None:
        return 10.0
    local = stamp.taken_at.astimezone(SHANGHAI)
    return local.hour + local.minute / 60


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
