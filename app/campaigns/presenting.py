"""Campaigns as JSON."""

from collections.abc import Mapping
from typing import Any

from app.campaigns.candidates import Candidate
from app.campaigns.findings import Found
from app.campaigns.models import Campaign, CampaignStep
from app.campaigns.progress import Progress
from app.campaigns.rules import (
    CRITERION_LABELS,
    GRADE_LABELS,
    STEP_LABELS,
    Grade,
    Step,
    next_steps,
)
from app.campaigns.service import steps_standing
from app.catalogue.models import ACTION_LABELS, Action
from app.grid.models import AREA_LABELS
from app.kernel.clock import rfc3339
from app.rounds.presenting import named_json


def campaign_item(campaign: Campaign) -> dict[str, Any]:
    """A campaign in a list: where, when, how far."""
    standing = steps_standing(campaign)
    done = sum(not _left(standing.get(action, [])) for action in Action)
    return {
        "id": str(campaign.id),
        "month": campaign.month,
        "compound": named_json(campaign.compound),
        "organisation": named_json(campaign.compound.organisation),
        "area": campaign.area,
        "area_label": AREA_LABELS[campaign.area] if campaign.area else None,
        "actions_done": done,
        "actions": len(Action),
        "completed_on": _day(campaign.completed_on),
        "dropped_at": rfc3339(campaign.dropped_at),
        "dropped_because": campaign.dropped_because,
    }


def campaign_json(campaign: Campaign, found: Mapping[Action, Found]) -> dict[str, Any]:
    """A campaign whole: each action with its steps, what may follow, what was found."""
    standing = steps_standing(campaign)
    over = campaign.dropped_at is not None or campaign.completed_on is not None
    parts = [
        _action_json(action, standing.get(action, []), found[action], over=over)
        for action in Action
    ]
    return {**campaign_item(campaign), "parts": parts}


def _action_json(
    action: Action, steps: list[CampaignStep], found: Found, *, over: bool
) -> dict[str, Any]:
    possible = () if over else _left(steps)
    return {
        "action": action,
        "action_label": ACTION_LABELS[action],
        "steps": [_step_json(step) for step in steps],
        "next": [{"step": each, "step_label": STEP_LABELS[each]} for each in possible],
        "found": found.found,
        "closed": found.closed,
    }


def _left(steps: list[CampaignStep]) -> tuple[Step, ...]:
    return next_steps([step.step for step in steps])


def _step_json(step: CampaignStep) -> dict[str, Any]:
    return {
        "id": str(step.id),
        "step": step.step,
        "step_label": STEP_LABELS[step.step],
        "done_on": _day(step.done_on),
        "note": step.note,
        "photo_ids": [str(each.photo_id) for each in step.photos],
        "recorded_at": rfc3339(step.recorded_at),
    }


def progress_json(line: Progress) -> dict[str, Any]:
    """A community's half year."""
    return {
        "organisation": named_json(line.organisation),
        "compounds": line.compounds,
        "done": line.done,
        "rate": line.rate,
        "missing": [named_json(each) for each in line.missing],
        "months": [
            {"month": each.month, "needed": each.needed, "planned": each.planned}
            for each in line.months
        ],
    }


def candidate_json(candidate: Candidate) -> dict[str, Any]:
    """A compound with the grade it may be proposed for and the reasons, grade by grade."""
    return {
        "compound": named_json(candidate.compound),
        "organisation": named_json(candidate.compound.organisation),
        "grade": candidate.grade,
        "grade_label": GRADE_LABELS[candidate.grade] if candidate.grade else None,
        "grades": [_grade_json(candidate, grade) for grade in Grade],
    }


def _grade_json(candidate: Candidate, grade: Grade) -> dict[str, Any]:
    return {
        "grade": grade,
        "grade_label": GRADE_LABELS[grade],
        "reasons": [
            {
                "criterion": each.bound.criterion,
                "criterion_label": CRITERION_LABELS[each.bound.criterion],
                "observed": each.observed,
                "at_least": each.bound.at_least,
                "at_most": each.bound.at_most,
                "met": each.met,
            }
            for each in candidate.reasons(grade)
        ],
    }


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()
