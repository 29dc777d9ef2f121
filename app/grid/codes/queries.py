"""Places by the scenes of their codes."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.grid.codes.scenes import Spot, place_of
from app.grid.models import Checkpoint, Compound


@dataclass(frozen=True)
class Scanned:
    """Where a code hangs."""

    compound: Compound
    checkpoint: Checkpoint | None = None


def scanned(session: Session, scene: str) -> Scanned | None:
    """The place of a code, in service or not; None for a code that is none of ours."""
    place = place_of(scene)
    if place is None:
        return None
    spot, place_id = place
    checkpoint = session.get(Checkpoint, place_id) if spot is Spot.checkpoint else None
    if spot is Spot.checkpoint and checkpoint is None:
        return None
    compound_id = checkpoint.compound_id if checkpoint else place_id
    asked = select(Compound).where(Compound.id == compound_id)
    compound = session.scalar(asked.options(joinedload(Compound.organisation)))
    return Scanned(compound, checkpoint) if compound else None
