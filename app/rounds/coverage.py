"""Coverage: compounds with a complete round in an ISO week over compounds due. Pure."""

import re
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from app.grid.models import WALKED_WEEKLY, CompoundKind
from app.kernel.clock import day_start, iso_week, shanghai_day, week_days

LATE = timedelta(hours=12)
"""How long after its end a week takes late arrivals: until Monday noon (Asia/Shanghai)."""


class Served(Protocol):
    """What is read here of a place that is in service for some days."""

    @property
    def in_service_on(self) -> date: ...
    def serves_on(self, day: date) -> bool: ...


_WEEK = re.compile(r"2[0-9]{3}-W[0-9]{2}")


@dataclass(frozen=True)
class Figures:
    """Compounds due and compounds covered; of those whose round was clean, how many were drawn for
    a spot check, walked again, and found with problems."""

    due: int = 0
    covered: int = 0
    drawn: int = 0
    walked: int = 0
    with_problems: int = 0

    @property
    def rate(self) -> float | None:
        """Covered over due, from 0 to 1; None when nothing is due."""
        return self.covered / self.due if self.due else None

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))


def checked_week(text: str) -> str:
    """The ISO week itself, written 2026-W48; ValueError (in Chinese) when there is none such."""
    message = "须为 ISO 周，例如 2026-W48"
    if not _WEEK.fullmatch(text):
        raise ValueError(message)
    try:
        week_days(text)
    except ValueError:
        raise ValueError(message) from None
    return text


def week_closes_at(week: str) -> datetime:
    """The last instant at which a week takes what was seen in it."""
    _, sunday = week_days(week)
    return day_start(sunday + timedelta(days=1)) + LATE


def latest_weeks(now: datetime, count: int) -> list[str]:
    """The present ISO week (Asia/Shanghai) and those before it, oldest first."""
    today = shanghai_day(now)
    return [iso_week(today - timedelta(weeks=back)) for back in reversed(range(count))]


def has_begun(week: str, now: datetime) -> bool:
    """Whether a week (Asia/Shanghai) has begun: nobody can have walked in one that has not."""
    return week_days(week)[0] <= shanghai_day(now)


def latest_day(week: str, now: datetime) -> date:
    """The day up to which a week can be judged: today, in a week that is over its Sunday."""
    return min(shanghai_day(now), week_days(week)[1])


def days_judged(week: str, latest: date) -> list[date]:
    """The days of a week up to its latest, the latest first; in a week to come that day alone."""
    monday, _ = week_days(week)
    return [latest - timedelta(days=back) for back in range(max((latest - monday).days, 0) + 1)]


def judged_on(compound: Served, week: str, now: datetime) -> date:
    """The day whose checkpoints a round needs: the latest of its week on which the compound was in
    service.

    A compound that was in service on none begins later, or was walked before the records of its
    township began: then its first day counts.
    """
    latest = latest_day(week, now)
    served = (day for day in days_judged(week, latest) if compound.serves_on(day))
    return next(served, max(latest, compound.in_service_on))


def kinds_walked(*, settlements: bool) -> frozenset[CompoundKind]:
    """The kinds of compound due every week; a county may decide that settlements are."""
    return WALKED_WEEKLY | {CompoundKind.settlement} if settlements else WALKED_WEEKLY
