"""Time limits: how long something may take, when it is due, how much of it has been used.

Edge cases, decided once:
- N working days are N × 8 working hours counted from the start instant, not N dates.
- A start outside working time counts from the next working instant.
- A due instant at the end of a working stretch stays there: 18:00, not 08:00 the next day. So a
  due instant is never outside working time, its end (12:00, 18:00, the start of a pause) included.
- A pause is half-open [start, end); pauses may overlap, an empty or reversed one does nothing.
- Urgent limits count every second, through nights, holidays and pauses.
- A standstill is a stretch in which the one thing stands still that has the limit: unlike a pause
  it stops urgent time as well.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.kernel.clock import shanghai_day
from app.sla.calendar import WORKING_DAY, Span, WorkCalendar

Pauses = Iterable[tuple[datetime, datetime]]
"""Half-open intervals of aware instants in which a working limit stands still."""


class LimitUnit(StrEnum):
    """What a limit counts: working hours, working days of 8 h, or time that never stops."""

    hour = "hour"
    day = "day"
    urgent_hour = "urgent_hour"
    urgent_day = "urgent_day"

    @property
    def is_urgent(self) -> bool:
        """Whether this time runs day and night."""
        return self in (LimitUnit.urgent_hour, LimitUnit.urgent_day)


_LENGTHS = {
    LimitUnit.hour: timedelta(hours=1),
    LimitUnit.day: WORKING_DAY,
    LimitUnit.urgent_hour: timedelta(hours=1),
    LimitUnit.urgent_day: timedelta(days=1),
}
_LABELS = {
    LimitUnit.hour: "{} 个工作小时",
    LimitUnit.day: "{} 个工作日",
    LimitUnit.urgent_hour: "{} 小时（紧急，不停表）",
    LimitUnit.urgent_day: "{} 天（紧急，不停表）",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount (≥ 1, else ValueError) of one unit of working or urgent time."""

    amount: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a limit is at least one unit")

    @property
    def is_urgent(self) -> bool:
        """Whether the limit runs day and night and ignores pauses."""
        return self.unit.is_urgent

    @property
    def length(self) -> timedelta:
        """The time it allows: working time, or clock time when urgent."""
        return self.amount * _LENGTHS[self.unit]

    @property
    def total_seconds(self) -> int:
        """The time it allows in seconds: of working time, or of clock time when urgent."""
        return self.length // timedelta(seconds=1)

    @property
    def label(self) -> str:
        """The limit as a person reads it."""
        return _LABELS[self.unit].format(self.amount)


_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends (UTC); provisional when a year it crosses was not yet announced."""

    at: datetime
    provisional: bool = False


def due_at(start: datetime, limit: Limit, calendar: WorkCalendar, pauses: Pauses = ()) -> Due:
    """The instant at which a limit that starts at an aware instant is used up."""
    at = instant_after(start, limit.length, limit, calendar, pauses)
    return Due(at, is_provisional(start, at, limit, calendar))


def is_provisional(start: datetime, end: datetime, limit: Limit, calendar: WorkCalendar) -> bool:
    """Whether a limit that ends then was counted in a year not yet announced."""
    return not limit.is_urgent and crosses_unannounced_year(start, end, calendar)


def crosses_unannounced_year(start: datetime, end: datetime, calendar: WorkCalendar) -> bool:
    """Whether a day (Asia/Shanghai) from start to end is of a year not yet announced."""
    years = range(shanghai_day(start).year, shanghai_day(end).year + 1)
    return not all(calendar.is_announced(year) for year in years)


def working_time_between(
    start: datetime, end: datetime, calendar: WorkCalendar, pauses: Pauses = ()
) -> timedelta:
    """The working time in [start, end) outside the pauses; zero when end is not after start."""
    return _time_in(_working_spans(_utc(start), calendar, pauses), _utc(end))


def time_counted(
    start: datetime,
    end: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    pauses: Pauses = (),
    standstills: Pauses = (),
) -> timedelta:
    """How much of a limit's kind of time lies in [start, end): clock time when it is urgent."""
    return _time_in(_spans(_utc(start), limit, calendar, pauses, standstills), _utc(end))


def _time_in(spans: Iterator[Span], end: datetime) -> timedelta:
    counted = timedelta()
    for span in spans:
        if span.start >= end:
            break
        counted += min(span.end, end) - span.start
    return counted


def instant_after(
    start: datetime,
    length: timedelta,
    limit: Limit,
    calendar: WorkCalendar,
    pauses: Pauses = (),
    standstills: Pauses = (),
) -> datetime:
    """The first instant (UTC) at which `length` of a limit's kind of time has passed since start.

    A length of zero is the start itself, also outside working time.
    """
    start = _utc(start)
    if not length:
        return start
    spans = _spans(start, limit, calendar, pauses, standstills)
    span = next(spans)
    while (available := span.end - span.start) < length:
        length -= available
        span = next(spans)
    return span.start + length


def _spans(
    start: datetime, limit: Limit, calendar: WorkCalendar, pauses: Pauses, standstills: Pauses
) -> Iterator[Span]:
    """The stretches of a limit's kind of time from start on, in order; the last has no end."""
    if limit.is_urgent:
        return _outside(Span(start, _NEVER), _in_order(standstills))
    return _working_spans(start, calendar, (*pauses, *standstills))


def _working_spans(start: datetime, calendar: WorkCalendar, pauses: Pauses) -> Iterator[Span]:
    """Working time from start on, in order, less the pauses; never an empty stretch."""
    ordered = _in_order(pauses)
    for working in calendar.working_spans(start):
        while ordered and ordered[0][1] <= working.start:
            ordered.pop(0)
        yield from _outside(working, ordered)


def _in_order(pauses: Pauses) -> list[tuple[datetime, datetime]]:
    return sorted((_utc(begin), _utc(end)) for begin, end in pauses if begin < end)


def _outside(working: Span, pauses: list[tuple[datetime, datetime]]) -> Iterator[Span]:
    """What is left of one stretch when pauses, sorted by their start, are cut out of it."""
    begin = working.start
    for paused_from, paused_to in pauses:
        if paused_from >= working.end or begin >= working.end:
            break
        if begin < paused_from:
            yield Span(begin, paused_from)
        begin = max(begin, paused_to)
    if begin < working.end:
        yield Span(begin, working.end)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return instant.astimezone(UTC)
