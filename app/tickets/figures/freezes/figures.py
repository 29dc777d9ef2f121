"""The figures of a month as they are kept."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.clock import shanghai_day
from app.people.access import Actor
from app.people.models import Organisation
from app.tickets.figures.counting import figures_by_group, summed, weights_of
from app.tickets.figures.freezes.service import period_of
from app.tickets.figures.presenting import figures_json
from app.tickets.figures.scope import Scope


def figures_of_month(
    session: Session, actor: Actor, organisation: Organisation, month: str, *, now: datetime
) -> dict[str, Any]:
    """All figures of a month as they are now, without addresses: those would lead elsewhere."""
    scope = Scope(actor, shanghai_day(now), organisation)
    period = period_of(month, now)
    found = summed(figures_by_group(session, scope, period, None).values())
    return figures_json(found, weights_of(session, period), None)
