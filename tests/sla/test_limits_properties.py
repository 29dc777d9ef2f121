"""What holds of limits whatever the start, the amount and the pauses."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import SHANGHAI
from app.sla.calendar import WORKING_HOURS
from app.sla.limits import Limit, LimitUnit, due_at, time_counted, working_time_between
from tests.sla.year2026 import CALENDAR

INSTANTS = st.datetimes(
    min_value=datetime(2025, 12, 1), max_value=datetime(2027, 3, 1), timezones=st.just(UTC)
)
SPELLS = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=40))
PAUSES = st.lists(st.tuples(INSTANTS, SPELLS), max_size=4).map(
    lambda spells: [(begin, begin + length) for begin, length in spells]
)
WORKING = st.builds(Limit, st.integers(1, 30), st.sampled_from([LimitUnit.hour, LimitUnit.day]))
ANY = st.builds(Limit, st.integers(1, 30), st.sampled_from(LimitUnit))
Pauses = list[tuple[datetime, datetime]]


@given(INSTANTS, WORKING, PAUSES)
def test_the_time_until_due_is_the_limit(start: datetime, limit: Limit, pauses: Pauses) -> None:
    due = due_at(start, limit, CALENDAR, pauses).at
    assert working_time_between(start, due, CALENDAR, pauses) == limit.length


@given(INSTANTS, ANY, PAUSES)
def test_a_moment_before_due_the_limit_is_not_used_up(
    start: datetime, limit: Limit, pauses: Pauses
) -> None:
    due = due_at(start, limit, CALENDAR, pauses).at
    earlier = due - timedelta(microseconds=1)
    assert time_counted(start, earlier, limit, CALENDAR, pauses) < limit.length


@given(INSTANTS, SPELLS, ANY, PAUSES)
def test_a_later_start_is_never_due_earlier(
    start: datetime, delay: timedelta, limit: Limit, pauses: Pauses
) -> None:
    first = due_at(start, limit, CALENDAR, pauses).at
    assert first <= due_at(start + delay, limit, CALENDAR, pauses).at


@given(INSTANTS, ANY, PAUSES)
def test_a_longer_limit_is_due_later(start: datetime, limit: Limit, pauses: Pauses) -> None:
    longer = Limit(limit.amount + 1, limit.unit)
    shorter_due = due_at(start, limit, CALENDAR, pauses)
    assert shorter_due.at < due_at(start, longer, CALENDAR, pauses).at


@given(INSTANTS, WORKING, PAUSES)
def test_a_pause_never_brings_it_nearer(start: datetime, limit: Limit, pauses: Pauses) -> None:
    assert due_at(start, limit, CALENDAR).at <= due_at(start, limit, CALENDAR, pauses).at


@given(INSTANTS, SPELLS, SPELLS, PAUSES)
def test_working_time_adds_up(
    start: datetime, first: timedelta, second: timedelta, pauses: Pauses
) -> None:
    middle, end = start + first, start + first + second
    parts = working_time_between(start, middle, CALENDAR, pauses) + working_time_between(
        middle, end, CALENDAR, pauses
    )
    assert parts == working_time_between(start, end, CALENDAR, pauses)


@given(INSTANTS, SPELLS)
def test_working_time_agrees_with_counting_minutes(start: datetime, length: timedelta) -> None:
    start = start.replace(second=0, microsecond=0)
    minutes = min(length, timedelta(days=3)) // timedelta(minutes=1)
    worked = sum(_is_worked(start + timedelta(minutes=n)) for n in range(minutes))
    end = start + timedelta(minutes=minutes)
    assert working_time_between(start, end, CALENDAR) == timedelta(minutes=worked)


@given(INSTANTS, WORKING, PAUSES)
def test_never_due_outside_working_time_or_in_a_pause(
    start: datetime, limit: Limit, pauses: Pauses
) -> None:
    due = due_at(start, limit, CALENDAR, pauses).at
    assert _is_worked(due - timedelta(microseconds=1))
    assert not any(begin < due <= end for begin, end in pauses)


def _is_worked(instant: datetime) -> bool:
    """The plain definition: a working day, and the wall clock within its hours."""
    local = instant.astimezone(SHANGHAI)
    in_hours = any(opens <= local.time() < closes for opens, closes in WORKING_HOURS)
    return in_hours and CALENDAR.is_working_day(local.date())
