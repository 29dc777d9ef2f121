"""What a blob looks like, written down: its hashes for later look-ups, and what it is like."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.photos.evidence import SHIPPED, Thresholds
from app.photos.likeness.bands import keys_of
from app.photos.likeness.hashing import HASH_VERSION, Hashes
from app.photos.likeness.lookup import Alike, kinds_of
from app.photos.likeness.models import AlikePair, PictureHash


def looks_of(hashes: Hashes, limits: Thresholds = SHIPPED) -> dict[str, object]:
    """The columns of a blob that say what it looks like."""
    return {
        "hash_version": HASH_VERSION,
        "low_detail": hashes.shows_little(limits),
        "fine_hash": hashes.fine,
    }


def keep_hashes(session: Session, number: int, hashes: Hashes) -> None:
    """Keeps the hashes of a blob that has none yet."""
    every = np.append(hashes.windows, hashes.gradient)
    parts = np.arange(len(every))
    keys = keys_of(every, kinds_of(parts)).tolist()
    rows = [
        {"number": number, "part": part, "hash": value, "key_a": a, "key_b": b, "key_c": c}
        for part, value, (a, b, c) in zip(
            parts.tolist(), every.astype(np.int64).tolist(), keys, strict=True
        )
    ]
    session.execute(insert(PictureHash), rows)


def keep_pairs(session: Session, number: int, alike: Sequence[Alike]) -> None:
    """Keeps what a blob is like; the pairs of one blob come at once."""
    if alike:
        rows = [
            {
                "number": max(number, each.number),
                "other": min(number, each.number),
                "distance": each.distance,
                "whole_distance": each.whole_distance,
                "fine_distance": each.fine_distance,
            }
            for each in alike
        ]
        session.execute(insert(AlikePair), rows)
