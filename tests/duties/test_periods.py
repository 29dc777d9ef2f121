"""Periods of duties, by table and as laws: they tile time, and one rule judges each."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.desk.models import PeriodKind
from app.duties.periods import judged_between, judges, period_of, periods_between
from tests.duties.rules import festival, rule

TILING = [kind for kind in PeriodKind if kind is not PeriodKind.festival]
DAYS = st.dates(date(2023, 1, 1), date(2035, 12, 31))
DAY = timedelta(days=1)

TABLE = [
    ("week", "2026-11-28", "2026-W48", "2026-11-23", "2026-11-29", "2026年第48周"),
    ("week", "2027-01-01", "2026-W53", "2026-12-28", "2027-01-03", "2026年第53周"),
    ("month", "2028-02-29", "2028-02", "2028-02-01", "2028-02-29", "2028年2月"),
    ("quarter", "2026-11-28", "2026-Q4", "2026-10-01", "2026-12-31", "2026年第4季度"),
    ("half_year", "2026-06-30", "2026-H1", "2026-01-01", "2026-06-30", "2026年上半年"),
    ("half_year", "2026-07-01", "2026-H2", "2026-07-01", "2026-12-31", "2026年下半年"),
    ("year", "2026-11-28", "2026", "2026-01-01", "2026-12-31", "2026年"),
    ("term", "2026-11-28", "2025-2026", "2025-01-01", "2026-12-31", "2025–2026年"),
    ("term", "2027-01-01", "2027-2028", "2027-01-01", "2028-12-31", "2027–2028年"),
    ("term", "2022-12-31", "2021-2022", "2021-01-01", "2022-12-31", "2021–2022年"),
]


@pytest.mark.parametrize(("kind", "day", "code", "first", "last", "label"), TABLE)
def test_which_period_holds_a_day(
    kind: str, day: str, code: str, first: str, last: str, label: str
) -> None:
    period = period_of(rule(PeriodKind(kind)), date.fromisoformat(day))
    assert period is not None
    assert (period.code, period.label) == (code, label)
    assert (f"{period.first_on}", f"{period.last_on}") == (first, last)
    assert period.due_on == period.last_on


@given(st.sampled_from(TILING), DAYS)
def test_periods_tile_time(kind: PeriodKind, day: date) -> None:
    one = period_of(rule(kind), day)
    assert one is not None and one.holds(day)
    assert period_of(rule(kind), one.first_on) == one == period_of(rule(kind), one.last_on)
    before, after = (
        period_of(rule(kind), one.first_on - DAY),
        period_of(rule(kind), one.last_on + DAY),
    )
    assert before is not None and after is not None
    assert before.last_on + DAY == one.first_on and one.last_on + DAY == after.first_on
    assert len({before.code, one.code, after.code}) == 3


@given(st.sampled_from(TILING), DAYS, st.integers(0, 500))
def test_a_stretch_is_covered_without_a_gap(kind: PeriodKind, day: date, length: int) -> None:
    last = day + DAY * length
    found = periods_between(rule(kind), day, last)
    assert found[0].holds(day) and found[-1].holds(last)
    for one, other in itertools.pairwise(found):
        assert one.last_on + DAY == other.first_on


def test_a_year_that_is_due_earlier() -> None:
    period = period_of(rule(PeriodKind.year, due="06-30"), date(2026, 11, 28))
    assert period is not None and period.due_on == date(2026, 6, 30)
    leap = rule(PeriodKind.year, due="02-29")
    for year, due in ((2027, date(2027, 2, 28)), (2028, date(2028, 2, 29))):
        found = period_of(leap, date(year, 5, 1))
        assert found is not None and found.due_on == due


FESTIVALS = (
    festival("mid_autumn", date(2026, 9, 25), date(2027, 9, 15)),
    festival("national_day", fixed="10-01"),
    festival("other", date(2026, 9, 25), family="memorial"),
)
FESTIVE = rule(PeriodKind.festival)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-09-14", None),
        ("2026-09-15", "mid_autumn-2026"),
        ("2026-09-30", "mid_autumn-2026"),
        ("2026-10-01", "national_day-2026"),
        ("2026-10-06", "national_day-2026"),
        ("2026-10-07", None),
        ("2027-09-15", "mid_autumn-2027"),
        ("2028-09-15", None),
    ],
)
def test_days_around_a_festival(day: str, code: str | None) -> None:
    period = period_of(FESTIVE, date.fromisoformat(day), FESTIVALS)
    assert (period.code if period else None) == code


def test_festivals_between_two_days() -> None:
    found = periods_between(FESTIVE, date(2026, 9, 30), date(2027, 9, 5), FESTIVALS)
    assert [one.code for one in found] == [
        "mid_autumn-2026", "national_day-2026", "mid_autumn-2027",
    ]  # fmt: skip
    assert found[0].label == "2026年mid_autumn"


@given(DAYS)
def test_a_fixed_festival_comes_every_year(day: date) -> None:
    around = periods_between(FESTIVE, day, day + DAY * 366, (FESTIVALS[1],))
    assert 1 <= len(around) <= 2


def test_a_change_holds_from_the_next_period_on() -> None:
    changed = date(2026, 11, 15)
    old, new = rule(to_on=changed), rule(from_on=changed)
    judged = judged_between([old, new], date(2026, 11, 1), date(2026, 12, 31))
    assert [(one is new, period.code) for one, period in judged] == [
        (False, "2026-11"), (True, "2026-12"),
    ]  # fmt: skip


def test_a_new_duty_counts_at_once_and_an_ended_one_to_the_end_of_its_period() -> None:
    fresh = rule(from_on=date(2026, 11, 15), to_on=date(2026, 12, 2))
    judged = judged_between([fresh], date(2026, 10, 1), date(2027, 1, 31))
    assert [period.code for _, period in judged] == ["2026-11", "2026-12"]
    cancelled = rule(from_on=date(2026, 11, 15), to_on=date(2026, 11, 15))
    assert judged_between([cancelled], date(2026, 11, 1), date(2026, 11, 30)) == []


@given(st.lists(DAYS, min_size=1, max_size=4, unique=True), st.sampled_from(TILING), DAYS)
def test_at_most_one_rule_judges_a_period(changes: list[date], kind: PeriodKind, day: date) -> None:
    days = [*sorted(changes), None]
    rules = [
        rule(kind, from_on=begun, to_on=ended)
        for begun, ended in itertools.pairwise(days)
        if begun is not None
    ]
    period = period_of(rules[0], day)
    assert period is not None
    found = [one for one in rules if judges(one, period, rules)]
    assert len(found) == (1 if period.last_on >= min(changes) else 0)
