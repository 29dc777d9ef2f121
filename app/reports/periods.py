"""Days that reports are about, and how they are said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.kernel.clock import day_start
from app.tickets.figures.freezes.service import month_days


@dataclass(frozen=True)
class Days:
    """Days in Asia/Shanghai, both included."""

    first: date
    last: date

    @property
    def begins_at(self) -> datetime:
        """The instant at which they begin."""
        return day_start(self.first)

    @property
    def ends_at(self) -> datetime:
        """The instant at which the next day begins."""
        return day_start(self.last + timedelta(days=1))

    @property
    def said(self) -> str:
        """As a heading says them: 2026年11月, or from day to day."""
        if (self.first, self.last) == month_days(f"{self.first:%Y-%m}"):
            return f"{self.first.year}年{self.first.month}月"
        if self.first == self.last:
            return day_said(self.first)
        return f"{day_said(self.first)}至{day_said(self.last)}"


def day_said(day: date) -> str:
    """A day as a letter says it."""
    return f"{day.year}年{day.month}月{day.day}日"


def days_asked(first: date | None, last: date | None, *, today: date) -> Days:
    """The days from one to another; what is not said is the end of the month of the other, and the
    present month when neither is."""
    if first is None and last is None:
        return Days(*month_days(f"{today:%Y-%m}"))
    known = first or last or today
    begins, ends = month_days(f"{known:%Y-%m}")
    return Days(first or begins, last or ends)
