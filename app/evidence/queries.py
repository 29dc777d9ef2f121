"""Reads about the record."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.checking.chains import Chain
from app.evidence.models import RecordChain, RecordDay, RecordEntry
from app.people.models import Organisation


def chains(session: Session, only: UUID | None = None) -> list[Chain]:
    """The chains there are, by the code of their township, with where they say they stand."""
    states = {state.chain_id: state for state in session.scalars(select(RecordChain))}
    known = select(RecordEntry.chain_id).distinct()
    named = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(known) | Organisation.id.in_([*states])
    )
    found = session.execute(named.order_by(Organisation.code)).all()
    return [Chain(r.id, r.name, states.get(r.id)) for r in found if only in (None, r.id)]


def last_signed(session: Session, chain_id: UUID) -> RecordDay | None:
    """The newest signed day of a chain: what a bulletin prints."""
    of_chain = select(RecordDay).where(RecordDay.chain_id == chain_id)
    return session.scalar(of_chain.order_by(RecordDay.day.desc()).limit(1))


def signed_days(session: Session, chain_id: UUID, days: Sequence[object]) -> list[RecordDay]:
    """The signed ones of some days of a chain."""
    asked = select(RecordDay).where(RecordDay.chain_id == chain_id, RecordDay.day.in_(days))
    return list(session.scalars(asked.order_by(RecordDay.day)))
