"""The pictures that go into papers: small, freshly encoded, one at a time."""

import io

from PIL import Image

from app.photos.errors import BytesMissing
from app.photos.store import BlobKind, PhotoStore, blob_key

LONG_SIDE = 720
"""Half of a display rendition, which a JPEG is quickly read at, and enough for half the width of an
A4 page at 200 dots an inch."""
_QUALITY = 80


def picture_key(sha256: str) -> str:
    """Which of a photo's bytes go into what leaves the office: this is the one place that says.

    The display rendition: upright, without metadata. Once there is a masked one, it is that.
    """
    return blob_key(sha256, BlobKind.DISPLAY)


def small_picture(store: PhotoStore, sha256: str) -> bytes | None:
    """A photo as a JPEG with a long side of at most 720 pixels; None when its bytes are missing."""
    try:
        with store.open(picture_key(sha256)) as stored:
            data = stored.read()
    except BytesMissing:
        return None
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        image.thumbnail((LONG_SIDE, LONG_SIDE))
        image.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
