"""Quiet hours: who is told something then hears of it in the morning, unless there is danger."""

from datetime import datetime, time, timedelta

from app.kernel.clock import SHANGHAI

BEGINS, ENDS = time(21), time(8)
"""From 21:00 to 08:00, wall clock of Asia/Shanghai."""


def quiet_until(now: datetime) -> datetime | None:
    """When the quiet hours end that an aware instant lies in; None outside of them."""
    local = now.astimezone(SHANGHAI)
    if ENDS <= local.time() < BEGINS:
        return None
    day = local.date() + timedelta(days=local.time() >= BEGINS)
    return datetime.combine(day, ENDS, SHANGHAI)
