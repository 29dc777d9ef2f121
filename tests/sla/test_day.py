"""The same-day goal."""

import pytest

from app.sla.day import same_day
from tests.sla.year2026 import at


@pytest.mark.parametrize(
    ("start", "end", "same"),
    [
        ("03-02 00:00", "03-02 23:59:59", True),
        ("03-02 23:59:59", "03-03 00:00", False),
        ("03-02 07:00", "03-02 09:00", True),  # two days in UTC, one in Shanghai
        ("02-28 12:00", "03-28 12:00", False),
    ],
)
def test_same_day(start: str, end: str, same: bool) -> None:
    assert same_day(at(start), at(end)) is same
