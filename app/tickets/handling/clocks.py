"""The clocks of a ticket: when filing, rectifying and checking are due."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.catalogue.models import Stage
from app.catalogue.pauses import pauses_over
from app.catalogue.queries import ConditionView, stage_limit_in_force, work_calendar
from app.kernel.clock import SHANGHAI, shanghai_day
from app.kernel.ids import new_id
from app.people.access import Actor
from app.people.models import Organisation
from app.sla.allowances import Allowance, Stretch, out_of
from app.sla.limits import Limit, due_at
from app.tickets.handling.turns import Turn, unsuitable_time
from app.tickets.models import Leg, LegOutcome, PendingKind, Ticket
from app.tickets.showing.describing import ticket_as_left


def stage_due_at(session: Session, stage: Stage, ticket: Ticket, *, start: datetime) -> datetime:
    """When filing or checking that starts now is due."""
    day = shanghai_day(start)
    limit = stage_limit_in_force(session, stage, day=day, town_id=ticket.town_id)
    if limit is None:
        raise LookupError(f"the catalogue has no limit for {stage}")
    pauses = pauses_of(session, ticket, since=start)
    return due_at(start, limit, work_calendar(session), pauses).at


def pauses_of(session: Session, ticket: Ticket, *, since: datetime) -> list[Stretch]:
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
        ticket_id=ticket.id,
        sequence=len(ticket.legs) + 1,
        organisation_id=organisation.id,
        organisation=organisation,
        from_at=now,
        sent_back=False,
        exempt=False,
        extension_count=0,
        limits_left={},
        checked_late=False,
        standstills=[],
    )
    ticket.responsible_id = organisation.id
    ticket.responsible = organisation
    ticket.assignee_id = ticket.assignee = None
    start_limit(session, ticket, leg, now=now)
    ticket.legs.append(leg)
    return leg


def start_limit(session: Session, ticket: Ticket, leg: Leg, *, now: datetime) -> None:
    """Starts the limit of a leg anew, with the ticket's condition; what was granted, and asked for
    and not answered, was about the one before."""
    leg.limit_from_at = now
    leg.limit_amount, leg.limit_unit = ticket.limit_amount, ticket.limit_unit
    leg.granted_s, leg.named_due_at = 0, None
    if ticket.pending_kind is PendingKind.request_extension:
        clear_pending(ticket)
    count_due(session, ticket, leg)


def change_limit(session: Session, ticket: Ticket, leg: Leg, left: str, *, now: datetime) -> None:
    """Puts a leg that was under a condition (`left`) under the ticket's: its limit starts now, or
    goes on where it was left, so that nothing is gained by going to and fro."""
    named = leg.named_due_at
    where = [leg.limit_from_at.isoformat(), leg.granted_s, named.isoformat() if named else None]
    leg.limits_left = {**leg.limits_left, left: where}
    start_limit(session, ticket, leg, now=now)
    known = leg.limits_left.get(ticket.condition_key)
    if known is not None:
        begun, leg.granted_s, named_then = known
        leg.limit_from_at = _instant(begun)
        leg.named_due_at = _instant(named_then) if named_then else None
        count_due(session, ticket, leg)


def carry_on(
    session: Session, ticket: Ticket, before: Leg, leg: Leg, left: str, *, now: datetime
) -> None:
    """Goes on, in a leg that the same organisation begins, with the limit of the one before, which
    was under a condition (`left`): dispatching again gains nobody time. The one before is judged
    with this one, so that a limit is missed once, and what was extended, or refused, stays so."""
    before.exempt = True
    leg.extension_count = before.extension_count
    leg.sent_back = before.sent_back and before.outcome is not LegOutcome.sent_back
    leg.limit_from_at, leg.granted_s = before.limit_from_at, before.granted_s
    leg.limit_amount, leg.limit_unit = before.limit_amount, before.limit_unit
    leg.named_due_at, leg.limits_left = before.named_due_at, before.limits_left
    leg.standstills = before.standstills
    if before.to_at is not None and before.to_at < now:
        # Nobody's time: it waited to be dispatched.
        leg.standstills = [*leg.standstills, [before.to_at.isoformat(), now.isoformat()]]
    if ticket.condition_key != left:
        change_limit(session, ticket, leg, left, now=now)
    count_due(session, ticket, leg)


def set_due(session: Session, ticket: Ticket, leg: Leg, until: datetime) -> None:
    """Gives a leg that begins the time up to an instant in place of its limit."""
    leg.granted_s += time_beyond(session, ticket, leg, until).total_seconds()
    leg.named_due_at = until
    count_due(session, ticket, leg)


def time_beyond(session: Session, ticket: Ticket, leg: Leg, until: datetime) -> timedelta:
    """The time from what a leg is allowed up to an instant."""
    return allowance_of(session, ticket, leg).beyond(until, work_calendar(session))


def refuse_paused(turn: Turn, until: datetime) -> None:
    """Raises TimeUnsuitable for a due time within a pause, in which no time is given."""
    ends = out_of(until, pauses_of(turn.session, turn.ticket, since=turn.now))
    if ends != until:
        after = f"{ends.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        raise unsuitable_time(f"这时暂停计时，请改为 {after} 以后。")


def count_due(session: Session, ticket: Ticket, leg: Leg) -> None:
    """Counts when a leg is due, with the calendar and the pauses as they are known now, and copies
    it to the ticket, where lists look for it."""
    calendar, allowance = work_calendar(session), allowance_of(session, ticket, leg)
    due = allowance.due(calendar)
    leg.due_at, ticket.due_at, ticket.due_provisional = due.at, due.at, due.provisional
    ticket.yellow_at = allowance.yellow_at(due.at, calendar)


def allowance_of(session: Session, ticket: Ticket, leg: Leg) -> Allowance:
    """The facts that a leg's due time follows from."""
    return Allowance(
        leg.limit_from_at,
        Limit(leg.limit_amount, leg.limit_unit),
        timedelta(seconds=leg.granted_s),
        leg.named_due_at,
        pauses=tuple(pauses_of(session, ticket, since=leg.limit_from_at)),
        standstills=tuple(standstills_of(leg)),
    )


def mark_filed(ticket: Ticket, *, now: datetime) -> None:
    """Keeps when a report was first decided on, judged by the clock that ran: an accepted send-back
    starts another, which changes nothing of the first."""
    if ticket.filed_at is None:
        ticket.filed_at, ticket.filed_in_time = now, now <= ticket.filing_due_at


def set_outside_due(ticket: Ticket, until: datetime, *, now: datetime) -> None:
    """What was referred outside is due when it was said: nothing stops a clock that is not ours.
    The light is yellow for the last fifth."""
    ticket.due_at, ticket.yellow_at = until, now + (until - now) * 4 / 5
    ticket.due_provisional = False


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
    drop_request(ticket, leg, answered=outcome is LegOutcome.sent_back)
    leg.as_left = None if outcome is LegOutcome.rectified else ticket_as_left(ticket)


def reopen_leg(leg: Leg) -> None:
    """Undoes the end of a leg: its limit runs on as if it had not ended."""
    leg.to_at, leg.outcome, leg.in_time = None, None, None


def drop_request(ticket: Ticket, leg: Leg, *, answered: bool = False) -> None:
    """What was asked for in a leg is moot; while nobody had answered, it can be asked again."""
    if ticket.pending_kind is PendingKind.send_back and not answered:
        leg.sent_back = False
    clear_pending(ticket)


def clear_pending(ticket: Ticket) -> None:
    """Nothing waits for an answer any more."""
    ticket.pending_kind = ticket.pending_reason = None
    ticket.pending_until = ticket.pending_at = ticket.pending_by_id = None
    ticket.pending_time_s = None


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
