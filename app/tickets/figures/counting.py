"""The figures counted: one statement for all KPIs and all groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.catalogue.composite import Weight, weights_in_force
from app.kernel.clock import day_start, shanghai_day
from app.tickets.figures.definitions import DENOMINATORS, KPIS, Denominator, Kpi, Unit, kpis_of
from app.tickets.figures.grouping import By, group_key
from app.tickets.figures.rules import Condition, Following
from app.tickets.figures.scope import Scope
from app.tickets.models import Leg, Ticket

MOST = max(len(kpis_of(denominator)) for denominator in DENOMINATORS)


@dataclass(frozen=True)
class Period:
    """Days (Asia/Shanghai), both included, as they are seen at an instant."""

    from_on: date
    to_on: date
    now: datetime

    def holds(self, denominator: Denominator) -> Condition:
        """The condition that a leg or ticket is counted, and in this period."""
        at = denominator.at(self.now)
        first, behind = day_start(self.from_on), day_start(self.to_on + timedelta(days=1))
        return and_(at >= first, at < behind, denominator.holds(self.now))


def weights_of(session: Session, period: Period) -> list[Weight]:
    """What the composite weighs: as on the last day of the figures, or as today if that is still
    to come."""
    return weights_in_force(session, day=min(period.to_on, shanghai_day(period.now)))


@dataclass(frozen=True)
class Figure:
    """A share: so many of so many."""

    numerator: int
    denominator: int

    @property
    def rate(self) -> float | None:
        """Between 0 and 1; None when there is nothing to be a share of."""
        return self.numerator / self.denominator if self.denominator else None


NOTHING = Figure(0, 0)
Figures = Mapping[Kpi, Figure]


def counted_from(denominator: Denominator, *columns: Any) -> Select[*tuple[Any, ...]]:
    """A query over the legs or tickets that a denominator is about."""
    if denominator.unit is Unit.ticket:
        return select(*columns).select_from(Ticket)
    follows = and_(Following.ticket_id == Leg.ticket_id, Following.sequence == Leg.sequence + 1)
    return (
        select(*columns)
        .select_from(Leg)
        .join(Ticket, Ticket.id == Leg.ticket_id)
        .outerjoin(Following, follows)
    )


def one_if(condition: Condition) -> Any:
    """1 where a condition holds, 0 elsewhere, unknown ones included."""
    return case((condition, 1), else_=0)


def figures_by_group(
    session: Session, scope: Scope, period: Period, by: By | None
) -> dict[Any, dict[Kpi, Figure]]:
    """The figures by the key of each group (all in one: the empty text); one query."""
    parts = [_counts(denominator, scope, period, by) for denominator in DENOMINATORS]
    found: dict[Any, dict[Kpi, Figure]] = {}
    for name, key, total, *shares in session.execute(union_all(*parts)):
        of_the_group = found.setdefault(key, dict.fromkeys(KPIS, NOTHING))
        denominator = next(one for one in DENOMINATORS if one.name == name)
        for kpi, share in zip(kpis_of(denominator), shares, strict=False):
            of_the_group[kpi] = Figure(share, total)
    return found


def _counts(
    denominator: Denominator, scope: Scope, period: Period, by: By | None
) -> Select[*tuple[Any, ...]]:
    flags = [one_if(kpi.numerator(period.now)) for kpi in kpis_of(denominator)]
    flags += [literal(0)] * (MOST - len(flags))
    key: Any = group_key(by, denominator, countywide=scope.countywide).label("key")
    named = [flag.label(f"flag_{number}") for number, flag in enumerate(flags)]
    rows = (
        counted_from(denominator, key, *named)
        .where(period.holds(denominator), scope.holds(denominator))
        # Found first, then grouped: SQLite would else walk a table in the order of the groups.
        .offset(0)
        .subquery()
    )
    sums = [func.sum(rows.c[flag.name]) for flag in named]
    return select(literal(denominator.name), rows.c.key, func.count(), *sums).group_by(rows.c.key)


def summed(groups: Iterable[Figures]) -> dict[Kpi, Figure]:
    """The figures of all groups together: each leg and ticket is in one of them."""
    total = dict.fromkeys(KPIS, NOTHING)
    for figures in groups:
        for kpi, figure in figures.items():
            known = total[kpi]
            total[kpi] = Figure(
                known.numerator + figure.numerator, known.denominator + figure.denominator
            )
    return total
