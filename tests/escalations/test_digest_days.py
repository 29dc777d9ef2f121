"""On which days what is gathered, by table: weeks of 2026, and a year nobody has announced."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.escalations.digest_days import week_to_finish, week_to_sum_up, weeks_to_sum_up
from app.kernel.clock import iso_week, week_days
from app.sla.calendar import AnnouncedYear, WorkCalendar

PLAIN = WorkCalendar.from_years([AnnouncedYear(2026)])
OCTOBER = WorkCalendar.from_years(
    [
        AnnouncedYear(
            2026,
            tuple(date(2026, 10, day) for day in range(1, 8)),
            (date(2026, 9, 20), date(2026, 10, 10)),
        )
    ]
)
"""Off from Thursday the 1st to Wednesday the 7th; Sunday the 20th and Saturday the 10th worked."""
MONDAY_OFF = WorkCalendar.from_years([AnnouncedYear(2026, (date(2026, 11, 23),))])
THURSDAY_OFF = WorkCalendar.from_years(
    [AnnouncedYear(2026, (date(2026, 11, 26), date(2026, 11, 27)), (date(2026, 11, 28),))]
)


def days(text: str) -> set[int]:
    return {int(day) for day in text.split()}


@pytest.mark.parametrize(
    ("calendar", "monday", "finish", "sum_up"),
    [
        (PLAIN, date(2026, 11, 23), "26 27", "23"),
        (MONDAY_OFF, date(2026, 11, 23), "26 27", "24"),
        (THURSDAY_OFF, date(2026, 11, 23), "28", "23"),
        (OCTOBER, date(2026, 9, 14), "17 18 20", "14"),
        # Nothing is worked from Thursday on: Wednesday is the last chance.
        (OCTOBER, date(2026, 9, 28), "30", "28"),
        (OCTOBER, date(2026, 10, 5), "8 9 10", "8"),
        (WorkCalendar(), date(2031, 11, 24), "27 28", "24"),
    ],
)
def test_the_days_of_a_week(calendar: WorkCalendar, monday: date, finish: str, sum_up: str) -> None:
    week = [monday + timedelta(days=ahead) for ahead in range(7)]
    assert {day.day for day in week if week_to_finish(day, calendar)} == days(finish)
    assert {day.day for day in week if week_to_sum_up(day, calendar)} == days(sum_up)


@pytest.mark.parametrize(
    ("day", "last", "weeks"),
    [
        (date(2026, 11, 23), None, ["2026-W47"]),
        (date(2026, 11, 24), None, []),
        (date(2026, 11, 23), "2026-W46", ["2026-W47"]),
        (date(2026, 11, 24), "2026-W47", []),
        # No worker ran on Monday.
        (date(2026, 11, 24), "2026-W46", ["2026-W47"]),
        # A week without a working day, and a new year.
        (date(2026, 11, 23), "2026-W45", ["2026-W46", "2026-W47"]),
        (date(2027, 1, 11), "2026-W52", ["2026-W53", "2027-W01"]),
        (date(2026, 11, 22), "2026-W40", []),
        (date(2026, 11, 23), "2026-W20", [f"2026-W{number}" for number in range(44, 48)]),
    ],
)
def test_no_week_is_missed(day: date, last: str | None, weeks: list[str]) -> None:
    assert weeks_to_sum_up(day, WorkCalendar(), last) == weeks


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sets(st.integers(0, 6)))
def test_every_week_with_a_working_day_has_both(day: date, off: set[int]) -> None:
    """Whichever days of a week are off, and whichever of its weekend are worked."""
    monday, _ = week_days(iso_week(day))
    week = [monday + timedelta(days=ahead) for ahead in range(7)]
    holidays = frozenset(one for one in week if one.weekday() in off)
    worked = frozenset(one for one in week[5:] if one.weekday() not in off)
    calendar = WorkCalendar(holidays=holidays - worked, working_days=worked)
    finish = [found for one in week if (found := week_to_finish(one, calendar))]
    sum_up = [found for one in week if (found := week_to_sum_up(one, calendar))]
    assert set(finish) <= {iso_week(monday)}
    assert sum_up == ([iso_week(monday - timedelta(weeks=1))] if len(off) < 7 else [])
    assert bool(finish) == (len(off) < 7)
