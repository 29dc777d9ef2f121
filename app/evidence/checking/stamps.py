"""The timestamps of days held against what was signed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.checking.chains import Chain
from app.evidence.checking.days import LATE_AFTER, signing_instant
from app.evidence.checking.faults import Fault
from app.evidence.models import RecordDay, RecordTimestamp
from app.evidence.timestamps.tokens import Roots, StampRefused, stamped_at
from app.kernel.clock import day_start
from app.kernel.db import fetch

PAGE = 200
_CLOCKS_APART = timedelta(hours=1)


def check_stamps(
    session: Session, chain: Chain, roots: Roots | None, *, now: datetime
) -> Iterator[Fault]:
    """What is wrong with the stamps of a chain; `roots`: None where no service is set."""
    after = date.min
    while page := fetch(session, _asked(chain, after)):
        for row in page:
            yield from _check(chain, row, roots, now)
        after = page[-1].day


def _asked(chain: Chain, after: date) -> Any:
    there = (RecordTimestamp.chain_id == RecordDay.chain_id) & (
        RecordTimestamp.day == RecordDay.day
    )
    return (
        select(RecordDay.day, RecordDay.position, RecordDay.statement, RecordTimestamp.answer,
               RecordTimestamp.stamped_at)
        .outerjoin(RecordTimestamp, there)
        .where(RecordDay.chain_id == chain.id, RecordDay.day > after)
        .order_by(RecordDay.day)
        .limit(PAGE)
    )  # fmt: skip


def _check(chain: Chain, row: Any, roots: Roots | None, now: datetime) -> Iterator[Fault]:
    def fault(said: str, *, remark: bool = False) -> Fault:
        return Fault(chain.name, said, day=row.day, position=row.position, remark=remark)

    over = day_start(row.day) + timedelta(days=1) + LATE_AFTER
    if row.answer is None:
        if roots is not None and now > over:
            yield fault("还没有取到时间戳", remark=True)
        return
    try:
        at = stamped_at(row.answer, row.statement, roots or ())
    except StampRefused as refused:
        yield fault(f"时间戳不对：{refused}")
        return
    if at != row.stamped_at:
        yield fault("时间戳的时间被改动")
    if not roots:
        yield fault("没有设置时间戳服务的根证书，时间戳的签名没有核对", remark=True)
    yield from _check_instant(at, signing_instant(row.statement), over, fault)


def _check_instant(at: datetime, signed: datetime | None, over: datetime, fault: Any) -> Any:
    if signed is not None and at < signed - _CLOCKS_APART:
        yield fault(f"时间戳作于 {at:%Y-%m-%d %H:%M} UTC，早于写着的签名时间")
    elif at > over:
        yield fault(f"时间戳作于 {at:%Y-%m-%d}，晚了两天以上", remark=True)
