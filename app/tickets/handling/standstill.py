"""Suspension, in which the limit stands still, and referral to whoever else has to act."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.clock import rfc3339, shanghai_day
from app.tickets.errors import OrganisationMissing, OrganisationUnsuitable
from app.tickets.handling.clocks import (
    begin_leg,
    begin_standstill,
    count_due,
    drop_request,
    end_leg,
    end_standstill,
    refuse_paused,
    set_due,
    set_outside_due,
)
from app.tickets.handling.turns import Changes, Outside, Turn, time_ahead, unsuitable_time
from app.tickets.intake.routing import enforcement_body_by_code
from app.tickets.models import LegOutcome, Ticket


def suspend(turn: Turn) -> Changes:
    """The limit stands still until the ticket is resumed, at most a year ahead."""
    ticket, until = turn.ticket, time_ahead(turn)
    leg = ticket.open_leg
    assert leg is not None
    begin_standstill(leg, now=turn.now)
    drop_request(ticket, leg)
    ticket.suspended_at, ticket.suspended_until = turn.now, until
    return {"until": rfc3339(until)}


def resume(turn: Turn) -> Changes:
    """The limit runs on with what was left of it."""
    return run_on(turn.session, turn.ticket, now=turn.now)


def run_on(session: Session, ticket: Ticket, *, now: datetime) -> Changes:
    """Lets the limit of a suspended ticket run on; what the timeline shall keep."""
    leg = ticket.open_leg
    assert leg is not None
    end_standstill(leg, now=now)
    count_due(session, ticket, leg)
    ticket.suspended_at = ticket.suspended_until = None
    return {"due_at": rfc3339(leg.due_at)}


def refer(turn: Turn) -> Changes:
    """To an enforcement body, which is responsible from now on, or to a unit outside; whoever was
    responsible has done their part in time."""
    asked, until = turn.asked, time_ahead(turn)
    if (asked.organisation is None) == (asked.outside is None):
        detail = "执法机构和外单位须填写一个，且只填一个。"
        raise OrganisationMissing(detail, fields={"organisation": [detail]})
    if asked.outside is not None:
        return _refer_outside(turn, asked.outside, until)
    return _refer_to_body(turn, asked.organisation or "", until)


def _refer_to_body(turn: Turn, code: str, until: datetime) -> Changes:
    ticket = turn.ticket
    body = enforcement_body_by_code(turn.session, code, day=shanghai_day(turn.now))
    if ticket.responsible_id == body.id:
        detail = "这张工单已由该机构办理，不用再移交。"
        raise OrganisationUnsuitable(detail, fields={"organisation": [detail]})
    refuse_paused(turn, until)
    _end_as_referred(turn)
    ticket.outside = None
    leg = begin_leg(turn.session, ticket, body, now=turn.now)
    set_due(turn.session, ticket, leg, until)
    return {"responsible": body.code, "until": rfc3339(until)}


def _refer_outside(turn: Turn, unit: Outside, until: datetime) -> Changes:
    ticket, today = turn.ticket, shanghai_day(turn.now)
    if unit.on is not None and unit.on > today:
        raise unsuitable_time("移交日期不能晚于今天。", field="outside.on")
    _end_as_referred(turn)
    ticket.responsible_id = ticket.responsible = None
    ticket.assignee_id = ticket.assignee = None
    set_outside_due(ticket, until, now=turn.now)
    ticket.outside = {
        "name": unit.name,
        "number": unit.number,
        "on": f"{unit.on or today}",
        "until": rfc3339(until),
        "answer": None,
    }
    return {"responsible": None, "outside": {"name": unit.name, "number": unit.number}}


def _end_as_referred(turn: Turn) -> None:
    ticket, leg = turn.ticket, turn.ticket.open_leg
    ticket.referred_at = turn.now
    if leg is not None:
        end_leg(ticket, leg, LegOutcome.referred, now=turn.now)
        leg.in_time = True
