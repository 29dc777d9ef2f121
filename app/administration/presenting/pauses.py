"""Pauses as JSON."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.administration.presenting.organisations import named
from app.administration.presenting.people import person_named
from app.catalogue.models import PausePeriod
from app.catalogue.queries import categories_in_force
from app.kernel.clock import rfc3339


def pause_state(pause: PausePeriod) -> dict[str, Any]:
    """A pause as the log keeps it."""
    return {
        "organisation": pause.organisation.code,
        "categories": pause.categories,
        "document": pause.document,
        "reason": pause.reason,
        "from": rfc3339(pause.from_at),
        "to": rfc3339(pause.to_at),
    }


def pauses_json(
    session: Session, pauses: Sequence[PausePeriod], *, day: date
) -> list[dict[str, Any]]:
    """Pauses with their categories by name, as the dictionary has them on a day."""
    return [pause_json(session, pause, day=day) for pause in pauses]


def pause_json(session: Session, pause: PausePeriod, *, day: date) -> dict[str, Any]:
    """One pause."""
    return {
        "id": str(pause.id),
        **pause_state(pause),
        "organisation": named(pause.organisation),
        "categories": _categories(session, pause, day),
        "made_at": rfc3339(pause.made_at),
        "made_by": person_named(pause.made_by) if pause.made_by else None,
        "ended_at": rfc3339(pause.ended_at),
        "ended_by": person_named(pause.ended_by) if pause.ended_by else None,
    }


def _categories(session: Session, pause: PausePeriod, day: date) -> list[dict[str, str]] | None:
    if pause.categories is None:
        return None
    town_id = pause.organisation.town_id
    known = categories_in_force(session, day=day, town_id=town_id)
    names = {category.code: category.name for category in known}
    return [{"code": code, "name": names.get(code, code)} for code in pause.categories]
