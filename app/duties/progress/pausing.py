"""What pauses do to the periods of duties: moved, or excused. Pure; days are Asia/Shanghai's.

As the limits of tickets do, time stands still on days that are paused for everything: a period is
due so many days later, and what is recorded up to then counts for it. A period of which every day
is paused is not due at all, as a week of rounds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from app.catalogue.pauses import DaysPaused
from app.duties.periods import Period

DAY = timedelta(days=1)


class Standstill:
    """The days on which units stand still, by the subtrees that pauses name."""

    def __init__(self, paused: Iterable[DaysPaused], periods: Sequence[Period]) -> None:
        """Only what lies in some periods or after them matters: what is due later may be moved into
        the next pause."""
        self._by_path: dict[str, list[tuple[date, date]]] = {}
        self._moved: dict[tuple[str | None, Period], Period | None] = {}
        first = min((one.first_on for one in periods), default=date.max)
        for one in paused:
            if one.last >= first:
                self._by_path.setdefault(one.path, []).append((one.first, one.last))
        self.paths = tuple(sorted(self._by_path, key=lambda path: (-len(path), path)))
        """The subtrees, those within others first."""

    def at(self, path: str) -> str | None:
        """The subtree whose days hold for a unit with a path; None: it never stands still. What
        lies within another has that one's days among its own."""
        if not self.paths:
            return None
        return next((one for one in self.paths if path.startswith(one)), None)

    def moved(self, at: str | None, period: Period) -> Period | None:
        """A period where time stands still; None: it is not due at all."""
        if at is None:
            return period
        if (at, period) not in self._moved:
            self._moved[at, period] = _moved(period, self._by_path[at])
        return self._moved[at, period]

    def variants(self, period: Period) -> Iterator[tuple[str | None, Period]]:
        """A period as it is due in each subtree, and elsewhere."""
        for at in (None, *self.paths):
            moved = self.moved(at, period)
            if moved is not None:
                yield at, moved


def _moved(period: Period, spans: Sequence[tuple[date, date]]) -> Period | None:
    if _days_of(spans, period.first_on, period.last_on) > (period.last_on - period.first_on).days:
        return None
    lost, due = _days_of(spans, period.first_on, period.due_on), period.due_on
    while lost:
        due += DAY
        lost -= not any(first <= due <= last for first, last in spans)
    return replace(period, due_on=due, last_on=max(period.last_on, due))


def _days_of(spans: Iterable[tuple[date, date]], first: date, last: date) -> int:
    """How many days from one to another, both included, are paused; spans do not overlap."""
    stretches = ((max(first, begins), min(last, ends)) for begins, ends in spans)
    return sum((ends - begins).days + 1 for begins, ends in stretches if begins <= ends)
