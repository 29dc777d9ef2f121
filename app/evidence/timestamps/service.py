"""Signed days that wait for a stamp, and the stamps that came. The head waits for neither."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.evidence.models import RecordDay, RecordTimestamp

_SAME = (
    RecordTimestamp.chain_id == RecordDay.chain_id,
    RecordTimestamp.day == RecordDay.day,
)


def days_to_stamp(session: Session, *, limit: int) -> Sequence[RecordDay]:
    """Signed days without a stamp, the newest first: what is old is not proven by a late one."""
    waits = ~exists().where(*_SAME)
    asked = select(RecordDay).where(waits)
    ordered = asked.order_by(RecordDay.day.desc(), RecordDay.chain_id).limit(limit)
    return session.scalars(ordered).all()


def keep_stamp(
    session: Session, chain_id: UUID, day: date, answer: bytes, *, stamped_at: datetime
) -> None:
    """Keeps the answer for a day; one that is there already stays."""
    if session.get(RecordTimestamp, (chain_id, day), with_for_update=True) is None:
        session.add(
            RecordTimestamp(chain_id=chain_id, day=day, answer=answer, stamped_at=stamped_at)
        )


def stamp_of(session: Session, chain_id: UUID, day: date) -> RecordTimestamp | None:
    """The stamp of a day."""
    return session.get(RecordTimestamp, (chain_id, day))
