"""A due time is counted from its facts alone, whatever was granted, stopped and changed before."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.sla.allowances import Allowance
from app.sla.limits import Limit, LimitUnit
from tests.sla.halves import HALF, halves_between
from tests.sla.year2026 import CALENDAR, at

MONDAY = at("11-02 00:00")

Stretches = tuple[tuple[datetime, datetime], ...]


def on_the_half_hour(days: int) -> st.SearchStrategy[datetime]:
    """An instant of some days from Monday, 2 November 2026, on."""
    return st.integers(0, days * 48).map(lambda halves: MONDAY + halves * HALF)


@st.composite
def stretches(draw: st.DrawFn) -> Stretches:
    """Up to three stretches of up to four days; they may overlap."""
    begun = draw(st.lists(on_the_half_hour(20), max_size=3))
    return tuple((start, start + draw(st.integers(0, 192)) * HALF) for start in begun)


LIMITS = st.sampled_from(
    [
        Limit(4, LimitUnit.hour),
        Limit(1, LimitUnit.day),
        Limit(7, LimitUnit.day),
        Limit(2, LimitUnit.urgent_hour),
        Limit(2, LimitUnit.urgent_day),
    ]
)


@given(
    start=on_the_half_hour(10),
    limit=LIMITS,
    before=st.tuples(stretches(), stretches()),
    after=st.tuples(stretches(), stretches()),
    asked=st.lists(st.integers(1, 200), max_size=3),
)
@hypothesis_settings(max_examples=150)
def test_due_is_where_what_was_allowed_is_used_up(
    start: datetime,
    limit: Limit,
    before: tuple[Stretches, Stretches],
    after: tuple[Stretches, Stretches],
    asked: list[int],
) -> None:
    """Extended under some pauses and standstills, and counted again under others."""
    urgent = limit.is_urgent

    def stops(both: tuple[Stretches, Stretches]) -> Stretches:
        return both[1] if urgent else (*both[0], *both[1])

    total, granted, named = limit.length // HALF, timedelta(), None
    for halves in asked:
        known = Allowance(start, limit, granted, named, *before)
        due = known.due(CALENDAR).at
        named = due + halves * HALF
        granted += known.beyond(named, CALENDAR)
        total += halves_between(due, named, stops(before), urgent=urgent)
    due = Allowance(start, limit, granted, named, *before).due(CALENDAR).at
    assert due >= (named or due)
    assert halves_between(start, due, stops(before), urgent=urgent) == total
    due = Allowance(start, limit, granted, named, *after).due(CALENDAR).at
    assert halves_between(start, due, stops(after), urgent=urgent) == total
    if named is None:
        assert halves_between(start, due - HALF, stops(after), urgent=urgent) < total


@pytest.mark.parametrize(
    ("pauses", "standstills", "due"),
    [
        # Named is Sunday evening: two hours of Friday, and no time after them.
        ((), (), "11-08 20:00"),
        # A day more or less of working time, and the Sunday is no longer meant.
        ((("11-04 00:00", "11-05 00:00"),), (), "11-09 18:00"),
        ((), (("11-06 17:00", "11-06 18:00"),), "11-09 09:00"),
        # Over the weekend nothing is lost; a standstill over the named instant ends first.
        ((("11-07 00:00", "11-08 00:00"),), (), "11-08 20:00"),
        ((("11-07 00:00", "11-09 08:00"),), (), "11-09 08:00"),
        ((), (("11-08 19:00", "11-08 22:00"),), "11-08 22:00"),
    ],
)
def test_an_instant_outside_working_time(
    pauses: tuple[tuple[str, str], ...], standstills: tuple[tuple[str, str], ...], due: str
) -> None:
    start, named = at("11-04 08:00"), at("11-08 20:00")
    plain = Allowance(start, Limit(1, LimitUnit.day))
    granted = plain.beyond(named, CALENDAR)
    assert granted == timedelta(hours=16)
    stretched = [tuple((at(a), at(b)) for a, b in each) for each in (pauses, standstills)]
    counted = Allowance(start, plain.limit, granted, named, *stretched)
    assert counted.due(CALENDAR).at == at(due)


def test_a_nearer_day_than_the_limit() -> None:
    """A referral names its day, however long the limit of the category is."""
    start, limit = at("11-04 08:00"), Limit(7, LimitUnit.day)
    named = at("11-05 10:00")
    granted = Allowance(start, limit).beyond(named, CALENDAR)
    known = Allowance(start, limit, granted, named)
    assert (granted, known.due(CALENDAR).at) == (timedelta(hours=-46), named)
    at_night = at("11-04 07:00")
    none = Allowance(at("11-03 20:00"), limit).beyond(at_night, CALENDAR)
    known = Allowance(at("11-03 20:00"), limit, none, at_night)
    assert (known.allowed, known.due(CALENDAR).at) == (timedelta(), at_night)


def test_urgent_time_stands_still_for_itself_only() -> None:
    start, limit = at("11-04 20:00"), Limit(2, LimitUnit.urgent_hour)
    night = ((at("11-04 21:00"), at("11-05 08:00")),)
    assert Allowance(start, limit, pauses=night).due(CALENDAR).at == at("11-04 22:00")
    stood_still = Allowance(start, limit, standstills=night)
    due = stood_still.due(CALENDAR)
    assert (due.at, due.provisional) == (at("11-05 09:00"), False)
    assert stood_still.yellow_at(due.at, CALENDAR) == at("11-05 08:36")
