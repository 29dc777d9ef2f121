"""Time counted by looking at every half-hour, by other code than the product's.

Monday to Friday are worked: so it is in November and December 2026, which have neither holidays nor
make-up days, and in a year that was not announced.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.kernel.clock import SHANGHAI

HALF = timedelta(minutes=30)
Stops = Iterable[tuple[datetime, datetime]]


def counts(instant: datetime, stops: Stops, *, urgent: bool) -> bool:
    """Whether the half-hour from an instant on is time of this kind."""
    local = instant.astimezone(SHANGHAI)
    worked = local.weekday() < 5 and local.hour in (8, 9, 10, 11, 14, 15, 16, 17)
    return (urgent or worked) and not any(start <= instant < end for start, end in stops)


def halves_between(start: datetime, end: datetime, stops: Stops, *, urgent: bool) -> int:
    """How many half-hours of this kind lie between two instants on the half-hour."""
    known, found = list(stops), 0
    while start < end:
        found += counts(start, known, urgent=urgent)
        start += HALF
    return found
