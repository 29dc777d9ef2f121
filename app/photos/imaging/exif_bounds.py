"""The bounded look at an EXIF block, before any library parses it (TIFF 6.0, EXIF 3.0).

Libraries follow every pointer and believe every count: a few kilobytes can cost them seconds and
hundreds of megabytes. This walk reads each directory entry once and refuses what is out of bounds.
"""

import struct
from dataclasses import dataclass

from app.photos.errors import PhotoHostile

MAX_IFDS = 8
MAX_ENTRIES = 512
MAX_VALUE_BYTES = 64 * 1024

ORIENTATION = 0x0112
GPS_LATITUDE_REF, GPS_LATITUDE, GPS_LONGITUDE_REF, GPS_LONGITUDE = 1, 2, 3, 4
_SUB_IFDS, _EXIF_IFD, _GPS_IFD, _INTEROP_IFD = 0x014A, 0x8769, 0x8825, 0xA005
_POINTERS = frozenset({_SUB_IFDS, _EXIF_IFD, _GPS_IFD, _INTEROP_IFD})
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_ASCII, _SHORT = 2, 3
# The standard says unsigned; real phones (Nokia 8.3) write signed ones with positive values.
_RATIONALS = {5: "I", 10: "i"}


class BrokenExif(ValueError):
    """The block is no EXIF, or is cut short."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry; `at` is where its value begins in the block."""

    kind: int
    count: int
    at: int


@dataclass(frozen=True, slots=True)
class Look:
    """What the walk found: orientation 1-8, and whether there is a sound or a broken GPS fix."""

    orientation: int
    has_gps: bool
    gps_is_sound: bool


def look(block: bytes) -> Look:
    """Walk all directories of a TIFF block under the bounds.

    PhotoHostile beyond 8 directories, 512 entries or 64 KiB of values (for a longer block: its own
    length), and when a directory is reached twice; BrokenExif when it is no TIFF or cut short.
    """
    return _Walk(block).result()


class _Walk:
    def __init__(self, block: bytes) -> None:
        if block[:4] not in (b"II*\x00", b"MM\x00*"):
            raise BrokenExif("no TIFF header")
        self._block = block
        self._order = "<" if block[:1] == b"I" else ">"
        self._seen: set[int] = set()
        self._entries_left = MAX_ENTRIES
        # Values that do not overlap cannot be longer than the block that holds them.
        self._bytes_left = max(MAX_VALUE_BYTES, len(block))
        self._gps: dict[int, Entry] = {}
        self._gps_is_sound = True
        self._orientation = 1

    def result(self) -> Look:
        waiting = [(self._number("I", 4), "main")]
        while waiting:
            at, name = waiting.pop()
            if at:
                waiting += self._directory(at, name)
        return Look(self._orientation, bool(self._gps), self._gps_is_sound and self._fix_is_sound())

    def _number(self, code: str, at: int) -> int:
        try:
            return int(struct.unpack_from(self._order + code, self._block, at)[0])
        except struct.error:
            raise BrokenExif("cut short") from None

    def _directory(self, at: int, name: str) -> list[tuple[int, str]]:
        """Read one directory; gives back those it points to."""
        if at in self._seen or len(self._seen) == MAX_IFDS:
            raise _hostile()
        self._seen.add(at)
        entries = self._number("H", at)
        self._entries_left -= entries
        if self._entries_left < 0:
            raise _hostile()
        found: list[tuple[int, str]] = []
        for place in range(at + 2, at + 2 + 12 * entries, 12):
            found += self._entry(place, name)
        if name in ("main", "thumbnail"):
            found.append((self._next(at + 2 + 12 * entries), "thumbnail"))
        return found

    def _next(self, at: int) -> int:
        """The next directory; some writers leave the final zero out."""
        return self._number("I", at) if at + 4 <= len(self._block) else 0

    def _entry(self, place: int, name: str) -> list[tuple[int, str]]:
        tag, kind = self._number("H", place), self._number("H", place + 2)
        count = self._number("I", place + 4)
        size = _SIZES.get(kind, 1) * count
        self._bytes_left -= size
        if self._bytes_left < 0:
            raise _hostile()
        entry = Entry(kind, count, place + 8 if size <= 4 else self._number("I", place + 8))
        if name == "gps":
            self._keep_gps(tag, entry)
        elif tag == ORIENTATION and name == "main" and kind == _SHORT and count == 1:
            value = self._number("H", entry.at)
            self._orientation = value if 1 <= value <= 8 else 1
        elif tag in _POINTERS:
            child = "gps" if tag == _GPS_IFD else "other"
            return [(self._number("I", entry.at + 4 * n), child) for n in range(min(count, 9))]
        return []

    def _keep_gps(self, tag: int, entry: Entry) -> None:
        if GPS_LATITUDE_REF <= tag <= GPS_LONGITUDE:
            self._gps_is_sound = self._gps_is_sound and tag not in self._gps
            self._gps[tag] = entry

    def _fix_is_sound(self) -> bool:
        """All four tags, in the types and ranges the standard gives them."""
        try:
            return (
                self._ref(GPS_LATITUDE_REF) in (b"N", b"S")
                and self._ref(GPS_LONGITUDE_REF) in (b"E", b"W")
                and self._degrees(GPS_LATITUDE) <= 90
                and self._degrees(GPS_LONGITUDE) <= 180
            )
        except (KeyError, BrokenExif):
            return False

    def _ref(self, tag: int) -> bytes:
        entry = self._gps[tag]
        if entry.kind != _ASCII or not 1 <= entry.count <= 4:
            raise BrokenExif("reference")
        return self._block[entry.at : entry.at + entry.count].rstrip(b"\x00 ")

    def _degrees(self, tag: int) -> float:
        entry = self._gps[tag]
        if entry.kind not in _RATIONALS or entry.count != 3:
            raise BrokenExif("not three rationals")
        parts = [self._number(_RATIONALS[entry.kind], entry.at + 4 * n) for n in range(6)]
        if min(parts) < 0 or 0 in parts[1::2]:
            raise BrokenExif("negative, or a denominator of zero")
        degrees, minutes, seconds = (parts[n] / parts[n + 1] for n in (0, 2, 4))
        if minutes > 60 or seconds > 60:
            raise BrokenExif("minutes or seconds out of range")
        return degrees + minutes / 60 + seconds / 3600


def _hostile() -> PhotoHostile:
    return PhotoHostile("照片附带信息（EXIF）结构异常，请用手机相机重新拍摄后上传。")
