"""The same-day goal (问题不过当日): shown beside a limit, never the limit itself."""

from datetime import datetime

from app.kernel.clock import shanghai_day


def same_day(start: datetime, end: datetime) -> bool:
    """Whether two aware instants lie on one calendar day in Asia/Shanghai."""
    return shanghai_day(start) == shanghai_day(end)
