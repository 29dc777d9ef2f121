"""Complaints as JSON: for the office, and for who complained."""

from datetime import datetime
from typing import Any

from app.complaints.models import (
    COMPLAINT_KIND_LABELS,
    COMPLAINT_SOURCE_LABELS,
    OUTCOME_LABELS,
    Complaint,
    ComplaintOffice,
)
from app.kernel.clock import rfc3339, shanghai_day
from app.people.models import Organisation
from app.rounds.presenting import named_json
from app.sla.limits import Limit
from app.tickets.words import STATE_LABELS


def kinds_json() -> list[dict[str, str]]:
    """What a complaint may be about."""
    return [{"code": kind.value, "name": name} for kind, name in COMPLAINT_KIND_LABELS.items()]


def office_json(
    office: Organisation, line: ComplaintOffice | None, limit: Limit
) -> dict[str, str | None]:
    """An office, how it is reached, and how long it may take."""
    return {
        **named_json(office),
        "phone": line.phone if line else None,
        "hours": (line.hours or None) if line else None,
        "answering_limit": limit.label,
    }


def received_json(complaint: Complaint) -> dict[str, Any]:
    """What became of a complaint: never who answered, and no instant."""
    return {
        "number": complaint.number,
        **_kind_and_text(complaint),
        "office": named_json(complaint.office),
        "received_on": shanghai_day(complaint.received_at).isoformat(),
        "answer_by": shanghai_day(complaint.due_at).isoformat(),
        "answered_on": _day(complaint.answered_at),
        **_outcome(complaint),
    }


def complaint_json(complaint: Complaint, *, now: datetime) -> dict[str, Any]:
    """A complaint as the office sees it."""
    late = complaint.answered_at is None and complaint.due_at < now
    return {
        "id": str(complaint.id),
        "number": complaint.number,
        **_kind_and_text(complaint),
        "source": complaint.source,
        "source_label": COMPLAINT_SOURCE_LABELS[complaint.source],
        "office": named_json(complaint.office),
        "compound": named_json(complaint.compound) if complaint.compound else None,
        "phone": complaint.phone,
        "by": complaint.person.name if complaint.person else None,
        "ticket": _ticket(complaint),
        "received_on": shanghai_day(complaint.received_at).isoformat(),
        "due_at": rfc3339(complaint.due_at),
        "overdue": late,
        "answered_at": rfc3339(complaint.answered_at),
        "answered_by": complaint.answered_by.name if complaint.answered_by else None,
        **_outcome(complaint),
        "version": complaint.version,
    }


def _kind_and_text(complaint: Complaint) -> dict[str, Any]:
    label = COMPLAINT_KIND_LABELS[complaint.kind]
    return {"kind": complaint.kind, "kind_label": label, "text": complaint.text}


def _outcome(complaint: Complaint) -> dict[str, Any]:
    outcome = complaint.outcome
    label = OUTCOME_LABELS[outcome] if outcome else None
    return {"outcome": outcome, "outcome_label": label, "answer": complaint.answer}


def _ticket(complaint: Complaint) -> dict[str, str] | None:
    ticket = complaint.ticket
    if ticket is None:
        return None
    label = STATE_LABELS[ticket.state]
    return {
        "id": str(ticket.id),
        "number": ticket.number,
        "state": ticket.state.value,
        "state_label": label,
    }


def _day(at: datetime | None) -> str | None:
    return None if at is None else shanghai_day(at).isoformat()
