"""What a ticket is about, as JSON: what it was filed under, where it is, what was counted.

An organisation that handed a ticket over goes on seeing these as they were then, so a leg keeps a
copy of them (`Leg.as_left`).
"""

from typing import Any
from uuid import UUID

from app.grid.models import AREA_LABELS
from app.photos.presenting import photo_link
from app.photos.store import BlobKind
from app.tickets.models import State, Ticket

PLACE_DECIMALS = 5
REPAIRED = (State.rectified, State.closed)
"""The states in which an after-photo shows how it is now."""


def named(thing: Any) -> dict[str, str] | None:
    """An organisation, compound or cell inside another object."""
    return {"code": thing.code, "name": thing.name} if thing else None


def covers_json(ticket: Ticket, *, left: bool) -> dict[str, Any]:
    """The thumbs of a ticket in a list; who handed it over does not see what others repaired."""
    is_repaired = ticket.state in REPAIRED and not left
    return {
        "cover": _thumb(ticket.cover_id),
        "after_cover": _thumb(ticket.after_cover_id if is_repaired else None),
    }


def _thumb(photo_id: UUID | None) -> str | None:
    return photo_link(photo_id, BlobKind.THUMB) if photo_id else None


def filing_json(ticket: Ticket) -> dict[str, Any]:
    """What it was filed under."""
    return {
        "category": {"code": ticket.category_code, "name": ticket.category_name},
        "condition": {"code": ticket.condition_code, "name": ticket.condition_name},
        "limit_label": ticket.limit.label,
        "standard_ref": ticket.standard_ref,
        "closing_test": ticket.closing_test,
    }


def place_json(ticket: Ticket) -> dict[str, Any]:
    """Where it is."""
    return {
        "community": named(ticket.community),
        "cell": named(ticket.cell),
        "compound": named(ticket.compound),
        "area": ticket.area.value if ticket.area else None,
        "area_label": AREA_LABELS[ticket.area] if ticket.area else None,
        "checkpoint": str(ticket.checkpoint_id) if ticket.checkpoint_id else None,
        "position": _position(ticket),
    }


def _position(ticket: Ticket) -> dict[str, Any] | None:
    if ticket.lng is None:
        return None
    return {
        "lng": ticket.lng,
        "lat": ticket.lat,
        "datum": "wgs84",
        "accuracy_m": ticket.accuracy_m,
    }


def place_alone(position: dict[str, Any] | None) -> dict[str, Any] | None:
    """A position for whoever has to find the place and may not know the reporter's fix: to five
    decimals (about a metre), without the accuracy, which is the phone's."""
    if position is None:
        return None
    lng, lat = (round(position[name], PLACE_DECIMALS) for name in ("lng", "lat"))
    return {**position, "lng": lng, "lat": lat, "accuracy_m": None}


def counts_json(ticket: Ticket) -> dict[str, Any]:
    """How often work on it was redone and its limit extended."""
    return {"rework_count": ticket.rework_count, "extension_count": ticket.extension_count}


def ticket_as_left(ticket: Ticket) -> dict[str, Any]:
    """The ticket as an organisation leaves it with the action under way."""
    return {
        "version": ticket.version + 1,
        **filing_json(ticket),
        **place_json(ticket),
        **counts_json(ticket),
    }
