"""The clocks of a ticket: when filing, rectifying and checking are due."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.catalogue.models import Stage
from app.catalogue.pauses import Span, out_of_pauses, pauses_over
from app.catalogue.queries import ConditionView, stage_limit_in_force, work_calendar
from app.kernel.clock import shanghai_day
from app.kernel.ids import new_id
from app.people.access import Actor
from app.people.models import Organisation
from app.sla.lights import yellow_at
from app.sla.limits import Due, Limit, due_at
from app.tickets.models import Leg, LegOutcome, Ticket
from app.tickets.showing.describing import ticket_as_left


def stage_due_at(session: Session, stage: Stage, ticket: Ticket, *, start: datetime) -> datetime:
    """When filing or checking that starts now is due."""
    day = shanghai_day(start)
    limit = stage_limit_in_force(session, stage, day=day, town_id=ticket.town_id)
    if limit is None:
        raise LookupError(f"the catalogue has no limit for {stage}")
    pauses = pauses_of(session, ticket, since=start)
    return due_at(start, limit, work_calendar(session), pauses).at


def pauses_of(session: Session, ticket: Ticket, *, since: datetime) -> list[Span]:
    """The pause periods, not over by an instant, in which the clocks of a ticket stand still: none
    when it is filed under urgent time, which is for danger."""
    if ticket.limit.is_urgent:
        return []
    return pauses_over(session, ticket.community, ticket.category_code, since=since)


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
        sent_back=False,
        exempt=False,
        extension_count=0,
        standstills=[],
    )
    ticket.responsible_id = organisation.id
    ticket.responsible = organisation
    ticket.assignee_id = ticket.assignee = None
    start_limit(session, ticket, leg, now=now)
    ticket.legs.append(leg)
    return leg


def start_limit(session: Session, ticket: Ticket, leg: Leg, *, now: datetime) -> None:
    """Starts the limit of a leg anew, with the ticket's condition."""
    calendar = work_calendar(session)
    due = due_at(now, ticket.limit, calendar, pauses_of(session, ticket, since=now))
    leg.extended_to = None
    leg.limit_from_at, leg.due_at = now, due.at
    leg.limit_amount, leg.limit_unit = ticket.limit_amount, ticket.limit_unit
    ticket.due_provisional = due.provisional
    show_limit(session, ticket, leg)


def set_due(session: Session, ticket: Ticket, leg: Leg, until: datetime) -> None:
    """Gives a leg a due time that somebody set; no calendar changes it any more. One within a
    pause waits for its end."""
    leg.extended_to = until
    leg.due_at = out_of_pauses(until, pauses_of(session, ticket, since=leg.limit_from_at))
    ticket.due_provisional = False
    show_limit(session, ticket, leg)


def count_due(session: Session, ticket: Ticket, leg: Leg) -> None:
    """Counts the limit of a leg anew, with the calendar and the pauses as they are known now.

    Urgent time stays as it was counted. A due time that somebody set stays, but one within a pause
    waits for its end, and one that was to be later is never earlier than the limit itself.
    """
    limit = Limit(leg.limit_amount, leg.limit_unit)
    if not limit.is_urgent:
        pauses = pauses_of(session, ticket, since=leg.limit_from_at)
        standing_still = [*standstills_of(leg), *pauses]
        due = due_at(leg.limit_from_at, limit, work_calendar(session), standing_still)
        if leg.extended_to is not None:
            named = Due(out_of_pauses(leg.extended_to, pauses))
            is_later = leg.extension_count == 0 or named.at >= due.at
            due = named if is_later else due
        leg.due_at, ticket.due_provisional = due.at, due.provisional
    show_limit(session, ticket, leg)


def show_limit(session: Session, ticket: Ticket, leg: Leg) -> None:
    """Copies a leg's limit to the ticket, where lists look for it."""
    limit = Limit(leg.limit_amount, leg.limit_unit)
    begun, pauses = leg.limit_from_at, standstills_of(leg)
    if limit.is_urgent:
        begun += sum((to - max(start, begun) for start, to in pauses if to > begun), timedelta())
    else:
        pauses += pauses_of(session, ticket, since=begun)
    ticket.due_at = leg.due_at
    ticket.yellow_at = yellow_at(begun, leg.due_at, limit, work_calendar(session), pauses)


def mark_filed(ticket: Ticket, *, now: datetime) -> None:
    """Keeps when a report was first decided on, judged by the clock that ran: an accepted send-back
    starts another, which changes nothing of the first."""
    if ticket.filed_at is None:
        ticket.filed_at, ticket.filed_in_time = now, now <= ticket.filing_due_at


def hide_limit(ticket: Ticket) -> None:
    """Nobody is responsible: no limit of rectifying runs."""
    ticket.due_at = ticket.yellow_at = None
    ticket.due_provisional = False


def end_leg(ticket: Ticket, leg: Leg, outcome: LegOutcome, *, now: datetime) -> None:
    """Ends a leg with its outcome; in time when that is not past its limit.

    Who leaves without having rectified goes on seeing the ticket as it is now. What was asked for
    in the leg and not answered is moot.
    """
    stood_still_at = standing_still_since(leg)
    if stood_still_at is not None:
        end_standstill(leg, now=now)
    leg.to_at, leg.outcome = now, outcome
    leg.in_time = (stood_still_at or now) <= leg.due_at
    clear_pending(ticket)
    leg.as_left = None if outcome is LegOutcome.rectified else ticket_as_left(ticket)


def reopen_leg(leg: Leg) -> None:
    """Undoes the end of a leg: its limit runs on as if it had not ended."""
    leg.to_at, leg.outcome, leg.in_time = None, None, None


def clear_pending(ticket: Ticket) -> None:
    """Nothing waits for an answer any more."""
    ticket.pending_kind = ticket.pending_reason = None
    ticket.pending_until = ticket.pending_at = ticket.pending_by_id = None


def begin_standstill(leg: Leg, *, now: datetime) -> None:
    """The limit of a leg stands still from now on."""
    leg.standstills = [*leg.standstills, [now.isoformat(), None]]


def end_standstill(leg: Leg, *, now: datetime) -> None:
    """The limit of a leg that stands still runs again from now on."""
    leg.standstills = [*leg.standstills[:-1], [leg.standstills[-1][0], now.isoformat()]]


def standing_still_since(leg: Leg) -> datetime | None:
    """Since when the limit of a leg stands still; None while it runs."""
    if not leg.standstills or leg.standstills[-1][1] is not None:
        return None
    return _instant(leg.standstills[-1][0])


def standstills_of(leg: Leg) -> list[tuple[datetime, datetime]]:
    """The stretches over by now in which the limit of a leg stood still."""
    return [(_instant(start), _instant(to)) for start, to in leg.standstills if to is not None]


def _instant(text: str | None) -> datetime:
    assert text is not None
    return datetime.fromisoformat(text)


def file_under(ticket: Ticket, condition: ConditionView) -> None:
    """Copies a condition with its limit and closing test into the ticket."""
    ticket.condition_code, ticket.condition_name = condition.code, condition.name
    ticket.limit_amount = condition.limit.amount
    ticket.limit_unit = condition.limit.unit
    ticket.closing_test = condition.closing_test


def mark_rectified(session: Session, ticket: Ticket, *, by: Actor, now: datetime) -> None:
    """Starts the clock of checking. Receipt counts, not the phone's time."""
    ticket.rectified_at, ticket.rectifier_id = now, by.person_id
    ticket.check_due_at = stage_due_at(session, Stage.checking, ticket, start=now)
