"""Lights: how near a limit is to its end.

Green to 80 % of the limit, yellow to 100 %, red past it, each bound included. The two instants at
which the colour changes can be stored, so that lists and searches compare instants only.
"""

from datetime import UTC, datetime
from enum import StrEnum

from app.sla.calendar import WorkCalendar
from app.sla.limits import Limit, Pauses, instant_after, time_counted

_YELLOW_PERCENT = 80


class Light(StrEnum):
    """The colour a person sees beside something with a limit."""

    green = "green"
    yellow = "yellow"
    red = "red"

    @property
    def label(self) -> str:
        """The meaning of the colour in words, since colour alone is not enough."""
        return {Light.green: "正常", Light.yellow: "临期", Light.red: "超期"}[self]


def yellow_at(
    start: datetime,
    due: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    pauses: Pauses = (),
    standstills: Pauses = (),
) -> datetime:
    """The instant (UTC) after which the light is yellow: 80 % of the time from start to due.

    `due` is asked for because an extension or an authority above may have moved it; `limit` says
    which kind of time counts. With no such time between the two it is the earlier of them.
    """
    stops = pauses, standstills
    allowed = time_counted(start, due, limit, calendar, *stops)
    if not allowed:
        return min(start, due).astimezone(UTC)
    return instant_after(start, allowed * _YELLOW_PERCENT // 100, limit, calendar, *stops)


def light_at(now: datetime, yellow_at: datetime, due_at: datetime) -> Light:
    """The light at an instant, from the two stored instants at which it changes."""
    if now > due_at:
        return Light.red
    return Light.yellow if now > yellow_at else Light.green


def light(
    now: datetime,
    start: datetime,
    due: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    pauses: Pauses = (),
) -> Light:
    """The light at an instant of something that started and is due at the given instants."""
    return light_at(now, yellow_at(start, due, limit, calendar, pauses), due)
