"""How far communities are with their campaigns, counted in the database for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    String,
    Subquery,
    and_,
    case,
    distinct,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.campaigns.models import Campaign
from app.campaigns.rules import FOCUS_AREAS, needed_in_a_month
from app.grid.models import WALKED_WEEKLY, Compound
from app.people.models import Organisation


@dataclass(frozen=True, slots=True)
class Counted:
    """A community in some days: its compounds, the campaigns planned for the month, and the
    compounds that are through."""

    compounds: int
    planned: int
    done: int

    @property
    def needed(self) -> int:
        """How many campaigns the month needs."""
        return needed_in_a_month(self.compounds)


def campaigns_by_unit(
    holds: ColumnElement[bool], stretches: Sequence[tuple[date, date]], *, today: date
) -> Any:
    """A query for rows (number, first_on, organisation_id, compounds, planned, done) of the
    communities that have compounds to walk, by the number of the stretch of days; what is planned
    is that of the month in which a stretch begins."""
    days = _days(stretches, today)
    through, planned = _through(days), _planned(days)
    done = and_(through.c.number == days.c.number, through.c.compound_id == Compound.id)
    of = and_(planned.c.number == days.c.number, planned.c.community_id == Organisation.id)
    count = func.coalesce(planned.c.planned, 0)
    walked: Any = Compound.in_service(days.c.day)
    return (
        select(
            days.c.number,
            days.c.first_on,
            Organisation.id.label("organisation_id"),
            func.count().label("compounds"),
            func.max(count).label("planned"),
            func.count(through.c.compound_id).label("done"),
        )
        .select_from(days)
        .join(Compound, and_(Compound.kind.in_(sorted(WALKED_WEEKLY)), walked))
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .outerjoin(through, done)
        .outerjoin(planned, of)
        .where(holds)
        .group_by(days.c.number, days.c.first_on, Organisation.id)
    )


def _days(stretches: Sequence[tuple[date, date]], today: date) -> CTE:
    """Compounds are those in service on the last day, or today while a stretch runs."""
    rows = (
        select(
            literal(number, Integer).label("number"),
            literal(first, Date).label("first_on"),
            literal(last, Date).label("last_on"),
            literal(min(today, last), Date).label("day"),
            literal(f"{first:%Y-%m}", String).label("month"),
        )
        for number, (first, last) in enumerate(stretches)
    )
    return union_all(*rows).cte("campaign_days")


def _through(days: CTE) -> Subquery:
    """Compounds that are through: the whole of one, or each focus area, completed in the days."""
    whole = func.sum(case((Campaign.area.is_(None), 1), else_=0))
    focus = func.count(distinct(case((Campaign.area.in_(FOCUS_AREAS), Campaign.area))))
    completed = Campaign.completed_on.between(days.c.first_on, days.c.last_on)
    return (
        select(days.c.number, Campaign.compound_id)
        .select_from(days)
        .join(Campaign, and_(completed, Campaign.dropped_at.is_(None)))
        .group_by(days.c.number, Campaign.compound_id)
        .having(or_(whole > 0, focus == len(FOCUS_AREAS)))
        .subquery()
    )


def _planned(days: CTE) -> Subquery:
    planned = and_(Campaign.month == days.c.month, Campaign.dropped_at.is_(None))
    return (
        select(days.c.number, Campaign.community_id, func.count().label("planned"))
        .select_from(days)
        .join(Campaign, planned)
        .group_by(days.c.number, Campaign.community_id)
        .subquery()
    )
