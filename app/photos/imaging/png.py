"""PNG taken apart by its chunks (W3C PNG, third edition)."""

import zlib
from collections.abc import Iterator

from app.photos.errors import PhotoHostile, PhotoUnreadable
from app.photos.imaging.containers import (
    MAX_EXIF_BYTES,
    MAX_ICC_BYTES,
    Container,
    Limits,
    MediaType,
    unprefixed_exif,
)

MAX_CHUNKS = 50_000
_SIGNATURE_BYTES = 8
_UNPACKED_AT_ONCE = 1 << 20
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By colour type: grey, RGB, palette, grey with alpha, RGB with alpha."""
_ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""The passes of an interlaced picture: first column and row, and every how many."""
_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


def take_apart(data: bytes, limits: Limits) -> Container:
    """Size, EXIF and profile, and a stream of the critical chunks only: no text, no animation.

    PhotoUnreadable without a header, with a damaged chunk or when rows are missing;
    PhotoTooManyPixels, PhotoHostile for endless chunks. The decoder would pass over damage in the
    pixels' chunks and leave missing rows black.
    """
    width, height = _size(data, limits)
    kept: list[bytes | memoryview] = [data[:_SIGNATURE_BYTES]]
    packed: list[memoryview] = []
    whole = memoryview(data)
    exif = icc = None
    for kind, start, end in _chunks(data):
        if kind in _KEPT:
            _refuse_damaged(whole[start:end])
            kept.append(whole[start:end])
            if kind == b"IDAT":
                packed.append(whole[start + 8 : end - 4])
        elif kind == b"eXIf" and end - start <= MAX_EXIF_BYTES:
            exif = unprefixed_exif(data[start + 8 : end - 4])
        elif kind == b"iCCP":
            icc = _profile(data[start + 8 : end - 4])
    _refuse_cut_off(packed, _row_bytes(data, width, height))
    return Container(MediaType.PNG, width, height, b"".join(kept), exif, icc)


def _size(data: bytes, limits: Limits) -> tuple[int, int]:
    if data[8:16] != b"\x00\x00\x00\rIHDR" or len(data) < 33:
        raise PhotoUnreadable("照片数据不完整，请重新拍摄后上传。")
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    limits.check(MediaType.PNG, width, height)
    return width, height


def _refuse_damaged(chunk: memoryview) -> None:
    """Raises PhotoUnreadable unless a chunk is what its checksum says."""
    if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
        raise PhotoUnreadable("照片数据已损坏，请重新拍摄后上传。")


def _row_bytes(data: bytes, width: int, height: int) -> int:
    """The bytes of all rows, each with its filter; interlaced ones come in the seven of Adam7."""
    depth, colour, interlaced = data[24], data[25], data[28]
    bits = depth * _CHANNELS.get(colour, 1)
    passes = _ADAM7 if interlaced else ((0, 0, 1, 1),)
    total = 0
    for x, y, every_x, every_y in passes:
        columns, rows = -(-(width - x) // every_x), -(-(height - y) // every_y)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def _refuse_cut_off(packed: list[memoryview], wanted: int) -> None:
    """Raises PhotoUnreadable unless the chunks unpack to so many bytes; none of them is kept."""
    unpacker, seen = zlib.decompressobj(), 0
    for chunk in packed:
        left: bytes | memoryview = chunk
        while left and seen < wanted:
            seen += len(unpacker.decompress(left, _UNPACKED_AT_ONCE))
            left = unpacker.unconsumed_tail
    while seen < wanted and (more := unpacker.decompress(b"", _UNPACKED_AT_ONCE)):
        seen += len(more)
    if seen < wanted:
        raise PhotoUnreadable("照片数据不完整，请重新拍摄后上传。")


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first byte and end of each whole chunk, up to IEND."""
    at = _SIGNATURE_BYTES
    for _ in range(MAX_CHUNKS):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if at + 12 > len(data) or end > len(data):
            return
        kind = data[at + 4 : at + 8]
        yield kind, at, end
        if kind == b"IEND":
            return
        at = end
    raise PhotoHostile("照片内部分段过多，请重新拍摄后上传。")


def _profile(body: bytes) -> bytes | None:
    """The profile of an iCCP chunk, unpacked no further than the limit; None when it is broken."""
    _, _, packed = body.partition(b"\x00")
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], MAX_ICC_BYTES)
    except zlib.error:
        return None
    return profile if unpacker.eof else None
