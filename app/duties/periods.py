"""The stretches of time in which duties are counted. Pure; days are Asia/Shanghai's.

A period of a duty is judged by one rule: the earliest of the duty's that holds on any day of it. So
a change in the middle of a period holds from the next one on, and a new duty counts at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.catalogue.desk.models import PeriodKind
from app.catalogue.desk.queries import DutyRule, FestivalView
from app.kernel.clock import iso_week

MONTHS = {
    PeriodKind.month: 1,
    PeriodKind.quarter: 3,
    PeriodKind.half_year: 6,
    PeriodKind.year: 12,
    PeriodKind.term: 24,
}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of days, both included, and its name: 2026-W48, 2026-11, 2026-Q4, 2026-H2, 2026,
    2025-2026, mid_autumn_festival-2026. `due_on` is its last day unless a duty is due before."""

    first_on: date
    last_on: date
    kind: PeriodKind
    code: str
    label: str
    due_on: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first_on <= day <= self.last_on


def period_of(rule: DutyRule, day: date, festivals: Sequence[FestivalView] = ()) -> Period | None:
    """The period of a rule that holds a day; None: no festival is near. Of festivals whose days
    overlap it is the one that comes first."""
    if rule.period is PeriodKind.festival:
        around = _festival_periods(rule, festivals, day - DAY * 60, day + DAY * 60)
        return next((one for one in around if one.holds(day)), None)
    if rule.period is PeriodKind.week:
        monday = day - DAY * day.weekday()
        week = iso_week(day)
        label = f"{week[:4]}年第{int(week[-2:])}周"
        sunday = monday + DAY * 6
        return Period(monday, sunday, rule.period, week, label, sunday)
    return _period_of_months(rule, day)


def _period_of_months(rule: DutyRule, day: date) -> Period:
    months = MONTHS[rule.period]
    begun = day.year * 12 + day.month - 1 - (rule.term_from or 0) * 12
    first = begun - begun % months + (rule.term_from or 0) * 12
    first_on, last_on = _month_start(first), _month_start(first + months) - DAY
    code, label = _name(rule.period, first_on, last_on)
    due_on = _due_on(rule, first_on.year, last_on)
    return Period(first_on, last_on, rule.period, code, label, due_on)


def _month_start(month: int) -> date:
    """The first day of a month, counted from the year 0."""
    return date(month // 12, month % 12 + 1, 1)


def _due_on(rule: DutyRule, year: int, last_on: date) -> date:
    return date.fromisoformat(_in_year(rule.due, year)) if rule.due else last_on


def _in_year(month_day: str, year: int) -> str:
    """A day MM-DD in a year; the 29th of February is the 28th in most."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return f"{year}-02-28" if month_day == "02-29" and not leap else f"{year}-{month_day}"


def _name(kind: PeriodKind, first: date, last: date) -> tuple[str, str]:
    year = f"{first.year}"
    if kind is PeriodKind.month:
        return f"{first:%Y-%m}", f"{year}年{first.month}月"
    if kind is PeriodKind.quarter:
        number = first.month // 3 + 1
        return f"{year}-Q{number}", f"{year}年第{number}季度"
    if kind is PeriodKind.half_year:
        return f"{year}-H{first.month // 6 + 1}", f"{year}年{'下' if first.month > 6 else '上'}半年"
    if kind is PeriodKind.year:
        return year, f"{year}年"
    return f"{year}-{last.year}", f"{year}–{last.year}年"


def _festival_periods(
    rule: DutyRule, festivals: Iterable[FestivalView], first: date, last: date
) -> Iterator[Period]:
    """The periods of a rule's festivals whose festival falls between two days, by their day."""
    found = [
        (day, one)
        for one in festivals
        if one.family == rule.festivals
        for day in _days_of(one, first, last)
        if one.holds(day)
    ]
    for day, one in sorted(found, key=lambda each: (each[0], each[1].code)):
        first_on, last_on = day - DAY * one.before, day + DAY * one.after
        code, label = f"{one.code}-{day.year}", f"{day.year}年{one.name}"
        yield Period(first_on, last_on, rule.period, code, label, last_on)


def _days_of(one: FestivalView, first: date, last: date) -> Iterator[date]:
    if one.fixed is None:
        yield from (day for day in one.dates if first <= day <= last)
        return
    for year in range(first.year, last.year + 1):
        day = date.fromisoformat(_in_year(one.fixed, year))
        if first <= day <= last:
            yield day


def periods_between(
    rule: DutyRule, first: date, last: date, festivals: Sequence[FestivalView] = ()
) -> list[Period]:
    """The periods of a rule that have a day between two days, both included, in their order."""
    if rule.period is PeriodKind.festival:
        around = _festival_periods(rule, festivals, first - DAY * 60, last + DAY * 60)
        return [one for one in around if one.first_on <= last and one.last_on >= first]
    found, day = [], first
    while day <= last:
        period = period_of(rule, day)
        assert period is not None
        found.append(period)
        day = period.last_on + DAY
    return found


def judges(rule: DutyRule, period: Period, rules: Iterable[DutyRule]) -> bool:
    """Whether a rule is the one by which a period is judged, among all of its duty's."""
    holding = [
        one for one in rules if one.code == rule.code and one.holds(period.first_on, period.last_on)
    ]
    return bool(holding) and min(holding, key=lambda one: one.from_on) is rule


def judged_between(
    rules: Sequence[DutyRule], first: date, last: date, festivals: Sequence[FestivalView] = ()
) -> list[tuple[DutyRule, Period]]:
    """Every period that has a day between two days, with the rule that judges it, in the order of
    the file and of time."""
    found = [
        (rule, period)
        for rule in rules
        for period in periods_between(rule, first, last, festivals)
        if judges(rule, period, rules)
    ]
    return sorted(found, key=lambda each: (each[0].position, each[0].code, each[1]))
