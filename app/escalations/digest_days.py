"""On which days what is gathered into a digest. Pure.

Digests are for working days only. From Thursday wardens hear what is not walked yet; in a week
without a working day from Thursday on, on its last one. On the first working day of a week, mostly
Monday, leads hear of the week before; of one that they did not hear of then, because nobody worked
or no worker ran, on the next working day.
"""

from datetime import date, timedelta

from app.kernel.clock import iso_week
from app.sla.calendar import WorkCalendar

_THURSDAY = 3
_SUNDAY = 6
_MOST_WEEKS = 4
"""More weeks than that, after a long standstill, nobody reads about."""


def week_to_finish(day: date, calendar: WorkCalendar) -> str | None:
    """The ISO week of a day on which wardens hear what is left of it; None on any other day."""
    if not calendar.is_working_day(day):
        return None
    left = (day + timedelta(days=ahead) for ahead in range(1, _SUNDAY - day.weekday() + 1))
    late_enough = day.weekday() >= _THURSDAY
    return iso_week(day) if late_enough or not any(map(calendar.is_working_day, left)) else None


def week_to_sum_up(day: date, calendar: WorkCalendar) -> str | None:
    """The ISO week before that of a day on which leads hear of it; None on any other day."""
    before = (day - timedelta(days=back) for back in range(1, day.weekday() + 1))
    if not calendar.is_working_day(day) or any(map(calendar.is_working_day, before)):
        return None
    return iso_week(day - timedelta(weeks=1))


def weeks_to_sum_up(day: date, calendar: WorkCalendar, last: str | None) -> list[str]:
    """The ISO weeks of which leads hear on a day, given the last that they heard of (None: of none
    yet): the finished ones since then, the latest four at most."""
    if last is None:
        week = week_to_sum_up(day, calendar)
        return [] if week is None else [week]
    if not calendar.is_working_day(day):
        return []
    finished = (iso_week(day - timedelta(weeks=back)) for back in range(_MOST_WEEKS, 0, -1))
    return [week for week in finished if week > last]
