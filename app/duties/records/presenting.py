"""Records as JSON, as far as the viewer may see their photos' particulars."""

from collections.abc import Mapping
from typing import Any

from app.duties.records.models import (
    RECORD_ACTION_LABELS,
    RECORD_STATE_LABELS,
    DutyRecord,
    RecordChange,
)
from app.duties.records.service import shown_photos
from app.duties.units import named
from app.kernel.clock import rfc3339
from app.people.access import Actor
from app.photos.access import sees_whole
from app.photos.presenting import photo_json


def record_item(record: DutyRecord, kinds: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """A record in a list; `kinds` are the names of kinds by their code."""
    return {
        "id": str(record.id),
        "organisation": named(record.organisation),
        "compound": named(record.compound) if record.compound else None,
        "kinds": [{"code": code, "name": kinds.get(code, code)} for code in record.kinds],
        "state": record.state,
        "state_label": RECORD_STATE_LABELS[record.state],
        "version": record.version,
        "happened_on": record.happened_on.isoformat(),
        "subject": record.subject,
        "place": record.place,
        "quantity": record.quantity,
        "note": record.note,
        "links": record.links,
        "recorded_by": record.person.name,
        "received_at": rfc3339(record.received_at),
        "photos": [
            photo_json(one.photo, whole=sees_whole(actor, one.photo), others=set())
            for one in shown_photos(record)
        ],
    }


def record_json(record: DutyRecord, kinds: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """A record whole."""
    changes = [_change_json(one) for one in record.changes]
    return {**record_item(record, kinds, actor), "changes": changes}


def _change_json(change: RecordChange) -> dict[str, Any]:
    return {
        "at": rfc3339(change.at),
        "action": change.action,
        "action_label": RECORD_ACTION_LABELS[change.action],
        "actor": change.person.name,
        "note": change.note,
        "before": change.before,
    }
