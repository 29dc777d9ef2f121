"""The work calendar of 2026 and of nothing else, and instants written as Shanghai wall time."""

from datetime import date, datetime, timedelta

from app.kernel.clock import SHANGHAI
from app.sla.calendar import AnnouncedYear, WorkCalendar


def days(first: date, last: date) -> tuple[date, ...]:
    """All days from first to last, both included."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


YEAR_2026 = AnnouncedYear(
    2026,
    holidays=(
        *days(date(2026, 1, 1), date(2026, 1, 3)),
        *days(date(2026, 2, 15), date(2026, 2, 23)),
        *days(date(2026, 4, 4), date(2026, 4, 6)),
        *days(date(2026, 5, 1), date(2026, 5, 5)),
        *days(date(2026, 6, 19), date(2026, 6, 21)),
        *days(date(2026, 9, 25), date(2026, 9, 27)),
        *days(date(2026, 10, 1), date(2026, 10, 7)),
    ),
    working_days=(
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ),
)
CALENDAR = WorkCalendar.from_years([YEAR_2026])


def at(text: str) -> datetime:
    """The instant written "02-13 17:00" (of 2026) or "2027-01-04 08:00", Asia/Shanghai."""
    full = text if text[:2] == "20" else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=SHANGHAI)
