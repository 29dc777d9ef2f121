"""Turns that are taken one after the other, in whichever process.

On PostgreSQL they are advisory locks, whose numbers are ours alone in the database; on SQLite there
is one writer at a time anyway.
"""

from enum import IntEnum, unique

from sqlalchemy import func, select
from sqlalchemy.orm import Session


@unique
class Turn(IntEnum):
    """What is done by one at a time."""

    photo_numbers = 4_705_226_917_335_110_000
    administration = 4_705_226_917_335_110_001
    move = 4_705_226_917_335_110_002
    record = 4_705_226_917_335_110_007


def take_turn(session: Session, turn: Turn) -> None:
    """Waits until nobody else has the turn, and keeps it until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(turn.value)))


def try_turn(session: Session, turn: Turn) -> bool:
    """The same without waiting; False: somebody else has it."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(turn.value))))
