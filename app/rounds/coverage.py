"""Coverage: compounds with a complete round in an ISO week over compounds due. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.grid.models import WALKED_WEEKLY, CompoundKind
from app.kernel.clock import day_start, iso_week, shanghai_day, week_days

LATE = timedelta(hours=12)
"""How long after its end a week takes late arrivals: until Monday noon (Asia/Shanghai)."""

_WEEK = re.compile(r"2[0-9]{3}-W[0-9]{2}")


@dataclass(frozen=True)
class Figures:
    """Compounds due and compounds covered."""

    due: int = 0
    covered: int = 0

    @property
    def rate(self) -> float | None:
        """Covered over due, from 0 to 1; None when nothing is due."""
        return self.covered / self.due if self.due else None

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.due + other.due, self.covered + other.covered)


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


def judged_on(week: str, now: datetime) -> date:
    """The day whose checkpoints a round needs: today, in a week that is over its Sunday."""
    return min(shanghai_day(now), week_days(week)[1])


def kinds_walked(*, settlements: bool) -> frozenset[CompoundKind]:
    """The kinds of compound due every week; a county may decide that settlements are."""
    return WALKED_WEEKLY | {CompoundKind.settlement} if settlements else WALKED_WEEKLY
