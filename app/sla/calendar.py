"""Which days are worked, and when on them.

Working time is 08:00–12:00 and 14:00–18:00 Asia/Shanghai on Chinese working days. The State
Council announces each year's days off and make-up working days; until it has, the year is
Monday to Friday and whatever is computed from it is provisional.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, Self

from app.kernel.clock import SHANGHAI, shanghai_day

WORKING_HOURS = ((time(8), time(12)), (time(14), time(18)))
"""The two halves of a working day, wall clock of Asia/Shanghai."""

WORKING_DAY = timedelta(hours=8)
"""The working time of one working day."""

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class Span(NamedTuple):
    """The instants from `start` (included) to `end` (not included), both aware."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class AnnouncedYear:
    """One year's arrangement: its days off and the weekend days worked to make up for them.

    A day may lie in the December before: the notice for 2023 begins on 2022-12-31.
    """

    year: int
    holidays: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of the years announced; any other year is Monday to Friday."""

    years: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()

    @classmethod
    def from_years(cls, years: Iterable[AnnouncedYear]) -> Self:
        """The calendar of these years' arrangements, in any order."""
        known = tuple(years)
        return cls(
            years=frozenset(each.year for each in known),
            holidays=frozenset(day for each in known for day in each.holidays),
            working_days=frozenset(day for each in known for day in each.working_days),
        )

    def is_announced(self, year: int) -> bool:
        """Whether the State Council's arrangement of a year is known."""
        return year in self.years

    def is_working_day(self, day: date) -> bool:
        """Whether a day (Asia/Shanghai) is worked: make-up days are, days off are not."""
        if day in self.working_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def working_spans(self, start: datetime) -> Iterator[Span]:
        """The stretches of working time from an aware instant on, in order, without end.

        Raises OverflowError past the year 9999.
        """
        day = shanghai_day(start)
        while True:
            if self.is_working_day(day):
                for span in _spans_of(day):
                    if start < span.end:
                        yield Span(max(start, span.start), span.end)
            day += _ONE_DAY


@lru_cache(maxsize=4096)
def _spans_of(day: date) -> tuple[Span, ...]:
    """The working hours of a day as instants in UTC, whether or not the day is worked."""
    hours = WORKING_HOURS
    return tuple(Span(_instant(day, opens), _instant(day, closes)) for opens, closes in hours)


def _instant(day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, SHANGHAI).astimezone(UTC)
