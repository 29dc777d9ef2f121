"""WebP taken apart by its RIFF chunks (RFC 9649)."""

from collections.abc import Iterator

from app.photos.errors import PhotoUnreadable
from app.photos.imaging.containers import (
    MAX_EXIF_BYTES,
    MAX_ICC_BYTES,
    Container,
    Limits,
    MediaType,
    unprefixed_exif,
)

_MAX_CHUNKS = 5_000
_METADATA = frozenset({b"EXIF", b"ICCP", b"XMP "})


def take_apart(data: bytes, limits: Limits) -> Container:
    """Canvas size, EXIF and profile; the decoder gets the file itself and reads the first frame.

    PhotoUnreadable without a picture chunk, PhotoTooManyPixels beyond the limit.
    """
    width, height = _canvas(data)
    limits.check(MediaType.WEBP, width, height)
    found = {
        kind: data[start:end]
        for kind, start, end in _chunks(data)
        if kind in _METADATA and end - start <= MAX_ICC_BYTES
    }
    exif = found.get(b"EXIF", b"")[:MAX_EXIF_BYTES]
    return Container(MediaType.WEBP, width, height, data, unprefixed_exif(exif), found.get(b"ICCP"))


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first byte and end of each chunk's content; animations end the walk early."""
    at = 12
    for _ in range(_MAX_CHUNKS):
        if at + 8 > len(data):
            return
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], at + 8, min(at + 8 + size, len(data))
        at += 8 + size + (size & 1)


def _canvas(data: bytes) -> tuple[int, int]:
    """Width and height as the first chunk says: extended, lossy or lossless."""
    kind, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise PhotoUnreadable("照片数据不完整，请重新拍摄后上传。")
    if kind == b"VP8X":
        return (
            int.from_bytes(body[4:7], "little") + 1,
            int.from_bytes(body[7:10], "little") + 1,
        )
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return (
            int.from_bytes(body[6:8], "little") & 0x3FFF,
            int.from_bytes(body[8:10], "little") & 0x3FFF,
        )
    if kind == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise PhotoUnreadable("照片数据已损坏，请重新拍摄后上传。")
