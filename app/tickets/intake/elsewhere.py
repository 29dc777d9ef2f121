"""What comes with work from elsewhere: the limit that a hotline or a body above has set."""

from datetime import datetime, timedelta

from app.tickets.errors import TimeUnsuitable

A_YEAR = timedelta(days=366)


def is_believable_limit(due: datetime, *, now: datetime) -> bool:
    """Whether a limit set elsewhere lies between a year ago and two years ahead: another year is a
    slip of the pen, and would stand first or last in every list for good."""
    return now - A_YEAR <= due <= now + 2 * A_YEAR


def refuse_limit_far_away(due: datetime | None, *, now: datetime) -> None:
    """Raises TimeUnsuitable for a limit that nobody can have meant."""
    if due is not None and not is_believable_limit(due, now=now):
        detail = "离现在太远，请核对年份。"
        raise TimeUnsuitable(detail, fields={"external_due_at": [detail]})
