"""What is read out of rounds, tickets and assignments, and never typed again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Select, and_, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.campaigns.counting import Counted, campaigns_by_unit
from app.catalogue.desk.models import Derived, PeriodKind
from app.catalogue.desk.queries import Quota
from app.duties.assignments.vacancy_counts import vacancy_counts
from app.duties.periods import Period
from app.duties.progress.units import Unit
from app.duties.quotas import Tally
from app.kernel.clock import day_start
from app.people.models import Organisation
from app.rounds.coverage import Figures
from app.rounds.coverage_queries import DueRules, coverage_figures
from app.rounds.queries import Scope
from app.tickets.figures.rules import shanghai_date
from app.tickets.models import State, Ticket

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Readings:
    """What was read for some periods; `of` is what a soft goal is a share of."""

    coverage: dict[tuple[str, str], Figures] = field(default_factory=dict)
    same_day: dict[tuple[str, UUID], tuple[int, int]] = field(default_factory=dict)
    vacant: dict[str, int] = field(default_factory=dict)
    campaigns: dict[tuple[str, UUID], Counted] = field(default_factory=dict)

    def tally(
        self, derived: Derived, quota: Quota, unit: Unit, period: Period
    ) -> tuple[Tally, int | None] | None:
        """What was done of a derived duty, and of how many; None: nothing is due in the period."""
        if derived is Derived.weekly_rounds:
            figures = self.coverage.get((period.code, unit.path), Figures())
            return (Tally(figures.due, figures.covered), None) if figures.due else None
        if derived is Derived.same_day:
            done, of = self.same_day.get((period.code, unit.id), (0, 0))
            return (Tally(quota.count, done), of) if of else None
        if derived in OF_CAMPAIGNS:
            counted = self.campaigns.get((period.code, unit.id))
            return (campaigns_tally(derived, counted), None) if counted else None
        vacant = self.vacant.get(unit.path, 0)
        return Tally(max(1, vacant), 0 if vacant else 1), None


OF_CAMPAIGNS = (Derived.campaigns_planned, Derived.campaigns_done)


def campaigns_tally(derived: Derived, counted: Counted) -> Tally:
    """What was done of a month's plan, or of a half year's compounds."""
    if derived is Derived.campaigns_planned:
        return Tally(counted.needed, counted.planned)
    return Tally(counted.compounds, counted.done)


def readings_of(
    session: Session, scope: Scope, wanted: Collection[tuple[Derived, Period]], rules: DueRules
) -> Readings:
    """Reads what is derived for some periods; one query for each kind that is asked for, two for
    assignments."""
    by_kind: dict[Derived, list[Period]] = {}
    for derived, period in wanted:
        by_kind.setdefault(derived, []).append(period)
    weeks = [p.code for p in by_kind.get(Derived.weekly_rounds, ()) if p.kind is PeriodKind.week]
    coverage = coverage_figures(session, scope, weeks, rules) if weeks else {}
    days = by_kind.get(Derived.same_day, [])
    vacant = vacancy_counts(session, scope) if Derived.assignments in by_kind else {}
    zones = [one for kind in OF_CAMPAIGNS for one in by_kind.get(kind, ())]
    return Readings(
        coverage={
            (week, path): figures
            for path, by_week in coverage.items()
            for week, figures in by_week.items()
        },
        same_day=_same_day(session, scope, days) if days else {},
        vacant={path: sum(counts.values()) for path, counts in vacant.items()},
        campaigns=_campaigns(session, scope, zones) if zones else {},
    )


def _campaigns(
    session: Session, scope: Scope, periods: Sequence[Period]
) -> dict[tuple[str, UUID], Counted]:
    """By period and community; one that has no compound to walk is not in it."""
    days = [(one.first_on, one.last_on) for one in periods]
    rows = session.execute(campaigns_by_unit(scope.holds(), days, today=scope.day))
    return {(periods[row[0]].code, row[2]): Counted(*row[3:]) for row in rows}


def _same_day(
    session: Session, scope: Scope, periods: Sequence[Period]
) -> dict[tuple[str, UUID], tuple[int, int]]:
    rows = session.execute(put_right_same_day(scope, periods))
    return {(periods[row[0]].code, row[1]): (row[2], row[3]) for row in rows}


def put_right_same_day(scope: Scope, periods: Sequence[Period]) -> Select[int, UUID, int, int]:
    """A query for what was put right on the day of its report, and all that was reported and
    stands, by the period's number and by community."""
    instant = DateTime(timezone=True)
    stretches = union_all(
        *(
            select(
                literal(number, Integer).label("number"),
                literal(day_start(one.first_on), instant).label("first"),
                literal(day_start(one.last_on + DAY), instant).label("behind"),
            )
            for number, one in enumerate(periods)
        )
    ).cte("stretches")
    put_right: Any = shanghai_date(Ticket.rectified_at) == shanghai_date(Ticket.reported_at)
    return (
        select(
            stretches.c.number,
            Ticket.community_id,
            func.sum(case((put_right, 1), else_=0)).label("done"),
            func.count().label("of"),
        )
        .select_from(stretches)
        .join(
            Ticket,
            and_(Ticket.reported_at >= stretches.c.first, Ticket.reported_at < stretches.c.behind),
        )
        .join(Organisation, Organisation.id == Ticket.community_id)
        .where(scope.holds(), _stands())
        .group_by(stretches.c.number, Ticket.community_id)
    )


def _stands() -> Any:
    """What was rejected, voided or taken back is no problem that anybody had to put right."""
    return Ticket.state.not_in([State.rejected, State.voided, State.withdrawn])
