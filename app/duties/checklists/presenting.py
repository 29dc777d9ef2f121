"""Checklists and their sites as JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.catalogue.desk.queries import ChecklistView
from app.duties.checklists.sites import Item, Site
from app.duties.units import named
from app.tickets.models import STATE_LABELS, Ticket


def checklist_json(checklist: ChecklistView) -> dict[str, Any]:
    """A checklist with its items."""
    return {
        "code": checklist.code,
        "name": checklist.name,
        "section": checklist.section,
        "site": checklist.site,
        "units": sorted(checklist.units),
        "category": checklist.category,
        "items": [named(one) for one in checklist.items],
    }


def site_json(site: Site, items: Sequence[Item]) -> dict[str, Any]:
    """How a site stands, item by item."""
    return {
        "organisation": named(site.unit),
        "compound": named(site.compound) if site.compound else None,
        **_counts(items),
        "items": [_item_json(one) for one in items],
    }


def _counts(items: Sequence[Item]) -> dict[str, Any]:
    missing = sum(one.present is False for one in items)
    unseen = sum(one.present is None for one in items)
    return {"complete": not missing and not unseen, "missing": missing, "unseen": unseen}


def _item_json(item: Item) -> dict[str, Any]:
    return {
        **named(item.view),
        "present": item.present,
        "seen_on": item.seen_on.isoformat() if item.seen_on else None,
        "ticket": _ticket_json(item.ticket) if item.ticket else None,
    }


def _ticket_json(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": str(ticket.id),
        "number": ticket.number,
        "state": ticket.state,
        "state_label": STATE_LABELS[ticket.state],
    }


def line_json(checklist: ChecklistView, sites: Iterable[Sequence[Item]]) -> dict[str, Any]:
    """How all sites of a checklist stand together."""
    counts = [_counts(items) for items in sites]
    return {
        "checklist": named(checklist),
        "sites": len(counts),
        "complete": sum(one["complete"] for one in counts),
        "missing": sum(one["missing"] for one in counts),
        "unseen": sum(one["unseen"] for one in counts),
    }
