"""The arithmetic of weeks and coverage."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.grid.models import CompoundKind
from app.rounds.coverage import (
    Figures,
    checked_week,
    judged_on,
    kinds_walked,
    latest_weeks,
    week_closes_at,
)
from tests.rounds.walks import at


@pytest.mark.parametrize(
    ("week", "closes_at"),
    [
        ("2026-W48", "2026-11-30 12:00"),
        ("2026-W53", "2027-01-04 12:00"),
        ("2027-W01", "2027-01-11 12:00"),
    ],
)
def test_a_week_closes_on_monday_noon(week: str, closes_at: str) -> None:
    assert week_closes_at(week) == at(closes_at)


@pytest.mark.parametrize("week", ["2026-W01", "2026-W53", "2027-W52", "2999-W52"])
def test_weeks_there_are(week: str) -> None:
    assert checked_week(week) == week


@pytest.mark.parametrize(
    "week",
    ["2027-W53", "2026-W00", "2026-W54", "2026-48", "2026W48", "2026-w48", "2026-W4", "",
     "９999-W01", "9999-W52", "0000-W01", "2026-W48\n", "1999-W01"],
)  # fmt: skip
def test_weeks_there_are_not(week: str) -> None:
    with pytest.raises(ValueError, match="ISO 周"):
        checked_week(week)


def test_the_latest_weeks_pass_the_end_of_the_year() -> None:
    assert latest_weeks(at("2027-01-05 08:00"), 3) == ["2026-W52", "2026-W53", "2027-W01"]
    assert latest_weeks(at("2027-01-03 23:59"), 1) == ["2026-W53"]
    assert len(set(latest_weeks(at("2027-01-05 08:00"), 53))) == 53


@dataclass(frozen=True)
class Served:
    """A place in service from a day to the day before another, but for some days."""

    in_service_on: date = date(2020, 1, 1)
    retired_on: date = date.max
    without: frozenset[date] = frozenset()

    def serves_on(self, day: date) -> bool:
        return self.in_service_on <= day < self.retired_on and day not in self.without


def november(*days: int) -> frozenset[date]:
    return frozenset(date(2026, 11, day) for day in days)


@pytest.mark.parametrize(
    ("compound", "now", "judged"),
    [
        (Served(), "2026-11-25 09:00", date(2026, 11, 25)),
        (Served(), "2026-12-09 09:00", date(2026, 11, 29)),
        (Served(), "2026-11-20 09:00", date(2026, 11, 20)),
        (Served(retired_on=date(2026, 11, 25)), "2026-12-09 09:00", date(2026, 11, 24)),
        (Served(without=november(26, 27, 28, 29)), "2026-12-09 09:00", date(2026, 11, 25)),
        (Served(without=november(24)), "2026-11-25 09:00", date(2026, 11, 25)),
        (Served(in_service_on=date(2026, 11, 27)), "2026-11-25 09:00", date(2026, 11, 27)),
        (Served(in_service_on=date(2026, 11, 30)), "2026-12-09 09:00", date(2026, 11, 30)),
        (Served(retired_on=date(2026, 11, 1)), "2026-12-09 09:00", date(2026, 11, 29)),
    ],
)
def test_a_week_is_judged_on_the_last_day_so_far_that_the_compound_served(
    compound: Served, now: str, judged: date
) -> None:
    assert judged_on(compound, "2026-W48", at(now)) == judged


def test_the_rate_of_nothing_is_none() -> None:
    assert Figures().rate is None
    assert Figures(4, 0).rate == 0
    assert (Figures(2, 1) + Figures(6, 5)).rate == 0.75


def test_settlements_are_walked_where_the_county_says_so() -> None:
    assert CompoundKind.settlement not in kinds_walked(settlements=False)
    assert kinds_walked(settlements=True) == frozenset(CompoundKind)
