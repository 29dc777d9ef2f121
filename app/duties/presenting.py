"""The dictionary of the desk grid as JSON."""

from typing import Any

from app.catalogue.desk.models import (
    DONE_BY_LABELS,
    LINE_LABELS,
    PERIOD_KIND_LABELS,
    UNIT_KIND_LABELS,
)
from app.catalogue.desk.queries import DutyRule, KindView, Quota
from app.duties.titles.models import UnitTitle
from app.duties.units import named


def duty_json(rule: DutyRule) -> dict[str, Any]:
    """A duty with its quotas."""
    return {
        "code": rule.code,
        "name": rule.name,
        "section": rule.section,
        "period": rule.period,
        "period_label": PERIOD_KIND_LABELS[rule.period],
        "line": rule.line,
        "line_label": LINE_LABELS[rule.line],
        "done_by": rule.done_by,
        "done_by_label": DONE_BY_LABELS[rule.done_by],
        "checked_by": rule.checked_by,
        "checked_by_label": DONE_BY_LABELS[rule.checked_by] if rule.checked_by else None,
        "derived": rule.derived,
        "measure": rule.measure,
        "kinds": sorted(rule.kinds),
        "quotas": [_quota_json(quota) for quota in rule.quotas],
        "reviewed": rule.reviewed,
        "scored": rule.scored,
        "due": rule.due,
    }


def _quota_json(quota: Quota) -> dict[str, Any]:
    return {
        "unit": quota.unit,
        "unit_label": UNIT_KIND_LABELS[quota.unit],
        "count": quota.count,
        "parts": [
            {"name": part.name, "kinds": sorted(part.kinds), "count": part.count}
            for part in quota.parts
        ],
    }


def kind_json(kind: KindView) -> dict[str, Any]:
    """A kind of record, and what its form asks for."""
    return {
        "code": kind.code,
        "name": kind.name,
        "quantity_name": kind.quantity_name,
        "needs_photo": kind.needs_photo,
        "needs_link": kind.needs_link,
    }


def title_json(row: UnitTitle) -> dict[str, Any]:
    """A unit's title."""
    return {
        "id": str(row.id),
        "organisation": named(row.organisation),
        "title": row.title,
        "title_label": UNIT_KIND_LABELS[row.title],
        "from_on": row.from_on.isoformat(),
        "to_on": row.to_on.isoformat() if row.to_on else None,
    }
