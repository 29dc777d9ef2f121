"""The periods that are scored: a month written 2026-11, a year written 2026."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.campaigns.rules import HalfYear
from app.catalogue.assessments.models import SchemePeriod
from app.kernel.clock import iso_week, shanghai_day, week_days
from app.tickets.figures.counting import Period
from app.tickets.figures.freezes.service import month_days

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """A period that is scored, as it is seen at an instant."""

    code: str
    kind: SchemePeriod
    first: date
    last: date
    now: datetime

    @property
    def today(self) -> date:
        """The day (Asia/Shanghai) on which it is looked at."""
        return shanghai_day(self.now)

    @property
    def over(self) -> bool:
        """Whether its last day is past."""
        return self.last < self.today

    @property
    def judged_on(self) -> date:
        """The last day of it that can be judged: whose dictionary and units count."""
        return min(self.last, self.today)

    @property
    def figures(self) -> Period:
        """As the KPIs ask for it."""
        return Period(self.first, self.last, self.now)

    @property
    def weeks(self) -> list[str]:
        """The ISO weeks that are mostly in it (by their Thursday) and over."""
        days = (self.first + DAY * n for n in range((self.last - self.first).days + 1))
        weeks = [iso_week(day) for day in days if day.isoweekday() == 4]
        return [week for week in weeks if week_days(week)[1] < self.today]

    @property
    def halves(self) -> tuple[HalfYear, ...]:
        """The half years that it is in, or has."""
        if self.kind is SchemePeriod.year:
            return HalfYear(self.first.year, 1), HalfYear(self.first.year, 2)
        return (HalfYear(self.first.year, 1 if self.first.month <= 6 else 2),)

    @property
    def label(self) -> str:
        """In Chinese."""
        if self.kind is SchemePeriod.year:
            return f"{self.first.year}年"
        return f"{self.first.year}年{self.first.month}月"


def stretch(code: str, now: datetime) -> Stretch:
    """The period with a code; ValueError when there is none."""
    if re.fullmatch(r"(20|21)\d\d", code, re.ASCII):
        year = int(code)
        return Stretch(code, SchemePeriod.year, date(year, 1, 1), date(year, 12, 31), now)
    if not re.fullmatch(r"(20|21)\d\d-\d\d", code, re.ASCII):
        raise ValueError(code)
    return Stretch(code, SchemePeriod.month, *month_days(code), now)
