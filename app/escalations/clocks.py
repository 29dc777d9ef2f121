"""Which limit of a ticket runs, as the ladder sees it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.catalogue.models import Clock, Stage
from app.catalogue.queries import stage_limit_in_force
from app.escalations.ladder import RunningClock
from app.kernel.clock import shanghai_day
from app.sla.allowances import Allowance
from app.sla.limits import Limit, LimitUnit
from app.tickets.handling.clocks import allowance_of, pauses_of
from app.tickets.models import LIT_STATES, State, Ticket

_OUTSIDE = Limit(1, LimitUnit.urgent_hour)
"""Nothing stops the clock of a unit outside; how long it is follows from its two ends."""


def running_clock(session: Session, ticket: Ticket) -> RunningClock | None:
    """The limit of a ticket that runs now; None when none does."""
    if ticket.state is State.reported:
        begun = ticket.filing_restarted_at or ticket.reported_at
        return _of_the_office(session, ticket, Stage.filing, begun, ticket.filing_due_at)
    if ticket.state is State.rectified and ticket.rectified_at and ticket.check_due_at:
        begun = ticket.rectified_at
        return _of_the_office(session, ticket, Stage.checking, begun, ticket.check_due_at)
    if ticket.state in LIT_STATES and ticket.due_at is not None:
        return _of_putting_right(session, ticket, ticket.due_at)
    return None


def _of_the_office(
    session: Session, ticket: Ticket, stage: Stage, begun: datetime, due: datetime
) -> RunningClock | None:
    day = shanghai_day(begun)
    limit = stage_limit_in_force(session, stage, day=day, town_id=ticket.town_id)
    if limit is None:
        return None
    pauses = tuple(pauses_of(session, ticket, since=begun))
    facts = Allowance(begun, limit, timedelta(), pauses=pauses)
    return RunningClock(Clock(stage.value), begun.isoformat(), facts, due)


def _of_putting_right(session: Session, ticket: Ticket, due: datetime) -> RunningClock | None:
    """Marked by who is responsible and since when, not by the leg: who is dispatched again goes on
    with the limit that they had."""
    leg = ticket.open_leg
    if leg is not None:
        since = leg.limit_from_at.isoformat()
        mark = f"{leg.organisation_id.hex} {since} {leg.extension_count}"
        return RunningClock(Clock.rectifying, mark, allowance_of(session, ticket, leg), due)
    if ticket.referred_at is None:
        return None
    mark = ticket.referred_at.isoformat()
    return RunningClock(Clock.rectifying, mark, Allowance(ticket.referred_at, _OUTSIDE), due)
