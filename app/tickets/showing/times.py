"""The times of a ticket as JSON: receipts, limits, lights."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.catalogue.pauses import pause_holding
from app.kernel.clock import rfc3339
from app.sla.day import same_day
from app.sla.lights import light_at
from app.tickets.models import LIT_STATES, OPEN_STATES, Leg, State, Ticket
from app.tickets.showing.sight import Sight


def times_json(ticket: Ticket, sight: Sight, *, now: datetime) -> dict[str, Any]:
    """When it was reported and where its limits stand, as far as the viewer may know."""
    return {
        "reported_at": rfc3339(ticket.reported_at),
        "occurred_at": rfc3339(ticket.occurred_at),
        "filing_due_at": rfc3339(ticket.filing_due_at),
        "age_hours": _age_hours(ticket, sight.left, now),
        **(_progress_left(sight.left) if sight.left else _progress(ticket, now)),
    }


def _progress(ticket: Ticket, now: datetime) -> dict[str, Any]:
    return {
        "updated_at": rfc3339(ticket.updated_at),
        "dispatched_at": rfc3339(ticket.dispatched_at),
        "due_at": rfc3339(ticket.due_at),
        "due_provisional": ticket.due_provisional,
        "check_due_at": rfc3339(ticket.check_due_at),
        "light": _light(ticket, now),
        "external_light": _external_light(ticket, now),
        "same_day": _same_day(ticket, now),
        "rectified_at": rfc3339(ticket.rectified_at),
        "closed_at": rfc3339(ticket.closed_at),
    }


def _progress_left(leg: Leg) -> dict[str, Any]:
    """No limit runs any more for whoever left; the legs say what was due."""
    nothing = dict.fromkeys(
        (
            "dispatched_at",
            "due_at",
            "check_due_at",
            "light",
            "external_light",
            "same_day",
            "rectified_at",
            "closed_at",
        )
    )
    return {"updated_at": rfc3339(leg.to_at), "due_provisional": False, **nothing}


def _age_hours(ticket: Ticket, left: Leg | None, now: datetime) -> int:
    """Whole hours since it was reported, nights and pauses included: until it was over; for whoever
    handed it over, until then."""
    over_at = left.to_at if left else ticket.closed_at
    if over_at is None:
        over_at = now if ticket.state in OPEN_STATES else ticket.updated_at
    return (over_at - ticket.reported_at) // timedelta(hours=1)


def paused_json(session: Session, ticket: Ticket, *, now: datetime) -> dict[str, Any] | None:
    """By which paper the clocks of an open ticket stand still now, and until when."""
    if ticket.state not in OPEN_STATES or ticket.limit.is_urgent:
        return None
    pause = pause_holding(session, ticket.community, ticket.category_code, at=now)
    if pause is None:
        return None
    return {"document": pause.document, "until": rfc3339(pause.to_at)}


def _light(ticket: Ticket, now: datetime) -> str | None:
    """The colour of the limit that runs: only the one of putting right has lights."""
    if ticket.state not in LIT_STATES or ticket.yellow_at is None or ticket.due_at is None:
        return None
    return light_at(now, ticket.yellow_at, ticket.due_at).value


def _external_light(ticket: Ticket, now: datetime) -> str | None:
    """The colour of the due time that came from elsewhere, until the ticket is put right: yellow
    for the last fifth of the time from when it was handed down. Nothing stops that clock."""
    due = ticket.external_due_at
    if due is None or ticket.state not in OPEN_STATES or ticket.state is State.rectified:
        return None
    begun = min(ticket.occurred_at, due)
    return light_at(now, begun + (due - begun) * 4 / 5, due).value


def _same_day(ticket: Ticket, now: datetime) -> bool | None:
    """Whether it was put right on the day it was reported; null while that is open or moot."""
    if ticket.rectified_at is not None:
        return same_day(ticket.reported_at, ticket.rectified_at)
    over = ticket.state in OPEN_STATES and not same_day(ticket.reported_at, now)
    return False if over else None
