"""A day of a chain as lines that anybody can recompute; docs/evidence.md says the form."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.hashing import NOTHING_YET, leaf_of
from app.evidence.models import RecordDay, RecordEntry
from app.kernel.db import fetch

PAGE = 500


def days_of(session: Session, chain_id: UUID) -> list[date]:
    """The days on which something was linked to a chain."""
    days = select(RecordEntry.day).where(RecordEntry.chain_id == chain_id).distinct()
    return list(session.scalars(days.order_by(RecordEntry.day)))


def lines_of_day(
    session: Session,
    chain_id: UUID,
    day: date,
    *,
    whole: Callable[[int], bool],
    outside: bool = False,
) -> Iterator[str]:
    """The lines of a day, each ended: where it begins, its entries, where it ends.

    An entry is given with its text where `whole` says so of its position, else by the hash of it;
    so is, for outside, one that holds what somebody wrote.
    """
    first = last = None
    for entry in _entries(session, chain_id, day):
        if first is None:
            first = entry.position
            yield _line({"before": _before(session, chain_id, first), "first": first})
        given = whole(entry.position) and not (outside and _has_words(entry.body))
        said = {"body": entry.body} if given else {"leaf": leaf_of(entry.body)}
        yield _line({"position": entry.position, **said})
        last = entry
    if last is not None:
        yield _line({"day": day.isoformat(), "position": last.position, "head": last.hash}
                    | _signature(session, chain_id, day))  # fmt: skip


def _has_words(body: str) -> bool:
    """Whether an entry has the reason for a removal in words, as the first ones had."""
    return '"rule":' in body and "reason" in (json.loads(body)["facts"].get("rule") or {})


def _entries(session: Session, chain_id: UUID, day: date) -> Iterator[Any]:
    columns = RecordEntry.position, RecordEntry.body, RecordEntry.hash
    asked = (
        select(*columns)
        .where(RecordEntry.chain_id == chain_id, RecordEntry.day == day)
        .order_by(RecordEntry.position)
        .limit(PAGE)
    )
    after = 0
    while page := fetch(session, asked.where(RecordEntry.position > after)):
        yield from page
        after = page[-1].position


def _before(session: Session, chain_id: UUID, first: int) -> str:
    one = select(RecordEntry.hash).where(
        RecordEntry.chain_id == chain_id, RecordEntry.position == first - 1
    )
    return session.scalar(one) or NOTHING_YET


def _signature(session: Session, chain_id: UUID, day: date) -> dict[str, str]:
    signed = session.get(RecordDay, (chain_id, day))
    if signed is None:
        return {}
    return {
        "statement": signed.statement,
        "signature": signed.signature,
        "key_id": signed.key_id,
    }


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
