"""Imports as JSON."""

from datetime import datetime
from typing import Any

from app.grid.models import AREA_LABELS
from app.kernel.clock import SHANGHAI, rfc3339
from app.tickets.importing.known import KnownTicket
from app.tickets.importing.models import IMPORT_STATE_LABELS, ImportState, TicketImport
from app.tickets.importing.planning import PlannedRow
from app.tickets.importing.reading.rows import Told
from app.tickets.showing.describing import named
from app.tickets.words import SOURCE_LABELS


def told_json(told: Told) -> dict[str, Any]:
    """A fault or remark."""
    return {
        "line": told.line,
        "field": str(told.field) if told.field else None,
        "message": told.message,
    }


def planned_json(row: PlannedRow) -> dict[str, Any]:
    """What a row becomes."""
    said, place = row.said, row.place
    return {
        "line": said.line,
        "source": said.source.value,
        "source_label": SOURCE_LABELS[said.source],
        "external_number": said.number,
        "external_due_at": rfc3339(said.due_at),
        "occurred_at": rfc3339(said.handed_down_at),
        "category": {"code": row.category.code, "name": row.category.name},
        "condition": {"code": row.condition.code, "name": row.condition.name},
        "community": named(place.community),
        "compound": named(place.compound),
        "cell": named(place.cell),
        "area": place.area.value if place.area else None,
        "area_label": AREA_LABELS[place.area] if place.area else None,
        "responsible": named(row.responsible),
        "due_at": rfc3339(row.due_at),
        "description": said.description,
        "photos": len(said.photos),
        "already_there": row.already is not None,
        "ticket": _known(row.already) if row.already else None,
        "possible_duplicate_of": [_known(one) for one in row.alike],
        "possible_duplicate_of_rows": list(row.alike_rows),
    }


def _known(ticket: KnownTicket) -> dict[str, str]:
    return {"id": str(ticket.id), "number": ticket.number}


def import_item_json(found: TicketImport, base: str) -> dict[str, Any]:
    """An import in a list: who, when, of which file, what came of it; `base` of addresses."""
    applied = found.state is ImportState.applied
    return {
        "id": str(found.id),
        "state": found.state.value,
        "state_label": IMPORT_STATE_LABELS[found.state],
        "file": found.file_name,
        "made_at": rfc3339(found.made_at),
        "made_by": {"id": str(found.person.id), "name": found.person.name},
        "organisation": named(found.organisation),
        "applied_at": rfc3339(found.applied_at),
        "new_count": found.new_count,
        "already_there_count": found.already_there_count,
        "faulty_count": found.faulty_count,
        "tickets": f"{base}/tickets?import={found.id}" if applied else None,
    }


def import_json(found: TicketImport, base: str) -> dict[str, Any]:
    """An import: its rows with the tickets they are, once they are."""
    return {
        **import_item_json(found, base),
        "sheet": found.sheet,
        "job": str(found.job_id) if found.job_id else None,
        "rows": [_row(found, row["shown"]) for row in found.rows],
        "faults": found.faults,
        "remarks": found.remarks,
    }


def _row(found: TicketImport, kept: dict[str, Any]) -> dict[str, Any]:
    shown = {"possible_duplicate_of_rows": [], **kept}  # What was kept before there was any.
    made = found.made.get(str(shown["line"]))
    if made is None:
        return shown
    ticket = {"id": made["id"], "number": made["number"]}
    return {**shown, "already_there": made["already_there"], "ticket": ticket}


def local_time(instant: datetime | None) -> str:
    """An instant as official papers write it, Asia/Shanghai; empty for none."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if instant else ""
