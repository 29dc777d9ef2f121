"""Photos to send: small ones by the hundred, and phone pictures of 12 megapixels."""

import io
import random
import uuid
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
    """12 MP JPEGs of about 3 MB with the bytes of a real photo where there is one, else drawn."""
    source = Image.open(SHARED) if SHARED.is_file() else _drawn()
    exif = source.info.get("exif", b"")
    plain = _encoded(source.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS), 88, exif)
    for _ in range(count):
        yield _marked(plain, uuid.uuid4().hex)


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


def _marked(jpeg: bytes, mark: str) -> bytes:
    """The same picture as other bytes: a comment before its quantisation tables."""
    comment = mark.encode()
    place = jpeg.index(b"\xff\xdb")
    return jpeg[:place] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + jpeg[place:]
