"""HEIC by its boxes (ISO/IEC 14496-12): whether all bytes that it speaks of are there.

libheif paints what it cannot find, so that a photo cut off on its way would pass as a green one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.photos.errors import PhotoHostile, PhotoUnreadable

MAX_BOXES = 2_000
MAX_EXTENTS = 20_000
# What is not one of these at the top level is a trailer that a phone wrote behind the picture.
_TOP_LEVEL = frozenset(
    {b"ftyp", b"meta", b"mdat", b"moov", b"moof", b"free", b"skip", b"uuid", b"idat", b"mini"}
)
_IN_FILE = 0


@dataclass(frozen=True, slots=True)
class _Box:
    """A box's kind, the first byte of its content, and where it says that it ends."""

    kind: bytes
    start: int
    end: int


def refuse_cut_off(data: bytes) -> None:
    """PhotoUnreadable when a box, or the place of an item, ends behind the end of the file.

    A size of 0 means: to the end of the file. PhotoHostile for endless boxes or extents.
    """
    for box in _boxes(data, 0, len(data)):
        if box.kind not in _TOP_LEVEL:
            return
        if box.end > len(data):
            raise _cut_off()
        if box.kind == b"meta":
            _refuse_items_behind(data, box)


def _boxes(data: bytes, at: int, end: int) -> Iterator[_Box]:
    """The boxes from `at` on; the last one may end behind `end`."""
    for _ in range(MAX_BOXES):
        if at + 8 > end:
            return
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head:
            return
        yield _Box(kind, at + head, at + size)
        at += size
    raise PhotoHostile("照片内部分段过多，请重新拍摄后上传。")


def _refuse_items_behind(data: bytes, meta: _Box) -> None:
    for box in _boxes(data, meta.start + 4, meta.end):
        if box.kind == b"iloc" and box.end <= meta.end:
            for offset, length in _extents(data[box.start : box.end]):
                if offset + length > len(data):
                    raise _cut_off()


def _extents(iloc: bytes) -> Iterator[tuple[int, int]]:
    """Offset and length of each extent that lies in the file itself (clause 8.11.3)."""
    version, sizes, more = iloc[0], iloc[4], iloc[5]
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
    index_size = more & 15 if version else 0
    wide = 4 if version == 2 else 2
    count, at, seen = int.from_bytes(iloc[6 : 6 + wide], "big"), 6 + wide, 0
    for _ in range(min(count, MAX_EXTENTS)):
        method = _number(iloc, at + wide, 2) & 15 if version else _IN_FILE
        at += wide + (4 if version else 2)
        base, extents = _number(iloc, at, base_size), _number(iloc, at + base_size, 2)
        at += base_size + 2
        seen += extents
        if at > len(iloc) or seen > MAX_EXTENTS:
            raise PhotoHostile("照片内部分段过多，请重新拍摄后上传。")
        for _ in range(extents):
            at += index_size
            if method == _IN_FILE:
                length = _number(iloc, at + offset_size, length_size)
                yield base + _number(iloc, at, offset_size), length
            at += offset_size + length_size


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _cut_off() -> PhotoUnreadable:
    return PhotoUnreadable("照片没有传完整，请重新上传；仍不行请重新拍摄。")
