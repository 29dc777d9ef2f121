"""Why a ticket waits to be looked at, the gravest first. Pure."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any


class ReviewReason(StrEnum):
    """Why somebody has to look: in the order in which they do."""

    contradicted = "contradicted"
    needs_review = "needs_review"
    urgent = "urgent"
    illegal_building = "illegal_building"
    second_look = "second_look"
    late = "late"
    check = "check"

    @property
    def rank(self) -> int:
        """Its place in the order, 0 first."""
        return _RANKS[self]


_RANKS = {reason: rank for rank, reason in enumerate(ReviewReason)}

REASON_LABELS = {
    ReviewReason.contradicted: "照片与事实不符",
    ReviewReason.needs_review: "照片有疑点",
    ReviewReason.urgent: "紧急事项",
    ReviewReason.illegal_building: "违法建设",
    ReviewReason.second_look: "结案待复核",
    ReviewReason.late: "核查超期",
    ReviewReason.check: "待核查",
}


def reasons_json(reasons: Iterable[ReviewReason]) -> list[dict[str, Any]]:
    """Reasons as a person reads them."""
    return [{"code": reason.value, "label": REASON_LABELS[reason]} for reason in reasons]
