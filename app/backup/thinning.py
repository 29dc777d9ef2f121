"""Which backups stay: of the last days each, of the last weeks and months the newest of each."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from itertools import islice

from app.kernel.clock import SHANGHAI

DAYS, WEEKS, MONTHS = 7, 4, 12


def kept_among(made: Collection[datetime]) -> set[datetime]:
    """Those that stay of some backups, by when they were made (days, weeks and months of
    Asia/Shanghai): the newest of each of the last 7 days, 4 weeks and 12 months that have any."""
    newest_first = sorted(made, reverse=True)
    return {
        *_newest_of_each(newest_first, lambda day: (day.year, day.month, day.day), DAYS),
        *_newest_of_each(newest_first, lambda day: day.isocalendar()[:2], WEEKS),
        *_newest_of_each(newest_first, lambda day: (day.year, day.month), MONTHS),
    }


def _newest_of_each(
    newest_first: Iterable[datetime], period: Callable[[datetime], object], most: int
) -> Iterable[datetime]:
    firsts: dict[object, datetime] = {}
    for each in newest_first:
        firsts.setdefault(period(each.astimezone(SHANGHAI)), each)
    return islice(firsts.values(), most)
