"""Assignments as JSON."""

from collections.abc import Mapping
from typing import Any

from app.administration.presenting.people import person_named
from app.duties.assignments.models import (
    ASSIGNED_KIND_LABELS,
    ASSISTANT_KIND_LABELS,
    LINE_LABELS,
    PART_LABELS,
    AssignedKind,
    Assignment,
    Line,
)
from app.duties.assignments.vacancies import Vacancy
from app.duties.units import named
from app.people.models import ROLE_LABELS, Organisation, Post


def assignment_json(row: Assignment, names: Mapping[str, str]) -> dict[str, Any]:
    """An assignment, with who it is and what it is about; `names` of duties by their code."""
    return {
        "id": str(row.id),
        "organisation": named(row.organisation),
        "subject": _subject_json(row, names),
        "part": row.part,
        "part_label": PART_LABELS[row.part],
        "assists_as": row.assists_as,
        "assists_as_label": ASSISTANT_KIND_LABELS[row.assists_as] if row.assists_as else None,
        "person": person_named(row.person) if row.person else None,
        "name": row.name,
        "from_on": row.from_on.isoformat(),
        "to_on": row.to_on.isoformat() if row.to_on else None,
    }


def _subject_json(row: Assignment, names: Mapping[str, str]) -> dict[str, Any]:
    if row.checkpoint is not None:
        return _subject(row.kind, str(row.checkpoint.id), row.checkpoint.name)
    place = row.cell or row.compound
    if place is not None:
        return _subject(row.kind, place.code, place.name)
    word = row.word or ""
    name = LINE_LABELS[Line(word)] if row.kind is AssignedKind.line else names.get(word, word)
    return _subject(row.kind, word, name)


def _subject(kind: AssignedKind, code: str, name: str) -> dict[str, Any]:
    return {"kind": kind, "kind_label": ASSIGNED_KIND_LABELS[kind], "code": code, "name": name}


def nameable_json(post: Post) -> dict[str, Any]:
    """Who may be named, by a post."""
    return {
        "person": person_named(post.person),
        "role": post.role,
        "role_label": ROLE_LABELS[post.role],
        "organisation": named(post.organisation),
    }


def vacancy_json(vacancy: Vacancy) -> dict[str, Any]:
    """A subject that nobody leads."""
    return {
        "organisation": {"code": vacancy.unit_code, "name": vacancy.unit_name},
        "subject": _subject(vacancy.kind, vacancy.code, vacancy.name),
        "place": vacancy.place,
    }


def vacant_line_json(
    organisation: Organisation, counts: dict[str, dict[AssignedKind, int]]
) -> dict[str, Any]:
    """How much of an organisation's subtree has no one."""
    below = [found for path, found in counts.items() if path.startswith(organisation.path)]

    def of(kind: AssignedKind) -> int:
        return sum(found.get(kind, 0) for found in below)

    return {
        "organisation": named(organisation),
        "vacant": sum(sum(found.values()) for found in below),
        "cells": of(AssignedKind.cell),
        "checkpoints": of(AssignedKind.checkpoint),
        "duties": of(AssignedKind.duty),
        "lines": of(AssignedKind.line),
    }
