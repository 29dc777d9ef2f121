"""Categories with their conditions as JSON."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.administration.presenting.organisations import day_text
from app.catalogue.models import ACTION_LABELS, Category
from app.catalogue.overriding import own_categories
from app.catalogue.queries import CategoryView, ConditionView, categories_in_force


def category_state(category: CategoryView | None) -> dict[str, Any] | None:
    """A category as the log keeps it; None: there is none."""
    if category is None:
        return None
    return {
        "name": category.name,
        "action": category.action.value if category.action else None,
        "standard_code": category.standard_code,
        "standard_ref": category.standard_ref,
        "routable": category.routable,
        "conditions": [_condition_state(one) for one in category.conditions],
    }


def dictionary_json(session: Session, *, town_id: UUID | None, day: date) -> list[dict[str, Any]]:
    """The dictionary of a township, or of the deployment, as it holds on a day."""
    rows: Sequence[CategoryView] = categories_in_force(session, day=day, town_id=town_id)
    common = own_categories(session, day=day, town_id=None)
    own = own_categories(session, day=day, town_id=town_id) if town_id else common
    return [_category_json(one, own.get(one.code) or common[one.code], town_id) for one in rows]


def _category_json(view: CategoryView, row: Category, town_id: UUID | None) -> dict[str, Any]:
    state = category_state(view) or {}
    return {
        "code": view.code,
        **state,
        "action_label": ACTION_LABELS[view.action] if view.action else None,
        "conditions": [
            {**_condition_state(one), "limit_label": one.limit.label} for one in view.conditions
        ],
        "own": row.organisation_id == town_id,
        "from_on": row.from_on.isoformat(),
        "to_on": day_text(row.to_on),
    }


def _condition_state(condition: ConditionView) -> dict[str, Any]:
    return {
        "code": condition.code,
        "name": condition.name,
        "limit": {"amount": condition.limit.amount, "unit": condition.limit.unit.value},
        "closing_test": condition.closing_test,
        "enforcement": condition.enforcement,
    }
