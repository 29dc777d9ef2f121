"""Instants are aware UTC; days, weeks and months are those of Asia/Shanghai."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """The present instant, aware, in UTC. Only the edge and jobs ask; everything below is told."""
    return datetime.now(UTC)


def shanghai_day(instant: datetime) -> date:
    """The calendar day in Asia/Shanghai that holds an aware instant."""
    return instant.astimezone(SHANGHAI).date()


def day_start(day: date) -> datetime:
    """The instant (UTC) at which a day begins in Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def iso_week(day: date) -> str:
    """The ISO 8601 week of a day, written 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_days(week: str) -> tuple[date, date]:
    """Monday and Sunday of an ISO week written 2026-W48; ValueError when there is no such week."""
    year, _, number = week.partition("-W")
    if len(year) != 4 or len(number) != 2 or not (year + number).isdecimal():
        raise ValueError(week)
    monday = date.fromisocalendar(int(year), int(number), 1)
    return monday, monday + timedelta(days=6)


def rfc3339(instant: datetime | None) -> str | None:
    """An aware instant as RFC 3339 text with the Asia/Shanghai offset."""
    return None if instant is None else instant.astimezone(SHANGHAI).isoformat()


def parse_instant(text: str) -> datetime:
    """The aware instant (UTC) written in RFC 3339 text; ValueError for anything else."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None
