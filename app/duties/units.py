"""Units: the communities and villages that have duties, and the town's own office."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from app.people.access import Matter
from app.people.models import COMMUNITY_TYPES, Organisation


def matter_of_unit(unit: Organisation) -> Matter:
    """What permissions ask about a unit, or about a township when that is named."""
    community_id = unit.id if unit.type in COMMUNITY_TYPES else None
    return Matter(town_id=unit.town_id, community_id=community_id, paths=(unit.path,))


def in_use(day: date) -> ColumnElement[bool]:
    """The condition that an Organisation row is a community or village in use on a day."""
    lasts = or_(Organisation.retired_on.is_(None), Organisation.retired_on > day)
    return and_(Organisation.type.in_(sorted(COMMUNITY_TYPES)), lasts)


def named(thing: Any) -> dict[str, str]:
    """Something with a code inside another object."""
    return {"code": thing.code, "name": thing.name}
