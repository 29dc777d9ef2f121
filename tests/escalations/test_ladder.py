"""The ladder of reminders by table: working time of November and December 2026.

25 November is a Wednesday. A working day is 08:00–12:00 and 14:00–18:00.
"""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.models import Audience, Clock
from app.catalogue.reminders import Rung
from app.escalations.ladder import Climb, RunningClock, climb, comes_at
from app.sla.allowances import Allowance
from app.sla.calendar import AnnouncedYear, WorkCalendar
from app.sla.limits import Limit, LimitUnit
from tests.tickets.stories import at

CALENDAR = WorkCalendar.from_years([AnnouncedYear(2026)])
LONG_AGO = at("2020-01-01 00:00")
SOON = Rung(Clock.rectifying, 80, Audience.responsible)
PAST = Rung(Clock.rectifying, 100, Audience.lead)
LATE = Rung(Clock.rectifying, 150, Audience.supervisors)
FILING = Rung(Clock.filing, 100, Audience.lead)
RUNGS = (LATE, FILING, PAST, SOON)


def clock(
    start: str,
    limit: Limit,
    calendar: WorkCalendar = CALENDAR,
    pauses: tuple[tuple[str, str], ...] = (),
) -> RunningClock:
    """A limit of putting right that started then."""
    stops = tuple((at(first), at(last)) for first, last in pauses)
    facts = Allowance(at(start), limit, pauses=stops)
    return RunningClock(Clock.rectifying, start, facts, facts.due(calendar).at)


def stands(
    running: RunningClock,
    now: str,
    *,
    told: tuple[Rung, ...] = (),
    since: datetime = LONG_AGO,
    calendar: WorkCalendar = CALENDAR,
) -> Climb:
    return climb(running, RUNGS, calendar, told=told, since=since, now=at(now))


DAY, FOUR_HOURS = Limit(1, LimitUnit.day), Limit(4, LimitUnit.hour)
DANGER = Limit(2, LimitUnit.urgent_hour)
OFF = WorkCalendar.from_years(
    [AnnouncedYear(2026, (date(2026, 11, 26),), working_days=(date(2026, 11, 28),))]
)


@pytest.mark.parametrize(
    ("running", "calendar", "instants"),
    [
        # A day from Wednesday nine: 6.4 h are used at 17:24.
        (clock("11-25 09:00", DAY), CALENDAR, ("11-25 17:24", "11-26 09:00", "11-26 15:00")),
        # Over the weekend: four hours from Friday at four.
        (clock("11-27 16:00", FOUR_HOURS), CALENDAR, ("11-30 09:12", "11-30 10:00", "11-30 12:00")),
        # Danger runs through the night.
        (clock("11-25 22:00", DANGER), CALENDAR, ("11-25 23:36", "11-26 00:00", "11-26 01:00")),
        # A day off on Thursday, and Saturday worked for it.
        (clock("11-25 09:00", DAY, OFF), OFF, ("11-25 17:24", "11-27 09:00", "11-27 15:00")),
        (clock("11-27 16:00", DAY, OFF), OFF, ("11-28 14:24", "11-28 16:00", "11-30 10:00")),
        # A pause from Wednesday ten to Thursday ten.
        (
            clock("11-25 09:00", DAY, pauses=(("11-25 10:00", "11-26 10:00"),)),
            CALENDAR,
            ("11-26 17:24", "11-27 09:00", "11-27 15:00"),
        ),
    ],
    ids=["a day", "a weekend", "danger", "a day off", "a make-up day", "a pause"],
)  # fmt: skip
def test_when_rungs_come(
    running: RunningClock, calendar: WorkCalendar, instants: tuple[str, ...]
) -> None:
    come = [comes_at(rung, running, calendar) for rung in (SOON, PAST, LATE)]
    assert come == [at(instant) for instant in instants]


@pytest.mark.parametrize(
    ("now", "told", "come", "next_at"),
    [
        ("11-25 17:24", (), (), "11-25 17:24"),
        ("11-25 17:25", (), (SOON,), "11-26 09:00"),
        ("11-25 17:25", (SOON,), (), "11-26 09:00"),
        ("11-26 09:00", (SOON,), (), "11-26 09:00"),
        ("11-26 09:01", (SOON,), (PAST,), "11-26 15:00"),
        ("11-26 15:01", (SOON, PAST), (LATE,), None),
        # A worker that was down: everything, the lowest first, and then nothing more.
        ("12-10 09:00", (), (SOON, PAST, LATE), None),
        ("12-10 09:00", (SOON, PAST, LATE), (), None),
        # Told, and then the clock was put back, or a pause was entered.
        ("11-25 12:00", (SOON, PAST), (), "11-26 15:00"),
    ],
)
def test_what_has_come(
    now: str, told: tuple[Rung, ...], come: tuple[Rung, ...], next_at: str
) -> None:
    found = stands(clock("11-25 09:00", DAY), now, told=told)
    assert (found.come, found.passed) == (come, ())
    assert found.next_at == (at(next_at) if next_at else None)


def test_what_came_before_anybody_was_to_be_told_is_passed_over() -> None:
    found = stands(clock("11-25 09:00", DAY), "11-26 16:00", since=at("11-26 12:00"))
    assert (found.passed, found.come) == ((SOON, PAST), (LATE,))


@given(
    st.integers(0, 60 * 24 * 60),
    st.integers(1, 400),
    st.sampled_from(LimitUnit),
    st.lists(st.integers(0, 60 * 24 * 90), min_size=1, max_size=12),
)
def test_each_rung_once_however_the_clock_moves(
    minute: int, amount: int, unit: LimitUnit, looks: list[int]
) -> None:
    """Looked at whenever, backwards too, and at last after the end."""
    start = at("2026-01-05 08:00") + timedelta(minutes=minute)
    facts = Allowance(start, Limit(min(amount, 30), unit))
    running = RunningClock(Clock.rectifying, "x", facts, facts.due(CALENDAR).at)
    told: list[Rung] = []
    for after in (*looks, 60 * 24 * 3650):
        now = start + timedelta(minutes=after)
        found = climb(running, RUNGS, CALENDAR, told=told, since=LONG_AGO, now=now)
        told += found.come
        assert found.next_at is None or found.next_at >= now
    assert sorted(told) == sorted((SOON, PAST, LATE))
