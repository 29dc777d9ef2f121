"""How long somebody may take in all: a limit and what was granted beyond it, outside of what stops
the clock.

A due time is always counted from these facts and never from a due time counted before: so it is
the same whatever was ordered, ended, granted or resumed in which order.

An instant that a person names (an extension, the day of a referral) is kept as the time from the
start up to it: a pause that is ordered or ended afterwards moves it like any other limit. Beside it
the instant itself is kept. It stands for the count while no counted time lies between the two: in
the night or on the Sunday for which it was named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.sla.calendar import WorkCalendar
from app.sla.lights import yellow_at
from app.sla.limits import Due, Limit, instant_after, is_provisional, time_counted

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Allowance:
    """The facts that a due time follows from.

    `granted` is time of the limit's kind; less than nothing where a nearer day was named. `pauses`
    stop working time, `standstills` any.
    """

    start: datetime
    limit: Limit
    granted: timedelta = timedelta()
    named: datetime | None = None
    pauses: tuple[Stretch, ...] = ()
    standstills: tuple[Stretch, ...] = ()

    @property
    def allowed(self) -> timedelta:
        """The time allowed in all, of the limit's kind."""
        return max(self.limit.length + self.granted, timedelta())

    @property
    def stops(self) -> tuple[Stretch, ...]:
        """All that stops this clock."""
        return self.standstills if self.limit.is_urgent else (*self.pauses, *self.standstills)

    def due(self, calendar: WorkCalendar) -> Due:
        """When the time allowed is used up."""
        at = instant_after(self.start, self.allowed, self.limit, calendar, *self._both)
        if self.named is not None and self._is_as_late(at, self.named, calendar):
            at = out_of(self.named, self.stops)
        return Due(at, is_provisional(self.start, at, self.limit, calendar))

    def beyond(self, until: datetime, calendar: WorkCalendar) -> timedelta:
        """The time from what is allowed up to an instant; less than nothing when that is nearer."""
        counted = time_counted(self.start, until, self.limit, calendar, *self._both)
        return counted - self.allowed

    def yellow_at(self, due: datetime, calendar: WorkCalendar) -> datetime:
        """When the light turns yellow."""
        return yellow_at(self.start, due, self.limit, calendar, *self._both)

    def _is_as_late(self, counted: datetime, named: datetime, calendar: WorkCalendar) -> bool:
        between = time_counted(counted, named, self.limit, calendar, *self._both)
        return counted <= named and not between

    @property
    def _both(self) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
        return self.pauses, self.standstills


def out_of(instant: datetime, stretches: Iterable[Stretch]) -> datetime:
    """The instant itself, or the end of the stretches that it lies within."""
    return next((end for start, end in joined(stretches) if start < instant < end), instant)


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time as stretches that neither overlap nor touch, in order."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found
