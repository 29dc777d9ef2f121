"""The clocks of a ticket: when filing, rectifying and checking are due."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue.models import Stage
from app.catalogue.queries import ConditionView, stage_limit_in_force, work_calendar
from app.kernel.clock import shanghai_day
from app.kernel.ids import new_id
from app.people.access import Actor
from app.people.models import Organisation
from app.sla.lights import yellow_at
from app.sla.limits import Limit, due_at
from app.tickets.models import Leg, LegOutcome, Ticket
from app.tickets.showing.describing import ticket_as_left


def stage_due_at(session: Session, stage: Stage, *, town_id: UUID, start: datetime) -> datetime:
    """When filing or checking that starts now is due."""
    day = shanghai_day(start)
    limit = stage_limit_in_force(session, stage, day=day, town_id=town_id)
    if limit is None:
        raise LookupError(f"the catalogue has no limit for {stage}")
    return due_at(start, limit, work_calendar(session)).at


def begin_leg(
    session: Session, ticket: Ticket, organisation: Organisation, *, now: datetime
) -> Leg:
    """Makes an organisation responsible from now on, under the ticket's limit."""
    leg = Leg(
        id=new_id(),
        sequence=len(ticket.legs) + 1,
        organisation_id=organisation.id,
        organisation=organisation,
        from_at=now,
    )
    ticket.responsible_id = organisation.id
    ticket.responsible = organisation
    ticket.assignee_id = None
    start_limit(session, ticket, leg, now=now)
    ticket.legs.append(leg)
    return leg


def start_limit(session: Session, ticket: Ticket, leg: Leg, *, now: datetime) -> None:
    """Starts the limit of a leg anew, with the ticket's condition."""
    calendar = work_calendar(session)
    due = due_at(now, ticket.limit, calendar)
    leg.limit_from_at, leg.due_at = now, due.at
    leg.limit_amount, leg.limit_unit = ticket.limit_amount, ticket.limit_unit
    ticket.due_provisional = due.provisional
    show_limit(session, ticket, leg)


def show_limit(session: Session, ticket: Ticket, leg: Leg) -> None:
    """Copies a leg's limit to the ticket, where lists look for it."""
    limit = Limit(leg.limit_amount, leg.limit_unit)
    ticket.due_at = leg.due_at
    ticket.yellow_at = yellow_at(leg.limit_from_at, leg.due_at, limit, work_calendar(session))


def end_leg(ticket: Ticket, leg: Leg, outcome: LegOutcome, *, now: datetime) -> None:
    """Ends a leg with its outcome; in time when that is not past its limit.

    Who leaves without having rectified goes on seeing the ticket as it is now.
    """
    leg.to_at, leg.outcome, leg.in_time = now, outcome, now <= leg.due_at
    leg.as_left = None if outcome is LegOutcome.rectified else ticket_as_left(ticket)


def reopen_leg(leg: Leg) -> None:
    """Undoes the end of a leg: its limit runs on as if it had not ended."""
    leg.to_at, leg.outcome, leg.in_time = None, None, None


def file_under(ticket: Ticket, condition: ConditionView) -> None:
    """Copies a condition with its limit and closing test into the ticket."""
    ticket.condition_code, ticket.condition_name = condition.code, condition.name
    ticket.limit_amount = condition.limit.amount
    ticket.limit_unit = condition.limit.unit
    ticket.closing_test = condition.closing_test


def mark_rectified(session: Session, ticket: Ticket, *, by: Actor, now: datetime) -> None:
    """Starts the clock of checking. Receipt counts, not the phone's time."""
    ticket.rectified_at, ticket.rectifier_id = now, by.person_id
    ticket.check_due_at = stage_due_at(session, Stage.checking, town_id=ticket.town_id, start=now)
