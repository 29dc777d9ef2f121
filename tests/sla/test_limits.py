"""Limits against cases counted by hand on the calendar of 2026."""

from datetime import UTC, datetime, timedelta

import pytest

from app.sla.limits import (
    Limit,
    LimitUnit,
    due_at,
    instant_after,
    time_counted,
    working_time_between,
)
from tests.sla.year2026 import CALENDAR, at


def limit(text: str) -> Limit:
    amount, unit = text.split()
    return Limit(int(amount), LimitUnit(unit))


DUE = [
    # inside a half day, over lunch, over night
    ("03-02 08:00", "1 hour", "03-02 09:00"),
    ("03-02 09:00", "4 hour", "03-02 15:00"),
    ("03-02 11:59", "1 hour", "03-02 14:59"),
    ("03-02 16:00", "4 hour", "03-03 10:00"),
    ("03-02 17:59:59", "2 hour", "03-03 09:59:59"),
    # a due instant at the end of working time stays there
    ("03-02 08:00", "4 hour", "03-02 12:00"),
    ("03-02 14:00", "4 hour", "03-02 18:00"),
    ("03-02 08:00", "1 day", "03-02 18:00"),
    # a start outside working time counts from the next working instant
    ("03-02 12:00", "1 hour", "03-02 15:00"),
    ("03-02 12:30", "1 hour", "03-02 15:00"),
    ("03-02 18:00", "1 hour", "03-03 09:00"),
    ("03-02 05:00", "4 hour", "03-02 12:00"),
    ("03-02 23:59:59", "1 day", "03-03 18:00"),
    # weekends and month ends
    ("03-06 17:00", "2 hour", "03-09 09:00"),
    ("03-07 10:00", "1 day", "03-09 18:00"),
    ("03-06 10:00", "1 day", "03-09 10:00"),
    ("03-30 15:00", "2 day", "04-01 15:00"),
    ("07-31 16:00", "4 hour", "08-03 10:00"),
    # Spring Festival: 14 February worked, 15–23 off, 28 worked
    ("02-13 17:00", "2 hour", "02-14 09:00"),
    ("02-13 09:00", "2 day", "02-24 09:00"),
    ("02-14 16:00", "4 hour", "02-24 10:00"),
    ("02-14 10:00", "1 day", "02-24 10:00"),
    ("02-18 03:00", "4 hour", "02-24 12:00"),
    ("02-14 08:00", "5 day", "02-27 18:00"),
    ("02-14 09:00", "5 day", "02-28 09:00"),
    ("02-27 15:00", "7 day", "03-09 15:00"),
    ("02-02 09:00", "15 day", "02-28 09:00"),
    # National Day: 20 September (Sunday) worked, 25–27 off, 1–7 October off, 10 October worked
    ("09-18 16:00", "4 hour", "09-20 10:00"),
    ("09-24 14:30", "1 day", "09-28 14:30"),
    ("09-30 17:30", "1 hour", "10-08 08:30"),
    ("09-30 08:00", "5 day", "10-12 18:00"),
    ("10-09 16:00", "1 day", "10-10 16:00"),
    ("10-10 16:00", "1 day", "10-12 16:00"),
    # New Year: 1–3 January off, 4 January (Sunday) worked
    ("2026-01-01 00:00", "1 hour", "01-04 09:00"),
    # urgent time never stops
    ("02-16 23:30", "2 urgent_hour", "02-17 01:30"),
    ("02-28 22:00", "2 urgent_day", "03-02 22:00"),
]


@pytest.mark.parametrize(("start", "allowed", "due"), DUE)
def test_due(start: str, allowed: str, due: str) -> None:
    assert due_at(at(start), limit(allowed), CALENDAR).at == at(due)


@pytest.mark.parametrize(
    ("start", "allowed", "due", "provisional"),
    [
        ("12-31 10:00", "1 day", "2027-01-01 10:00", True),
        ("12-31 08:00", "1 day", "12-31 18:00", False),
        ("12-31 18:00", "1 hour", "2027-01-01 09:00", True),
        ("2027-02-05 17:00", "2 hour", "2027-02-08 09:00", True),
        ("2025-12-31 17:00", "2 hour", "01-04 09:00", True),
        ("12-31 23:00", "2 urgent_hour", "2027-01-01 01:00", False),
    ],
)
def test_due_is_provisional_when_it_crosses_a_year_not_announced(
    start: str, allowed: str, due: str, provisional: bool
) -> None:
    result = due_at(at(start), limit(allowed), CALENDAR)
    assert (result.at, result.provisional) == (at(due), provisional)


PAUSED = [
    # the limit stands still from 10:00 to 11:00
    ("03-02 09:00", "2 hour", [("03-02 10:00", "03-02 11:00")], "03-02 12:00"),
    # a pause outside working time costs nothing, and one before the start neither
    ("03-02 09:00", "2 hour", [("03-02 12:00", "03-02 14:00")], "03-02 11:00"),
    ("03-02 09:00", "4 hour", [("03-02 18:00", "03-03 08:00")], "03-02 15:00"),
    ("03-02 09:00", "2 hour", [("03-01 09:00", "03-02 08:30")], "03-02 11:00"),
    # over days off: 14 February 11:00 to 24 February 09:00 is 1 + 4 + 1 working hours
    ("02-14 10:00", "1 day", [("02-14 11:00", "02-24 09:00")], "02-24 18:00"),
    # the start lies in the pause
    ("03-02 09:00", "1 hour", [("03-02 08:00", "03-02 16:00")], "03-02 17:00"),
    # overlapping, nested, unordered, empty and reversed ones: 30 + 30 + 60 min, due at noon
    (
        "03-02 08:00",
        "2 hour",
        [
            ("03-02 10:30", "03-02 11:00"),
            ("03-02 09:00", "03-02 10:00"),
            ("03-02 08:30", "03-02 09:30"),
            ("03-02 10:40", "03-02 10:50"),
            ("03-02 08:10", "03-02 08:10"),
            ("03-02 11:50", "03-02 08:00"),
        ],
        "03-02 12:00",
    ),
    # due exactly when the pause begins: it stays there
    ("03-02 08:00", "2 hour", [("03-02 10:00", "03-09 10:00")], "03-02 10:00"),
    # urgent time runs through a pause
    ("03-02 09:00", "2 urgent_hour", [("03-02 10:00", "03-03 10:00")], "03-02 11:00"),
]


@pytest.mark.parametrize(("start", "allowed", "pauses", "due"), PAUSED)
def test_due_with_pauses(start: str, allowed: str, pauses: list[tuple[str, str]], due: str) -> None:
    instants = [(at(begin), at(end)) for begin, end in pauses]
    assert due_at(at(start), limit(allowed), CALENDAR, instants).at == at(due)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("03-02 09:00", "03-02 09:00", 0),
        ("03-02 10:00", "03-02 09:00", 0),
        ("03-02 08:00", "03-02 18:00", 8),
        ("03-02 11:00", "03-02 15:00", 2),
        ("03-02 12:00", "03-02 14:00", 0),
        ("03-06 17:00", "03-09 09:00", 2),
        ("02-14 00:00", "02-25 00:00", 16),
        ("02-15 00:00", "02-24 00:00", 0),
        ("09-20 00:00", "10-11 00:00", 11 * 8),  # 20–24, 28–30 September, 8–10 October
        ("01-01 00:00", "2027-01-01 00:00", 248 * 8),  # 261 weekdays − 19 off + 6 made up
    ],
)
def test_working_time_between(start: str, end: str, hours: int) -> None:
    assert working_time_between(at(start), at(end), CALENDAR) == timedelta(hours=hours)


def test_working_time_leaves_pauses_out() -> None:
    pauses = [(at("03-02 11:00"), at("03-02 15:00")), (at("03-02 17:00"), at("03-05 08:00"))]
    counted = working_time_between(at("03-02 08:00"), at("03-05 09:00"), CALENDAR, pauses)
    assert counted == timedelta(hours=3 + 2 + 1)


def test_urgent_time_counted_is_clock_time() -> None:
    urgent = limit("1 urgent_day")
    pauses = [(at("02-16 00:00"), at("02-17 00:00"))]
    start, end = at("02-16 00:00"), at("02-17 06:00")
    assert time_counted(start, end, urgent, CALENDAR, pauses) == timedelta(hours=30)
    assert time_counted(end, start, urgent, CALENDAR) == timedelta()


@pytest.mark.parametrize(
    ("allowed", "seconds", "label"),
    [
        ("4 hour", 4 * 3600, "4 个工作小时"),
        ("5 day", 5 * 8 * 3600, "5 个工作日"),
        ("2 urgent_hour", 2 * 3600, "2 小时（紧急，不停表）"),
        ("2 urgent_day", 48 * 3600, "2 天（紧急，不停表）"),
    ],
)
def test_seconds_and_label(allowed: str, seconds: int, label: str) -> None:
    assert (limit(allowed).total_seconds, limit(allowed).label) == (seconds, label)


def test_a_limit_is_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Limit(0, LimitUnit.day)


@pytest.mark.parametrize("unit", LimitUnit)
def test_an_instant_needs_an_offset(unit: LimitUnit) -> None:
    with pytest.raises(ValueError, match="offset"):
        due_at(datetime(2026, 3, 2, 9), Limit(1, unit), CALENDAR)
    with pytest.raises(ValueError, match="offset"):
        working_time_between(at("03-02 09:00"), datetime(2026, 3, 2, 9), CALENDAR)


def test_due_is_in_utc_and_nothing_after_nothing_is_the_start() -> None:
    assert due_at(at("03-02 08:00"), limit("1 hour"), CALENDAR).at.tzinfo is UTC
    sunday = at("03-01 08:00")
    assert instant_after(sunday, timedelta(), limit("1 hour"), CALENDAR) == sunday
