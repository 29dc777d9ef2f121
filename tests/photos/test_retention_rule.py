"""When a photo may go, by what needs it: a table."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.catalogue.models import KeptAs
from app.catalogue.retention import Period
from app.photos.retention.rules import Need, due

RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)
PHOTO = UUID(int=1)
PERIODS = {
    KeptAs.unused: Period(30, 1),
    KeptAs.ticket: Period(100, 1),
    KeptAs.campaign: Period(50, 2),
}


def after(days: float) -> datetime:
    return RECEIVED + timedelta(days=days)


def need(kept_as: str, over_after: float | None) -> Need:
    over_at = None if over_after is None else after(over_after)
    return Need(PHOTO, KeptAs(kept_as), over_at)


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        ([], (30, "unused")),
        ([need("ticket", 0)], (100, "ticket")),
        ([need("ticket", 10)], (110, "ticket")),
        ([need("ticket", None)], None),
        ([need("ticket", 10), need("ticket", None)], None),
        ([need("ticket", 10), need("ticket", 400)], (500, "ticket")),
        ([need("campaign", 5)], (55, "campaign")),
        ([need("campaign", 200), need("ticket", 10)], (250, "campaign")),
        ([need("campaign", 5), need("ticket", 10)], (110, "ticket")),
        ([need("duty_record", 5)], None),
        ([need("duty_record", 5), need("ticket", 10)], None),
    ],
    ids=[
        "nothing uses it: from its receipt on",
        "a ticket that was closed at once",
        "counted from the ticket's end",
        "a ticket that goes on",
        "one of two tickets goes on",
        "the later of two tickets",
        "a campaign",
        "the longest of two uses, though its period is shorter",
        "the longest of two uses",
        "a use without a period is kept for good",
        "a use without a period keeps what others would let go",
    ],
)
def test_when_a_photo_may_go(needs: list[Need], expected: tuple[float, str] | None) -> None:
    found = due(RECEIVED, needs, PERIODS)
    assert (found and (found.at, found.kept_as.value)) == (
        expected and (after(expected[0]), expected[1])
    )


def test_without_any_period_everything_is_kept() -> None:
    assert due(RECEIVED, [], {}) is None
