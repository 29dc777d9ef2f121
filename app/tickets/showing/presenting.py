"""Tickets as JSON, as far as the viewer may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.clock import rfc3339
from app.people.access import Actor
from app.people.models import ORGANISATION_TYPE_LABELS, Organisation, Person
from app.photos.access import PhotoUses, sees_whole
from app.photos.presenting import findings_json, photo_json, photo_link
from app.photos.queries import others_in_sight
from app.photos.store import BlobKind
from app.sla.day import same_day
from app.sla.lights import light_at
from app.tickets.handling.evidence import doubts_about
from app.tickets.models import (
    OPEN_STATES,
    PENDING_KIND_LABELS,
    SOURCE_LABELS,
    STATE_LABELS,
    Leg,
    State,
    Ticket,
    TicketEvent,
    TicketPhoto,
)
from app.tickets.queries import covers_of, photos_of, timeline_of, witnesses_of
from app.tickets.showing.describing import counts_json, filing_json, named, place_json
from app.tickets.showing.sight import Sight, sight_of
from app.tickets.workflow import ACTION_LABELS, Action, Circumstances, allowed_actions


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
    events = [e for e in timeline_of(viewer.session, ticket) if sight.holds_event(e.sequence)]
    with_photos = {event.id for event in events if sight.holds_photos(event.sequence)}
    used = [u for u in photos_of(viewer.session, ticket) if u.event_id in with_photos]
    return {
        **_fields(viewer, ticket, sight),
        "witnesses": _witnesses(viewer, ticket) if sight.whole else [],
        "legs": [_leg(leg) for leg in ticket.legs if _is_in_sight(leg, sight)],
        "photos": _photos(viewer, used, sight),
        "timeline": [_event(viewer, event, used, sight) for event in events],
        "allowed_actions": [] if sight.left else _actions(viewer, ticket, events, used),
    }


def _witnesses(viewer: Viewer, ticket: Ticket) -> list[dict[str, str]]:
    return [{"id": str(p.id), "name": p.name} for p in witnesses_of(viewer.session, ticket)]


def _is_in_sight(leg: Leg, sight: Sight) -> bool:
    return sight.left is None or leg.sequence <= sight.left.sequence


def _actions(
    viewer: Viewer, ticket: Ticket, events: Sequence[TicketEvent], used: Sequence[TicketPhoto]
) -> list[str]:
    """Whoever may act sees the ticket as it is: all of its events and photos are at hand."""
    sequences = {event.id: event.sequence for event in events}
    doubts = doubts_about(
        (sequences[use.event_id], use.role, use.verdict, use.photo.maker_id) for use in used
    )
    circumstances = Circumstances(
        ticket, viewer.now, doubts.after_verdicts, doubts.contradicted_makers
    )
    return [action.value for action in allowed_actions(viewer.actor, circumstances)]


def _fields(viewer: Viewer, ticket: Ticket, sight: Sight) -> dict[str, Any]:
    """What is shown everywhere; of a ticket that was handed over, as it was then."""
    return {
        **_identity(ticket, sight),
        **filing_json(ticket),
        **_report(ticket),
        **place_json(ticket),
        **_people(ticket, sight),
        **_times(viewer, ticket, sight),
        **counts_json(ticket),
        **_links(ticket, sight),
        **sight.as_left,
    }


def _identity(ticket: Ticket, sight: Sight) -> dict[str, Any]:
    state = State.dispatched if sight.left else ticket.state
    return {
        "id": str(ticket.id),
        "number": ticket.number,
        "state": state.value,
        "state_label": STATE_LABELS[state],
        "version": ticket.version,
    }


def _report(ticket: Ticket) -> dict[str, Any]:
    return {
        "description": ticket.description,
        "source": ticket.source.value,
        "source_label": SOURCE_LABELS[ticket.source],
        "external_number": ticket.external_number,
        "external_due_at": rfc3339(ticket.external_due_at),
        "round": str(ticket.round_id) if ticket.round_id else None,
    }


def _people(ticket: Ticket, sight: Sight) -> dict[str, Any]:
    return {
        "responsible": _responsible(None if sight.left else ticket.responsible),
        "assignee": None if sight.left else _person(ticket.assignee),
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
    return {
        "reported_at": rfc3339(ticket.reported_at),
        "occurred_at": rfc3339(ticket.occurred_at),
        "filing_due_at": rfc3339(ticket.filing_due_at),
        **(_progress_left(sight.left) if sight.left else _progress(viewer, ticket)),
    }


def _progress(viewer: Viewer, ticket: Ticket) -> dict[str, Any]:
    return {
        "updated_at": rfc3339(ticket.updated_at),
        "dispatched_at": rfc3339(ticket.dispatched_at),
        "due_at": rfc3339(ticket.due_at),
        "due_provisional": ticket.due_provisional,
        "check_due_at": rfc3339(ticket.check_due_at),
        "light": _light(ticket, viewer.now),
        "same_day": _same_day(ticket, viewer.now),
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
            "same_day",
            "rectified_at",
            "closed_at",
        )
    )
    return {"updated_at": rfc3339(leg.to_at), "due_provisional": False, **nothing}


def _light(ticket: Ticket, now: datetime) -> str | None:
    """The colour of the limit that runs: only the one of rectifying has lights."""
    if ticket.state is not State.dispatched or ticket.yellow_at is None or ticket.due_at is None:
        return None
    return light_at(now, ticket.yellow_at, ticket.due_at).value


def _same_day(ticket: Ticket, now: datetime) -> bool | None:
    """Whether it was put right on the day it was reported; null while that is open or moot."""
    if ticket.rectified_at is not None:
        return same_day(ticket.reported_at, ticket.rectified_at)
    over = ticket.state in OPEN_STATES and not same_day(ticket.reported_at, now)
    return False if over else None


def _links(ticket: Ticket, sight: Sight) -> dict[str, Any]:
    recurrence = ticket.recurrence_of_id if sight.whole else None
    merged = None if sight.left else ticket.merged_into_id
    return {
        "pending": None if sight.left else _pending(ticket),
        "suspended_until": None if sight.left else rfc3339(ticket.suspended_until),
        "outside": None if sight.left else ticket.outside,
        "supervised_at": None if sight.left else rfc3339(ticket.supervised_at),
        "second_look": _second_look(ticket, sight),
        "recurrence_of": str(recurrence) if recurrence else None,
        "possible_duplicate_of": ticket.possible_duplicate_of if sight.whole else [],
        "merged_into": str(merged) if merged else None,
    }


def _pending(ticket: Ticket) -> dict[str, Any] | None:
    if ticket.pending_kind is None:
        return None
    return {
        "kind": ticket.pending_kind.value,
        "kind_label": PENDING_KIND_LABELS[ticket.pending_kind],
        "reason": ticket.pending_reason,
        "until": rfc3339(ticket.pending_until),
        "at": rfc3339(ticket.pending_at),
    }


def _second_look(ticket: Ticket, sight: Sight) -> str | None:
    return ticket.second_look.value if ticket.second_look and not sight.left else None


def _leg(leg: Leg) -> dict[str, Any]:
    return {
        "organisation": named(leg.organisation),
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
    label = ACTION_LABELS[Action(event.action)] if event.action != "report" else "上报"
    return {
        "at": rfc3339(event.at),
        "occurred_at": rfc3339(event.occurred_at),
        "actor": _person(event.actor) if sight.whole or own else None,
        "organisation": named(event.organisation),
        "action": event.action,
        "action_label": label,
        "from": event.from_state.value if event.from_state else None,
        "to": event.to_state.value,
        "note": event.note,
        "changes": event.changes if sight.holds_photos(event.sequence) else {},
        "photo_ids": [str(use.photo_id) for use in used if use.event_id == event.id],
    }
