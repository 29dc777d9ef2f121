"""Before- and after-photos compared by the worker, outside of any transaction."""

import io
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import current_app
from PIL import Image

from app.jobs.terminal import present
from app.kernel.db import unit_of_work
from app.photos.errors import BytesMissing
from app.photos.retouching.comparing import painted_patch
from app.photos.store import BlobKind, PhotoStore, blob_key
from app.tickets.handling.retouched import add_retouched, pairs_to_compare

if TYPE_CHECKING:
    from app.jobs.handlers import Progress


def compare_before_and_after(payload: dict[str, Any], progress: "Progress") -> None:
    """Looks for after-photos of a step that are a before-photo painted over; what was found before
    is not added again."""
    with unit_of_work() as session:
        pairs = pairs_to_compare(session, UUID(payload["event"]))
    for number, pair in enumerate(pairs):
        progress(100 * number // len(pairs), "比对整改前后的照片")
        before, after = _display(pair.before_sha256), _display(pair.after_sha256)
        patch = before and after and painted_patch(before, after, pair.limits)
        if patch:
            with unit_of_work() as session:
                add_retouched(session, pair, patch, now=present())
    progress(100, f"比对了 {len(pairs)} 对")


def _display(sha256: str) -> Image.Image | None:
    """The display rendition; None when it is missing or broken, which `photos check` tells."""
    store: PhotoStore = current_app.extensions["gexun_store"]
    try:
        with store.open(blob_key(sha256, BlobKind.DISPLAY)) as stored:
            image = Image.open(io.BytesIO(stored.read()))
            image.load()
            return image
    except (BytesMissing, OSError):
        return None
