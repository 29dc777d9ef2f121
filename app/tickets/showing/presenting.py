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
from app.photos.evidence import ROLE_LABELS, VERDICT_LABELS
from app.photos.presenting import findings_json, photo_json
from app.photos.queries import others_in_sight
from app.tickets.actions import EVENT_LABELS
from app.tickets.fetching import photos_of, timeline_of
from app.tickets.judgements import findings_in_force
from app.tickets.models import (
    LEG_OUTCOME_LABELS,
    PENDING_KIND_LABELS,
    SECOND_LOOK_LABELS,
    SOURCE_LABELS,
    STATE_LABELS,
    Leg,
    State,
    Ticket,
    TicketEvent,
    TicketPhoto,
)
from app.tickets.queries import witnesses_of
from app.tickets.showing.describing import (
    counts_json,
    covers_json,
    filing_json,
    named,
    place_alone,
    place_json,
)
from app.tickets.showing.offers import offers_in_list, offers_on_whole
from app.tickets.showing.sight import Sight, sight_of
from app.tickets.showing.times import paused_json, times_json

ABOUT_THE_PLACE = ("position_at_place", "position_away_from_place", "place_not_comparable")
"""Findings whose threshold grows with the accuracy of the ticket's position."""


@dataclass(frozen=True)
class Viewer:
    """Who looks at a ticket, when, and how much of photos other packages let them see."""

    session: Session
    actor: Actor
    now: datetime
    uses: PhotoUses


def ticket_items(viewer: Viewer, tickets: Sequence[Ticket]) -> list[dict[str, Any]]:
    """Tickets in a list: without photos (but two covers), timeline and legs."""
    return [_item(viewer, ticket) for ticket in tickets]


def ticket_fields(viewer: Viewer, ticket: Ticket) -> dict[str, Any]:
    """What the viewer sees of a ticket everywhere: no photos, no actions."""
    return _fields(viewer, ticket, sight_of(viewer.actor, ticket))


def _item(viewer: Viewer, ticket: Ticket) -> dict[str, Any]:
    sight = sight_of(viewer.actor, ticket)
    return {
        **_fields(viewer, ticket, sight),
        **covers_json(ticket, left=bool(sight.left)),
        "allowed_actions": offers_in_list(viewer.actor, ticket, sight, now=viewer.now),
    }


def ticket_json(viewer: Viewer, ticket: Ticket) -> dict[str, Any]:
    """One ticket whole: with legs, photos in use, timeline and what the viewer can do now."""
    events = timeline_of(viewer.session, ticket)
    return _whole(viewer, ticket, events, photos_of(viewer.session, ticket))


def fresh_ticket_json(
    viewer: Viewer, ticket: Ticket, event: TicketEvent, used: Sequence[TicketPhoto]
) -> dict[str, Any]:
    """A ticket that the viewer has just reported, without reading again what is at hand."""
    return _whole(viewer, ticket, [event], used)


def _whole(
    viewer: Viewer, ticket: Ticket, timeline: Sequence[TicketEvent], photos: Sequence[TicketPhoto]
) -> dict[str, Any]:
    sight = sight_of(viewer.actor, ticket)
    events = [event for event in timeline if sight.shows(event, viewer.actor)]
    with_photos = {event.id for event in events if sight.holds_photos(event.sequence)}
    used = [use for use in photos if use.event_id in with_photos]
    return {
        **_fields(viewer, ticket, sight),
        "paused": None if sight.left else paused_json(viewer.session, ticket, now=viewer.now),
        "witnesses": _witnesses(viewer, ticket) if sight.whole else [],
        "legs": [_leg(leg) for leg in ticket.legs if _is_in_sight(leg, sight)],
        "photos": _photos(viewer, used, sight),
        "timeline": [_event(viewer, event, used, sight) for event in events],
        "allowed_actions": offers_on_whole(
            viewer.actor, ticket, events, used, sight, now=viewer.now
        ),
    }


def _witnesses(viewer: Viewer, ticket: Ticket) -> list[dict[str, str]]:
    return [{"id": str(p.id), "name": p.name} for p in witnesses_of(viewer.session, ticket)]


def _is_in_sight(leg: Leg, sight: Sight) -> bool:
    return sight.left is None or leg.sequence <= sight.left.sequence


def _fields(viewer: Viewer, ticket: Ticket, sight: Sight) -> dict[str, Any]:
    """What is shown everywhere; of a ticket that was handed over, as it was then."""
    fields = {
        **_identity(ticket, sight),
        **filing_json(ticket),
        **_report(ticket),
        **place_json(ticket),
        **_people(viewer, ticket, sight),
        **times_json(ticket, sight, now=viewer.now),
        **counts_json(ticket),
        **_links(ticket, sight),
        **sight.as_left,
    }
    if not sight.whole:
        fields["position"] = place_alone(fields["position"])
    return fields


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


def _people(viewer: Viewer, ticket: Ticket, sight: Sight) -> dict[str, Any]:
    return {
        "responsible": _responsible(None if sight.left else ticket.responsible),
        "assignee": None if sight.left else _person(ticket.assignee),
        "reported_by": _reporter(viewer, ticket) if sight.whole else None,
    }


def _reporter(viewer: Viewer, ticket: Ticket) -> dict[str, str] | None:
    return _myself(viewer, ticket.reporter_id) or _person(ticket.reporter)


def _myself(viewer: Viewer, person_id: UUID | None) -> dict[str, str] | None:
    """The viewer, who need not be looked up."""
    actor = viewer.actor
    return (
        {"id": str(actor.person_id), "name": actor.name} if person_id == actor.person_id else None
    )


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


def _links(ticket: Ticket, sight: Sight) -> dict[str, Any]:
    recurrence = ticket.recurrence_of_id if sight.whole else None
    followed = ticket.follow_up_of_id if sight.whole else None
    merged = None if sight.left else ticket.merged_into_id
    second_look = None if sight.left else ticket.second_look
    return {
        "pending": None if sight.left else _pending(ticket),
        "suspended_until": None if sight.left else rfc3339(ticket.suspended_until),
        "outside": None if sight.left else ticket.outside,
        "supervised_at": None if sight.left else rfc3339(ticket.supervised_at),
        "second_look": second_look,
        "second_look_label": SECOND_LOOK_LABELS[second_look] if second_look else None,
        "recurrence_of": str(recurrence) if recurrence else None,
        "follow_up_of": str(followed) if followed else None,
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


def _leg(leg: Leg) -> dict[str, Any]:
    return {
        "organisation": named(leg.organisation),
        "from": rfc3339(leg.from_at),
        "to": rfc3339(leg.to_at),
        "outcome": leg.outcome.value if leg.outcome else None,
        "outcome_label": LEG_OUTCOME_LABELS[leg.outcome] if leg.outcome else None,
        "due_at": rfc3339(leg.due_at),
    }


def _photos(viewer: Viewer, used: Sequence[TicketPhoto], sight: Sight) -> list[dict[str, Any]]:
    of_uses = [f for use in used for f in findings_in_force(use)]
    findings = [*of_uses, *(f for use in used for f in use.photo.findings)]
    others = others_in_sight(viewer.session, viewer.actor, findings, viewer.uses)
    shown = []
    for use in used:
        whole = sight.whole or sees_whole(viewer.actor, use.photo)
        shown.append(
            {
                "role": use.role.value,
                "role_label": ROLE_LABELS[use.role],
                "verdict": use.verdict.value,
                "verdict_label": VERDICT_LABELS[use.verdict],
                "findings": _use_findings(use, sight, whole=whole, others=others),
                "photo": photo_json(use.photo, whole=whole, others=others),
            }
        )
    return shown


def _use_findings(
    use: TicketPhoto, sight: Sight, *, whole: bool, others: set[UUID]
) -> list[dict[str, Any]]:
    """What was noticed about a use; how near counts as near tells how good the reporter's fix was.

    So whoever may not know the fix is told the distance, but not the threshold of a place.
    """
    shown = findings_json(findings_in_force(use), whole=whole, others=others)
    if sight.whole:
        return shown
    return [f | {"threshold": None} if f["code"] in ABOUT_THE_PLACE else f for f in shown]


def _event(
    viewer: Viewer, event: TicketEvent, used: Sequence[TicketPhoto], sight: Sight
) -> dict[str, Any]:
    own = event.organisation_id in viewer.actor.organisation_ids
    return {
        "at": rfc3339(event.at),
        "occurred_at": rfc3339(event.occurred_at),
        "actor": _doer(viewer, event) if sight.whole or own else None,
        "organisation": _organisation(viewer, event),
        "action": event.action,
        "action_label": EVENT_LABELS[event.action],
        "from": event.from_state.value if event.from_state else None,
        "from_label": STATE_LABELS[event.from_state] if event.from_state else None,
        "to": event.to_state.value,
        "to_label": STATE_LABELS[event.to_state],
        "note": event.note,
        "changes": event.changes if sight.holds_photos(event.sequence) else {},
        "photo_ids": [str(use.photo_id) for use in used if use.event_id == event.id],
    }


def _doer(viewer: Viewer, event: TicketEvent) -> dict[str, str] | None:
    return _myself(viewer, event.actor_id) or _person(event.actor)


def _organisation(viewer: Viewer, event: TicketEvent) -> dict[str, str] | None:
    """One of the viewer's own is known from the post."""
    for post in viewer.actor.posts:
        if post.organisation_id == event.organisation_id:
            return {"code": post.organisation_code, "name": post.organisation_name}
    return named(event.organisation)
