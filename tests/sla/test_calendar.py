"""Which days are worked."""

from datetime import date, datetime, timedelta
from itertools import islice

import pytest

from app.sla.calendar import AnnouncedYear, WorkCalendar
from tests.sla.year2026 import CALENDAR, at


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-02-13", True),  # Friday before
        ("2026-02-14", True),  # Saturday, made up
        ("2026-02-15", False),
        ("2026-02-17", False),  # Tuesday, Spring Festival
        ("2026-02-23", False),  # Monday, the last day off
        ("2026-02-24", True),
        ("2026-02-28", True),  # Saturday, made up
        ("2026-03-01", False),  # Sunday
        ("2026-09-20", True),  # Sunday, made up
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday, made up
        ("2026-10-11", False),
        ("2027-02-05", True),  # Friday of a year not announced
        ("2027-02-06", False),
        ("2027-10-01", True),  # not announced: Monday to Friday, whatever the festival
    ],
)
def test_working_days(day: str, worked: bool) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is worked


def test_a_year_is_announced_or_not() -> None:
    assert CALENDAR.is_announced(2026)
    assert not CALENDAR.is_announced(2027)


def test_a_notice_may_reach_into_the_december_before() -> None:
    calendar = WorkCalendar.from_years([AnnouncedYear(2023, holidays=(date(2022, 12, 30),))])
    assert not calendar.is_working_day(date(2022, 12, 30))
    assert not calendar.is_announced(2022)


def test_working_spans_begin_at_the_start_and_skip_lunch_and_days_off() -> None:
    spans = list(islice(CALENDAR.working_spans(at("02-14 11:30")), 3))
    assert spans == [
        (at("02-14 11:30"), at("02-14 12:00")),
        (at("02-14 14:00"), at("02-14 18:00")),
        (at("02-24 08:00"), at("02-24 12:00")),
    ]
    assert all(span.start.utcoffset() == timedelta() for span in spans[1:])


def test_equal_years_make_equal_calendars() -> None:
    assert WorkCalendar.from_years([]) == WorkCalendar()
    assert isinstance(hash(CALENDAR), int)


def test_the_day_is_that_of_shanghai() -> None:
    late_in_utc = datetime.fromisoformat("2026-02-13T23:30:00+00:00")  # 07:30 on the 14th there
    assert next(CALENDAR.working_spans(late_in_utc)).start == at("02-14 08:00")
