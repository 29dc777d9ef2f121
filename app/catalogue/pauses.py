"""Where and when clocks and rounds stand still."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.catalogue.queries import PauseView, all_pauses, pauses_known
from app.kernel.clock import day_start, shanghai_day
from app.people.models import Organisation
from app.sla.allowances import Stretch, joined

_WEEK = timedelta(weeks=1)
_OPENS, _CLOSES = timedelta(hours=8), timedelta(hours=18)
"""When a working day begins and ends."""


@dataclass(frozen=True, slots=True)
class WeeksPaused:
    """Whole ISO weeks, by the first and the last Monday, in which a subtree stands still."""

    path: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class DaysPaused:
    """Whole working days (Asia/Shanghai), the first and the last, in which a subtree stands still;
    those of one subtree do not overlap."""

    path: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Where everything stands still, by weeks and by days."""

    weeks: list[WeeksPaused]
    days: list[DaysPaused]


def pauses_over(
    session: Session, community: Organisation, category: str, *, since: datetime
) -> list[Stretch]:
    """The half-open stretches in which working time stands still for a category in a community.

    Those over by `since` are left out; they may overlap. No query of its own: pauses are kept with
    the catalogue.
    """
    return [(pause.from_at, pause.to_at) for pause in _over(session, community, category, since)]


def pause_holding(
    session: Session, community: Organisation, category: str, *, at: datetime
) -> PauseView | None:
    """The pause that holds for a category in a community at an instant; of several the one that
    lasts longest."""
    holding = (p for p in _over(session, community, category, at) if p.from_at <= at)
    return max(holding, key=lambda pause: pause.to_at, default=None)


def weeks_paused(session: Session) -> list[WeeksPaused]:
    """The ISO weeks (Asia/Shanghai) that pauses of all categories cover wholly, by subtree. One
    query."""
    return standing_still(session).weeks


def standing_still(session: Session) -> Standing:
    """The ISO weeks and the working days (Asia/Shanghai) that pauses of all categories cover
    wholly, by subtree.

    Pauses of a place and of what lies above it cover a week together when they leave no gap. One
    query; the catalogue that clocks need is not read for it.
    """
    everything = [pause for pause in all_pauses(session) if pause.categories is None]
    found = Standing([], [])
    for path in sorted({pause.path for pause in everything}):
        spans = ((p.from_at, p.to_at) for p in everything if path.startswith(p.path))
        for start, end in joined(spans):
            first, last = _monday_from(start), _monday_up_to(end) - _WEEK
            if first <= last:
                found.weeks.append(WeeksPaused(path, first, last))
            begins, ends = _working_days(start, end)
            if begins <= ends:
                found.days.append(DaysPaused(path, begins, ends))
    return found


def _working_days(start: datetime, end: datetime) -> tuple[date, date]:
    """The first and the last day whose working hours lie between two instants."""
    first, last = shanghai_day(start), shanghai_day(end)
    if start > day_start(first) + _OPENS:
        first += timedelta(days=1)
    if end < day_start(last) + _CLOSES:
        last -= timedelta(days=1)
    return first, last


def _over(
    session: Session, community: Organisation, category: str, since: datetime
) -> Iterable[PauseView]:
    return (
        pause
        for pause in pauses_known(session)
        if since < pause.to_at
        and community.path.startswith(pause.path)
        and (pause.categories is None or category in pause.categories)
    )


def _monday_from(instant: datetime) -> date:
    """The first Monday that begins at an instant or after it."""
    monday = _monday_up_to(instant)
    return monday + _WEEK if day_start(monday) < instant else monday


def _monday_up_to(instant: datetime) -> date:
    """The last Monday that begins at an instant or before it."""
    day = shanghai_day(instant)
    return day - timedelta(days=day.weekday())
