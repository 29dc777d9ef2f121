"""Rows that wait are linked to the chain of their township, in the order in which they are seen.

A row waits from its transaction on until it is linked, so each is found exactly once whenever its
transaction ends and whatever instant it carries; a chain's order is the order of linking, and what
committed late comes after what was linked before it. One process links at a time.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import literal_column, or_, select, update
from sqlalchemy.orm import Session

from app.evidence.facts import photos_received, photos_removed, ticket_events
from app.evidence.hashing import NOTHING_YET, Place, body_of, leaf_of, linked
from app.evidence.judged import photos_judged, uses_judged
from app.evidence.models import EntryKind, RecordChain, RecordEntry
from app.evidence.recordable import Recordable
from app.kernel.clock import shanghai_day
from app.kernel.db import write_new
from app.kernel.recording import FROM_BEFORE, ON_RECORD, STILL_WAITS
from app.kernel.turns import Turn, try_turn
from app.photos.evidence import PhotoRole
from app.photos.judgements import PhotoJudgement
from app.photos.models import Photo, PhotoRemoval
from app.tickets.handling.retouched import COMPARE
from app.tickets.judgements import UseJudgement
from app.tickets.models import TicketEvent
from app.work.service import enqueue

BATCH = 100
"""Rows of each kind in one transaction, for which other writers wait."""
_SOURCES = (
    (Photo, Photo.id, Photo.received_at, photos_received),
    (PhotoRemoval, PhotoRemoval.photo_id, PhotoRemoval.removed_at, photos_removed),
    (TicketEvent, TicketEvent.id, TicketEvent.at, ticket_events),
    (UseJudgement, UseJudgement.id, UseJudgement.judged_at, uses_judged),
    (PhotoJudgement, PhotoJudgement.id, PhotoJudgement.judged_at, photos_judged),
)
_RANK = {kind: rank for rank, kind in enumerate(("photo_received", "photo_removed"))}


def something_waits(session: Session) -> bool:
    """Whether there is anything to link: a look at indexes that are empty most of the time."""
    waiting = (
        select(literal_column("1")).select_from(table).where(STILL_WAITS).exists()
        for table, *_ in _SOURCES
    )
    return bool(session.scalar(select(or_(*waiting))))


def link_waiting(session: Session, *, now: datetime) -> int:
    """Links a batch of what waits; how many rows. None when another process is at it."""
    if not take_record(session):
        return 0
    found = sorted(_waiting(session), key=_in_order)
    for chain_id, rows in groupby(found, key=lambda row: row.chain_id):
        _append(session, chain_of(session, chain_id), list(rows), now=now)
    for row in found:
        if _brings_a_pair(row):
            enqueue(session, COMPARE, {"event": row.facts["event"]}, now=now)
    return len(found)


def _brings_a_pair(row: Recordable) -> bool:
    """Whether a report brought before- and after-photos together: a rectification has its pairs
    compared by itself, a report has no statement to spare."""
    if row.kind is not EntryKind.ticket_event or row.state == FROM_BEFORE:
        return False
    roles = {use["role"] for use in row.facts["uses"]}
    return row.facts["sequence"] == 1 and roles >= {PhotoRole.BEFORE, PhotoRole.AFTER}


def take_record(session: Session) -> bool:
    """The turn to write on the record, held until the transaction ends; False: another has it."""
    return try_turn(session, Turn.record)


def _in_order(row: Recordable) -> tuple[Any, ...]:
    """Chain by chain; there what is older than the record first, then by when it happened."""
    return (
        row.chain_id,
        row.state != FROM_BEFORE,
        row.at,
        _RANK.get(row.kind.value, len(_RANK)),
        row.source_id,
    )


def _waiting(session: Session) -> Iterable[Recordable]:
    for table, key, at, read in _SOURCES:
        ids = session.scalars(select(key).where(STILL_WAITS).order_by(at, key).limit(BATCH)).all()
        if ids:
            yield from read(session, ids).values()
            session.execute(
                update(table).where(key.in_(ids)).values(record_state=ON_RECORD),
                execution_options={"synchronize_session": False},
            )


def chain_of(session: Session, chain_id: UUID) -> RecordChain:
    """Where a chain stands; begun when there is none."""
    chain = session.get(RecordChain, chain_id, populate_existing=True)
    if chain is None:
        chain = RecordChain(chain_id=chain_id, position=0, head=NOTHING_YET)
        session.add(chain)
        session.flush()
    return chain


def _append(
    session: Session, chain: RecordChain, rows: Sequence[Recordable], *, now: datetime
) -> None:
    day = _day_for(chain, now)
    entries = []
    for row in rows:
        place = Place(chain.chain_id, chain.position + 1, day, now, row.state == FROM_BEFORE)
        body = body_of(place, row.kind.value, row.facts)
        chain.position, chain.head = place.position, linked(chain.head, leaf_of(body))
        entries.append(_entry(place, row, body, chain.head))
    chain.day, chain.unsigned_from = day, chain.unsigned_from or day
    write_new(session, entries)


def _day_for(chain: RecordChain, now: datetime) -> date:
    """Today, unless a clock that is ahead has linked or signed for a later day."""
    days = [shanghai_day(now), chain.day or date.min]
    if chain.signed_day:
        days.append(chain.signed_day + timedelta(days=1))
    return max(days)


def _entry(place: Place, row: Recordable, body: str, head: str) -> RecordEntry:
    return RecordEntry(
        chain_id=place.chain_id,
        position=place.position,
        day=place.day,
        linked_at=place.linked_at,
        kind=row.kind,
        source_id=row.source_id,
        ticket_id=row.ticket_id,
        body=body,
        hash=head,
    )
