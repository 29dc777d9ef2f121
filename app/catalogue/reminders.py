"""Who is reminded of a limit on a day, and when."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import Audience, Clock, ReminderRung
from app.catalogue.snapshots import snapshot_of


@dataclass(frozen=True, slots=True, order=True)
class Rung:
    """At `percent` of a limit somebody is told; in the order in which they are climbed."""

    clock: Clock
    percent: int
    audience: Audience


def rungs_in_force(session: Session, *, day: date, town_id: UUID | None = None) -> list[Rung]:
    """The rungs of the ladder of reminders on a day (Asia/Shanghai), in the order of the file: a
    township's own, when it has any that day, else the deployment's."""
    own = own_rungs(session, day=day, town_id=town_id) if town_id else []
    return own or own_rungs(session, day=day, town_id=None)


def own_rungs(session: Session, *, day: date, town_id: UUID | None) -> list[Rung]:
    """The rungs of a township's own ladder, or (None) of the deployment's, on a day."""
    known = snapshot_of(session, _read_rungs)
    return [
        rung
        for rung, whose, begins, ends in known
        if whose == town_id and begins <= day and (not ends or day < ends)
    ]


def _read_rungs(session: Session) -> tuple[tuple[Rung, UUID | None, date, date | None], ...]:
    rows = session.scalars(select(ReminderRung).order_by(ReminderRung.position)).all()
    return tuple(
        (Rung(row.clock, row.percent, row.audience), row.organisation_id, row.from_on, row.to_on)
        for row in rows
    )
