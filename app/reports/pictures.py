"""The pictures that go into papers: small, freshly encoded, one at a time."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from app.kernel.pdf import font_file
from app.photos.errors import BytesMissing
from app.photos.models import PhotoBlob
from app.photos.store import BlobKind, PhotoStore

LONG_SIDE = 720
"""Half of a display rendition, which a JPEG is quickly read at, and enough for half the width of an
A4 page at 200 dots an inch."""
_QUALITY = 80
WAITS = "待遮盖"
GONE = "照片已清除"
EMPTY_SIZE = (400, 300)


def picture_key(blob: PhotoBlob) -> str | None:
    """Which of a photo's bytes go into what leaves the office: this is the one place that says.

    The display rendition, with its mask where it has one; None: nobody has looked yet whether
    something must be covered, or they are in quarantine, and none of its bytes go.
    """
    held = blob.mask_id is None or blob.quarantined_at is not None
    return None if held else blob.shown_files()[BlobKind.DISPLAY].key


def small_picture(store: PhotoStore, key: str) -> bytes | None:
    """A rendition as a JPEG with a long side of at most 720 pixels; None when its bytes are
    missing."""
    try:
        with store.open(key) as stored:
            data = stored.read()
    except BytesMissing:
        return None
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        image.thumbnail((LONG_SIDE, LONG_SIDE))
        image.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


@cache
def empty_picture(said: str = "") -> bytes:
    """What stands for a photo that is not shown: grey, with a word that says why."""
    image = Image.new("RGB", EMPTY_SIZE, (224, 224, 224))
    if said:
        font = ImageFont.truetype(str(font_file()), 40)
        middle = (EMPTY_SIZE[0] // 2, EMPTY_SIZE[1] // 2)
        ImageDraw.Draw(image).text(middle, said, (70, 70, 70), font, anchor="mm")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()
