"""When and where a photo says it was taken."""

import io
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import exifread

from app.kernel.clock import SHANGHAI
from app.photos.imaging.exif_bounds import BrokenExif, Look, look

# Its warnings describe strangers' files, not our state.
logging.getLogger("exifread").setLevel(logging.CRITICAL)

_TIME = "%Y:%m:%d %H:%M:%S"
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
_SOFTWARE_LENGTH = 80


class ExifProblem(StrEnum):
    """Why EXIF says less than it could."""

    ABSENT = "absent"
    BROKEN = "broken"
    BAD_POSITION = "bad_position"
    BAD_TIME = "bad_time"


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """What EXIF says: an aware UTC instant, degrees in WGS-84, orientation 1-8, software."""

    taken_at: datetime | None = None
    lng: float | None = None
    lat: float | None = None
    orientation: int = 1
    software: str | None = None
    problem: ExifProblem | None = None


def read_exif(block: bytes | None) -> ExifFacts:
    """The facts in a TIFF block (no prefix); what is broken is left out with its reason.

    PhotoHostile when the block is built to exhaust a parser. A time without offset is taken as
    Asia/Shanghai; a position of exactly 0, 0 is none.
    """
    if not block:
        return ExifFacts(problem=ExifProblem.ABSENT)
    try:
        seen = look(block)
    except BrokenExif:
        return ExifFacts(problem=ExifProblem.BROKEN)
    try:
        tags = exifread.process_file(io.BytesIO(block), details=False, extract_thumbnail=False)
        return _facts(tags, seen)
    except Exception:  # exifread raises whatever a broken value leads it to
        return ExifFacts(orientation=seen.orientation, problem=ExifProblem.BROKEN)


def _facts(tags: Mapping[str, Any], seen: Look) -> ExifFacts:
    facts = ExifFacts(orientation=seen.orientation, software=_software(tags))
    if seen.has_gps and not seen.gps_is_sound:
        facts = replace(facts, problem=ExifProblem.BAD_POSITION)
    elif seen.has_gps:
        lng, lat = _degrees(tags, "Longitude", "W"), _degrees(tags, "Latitude", "S")
        if (lng, lat) != (0, 0):
            facts = replace(facts, lng=lng, lat=lat)
    try:
        return replace(facts, taken_at=_taken_at(tags))
    except (ValueError, OverflowError):
        return replace(facts, problem=facts.problem or ExifProblem.BAD_TIME)


def _degrees(tags: Mapping[str, Any], axis: str, negative: str) -> float:
    degrees, minutes, seconds = (float(v) for v in tags[f"GPS GPS{axis}"].values)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if _text(tags, f"GPS GPS{axis}Ref") == negative else value


def _taken_at(tags: Mapping[str, Any]) -> datetime | None:
    """DateTimeOriginal as an instant; None when it is missing or blanked; ValueError if broken."""
    text = _text(tags, "EXIF DateTimeOriginal")
    if not text.strip("0: "):
        return None
    local = datetime.strptime(text, _TIME)
    zone = _offset(_text(tags, "EXIF OffsetTimeOriginal")) or SHANGHAI
    return local.replace(tzinfo=zone).astimezone(UTC)


def _offset(text: str) -> timezone | None:
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)


def _software(tags: Mapping[str, Any]) -> str | None:
    text = "".join(c for c in _text(tags, "Image Software") if c.isprintable())
    return text[:_SOFTWARE_LENGTH].strip() or None


def _text(tags: Mapping[str, Any], name: str) -> str:
    tag = tags.get(name)
    return str(tag.values).strip() if tag is not None and isinstance(tag.values, str) else ""
