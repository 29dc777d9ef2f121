"""The log as JSON."""

from typing import Any

from app.administration.models import CHANGE_KIND_LABELS, SUBJECT_KIND_LABELS, AuditEntry
from app.administration.presenting.organisations import named
from app.administration.presenting.people import person_named
from app.kernel.clock import rfc3339


def entry_json(entry: AuditEntry) -> dict[str, Any]:
    """One change with what was before and what is after."""
    return {
        "id": str(entry.id),
        "at": rfc3339(entry.at),
        "actor": person_named(entry.actor) if entry.actor else None,
        "organisation": named(entry.organisation) if entry.organisation else None,
        "kind": entry.subject_kind,
        "kind_label": SUBJECT_KIND_LABELS[entry.subject_kind],
        "subject": entry.subject_code,
        "action": entry.action,
        "action_label": CHANGE_KIND_LABELS[entry.action],
        "before": entry.before,
        "after": entry.after,
        "request_id": entry.request_id,
    }
