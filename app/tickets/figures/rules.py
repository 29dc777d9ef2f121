"""The rules that figures count by, as SQL conditions on legs and tickets.

One thought runs through them: what is left undone never takes itself out of a figure. An ending
that is no rectification takes a leg out only when it comes before the limit, and what waits beyond
its limit is due whether or not anybody ever does it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, not_, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from app.tickets.models import Leg, LegOutcome, State, Ticket

Condition = ColumnElement[bool]
Rule = Callable[[datetime], Condition]
"""A condition as it holds at an instant, `now`."""

Following = aliased(Leg, name="following")
"""The leg behind a leg: who is asked about legs joins it, by ticket and sequence."""

STILL_TO_BE_RECTIFIED = (State.reported, State.dispatched, State.suspended, State.referred)
TAKEN_AWAY = (LegOutcome.dispatched_again, LegOutcome.withdrawn, LegOutcome.voided)
NO_PROBLEM = (State.voided, State.rejected)


class shanghai_date(FunctionElement[Any]):
    """The calendar day of an instant in Asia/Shanghai, whose clocks stand eight hours ahead of UTC
    (and have not been turned since 1991)."""

    type = Date()
    inherit_cache = True


@compiles(shanghai_date, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"date({compiler.process(element.clauses, **kw)}, '+8 hours')"


@compiles(shanghai_date, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(timezone('Asia/Shanghai', {compiler.process(element.clauses, **kw)}) AS DATE)"


def leg_is_done(now: datetime) -> Condition:
    """Rectified, and the work was not returned or the ticket reopened since (either begins a
    further leg); or referred, which counts as done in time."""
    held = and_(Leg.outcome == LegOutcome.rectified, Following.id.is_(None))
    return or_(held, Leg.outcome == LegOutcome.referred)


def leg_is_missed(now: datetime) -> Condition:
    """The limit passed while the organisation was responsible, and no work of it holds.

    A limit that stands still does not pass. Work that was returned or reopened after the limit is
    missed; before it, the next leg has a limit of its own and this one never came due; nor did it
    where the work was in time and checking was late, which is the checker's. The same for a leg
    that was taken away by dispatching again, voiding, merging or withdrawing.
    """
    return or_(
        and_(Leg.to_at.is_(None), _limit_passed(Leg.due_at, now)),
        and_(
            Leg.outcome == LegOutcome.rectified,
            Following.from_at > Leg.due_at,
            or_(Leg.checked_late.is_(False), Leg.in_time.is_(False)),
        ),
        and_(Leg.outcome.in_(TAKEN_AWAY), Leg.in_time.is_(False)),
    )


def _limit_passed(due_at: Any, now: datetime) -> Condition:
    """Whether a limit is behind us; of a suspended ticket, whether it was when that began."""
    running = and_(Ticket.state != State.suspended, due_at < now)
    return or_(running, and_(Ticket.state == State.suspended, due_at <= Ticket.suspended_at))


def leg_is_due(now: datetime) -> Condition:
    """Due to be rectified: done (early too), or missed; never an exempt leg, as every leg is whose
    send-back was accepted or whose limit goes on in a later one. One whose limit is still to come
    is not due yet."""
    return and_(Leg.exempt.is_(False), or_(leg_is_done(now), leg_is_missed(now)))


def leg_is_done_in_time(now: datetime) -> Condition:
    """Done, and within the limit as it stood then."""
    return and_(leg_is_done(now), Leg.in_time.is_(True))


def leg_was_extended(now: datetime) -> Condition:
    """Its limit was extended, once or twice."""
    return Leg.extension_count > 0


def leg_is_overdue(now: datetime) -> Condition:
    """Missed, and the ticket still waits to be rectified, by whomever: handing it on does not take
    the miss away."""
    return and_(leg_is_missed(now), Ticket.state.in_(STILL_TO_BE_RECTIFIED))


def closing_due_at(now: datetime) -> ColumnElement[Any]:
    """When a ticket's closing falls due: its check, or while there is nothing to check, its
    rectification."""
    rectified = Ticket.state.in_((State.rectified, State.closed))
    return case((rectified, Ticket.check_due_at), else_=Ticket.due_at)


def closing_is_due(now: datetime) -> Condition:
    """Due to close: closed (early too); rectified and its check past due; or not rectified, or no
    more, and past due. So an unrectified ticket is not missing among those to be closed; what is
    with a unit outside is nobody's here."""
    return or_(
        Ticket.state == State.closed,
        and_(Ticket.state == State.rectified, Ticket.check_due_at < now),
        and_(
            Ticket.state.in_((State.dispatched, State.suspended, State.referred)),
            Ticket.responsible_id.is_not(None),
            _limit_passed(Ticket.due_at, now),
        ),
    )


def is_closed(now: datetime) -> Condition:
    """Closed, and not reopened since."""
    return Ticket.state == State.closed


def is_closed_in_time(now: datetime) -> Condition:
    """Closed, and checked within the limit of checking."""
    return and_(is_closed(now), Ticket.closed_at <= Ticket.check_due_at)


def was_reworked(now: datetime) -> Condition:
    """Returned by whoever checked, or reopened after it was closed."""
    return Ticket.rework_count > 0


def _waits_for_filing_too_long(now: datetime) -> Condition:
    return and_(Ticket.state == State.reported, Ticket.filing_due_at < now)


def filing_at(now: datetime) -> ColumnElement[Any]:
    """When a report was first decided on; while it waits (again) past its limit, that limit."""
    return case((_waits_for_filing_too_long(now), Ticket.filing_due_at), else_=Ticket.filed_at)


def filing_is_counted(now: datetime) -> Condition:
    """Filed, or waiting past its limit: nothing is gained by waiting."""
    filed = and_(is_filed(now), Ticket.filed_in_time.is_not(None))
    return or_(filed, _waits_for_filing_too_long(now))


def was_filed_in_time(now: datetime) -> Condition:
    """First decided on within the limit of filing, and not waiting past it again."""
    return and_(Ticket.filed_in_time.is_(True), not_(_waits_for_filing_too_long(now)))


def _was_filed() -> Condition:
    """Made somebody's to put right: dispatched, fixed on the spot, or referred."""
    has_leg = select(Leg.id).where(Leg.ticket_id == Ticket.id).exists()
    return and_(Ticket.state != State.withdrawn, or_(has_leg, Ticket.referred_at.is_not(None)))


def is_filed(now: datetime) -> Condition:
    """Filed, and not merged since: the other ticket is the one that counts."""
    return and_(_was_filed(), Ticket.merged_into_id.is_(None))


def is_accurate(now: datetime) -> Condition:
    """Neither voided nor, after it was sent back, rejected."""
    return Ticket.state.not_in(NO_PROBLEM)


def is_reported(now: datetime) -> Condition:
    """Reported, and not taken back by whoever reported it."""
    return Ticket.state != State.withdrawn


def is_valid(now: datetime) -> Condition:
    """Filed and neither voided nor rejected; or merged, since both reporters are credited. What
    nobody has decided on is not valid yet."""
    stands = and_(_was_filed(), Ticket.state.not_in(NO_PROBLEM))
    return or_(stands, Ticket.merged_into_id.is_not(None))


def is_closed_same_day(now: datetime) -> Condition:
    """Closed on the day (Asia/Shanghai) on which it was reported."""
    return shanghai_date(Ticket.closed_at) == shanghai_date(Ticket.reported_at)
