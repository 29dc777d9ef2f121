"""JPEG taken apart by its markers (ITU-T T.81, annex B)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.photos.errors import PhotoHostile, PhotoTooManyPixels, PhotoUnreadable
from app.photos.imaging.containers import (
    MAX_EXIF_BYTES,
    MAX_ICC_BYTES,
    Container,
    Limits,
    MediaType,
    unprefixed_exif,
)

MAX_SCANS = 50
MAX_SEGMENTS = 2_000
# A decoder of several scans keeps every coefficient (2 bytes) and passes over all of them each
# scan; measured, a flat scan costs 0.4 ms a megapixel.
MAX_COEFFICIENT_BYTES = 320_000_000
MAX_SCANNED_PIXELS = 2_400_000_000

_SOI, _EOI, _SOS, _DNL = 0xD8, 0xD9, 0xDA, 0xDC
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_TABLES = frozenset({0xC4, 0xDB, 0xDD})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_MARKER = re.compile(rb"\xff+([^\x00\xff])", re.DOTALL)
_MARKER_IN_SCAN = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Segment:
    marker: int
    start: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _Frame:
    marker: int
    width: int
    height: int
    samplings: tuple[tuple[int, int], ...]

    @property
    def coefficient_bytes(self) -> int:
        """What a decoder holds for the whole frame when it has several scans."""
        widest = max(h for h, _ in self.samplings)
        tallest = max(v for _, v in self.samplings)
        samples = sum(self.width * h * self.height * v for h, v in self.samplings)
        return 2 * samples // (widest * tallest)


@dataclass(slots=True)
class _Head:
    """What stands before the first scan."""

    kept: list[bytes] = field(default_factory=lambda: [b"\xff\xd8"])
    exif: bytes | None = None
    icc_parts: dict[int, bytes] = field(default_factory=dict)
    frame: _Frame | None = None


def take_apart(data: bytes, limits: Limits) -> Container:
    """Frame, EXIF and profile of the first image, and a stream without any metadata.

    PhotoUnreadable without a frame and a scan of a kind that phones write; PhotoTooManyPixels;
    PhotoHostile for more scans or segments than a camera makes.
    """
    head = _Head()
    for segment in _segments(data):
        if segment.marker == _SOS:
            frame = _checked(head.frame, limits)
            _check_scans(data, segment, frame)
            pixels = b"".join([*head.kept, memoryview(data)[segment.start :]])
            return Container(
                MediaType.JPEG, frame.width, frame.height, pixels, head.exif, _profile(head)
            )
        _sort(segment, head)
    raise _unreadable()


def _segments(data: bytes) -> Iterator[_Segment]:
    """The segments up to and with the first start of scan."""
    at = 2
    for _ in range(MAX_SEGMENTS):
        found = _MARKER.search(data, at)
        if found is None:
            return
        marker = found[1][0]
        if marker == _EOI:
            return
        if marker in _BARE:
            at = found.end()
            continue
        end = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
        if end < found.end() + 2 or end > len(data):
            return
        yield _Segment(marker, found.end() - 2, data[found.end() + 2 : end])
        at = end
    raise PhotoHostile("照片内部分段过多，请用手机相机重新拍摄后上传。")


def _sort(segment: _Segment, head: _Head) -> None:
    marker, body = segment.marker, segment.body
    if marker in _FRAMES:
        if head.frame is not None:
            raise _unreadable()
        head.frame = _frame(segment)
    if marker in _FRAMES or marker in _TABLES or marker == _APP14:
        head.kept.append(b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2, "big") + body)
    elif marker == _APP0 and body.startswith(b"JFIF\x00"):
        # Decoders choose the colour model by this marker; its thumbnail is left out.
        head.kept.append(b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
    elif marker == _APP1 and body.startswith(b"Exif\x00") and head.exif is None:
        head.exif = unprefixed_exif(body[:MAX_EXIF_BYTES])
    elif marker == _APP2 and body.startswith(b"ICC_PROFILE\x00") and len(body) > 14:
        head.icc_parts.setdefault(body[12], body[14:])


def _frame(segment: _Segment) -> _Frame:
    body = segment.body
    if segment.marker not in (_BASELINE, _EXTENDED, _PROGRESSIVE) or len(body) < 6:
        raise _unreadable()
    components = body[5]
    samplings = tuple((body[at] >> 4, body[at] & 15) for at in range(7, len(body), 3))
    if components not in (1, 3, 4) or len(body) != 6 + 3 * components:
        raise _unreadable()
    if not all(1 <= h <= 4 and 1 <= v <= 4 for h, v in samplings):
        raise _unreadable()
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    return _Frame(segment.marker, width, height, samplings)


def _checked(frame: _Frame | None, limits: Limits) -> _Frame:
    if frame is None:
        raise _unreadable()
    limits.check(MediaType.JPEG, frame.width, frame.height)
    return frame


def _check_scans(data: bytes, first: _Segment, frame: _Frame) -> None:
    """A single interleaved scan needs no look; of several, the count and the work are bounded."""
    if not first.body:
        raise _unreadable()
    if frame.marker != _PROGRESSIVE and first.body[0] == len(frame.samplings):
        return
    if frame.coefficient_bytes > MAX_COEFFICIENT_BYTES:
        raise PhotoTooManyPixels(
            "照片像素过高且为渐进式 JPEG，请用手机相机的普通模式重新拍摄后上传。"
        )
    allowed = min(MAX_SCANS, max(10, MAX_SCANNED_PIXELS // (frame.width * frame.height)))
    if _more_scans_than(allowed, data, first.start):
        raise PhotoHostile("照片的扫描次数过多，请用手机相机重新拍摄后上传。")


def _more_scans_than(allowed: int, data: bytes, at: int) -> bool:
    scans = 0
    while (found := _MARKER_IN_SCAN.search(data, at)) is not None:
        marker = found[1][0]
        if marker == _EOI:
            return False
        scans += marker == _SOS
        if scans > allowed:
            return True
        at = found.end()
        if marker not in _BARE and marker != _DNL:
            at += max(2, int.from_bytes(data[at : at + 2], "big"))
    return False


def _profile(head: _Head) -> bytes | None:
    """The colour profile, put together in the order of its numbered parts (ICC.1, annex B.4)."""
    profile = b"".join(head.icc_parts[number] for number in sorted(head.icc_parts))
    return profile if 0 < len(profile) <= MAX_ICC_BYTES else None


def _unreadable() -> PhotoUnreadable:
    return PhotoUnreadable("照片数据不完整，请重新拍摄后上传。")
