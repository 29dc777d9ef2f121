"""Spot checks as JSON: by place, never by person."""

from typing import Any

from app.kernel.clock import rfc3339
from app.rounds.models import CHECK_RESULT_LABELS, CheckResult
from app.rounds.presenting import checkpoint_json, named_json
from app.rounds.spot_checks.models import SPOT_CHECK_STATE_LABELS, SpotCheck


def spot_check_json(check: SpotCheck) -> dict[str, Any]:
    """A spot check, with what was found where it was walked."""
    return {
        "id": str(check.id),
        "week": check.week,
        "compound": named_json(check.compound),
        "organisation": named_json(check.compound.organisation),
        "drawn_at": rfc3339(check.drawn_at),
        "state": check.state,
        "state_label": SPOT_CHECK_STATE_LABELS[check.state],
        "result": check.result,
        "result_label": CHECK_RESULT_LABELS[check.result] if check.result else None,
        "checks": _checks(check),
        "note": check.note,
        "walked_at": rfc3339(check.walked_at),
    }


def _checks(check: SpotCheck) -> list[dict[str, Any]]:
    found = {each["checkpoint"]: each for each in check.checks or []}
    return [
        {
            "checkpoint": checkpoint_json(point),
            "result": (kept := found[str(point.id)])["result"],
            "result_label": CHECK_RESULT_LABELS[CheckResult(kept["result"])],
            "ticket": kept["ticket"],
            "note": kept["note"],
        }
        for point in check.compound.checkpoints
        if str(point.id) in found
    ]
