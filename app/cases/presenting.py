"""Cases as JSON."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.cases.models import Case, CaseStep
from app.cases.service import possible_steps
from app.catalogue.cases.queries import Kind, Step
from app.kernel.clock import rfc3339
from app.rounds.presenting import named_json


def kind_json(kind: Kind) -> dict[str, Any]:
    """A kind of case: what it is about, its stages, what may be noted and filled in."""
    return {
        "code": kind.code,
        "name": kind.name,
        "section": kind.section,
        "about": kind.about,
        "opens": kind.opens,
        "stages": [_step_json(each) for each in kind.stages],
        "events": [_step_json(each) for each in kind.events],
        "fields": [
            {
                "code": each.code,
                "name": each.name,
                "kind": each.kind,
                "choices": list(each.choices),
                "expires": each.expires,
            }
            for each in kind.fields
        ],
    }


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "code": step.code,
        "name": step.name,
        "by": step.by,
        "needs": sorted(step.needs),
        "days": step.days,
    }


def case_item(case: Case, kind: Kind) -> dict[str, Any]:
    """A case in a list: what, where, how far, until when."""
    return {
        "id": str(case.id),
        "kind": {"code": kind.code, "name": kind.name},
        "title": case.title,
        "organisation": named_json(case.organisation),
        "compound": named_json(case.compound) if case.compound else None,
        "stage": case.stage,
        "stage_label": kind.stage(case.stage).name,
        "due_on": _day(case.due_on),
        "expires_on": _day(case.expires_on),
        "version": case.version,
        "opened_at": rfc3339(case.opened_at),
        "closed_at": rfc3339(case.closed_at),
        "dropped_because": case.dropped_because,
        "ticket_ids": [str(each.ticket_id) for each in case.tickets],
    }


def case_json(case: Case, kind: Kind, numbers: Mapping[UUID, str]) -> dict[str, Any]:
    """A case whole: what was filled in, what was recorded, what may be recorded now. `numbers` are
    those of its tickets that the asker sees."""
    names = {each.code: each.name for each in kind.fields}
    return {
        **case_item(case, kind),
        "fields": case.fields,
        "field_names": {code: names.get(code, code) for code in case.fields},
        "steps": [_recorded(each, kind) for each in case.steps],
        "next": [_step_json(each) for each in possible_steps(kind, case)],
        "tickets": [{"id": str(each), "number": number} for each, number in numbers.items()],
    }


def _recorded(step: CaseStep, kind: Kind) -> dict[str, Any]:
    names = {each.code: each.name for each in (*kind.stages, *kind.events)}
    return {
        "step": step.step,
        "step_label": names.get(step.step, step.step),
        "done_on": _day(step.done_on),
        "note": step.note,
        "fields": step.fields,
        "by": step.person.name if step.person else None,
        "recorded_at": rfc3339(step.recorded_at),
        "photo_ids": [str(each.photo_id) for each in step.photos],
    }


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()
