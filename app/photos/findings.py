"""What is noticed about a photo and about each use of it, and the verdict that follows. Pure.

A rule is one small function of values in a tuple of rules; thresholds carry the version under
which a finding was made, so that a verdict can be replayed. What is missing is noted as unknown
and never changes a verdict; what a camera may get wrong by itself never contradicts.
"""

from collections.abc import Iterable

from app.photos import like_rules, photo_rules, use_rules
from app.photos.evidence import (
    SHIPPED,
    Direction,
    EarlierCopy,
    EarlierLike,
    Finding,
    Fix,
    LikePlace,
    PhotoFacts,
    PhotoRole,
    PhotoSource,
    Thresholds,
    UsedLike,
    UseFacts,
    Verdict,
)

__all__ = [
    "Direction",
    "EarlierCopy",
    "EarlierLike",
    "Finding",
    "Fix",
    "LikePlace",
    "PhotoFacts",
    "PhotoRole",
    "PhotoSource",
    "Thresholds",
    "UseFacts",
    "UsedLike",
    "Verdict",
    "findings_of_looks",
    "findings_of_photo",
    "findings_of_use",
    "graver",
    "verdict",
]

_GRAVITY = list(Verdict)


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The gravest verdict that any finding leads to; consistent without any."""
    return max((f.leads_to for f in findings), key=_GRAVITY.index, default=Verdict.CONSISTENT)


def graver(one: Verdict, other: Verdict) -> Verdict:
    """The graver of two verdicts."""
    return max(one, other, key=_GRAVITY.index)


def findings_of_photo(photo: PhotoFacts, thresholds: Thresholds = SHIPPED) -> list[Finding]:
    """What is noticed about a photo by itself: its positions, its times, exact reuse."""
    return [found for rule in photo_rules.RULES for found in rule(photo, thresholds)]


def findings_of_looks(photo: PhotoFacts, thresholds: Thresholds = SHIPPED) -> list[Finding]:
    """What is noticed about a photo when it is compared with others after the event."""
    return [found for rule in photo_rules.LOOKS for found in rule(photo, thresholds)]


def findings_of_use(
    photo: PhotoFacts, use: UseFacts, thresholds: Thresholds = SHIPPED
) -> list[Finding]:
    """What is noticed about a photo as evidence in one ticket: place, time, the same bytes."""
    rules = (*use_rules.RULES, *like_rules.RULES)
    return [found for rule in rules for found in rule(photo, use, thresholds)]
