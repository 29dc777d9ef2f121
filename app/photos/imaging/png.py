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
_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


def take_apart(data: bytes, limits: Limits) -> Container:
    """Size, EXIF and profile, and a stream of the critical chunks only: no text, no animation.

    PhotoUnreadable without a header, PhotoTooManyPixels, PhotoHostile for endless chunks.
    """
    width, height = _size(data, limits)
    kept: list[bytes | memoryview] = [data[:_SIGNATURE_BYTES]]
    whole = memoryview(data)
    exif = icc = None
    for kind, start, end in _chunks(data):
        if kind in _KEPT:
            kept.append(whole[start:end])
        elif kind == b"eXIf" and end - start <= MAX_EXIF_BYTES:
            exif = unprefixed_exif(data[start + 8 : end - 4])
        elif kind == b"iCCP":
            icc = _profile(data[start + 8 : end - 4])
    return Container(MediaType.PNG, width, height, b"".join(kept), exif, icc)


def _size(data: bytes, limits: Limits) -> tuple[int, int]:
    if data[8:16] != b"\x00\x00\x00\rIHDR" or len(data) < 33:
        raise PhotoUnreadable("照片数据不完整，请重新拍摄后上传。")
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    limits.check(MediaType.PNG, width, height)
    return width, height


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
