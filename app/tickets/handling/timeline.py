"""The timeline: every action appends one entry; numbers and sequences are given out here."""

from datetime import date
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.db import write_new
from app.kernel.ids import new_id
from app.kernel.moments import Moment
from app.people.access import Actor, ActorPost
from app.people.models import Organisation
from app.tickets.actions import Action
from app.tickets.models import State, Ticket, TicketCounter, TicketEvent, TicketPhoto


def append_event(
    session: Session,
    ticket: Ticket,
    *,
    actor: Actor | None,
    post: ActorPost | None,
    moment: Moment,
    action: str,
    from_state: State | None,
    note: str | None = None,
    changes: dict[str, Any] | None = None,
) -> TicketEvent:
    """Appends what was done, by whom, and under which post; by nobody: what came by itself.

    Written at once, and never again.
    """
    event = TicketEvent(
        id=new_id(),
        ticket_id=ticket.id,
        sequence=ticket.version,
        at=moment.now,
        occurred_at=moment.occurred_at,
        clock_offset_s=moment.offset_s,
        actor_id=actor.person_id if actor else None,
        post_id=post.id if post else None,
        organisation_id=post.organisation_id if post else None,
        action=action,
        from_state=from_state,
        to_state=ticket.state,
        note=note,
        changes=changes or {},
    )
    write_new(session, [event])
    return event


def closer_of(session: Session, ticket: Ticket) -> UUID | None:
    """Who closed a ticket last; None while it is not closed, which costs no query."""
    if ticket.closed_at is None:
        return None
    return session.scalar(
        select(TicketEvent.actor_id)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == Action.close.value)
        .order_by(TicketEvent.sequence.desc())
        .limit(1)
    )


def next_photo_sequence(session: Session, ticket: Ticket) -> int:
    """The place of the next photo in a ticket."""
    highest = select(func.max(TicketPhoto.sequence)).where(TicketPhoto.ticket_id == ticket.id)
    return (session.scalar(highest) or 0) + 1


def next_number(session: Session, town_id: UUID, day: date) -> str:
    """A ticket number: town code, day (Asia/Shanghai), counter; never given out twice."""
    counted = _counted(session.get_bind().dialect.name)
    row = {"town_id": town_id, "day": day, "last": 1}
    last, town = session.execute(counted, {**row, "numbered_town": town_id}).one()
    return f"{town}-{day:%Y%m%d}-{last:04d}"


@cache
def _counted(dialect: str) -> Any:
    """Counts one up in a town on a day: the count, and the town's code."""
    counters = cast("Table", TicketCounter.__table__)
    first = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(counters)
    town = select(Organisation.code).where(Organisation.id == bindparam("numbered_town"))
    return first.on_conflict_do_update(
        index_elements=["town_id", "day"], set_={"last": counters.c.last + 1}
    ).returning(counters.c.last, town.scalar_subquery())
