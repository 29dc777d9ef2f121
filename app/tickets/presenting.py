"""Tickets as JSON, as far as the viewer may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.grid.models import AREA_LABELS
from app.kernel.clock import rfc3339
from app.people.access import Actor
from app.people.models import ORGANISATION_TYPE_LABELS, Organisation, Person
from app.photos.access import PhotoUses, sees_whole
from app.photos.presenting import findings_json, photo_json, photo_link
from app.photos.queries import others_in_sight
from app.photos.store import BlobKind
from app.sla.day import same_day
from app.sla.lights import light_at
from app.tickets.models import (
    SOURCE_LABELS,
    STATE_LABELS,
    Leg,
    State,
    Ticket,
    TicketEvent,
    TicketPhoto,
)
from app.tickets.queries import covers_of, photos_of, timeline_of
from app.tickets.service import circumstances_of
from app.tickets.sight import Sight, sight_of
from app.tickets.workflow import ACTION_LABELS, Action, allowed_actions


@dataclass(frozen=True)
class Viewer:
    """Who looks at a ticket, when, and how much of photos other packages let them see."""

    session: Session
    actor: Actor
    now: datetime
    uses: PhotoUses


def ticket_items(viewer: Viewer, tickets: Sequence[Ticket]) -> list[dict[str, Any]]:
    """Tickets in a list: without photos (but a cover), timeline and legs."""
    covers = covers_of(viewer.session, tickets) if tickets else {}
    return [_item(viewer, ticket, covers.get(ticket.id)) for ticket in tickets]


def _item(viewer: Viewer, ticket: Ticket, cover: UUID | None) -> dict[str, Any]:
    fields = _fields(viewer, ticket, sight_of(viewer.actor, ticket))
    return {**fields, "cover": photo_link(cover, BlobKind.THUMB) if cover else None}


def ticket_json(viewer: Viewer, ticket: Ticket) -> dict[str, Any]:
    """One ticket whole: with legs, photos in use, timeline and what the viewer can do now."""
    sight = sight_of(viewer.actor, ticket)
    used = [u for u in photos_of(viewer.session, ticket) if _before(u.attached_at, sight)]
    events = [e for e in timeline_of(viewer.session, ticket) if _before(e.at, sight)]
    circumstances = circumstances_of(viewer.session, ticket, now=viewer.now)
    actions = [] if sight.until else allowed_actions(viewer.actor, circumstances)
    return {
        **_fields(viewer, ticket, sight),
        "legs": [_leg(leg) for leg in ticket.legs if _before(leg.from_at, sight)],
        "photos": _photos(viewer, used, sight),
        "timeline": [_event(viewer, event, used, sight) for event in events],
        "allowed_actions": [action.value for action in actions],
    }


def _before(at: datetime, sight: Sight) -> bool:
    return sight.until is None or at <= sight.until


def _fields(viewer: Viewer, ticket: Ticket, sight: Sight) -> dict[str, Any]:
    return {
        **_identity(ticket, sight),
        **_place(ticket),
        **_people(ticket, sight),
        **_times(viewer, ticket, sight),
        **_counts(ticket, sight),
    }


def _identity(ticket: Ticket, sight: Sight) -> dict[str, Any]:
    state = State.dispatched if sight.until else ticket.state
    return {
        "id": str(ticket.id),
        "number": ticket.number,
        "state": state.value,
        "state_label": STATE_LABELS[state],
        "version": ticket.version,
        "category": {"code": ticket.category_code, "name": ticket.category_name},
        "condition": {"code": ticket.condition_code, "name": ticket.condition_name},
        "limit_label": ticket.limit.label,
        "standard_ref": ticket.standard_ref,
        "closing_test": ticket.closing_test,
        "description": ticket.description,
        "source": ticket.source.value,
        "source_label": SOURCE_LABELS[ticket.source],
        "external_number": ticket.external_number,
        "external_due_at": rfc3339(ticket.external_due_at),
    }


def _named(thing: Any) -> dict[str, str] | None:
    return {"code": thing.code, "name": thing.name} if thing else None


def _place(ticket: Ticket) -> dict[str, Any]:
    return {
        "community": _named(ticket.community),
        "cell": _named(ticket.cell),
        "compound": _named(ticket.compound),
        "area": ticket.area.value if ticket.area else None,
        "area_label": AREA_LABELS[ticket.area] if ticket.area else None,
        "checkpoint": str(ticket.checkpoint_id) if ticket.checkpoint_id else None,
        "round": str(ticket.round_id) if ticket.round_id else None,
        "position": _position(ticket),
    }


def _position(ticket: Ticket) -> dict[str, Any] | None:
    """Where the problem is, in WGS-84, with what was given."""
    if ticket.lng is None:
        return None
    return {
        "lng": ticket.lng,
        "lat": ticket.lat,
        "datum": "wgs84",
        "accuracy_m": ticket.accuracy_m,
    }


def _people(ticket: Ticket, sight: Sight) -> dict[str, Any]:
    responsible = None if sight.until else ticket.responsible
    return {
        "responsible": _responsible(responsible),
        "assignee": None if sight.until else _person(ticket.assignee),
        "reported_by": _person(ticket.reporter) if sight.whole else None,
    }


def _responsible(organisation: Organisation | None) -> dict[str, str] | None:
    if organisation is None:
        return None
    return {
        "code": organisation.code,
        "name": organisation.name,
        "type": organisation.type.value,
        "type_label": ORGANISATION_TYPE_LABELS[organisation.type],
    }


def _person(person: Person | None) -> dict[str, str] | None:
    return {"id": str(person.id), "name": person.name} if person else None


def _times(viewer: Viewer, ticket: Ticket, sight: Sight) -> dict[str, Any]:
    gone = sight.until is not None
    running = ticket.state is State.dispatched and not gone
    return {
        "reported_at": rfc3339(ticket.reported_at),
        "occurred_at": rfc3339(ticket.occurred_at),
        "updated_at": rfc3339(sight.until or ticket.updated_at),
        "filing_due_at": rfc3339(ticket.filing_due_at),
        "dispatched_at": rfc3339(None if gone else ticket.dispatched_at),
        "due_at": rfc3339(None if gone else ticket.due_at),
        "due_provisional": ticket.due_provisional,
        "check_due_at": rfc3339(None if gone else ticket.check_due_at),
        "light": _light(ticket, viewer.now) if running else None,
        "same_day": None if gone else _same_day(ticket),
        "rectified_at": rfc3339(None if gone else ticket.rectified_at),
        "closed_at": rfc3339(None if gone else ticket.closed_at),
    }


def _light(ticket: Ticket, now: datetime) -> str | None:
    if ticket.yellow_at is None or ticket.due_at is None:
        return None
    return light_at(now, ticket.yellow_at, ticket.due_at).value


def _same_day(ticket: Ticket) -> bool | None:
    """Whether it was put right on the day it was reported; null until it is."""
    if ticket.rectified_at is None:
        return None
    return same_day(ticket.reported_at, ticket.rectified_at)


def _counts(ticket: Ticket, sight: Sight) -> dict[str, Any]:
    recurrence = ticket.recurrence_of_id if sight.whole else None
    merged = ticket.merged_into_id
    return {
        "rework_count": ticket.rework_count,
        "extension_count": ticket.extension_count,
        "pending": None,
        "second_look": None,
        "recurrence_of": str(recurrence) if recurrence else None,
        "possible_duplicate_of": ticket.possible_duplicate_of if sight.whole else [],
        "merged_into": str(merged) if merged else None,
    }


def _leg(leg: Leg) -> dict[str, Any]:
    return {
        "organisation": _named(leg.organisation),
        "from": rfc3339(leg.from_at),
        "to": rfc3339(leg.to_at),
        "outcome": leg.outcome.value if leg.outcome else None,
        "due_at": rfc3339(leg.due_at),
    }


def _photos(viewer: Viewer, used: Sequence[TicketPhoto], sight: Sight) -> list[dict[str, Any]]:
    findings = [f for use in used for f in (*use.findings, *use.photo.findings)]
    others = others_in_sight(viewer.session, viewer.actor, findings, viewer.uses)
    shown = []
    for use in used:
        whole = sight.whole or sees_whole(viewer.actor, use.photo)
        shown.append(
            {
                "role": use.role.value,
                "verdict": use.verdict.value,
                "findings": findings_json(use.findings, whole=whole, others=others),
                "photo": photo_json(use.photo, whole=whole, others=others),
            }
        )
    return shown


def _event(
    viewer: Viewer, event: TicketEvent, used: Sequence[TicketPhoto], sight: Sight
) -> dict[str, Any]:
    own = event.organisation_id in viewer.actor.organisation_ids
    named = sight.whole or own
    label = ACTION_LABELS[Action(event.action)] if event.action != "report" else "上报"
    return {
        "at": rfc3339(event.at),
        "occurred_at": rfc3339(event.occurred_at),
        "actor": _person(event.actor) if named else None,
        "organisation": _named(event.organisation),
        "action": event.action,
        "action_label": label,
        "from": event.from_state.value if event.from_state else None,
        "to": event.to_state.value,
        "note": event.note,
        "changes": event.changes,
        "photo_ids": [str(use.photo_id) for use in used if use.event_id == event.id],
    }
