"""Organisations as JSON."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import ORGANISATION_TYPE_LABELS, GroupScope, Organisation


def named(thing: Any) -> dict[str, str]:
    """A thing with a code inside another object."""
    return {"code": thing.code, "name": thing.name}


def day_text(day: date | None) -> str | None:
    """A date as ISO text."""
    return day.isoformat() if day else None


def organisation_state(organisation: Organisation) -> dict[str, Any]:
    """An organisation as the log keeps it."""
    return {
        "code": organisation.code,
        "name": organisation.name,
        "type": organisation.type.value,
        "retired_on": day_text(organisation.retired_on),
    }


def organisations_json(
    session: Session, organisations: Sequence[Organisation], *, day: date
) -> list[dict[str, Any]]:
    """Organisations with what they hang under and what groups are given; two queries."""
    above = _above(session, organisations)
    given = _given(session, organisations, day)
    return [
        {
            "id": str(one.id),
            **organisation_state(one),
            "type_label": ORGANISATION_TYPE_LABELS[one.type],
            "parent": named(above[one.parent_id]) if one.parent_id else None,
            "town": named(above[one.town_id]) if one.town_id else None,
            "given": given.get(one.id, []),
        }
        for one in organisations
    ]


def _above(session: Session, rows: Sequence[Organisation]) -> Mapping[UUID, Organisation]:
    ids = {i for one in rows for i in (one.parent_id, one.town_id) if i is not None}
    found = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {one.id: one for one in found}


def _given(
    session: Session, rows: Sequence[Organisation], day: date
) -> dict[UUID, list[dict[str, str]]]:
    """Communities by the id of the management group they are given to on a day, by code."""
    found = session.execute(
        select(GroupScope.group_id, Organisation)
        .join(Organisation, Organisation.id == GroupScope.organisation_id)
        .where(GroupScope.group_id.in_([one.id for one in rows]), GroupScope.in_force(day))
        .order_by(Organisation.code)
    )
    given: dict[UUID, list[dict[str, str]]] = {}
    for group_id, community in found:
        given.setdefault(group_id, []).append(named(community))
    return given
