"""A chain read from its first entry to its last: a page of it at a time is in memory.

What is wrong at one entry is told there: the next is held against the hash that is kept of it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from app.evidence.checking.days import check_statement
from app.evidence.checking.faults import Fault, about, differences
from app.evidence.facts import FACTS_OF, without_words
from app.evidence.hashing import NOTHING_YET, leaf_of, linked
from app.evidence.keys import PublicKey
from app.evidence.models import EntryKind, RecordChain, RecordDay, RecordEntry
from app.kernel.db import fetch
from app.photos.models import PhotoRemoval

PAGE = 500


@dataclass(frozen=True)
class Chain:
    """A chain to be read: its township, and where it says that it stands."""

    id: UUID
    name: str
    state: RecordChain | None


@dataclass
class Reading:
    """How far a chain has been read: the last entry, its hash, its day."""

    chain: Chain
    keys: Mapping[str, PublicKey]
    position: int = 0
    hash: str | None = NOTHING_YET
    """None: unknown, since entries lack."""
    day: date | None = None
    days: dict[int, Any] = field(default_factory=dict)
    """Signed days by the position of their last entry, of the present page and the one before."""

    def fault(self, said: str, entry: Any = None, what: str = "", **more: Any) -> Fault:
        """Something wrong at an entry."""
        if entry is not None:
            more = {"day": entry.day, "position": entry.position, **more}
        return Fault(self.chain.name, said, about=what, **more)


def check_chain(session: Session, chain: Chain, keys: Mapping[str, PublicKey]) -> Iterator[Fault]:
    """What is wrong with a chain, its days and the rows it is about, up to where it stood."""
    reading = Reading(chain, keys)
    end = chain.state.position if chain.state else None
    if chain.state is None:
        yield reading.fault("记录链的状态不见了")
    while page := _page(session, reading, end):
        reading.days = {
            **{at: day for at, day in reading.days.items() if at == reading.position},
            **_days(session, chain.id, page[0].position, page[-1].position),
        }
        yield from _lost_days(reading, page)
        rows = _rows(session, page)
        for entry in page:
            yield from _check_entry(reading, entry, rows)
    yield from _check_end(session, reading)


def _page(session: Session, reading: Reading, end: int | None) -> Sequence[Row[Any]]:
    asked = (
        select(*RecordEntry.__table__.c)
        .where(RecordEntry.chain_id == reading.chain.id, RecordEntry.position > reading.position)
        .order_by(RecordEntry.position)
        .limit(PAGE)
    )
    return fetch(session, asked if end is None else asked.where(RecordEntry.position <= end))


def _days(session: Session, chain_id: UUID, first: int, last: int) -> dict[int, Any]:
    asked = select(*RecordDay.__table__.c).where(
        RecordDay.chain_id == chain_id, RecordDay.position.between(first, last)
    )
    return {row.position: row for row in fetch(session, asked)}


def _lost_days(reading: Reading, page: Sequence[Row[Any]]) -> Iterator[Fault]:
    there = {entry.position for entry in page}
    for at, day in sorted(reading.days.items()):
        if at != reading.position and at not in there:
            yield reading.fault("这一天签过名的最后一条不见了", day=day.day, position=at)


def _rows(session: Session, page: Sequence[Row[Any]]) -> dict[tuple[EntryKind, UUID], Any]:
    found: dict[tuple[EntryKind, UUID], Any] = {}
    for kind, read in FACTS_OF.items():
        ids = [entry.source_id for entry in page if entry.kind is kind]
        rows = read(session, ids) if ids else {}
        found |= {(kind, source_id): row.facts for source_id, row in rows.items()}
    missing = [
        entry.source_id
        for entry in page
        if entry.kind is EntryKind.photo_received and (entry.kind, entry.source_id) not in found
    ]
    removed = _removed(session, missing) if missing else ()
    return found | {(EntryKind.photo_received, photo_id): None for photo_id in removed}


def _removed(session: Session, photo_ids: Sequence[UUID]) -> Iterator[UUID]:
    """Those of some photos whose removal is on the record, or about to be."""
    on_record = RecordEntry.kind == EntryKind.photo_removed
    entries = select(RecordEntry.source_id).where(on_record, RecordEntry.source_id.in_(photo_ids))
    yield from session.scalars(entries)
    yield from session.scalars(
        select(PhotoRemoval.photo_id).where(PhotoRemoval.photo_id.in_(photo_ids))
    )


def _check_entry(
    reading: Reading, entry: Row[Any], rows: Mapping[tuple[EntryKind, UUID], Any]
) -> Iterator[Fault]:
    yield from _check_place(reading, entry)
    said = _said(entry)
    facts = said.get("facts", {})
    what = about(facts)
    yield from _check_hash(reading, entry, said, what)
    yield from _check_row(reading, entry, facts, what, rows)
    if reading.day is not None and entry.day != reading.day:
        yield from _check_signed(reading)
    reading.position, reading.hash, reading.day = entry.position, entry.hash, entry.day
    day = reading.days.get(entry.position)
    if day is not None:
        yield from check_statement(reading.chain.name, day, entry, reading.keys)


def _check_place(reading: Reading, entry: Row[Any]) -> Iterator[Fault]:
    first, last = reading.position + 1, entry.position - 1
    if first <= last:
        which = f"第 {first} 条" if first == last else f"第 {first} 至 {last} 条"
        yield reading.fault(f"缺少{which}", day=entry.day)
        reading.hash = None


def _said(entry: Row[Any]) -> dict[str, Any]:
    try:
        said = json.loads(entry.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _check_hash(
    reading: Reading, entry: Row[Any], said: Mapping[str, Any], what: str
) -> Iterator[Fault]:
    written = said.get("position")
    if written != entry.position and isinstance(written, int):
        yield reading.fault(f"内容写的是第 {written} 条，次序被调换", entry, what)
    elif reading.hash is not None and linked(reading.hash, leaf_of(entry.body)) != entry.hash:
        yield reading.fault("内容或哈希值被改动，与前一条接不上", entry, what)
    elif (said.get("day"), said.get("kind"), said.get("chain")) != (
        entry.day.isoformat(),
        entry.kind.value,
        str(entry.chain_id),
    ):
        yield reading.fault("日期、种类或所属乡镇被改动", entry, what)


def _check_row(
    reading: Reading,
    entry: Row[Any],
    facts: Mapping[str, Any],
    what: str,
    rows: Mapping[tuple[EntryKind, UUID], Any],
) -> Iterator[Fault]:
    key = entry.kind, entry.source_id
    if key not in rows:
        yield reading.fault("链上有，库中的记录被删去", entry, what)
    elif rows[key] is not None and (found := [*differences(_as_now(facts), rows[key])]):
        yield reading.fault(f"库中的记录与入链时不同：{'、'.join(found)}", entry, what)


def _as_now(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an entry says; the first about complaints had words that stand as a hash now."""
    rule = facts.get("rule")
    return {**facts, "rule": without_words(rule)} if isinstance(rule, dict) else facts


def _check_signed(reading: Reading) -> Iterator[Fault]:
    """The day that has just ended has its signature, when it was signed."""
    state, day = reading.chain.state, reading.day
    signed_day = state.signed_day if state else None
    if signed_day is None or day is None or day > signed_day:
        return
    if reading.position not in reading.days:
        yield reading.fault("这一天的签名不见了", day=day, position=reading.position)


def _check_end(session: Session, reading: Reading) -> Iterator[Fault]:
    yield from _check_signed(reading)
    state = reading.chain.state
    if state is None:
        return
    if reading.position < state.position:
        first = reading.position + 1
        said = f"末尾被截去：应到第 {state.position} 条，第 {first} 条起没有了"
        yield reading.fault(said, day=reading.day, position=reading.position or None)
    elif reading.hash != state.head:
        yield reading.fault("最后一条与记录链的状态不符", position=reading.position)
    last = RecordEntry.chain_id == RecordDay.chain_id, RecordEntry.position == RecordDay.position
    lost = select(RecordDay.day).where(
        RecordDay.chain_id == reading.chain.id,
        RecordDay.position > reading.position,
        ~exists().where(*last),
    )
    for day in session.scalars(lost.order_by(RecordDay.day)):
        yield reading.fault("签过名的这一天，记录不全", day=day)
