"""The signature of a day held against the chain."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.evidence.checking.faults import Fault
from app.evidence.hashing import statement_of
from app.evidence.keys import PublicKey
from app.kernel.clock import day_start

LATE_AFTER = timedelta(days=2)
"""After the day is over; a worker that stood still signs late, and so would a forger."""


def check_statement(
    chain: str, day: Any, entry: Any, keys: Mapping[str, PublicKey]
) -> Iterator[Fault]:
    """What is wrong with a signed day, whose last entry is `entry`."""

    def fault(said: str, *, remark: bool = False) -> Fault:
        return Fault(chain, said, day=day.day, position=day.position, remark=remark)

    signed_at = signing_instant(day.statement)
    if entry.day != day.day or entry.hash != day.head:
        yield fault("这一天的最后一条与签名时不同")
    if signed_at is None or day.statement != statement_of(
        day.chain_id, day.day, day.position, day.head, signed_at=signed_at, key_id=day.key_id
    ):
        yield fault("签名的内容被改动")
    key = keys.get(day.key_id)
    if not keys:
        yield fault("没有设置签名密钥，签名没有核对", remark=True)
    elif key is None:
        yield fault(f"签名用的密钥 {day.key_id} 不是本系统的")
    elif not key.signed(day.statement, day.signature):
        yield fault("签名不对")
    if signed_at is not None and signed_at - day_start(day.day) > timedelta(days=1) + LATE_AFTER:
        yield fault(f"签名作于 {signed_at:%Y-%m-%d}，晚了两天以上", remark=True)


def signing_instant(statement: str) -> datetime | None:
    """When a statement says that it was signed (UTC); None when it does not say."""
    for line in statement.split("\n"):
        name, _, value = line.partition(" ")
        if name == "signed_at":
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                return None
    return None
