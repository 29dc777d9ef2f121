"""Each day that is over is signed: where its chain stood, once, and nothing is added to it."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.evidence.hashing import statement_of
from app.evidence.keys import RecordKey
from app.evidence.linking import take_record
from app.evidence.models import RecordChain, RecordDay, RecordEntry
from app.kernel.clock import shanghai_day


def days_are_over(session: Session, *, now: datetime) -> bool:
    """Whether a day that is over waits to be signed."""
    over = RecordChain.unsigned_from < shanghai_day(now)
    return session.scalar(select(RecordChain.chain_id).where(over).limit(1)) is not None


def sign_days(session: Session, key: RecordKey, *, now: datetime) -> int:
    """Signs every day that is over and has entries; how many."""
    if not take_record(session):
        return 0
    over = select(RecordChain).where(RecordChain.unsigned_from < shanghai_day(now))
    chains = session.scalars(over.execution_options(populate_existing=True))
    return sum(_sign(session, chain, key, now=now) for chain in chains.all())


def _sign(session: Session, chain: RecordChain, key: RecordKey, *, now: datetime) -> int:
    today = shanghai_day(now)
    ends = session.execute(
        select(RecordEntry.day, func.max(RecordEntry.position).label("position"))
        .where(
            RecordEntry.chain_id == chain.chain_id,
            RecordEntry.day >= chain.unsigned_from,
            RecordEntry.day < today,
        )
        .group_by(RecordEntry.day)
        .order_by(RecordEntry.day)
    ).all()
    for day, position in ends:
        session.add(_signed(session, chain, day, position, key, now=now))
        chain.signed_day = day
    still_open = chain.day is not None and chain.day >= today
    chain.unsigned_from = chain.day if still_open else None
    return len(ends)


def _signed(
    session: Session, chain: RecordChain, day: date, position: int, key: RecordKey, *, now: datetime
) -> RecordDay:
    entry = session.get_one(RecordEntry, (chain.chain_id, position))
    said = statement_of(
        chain.chain_id, day, position, entry.hash, signed_at=now, key_id=key.public.id
    )
    return RecordDay(
        chain_id=chain.chain_id,
        day=day,
        position=position,
        head=entry.hash,
        statement=said,
        signature=key.sign(said),
        key_id=key.public.id,
    )
