"""When offline work happened: what the phone says, held against the server's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.errors import Rejected

OFFLINE = timedelta(hours=72)
AHEAD = timedelta(minutes=5)


class BadOccurredAt(Rejected):
    """Work is said to have happened too long ago, in the future, or before what it is about."""

    code = "bad_occurred_at"
    title = "发生时间不对"


@dataclass(frozen=True)
class Moment:
    """When something was received and when it happened, with the phone clock's offset.

    `offset_s` is what must be added to the phone's clock to get the server's.
    """

    now: datetime
    occurred_at: datetime
    offset_s: float | None = None


def moment_of(
    now: datetime, occurred_at: datetime | None = None, sent_at: datetime | None = None
) -> Moment:
    """When offline work happened: as the phone says, corrected when its clock is more than 5 min
    off at sending. Raises BadOccurredAt beyond 72 h ago or 5 min ahead."""
    offset = None if sent_at is None else now - sent_at
    happened = occurred_at or now
    if occurred_at is not None and offset is not None and abs(offset) > AHEAD:
        happened = occurred_at + offset
    if not now - OFFLINE <= happened <= now + AHEAD:
        why = "不能超过 72 小时前，也不能晚于现在 5 分钟以上"
        detail = f"{why}：请核对手机时钟；超过 72 小时的请重新核实后上报。"
        raise BadOccurredAt(detail, fields={"occurred_at": [why]})
    return Moment(now, min(happened, now), None if offset is None else offset.total_seconds())
