"""What the responsible organisation settles: who of it works, and what it asks for and is told.

While something is pending the limit runs, and the organisation may still rectify.
"""

from datetime import datetime

from sqlalchemy import select

from app.catalogue.models import Stage
from app.kernel.clock import rfc3339, shanghai_day
from app.people.models import Person, Post
from app.tickets.errors import PersonUnsuitable
from app.tickets.handling.clocks import (
    clear_pending,
    count_due,
    end_leg,
    hide_limit,
    refuse_paused,
    stage_due_at,
    time_beyond,
)
from app.tickets.handling.turns import Changes, Turn, time_ahead
from app.tickets.models import Leg, LegOutcome, PendingKind


def assign(turn: Turn) -> Changes:
    """Names the one of the responsible organisation's people who works on it."""
    ticket, person_id = turn.ticket, turn.asked.person_id
    person = turn.session.scalar(
        select(Person)
        .join(Post, Post.person_id == Person.id)
        .where(
            Person.id == person_id,
            Person.deactivated_at.is_(None),
            Post.organisation_id == ticket.responsible_id,
            Post.in_force(shanghai_day(turn.now)),
        )
        .limit(1)
    )
    if person is None:
        detail = "须为责任单位在岗的人员。"
        raise PersonUnsuitable(detail, fields={"person": [detail]})
    ticket.assignee_id, ticket.assignee = person.id, person
    return {"assignee": str(person.id)}


def send_back(turn: Turn) -> Changes:
    """Asks to be relieved, with the reason; once per leg."""
    _running_leg(turn).sent_back = True
    _ask(turn, PendingKind.send_back, None)
    return {}


def request_extension(turn: Turn) -> Changes:
    """Asks for a later due time, with the reason: for the time from the present one up to it."""
    ticket, leg = turn.ticket, _running_leg(turn)
    until = time_ahead(turn, than=leg.due_at)
    refuse_paused(turn, until)
    _ask(turn, PendingKind.request_extension, until)
    ticket.pending_time_s = time_beyond(turn.session, ticket, leg, until).total_seconds()
    return {"until": rfc3339(until)}


def _ask(turn: Turn, kind: PendingKind, until: datetime | None) -> None:
    ticket = turn.ticket
    ticket.pending_kind, ticket.pending_reason = kind, turn.asked.note
    ticket.pending_until, ticket.pending_at = until, turn.now
    ticket.pending_by_id = turn.actor.person_id


def accept_send_back(turn: Turn) -> Changes:
    """The leg counts nowhere; the ticket waits to be dispatched, its filing clock from now on."""
    ticket, leg = turn.ticket, _running_leg(turn)
    end_leg(ticket, leg, LegOutcome.sent_back, now=turn.now)
    leg.exempt = True
    ticket.responsible_id = ticket.responsible = None
    ticket.assignee_id = ticket.assignee = None
    hide_limit(ticket)
    ticket.dispatched_at = None
    ticket.filing_restarted_at = turn.now
    ticket.filing_due_at = stage_due_at(turn.session, Stage.filing, ticket, start=turn.now)
    return {"responsible": None}


def grant_extension(turn: Turn) -> Changes:
    """The time that was asked for is given: the leg is due when it was asked to be, unless pauses
    have moved what was due meanwhile."""
    ticket, leg = turn.ticket, _running_leg(turn)
    assert ticket.pending_time_s is not None
    leg.granted_s += ticket.pending_time_s
    leg.named_due_at = ticket.pending_until
    count_due(turn.session, ticket, leg)
    leg.extension_count += 1
    ticket.extension_count += 1
    clear_pending(ticket)
    return {"due_at": rfc3339(leg.due_at)}


def refuse(turn: Turn) -> Changes:
    """What was asked for is not given; the limit has run on."""
    clear_pending(turn.ticket)
    return {}


def _running_leg(turn: Turn) -> Leg:
    leg = turn.ticket.open_leg
    assert leg is not None
    return leg
