"""Rounds and coverage as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.grid.models import AREA_LABELS, Checkpoint
from app.kernel.clock import rfc3339
from app.people.models import Organisation
from app.rounds.completeness import counting_checks
from app.rounds.coverage import Figures, judged_on
from app.rounds.coverage_queries import CoverageItem
from app.rounds.models import CHECK_RESULT_LABELS, Round, RoundCheck


def round_json(walked: Round, *, now: datetime) -> dict[str, Any]:
    """A round with the results that count, in the order of the checkpoints, and what is missing."""
    counting = counting_checks(walked.checks)
    checkpoints = walked.compound.checkpoints
    return {
        "id": str(walked.id),
        "week": walked.week,
        "compound": named_json(walked.compound),
        "complete": walked.complete,
        "checks": [_check_json(one, counting[one.id]) for one in checkpoints if one.id in counting],
        "missing": [checkpoint_json(one) for one in _missing(walked, counting, now)],
        "completed_at": rfc3339(walked.completed_at),
    }


def _missing(walked: Round, counting: Mapping[UUID, RoundCheck], now: datetime) -> list[Checkpoint]:
    if walked.complete:
        return []
    day = judged_on(walked.compound, walked.week, now)
    needed = (one for one in walked.compound.checkpoints if one.serves_on(day))
    return [one for one in needed if one.id not in counting]


def _check_json(checkpoint: Checkpoint, check: RoundCheck) -> dict[str, Any]:
    return {
        "checkpoint": checkpoint_json(checkpoint),
        "result": check.result,
        "result_label": CHECK_RESULT_LABELS[check.result],
        "by": {"id": str(check.person.id), "name": check.person.name},
        "at": rfc3339(check.occurred_at),
        "ticket": str(check.ticket_id) if check.ticket_id else None,
        "note": check.note,
    }


def checkpoint_json(checkpoint: Checkpoint) -> dict[str, Any]:
    """A checkpoint inside a round."""
    return {
        "id": str(checkpoint.id),
        "name": checkpoint.name,
        "area": checkpoint.area,
        "area_label": AREA_LABELS[checkpoint.area],
    }


def coverage_item_json(item: CoverageItem, missing: Sequence[Checkpoint]) -> dict[str, Any]:
    """One compound due in a week."""
    walked = item.round
    return {
        "compound": named_json(item.compound),
        "organisation": named_json(item.compound.organisation),
        "covered": item.covered,
        "round_id": str(walked.id) if walked else None,
        "completed_at": rfc3339(walked.completed_at) if walked else None,
        "missing": [checkpoint_json(one) for one in missing],
    }


def figures_json(week: str, figures: Figures) -> dict[str, Any]:
    """The figures of one week: what was reported, and what walking some of it again found."""
    return {
        "week": week,
        "due": figures.due,
        "covered": figures.covered,
        "rate": figures.rate,
        "spot_checks": {
            "drawn": figures.drawn,
            "walked": figures.walked,
            "with_problems": figures.with_problems,
        },
    }


def summary_item_json(
    organisation: Organisation,
    weeks: Sequence[str],
    by_path: Mapping[str, Mapping[str, Figures]],
) -> dict[str, Any]:
    """One organisation's weeks, its subtree summed."""
    below = [by_week for path, by_week in by_path.items() if path.startswith(organisation.path)]
    summed = [sum((by_week.get(week, Figures()) for by_week in below), Figures()) for week in weeks]
    return {
        "organisation": named_json(organisation),
        "weeks": [figures_json(*each) for each in zip(weeks, summed, strict=True)],
    }


def named_json(thing: Any) -> dict[str, str]:
    """Something with a code and a name."""
    return {"code": thing.code, "name": thing.name}
