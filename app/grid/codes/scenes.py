"""What a code says: 24 characters that mean a place here and nothing to anybody else.

Made of the place's id, which never changes: a sign outlives names, codes, and keys that are
replaced.
"""

import base64
import binascii
from enum import StrEnum
from uuid import UUID


class Spot(StrEnum):
    """What hangs where a code hangs; the letter that its scene begins with."""

    compound = "c"
    checkpoint = "p"


def scene_of(spot: Spot, place_id: UUID) -> str:
    """The scene of a place: at most 32 characters that WeChat takes in a code."""
    return f"{spot}." + base64.urlsafe_b64encode(place_id.bytes).decode().rstrip("=")


def place_of(scene: str) -> tuple[Spot, UUID] | None:
    """The place that a scene means; None when it can mean none."""
    letter, dot, rest = scene.partition(".")
    if letter not in set(Spot) or not dot or len(rest) != 22 or not rest.isascii():
        return None
    try:
        found = UUID(bytes=base64.b64decode(f"{rest}==", altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return None
    return (Spot(letter), found) if scene_of(Spot(letter), found) == scene else None
