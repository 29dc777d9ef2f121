"""What a dossier is about: a half year written 2026H2, or a year written 2026."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.campaigns.rules import HalfYear
from app.reports.periods import Days

PATTERN = r"^(20|21)[0-9][0-9](H[12])?$"


@dataclass(frozen=True)
class Term:
    """A half year, or both of a year."""

    code: str
    halves: tuple[HalfYear, ...]

    @property
    def days(self) -> Days:
        """Its days."""
        return Days(self.halves[0].first, self.halves[-1].last)

    @property
    def year(self) -> int:
        """The calendar year it lies in."""
        return self.halves[0].year

    @property
    def label(self) -> str:
        """In Chinese."""
        if len(self.halves) > 1:
            return f"{self.year}年"
        return f"{self.year}年{'上' if self.halves[0].half == 1 else '下'}半年"

    @property
    def months(self) -> tuple[str, ...]:
        """Its calendar months, as 2026-11."""
        return tuple(month for half in self.halves for month in half.months)

    def seen_at(self, now: datetime) -> datetime:
        """The instant as of which a year's end is judged: now, or its end when that is past."""
        return min(now, self.days.ends_at - timedelta(seconds=1))

    def last_day(self, today: date) -> date:
        """Its last day that has come."""
        return min(self.days.last, today)


def term_of(code: str) -> Term:
    """The half year or year with a code; ValueError when there is none."""
    if not re.fullmatch(PATTERN.strip("^$"), code, re.ASCII):
        raise ValueError(code)
    year, half = int(code[:4]), code[5:]
    halves = (int(half),) if half else (1, 2)
    return Term(code, tuple(HalfYear(year, each) for each in halves))
