"""Progress as JSON: one unit in full, and many together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from app.duties.periods import Period
from app.duties.progress.service import Progress
from app.duties.progress.summing import Counts
from app.duties.progress.units import Unit
from app.duties.quotas import STANDING_LABELS, Standing
from app.duties.units import named
from app.people.models import Organisation

COUNTED = (Standing.met, Standing.open, Standing.missed)


def unit_json(unit: Unit, found: Iterable[Progress]) -> dict[str, Any]:
    """All of one unit's progress."""
    duties = [duty_json(one) for one in found if one.unit.id == unit.id]
    return {"organisation": named(unit), "duties": duties}


def duty_json(one: Progress) -> dict[str, Any]:
    """How a unit stands with a duty in a period."""
    return {
        "duty": named(one.rule),
        "section": one.rule.section,
        "compound": named(one.place) if one.place else None,
        "period": _period_json(one.period),
        "quota": one.tally.quota,
        "done": one.tally.done,
        "of": one.of,
        "waiting": one.waiting,
        "missing": one.tally.missing,
        "parts": [
            {
                "name": part.name,
                "quota": part.count,
                "done": part.done,
                "missing": part.missing,
            }
            for part in one.tally.parts
        ],
        "standing": one.standing,
        "standing_label": STANDING_LABELS[one.standing],
        "scored": one.rule.scored,
    }


def _period_json(period: Period) -> dict[str, Any]:
    return {
        "kind": period.kind,
        "code": period.code,
        "label": period.label,
        "first_on": period.first_on.isoformat(),
        "last_on": period.last_on.isoformat(),
        "due_on": period.due_on.isoformat(),
    }


def line_json(organisation: Organisation, line: Mapping[str, Counts]) -> dict[str, Any]:
    """An organisation's units together, and duty by duty."""
    together: Counter[Standing] = Counter()
    for counts in line.values():
        together.update(counts.standings)
    return {
        "organisation": named(organisation),
        **_standings(together),
        "duties": [_counts_json(counts) for counts in line.values()],
    }


def _counts_json(counts: Counts) -> dict[str, Any]:
    return {
        "duty": named(counts.rule),
        "section": counts.rule.section,
        **_standings(counts.standings),
        "missing": counts.missing,
        "done": counts.done,
    }


def _standings(counts: Counter[Standing]) -> dict[str, int]:
    return {standing.value: counts[standing] for standing in COUNTED}
