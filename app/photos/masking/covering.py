"""A picture with boxes covered: the fill is one grey, so nothing of what was there is left in it.

The rendition is a JPEG: what is in a block of 16 × 16 pixels shows in all of it, and colour, kept
for every other pixel, is read back with some of its neighbour's. So whole blocks are filled and a
margin around them, and the thumb is made of the covered picture.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from app.photos.errors import PhotoUnreadable
from app.photos.imaging.renditions import display_and_thumb

BLOCK = 16
MARGIN = 2
GREY = 128


@dataclass(frozen=True, slots=True)
class Box:
    """What is covered, in pixels of the display rendition, from its upper left corner."""

    x: int
    y: int
    width: int
    height: int

    def touches(self, size: tuple[int, int]) -> bool:
        """Whether some of it is in a picture."""
        right, bottom = self.x + self.width, self.y + self.height
        return self.x < size[0] and self.y < size[1] and right > 0 and bottom > 0

    def in_blocks(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom (the last ones not included) of the blocks it lies in."""
        right, bottom = self.x + self.width, self.y + self.height
        return (
            self.x // BLOCK * BLOCK,
            self.y // BLOCK * BLOCK,
            -(-right // BLOCK) * BLOCK,
            -(-bottom // BLOCK) * BLOCK,
        )


def size_of(display: bytes) -> tuple[int, int]:
    """Width and height of a rendition of ours; raises PhotoUnreadable when it is none."""
    return _opened(display).size


def covered(display: bytes, boxes: Sequence[Box]) -> tuple[bytes, bytes]:
    """The display and thumb JPEG with boxes covered; raises PhotoUnreadable."""
    picture = _opened(display)
    try:
        picture.load()
    except OSError as error:
        raise _broken() from error
    draw = ImageDraw.Draw(picture)
    fill = GREY if picture.mode == "L" else (GREY, GREY, GREY)
    for box in boxes:
        left, top, right, bottom = box.in_blocks()
        widened = (left - MARGIN, top - MARGIN, right + MARGIN - 1, bottom + MARGIN - 1)
        draw.rectangle(widened, fill)
    return display_and_thumb(picture)


def _opened(display: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(display), formats=["JPEG"])
    except OSError as error:
        raise _broken() from error


def _broken() -> PhotoUnreadable:
    return PhotoUnreadable("照片文件已损坏，请从备份恢复。")
