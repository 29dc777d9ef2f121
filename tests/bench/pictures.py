"""Photos to send: small ones by the hundred, and phone pictures of 12 megapixels."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SHARED = Path(__file__).resolve().parents[3] / "shared" / "photos" / "iphone_hdr_YES.jpg"
SIZE = (4032, 3024)
BOUNDARY = "gexun-bench-boundary"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def small_photos(count: int) -> Iterator[bytes]:
    """JPEGs of a few kilobytes, no two alike."""
    for _ in range(count):
        yield _encoded(Image.effect_noise((160, 120), 60).convert("RGB"), 80)


def large_photos(count: int) -> Iterator[bytes]:
    """12 MP JPEGs of about 3 MB, no two alike, of a real photo where there is one, else drawn."""
    source = Image.open(SHARED) if SHARED.is_file() else _drawn()
    exif = source.info.get("exif", b"")
    whole = source.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
    for number in range(count):
        yield _encoded(_shuffled(whole, random.Random(number)), 88, exif)


def _shuffled(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Sixteen parts of a picture in another order: as dear to decode, and unlike the others."""
    width, height = picture.width // 4, picture.height // 4
    corners = [(x * width, y * height) for x in range(4) for y in range(4)]
    mixed = picture.copy()
    for (x, y), place in zip(chance.sample(corners, 16), corners, strict=True):
        mixed.paste(picture.crop((x, y, x + width, y + height)), place)
    return mixed


def form(photo: bytes, **fields: str) -> bytes:
    """The multipart body of an upload."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="a.jpg"'
    file = f"--{BOUNDARY}\r\n{head}\r\nContent-Type: image/jpeg\r\n\r\n"
    return "".join([*parts, file]).encode() + photo + f"\r\n--{BOUNDARY}--\r\n".encode()


def _drawn() -> Image.Image:
    """Walls, a lawn and a heap, with the grain of a sensor: it compresses like a real one."""
    chance = random.Random(5)
    picture = Image.new("RGB", (SIZE[0] // 2, SIZE[1] // 2), (150, 170, 190))
    pen = ImageDraw.Draw(picture)
    for _ in range(900):
        x, y = chance.randrange(picture.width), chance.randrange(picture.height)
        side = chance.randrange(8, 160)
        colour = tuple(chance.randrange(30, 220) for _ in range(3))
        pen.rectangle((x, y, x + side, y + side), fill=colour)
    picture = picture.filter(ImageFilter.GaussianBlur(1))
    grain = Image.effect_noise(picture.size, 40).convert("RGB")
    return Image.blend(picture, grain, 0.2)


def _encoded(picture: Image.Image, quality: int, exif: bytes = b"") -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()
