"""Who may be proposed at the year's end, with what speaks for and against: computed, each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.campaigns.progress import areas_completed
from app.campaigns.rules import (
    GRADES,
    Bound,
    Criterion,
    Grade,
    HalfYear,
    compound_is_done,
    grade_reached,
)
from app.catalogue.kpis import KpiCode
from app.grid.models import WALKED_WEEKLY, Compound
from app.kernel.clock import iso_week, shanghai_day, week_days
from app.kernel.paging import Page, cut_page, decode_cursor
from app.rounds.coverage_queries import DueRules, weeks_covered
from app.rounds.queries import Scope
from app.tickets.figures.counting import NOTHING, Figures, Period, figures_by_group
from app.tickets.figures.definitions import BY_CODE
from app.tickets.figures.grouping import By
from app.tickets.figures.scope import Scope as FiguresScope


@dataclass(frozen=True)
class Reason:
    """One criterion of a grade: what was seen, and whether it is met (None: nothing to judge)."""

    bound: Bound
    observed: float | None

    @property
    def met(self) -> bool | None:
        """Whether what was observed is enough."""
        return self.bound.met_by(self.observed)


@dataclass(frozen=True)
class Candidate:
    """A compound at the end of a year: the grade it may be proposed for, if any, and the reasons
    for and against each grade."""

    compound: Compound
    grade: Grade | None
    observed: Mapping[Criterion, float | None]

    def reasons(self, grade: Grade) -> list[Reason]:
        """Each criterion of a grade with what was observed."""
        return [Reason(bound, self.observed.get(bound.criterion)) for bound in GRADES[grade]]


@dataclass(frozen=True)
class Year:
    """A calendar year as it is seen at an instant, and what is due to be walked."""

    year: int
    now: datetime
    rules: DueRules

    @property
    def last(self) -> date:
        """The last day that can be judged."""
        return min(date(self.year, 12, 31), shanghai_day(self.now))

    @property
    def weeks(self) -> list[str]:
        """The ISO weeks that began in it and are over."""
        first, found = date(self.year, 1, 1), []
        monday = first + timedelta(days=-first.weekday() % 7)
        while monday.year == self.year and week_days(iso_week(monday))[1] <= self.last:
            found.append(iso_week(monday))
            monday += timedelta(days=7)
        return found


def candidates_page(
    session: Session, scope: Scope, year: Year, *, limit: int, cursor: str | None
) -> Page[Candidate]:
    """A page of the compounds in a scope by code, each judged; five queries."""
    asked = (
        select(Compound)
        .join(Compound.organisation)
        .options(contains_eager(Compound.organisation))
        .where(scope.holds(), Compound.kind.in_(sorted(WALKED_WEEKLY)))
        .where(Compound.in_service(year.last))
        .order_by(Compound.code)
        .limit(limit + 1)
    )
    if cursor is not None:
        (last,) = decode_cursor(cursor, str)
        asked = asked.where(Compound.code > last)
    page = cut_page(session.scalars(asked).all(), limit, lambda one: (one.code,))
    return Page(judged(session, scope, year, page.items), page.next_cursor)


def judged(
    session: Session, scope: Scope, year: Year, compounds: Sequence[Compound]
) -> list[Candidate]:
    """Compounds with what was observed of each in a year."""
    ids = [each.id for each in compounds]
    halves = _halves_done(session, year, ids)
    walked = weeks_covered(session, ids, year.weeks, year.rules)
    figures = _figures(session, scope, year)
    found = []
    for compound in compounds:
        due, covered = walked.get(compound.id, (0, 0))
        observed = _observed(figures.get(compound.id, {}))
        observed[Criterion.campaigns] = float(halves[compound.id])
        observed[Criterion.coverage] = covered / due if due else None
        found.append(Candidate(compound, grade_reached(observed), observed))
    return found


def _halves_done(session: Session, year: Year, ids: Sequence[UUID]) -> dict[UUID, int]:
    done = dict.fromkeys(ids, 0)
    for half in (1, 2):
        for compound_id, areas in areas_completed(session, HalfYear(year.year, half), ids).items():
            done[compound_id] += compound_is_done(areas)
    return done


def _figures(session: Session, scope: Scope, year: Year) -> Mapping[UUID, Figures]:
    period = Period(date(year.year, 1, 1), year.last, year.now)
    asked = FiguresScope(scope.actor, scope.day, scope.organisation)
    return figures_by_group(session, asked, period, By.compound)


def _observed(figures: Figures) -> dict[Criterion, float | None]:
    in_time = figures.get(BY_CODE[KpiCode.rectified_in_time], NOTHING)
    reworked = figures.get(BY_CODE[KpiCode.reworked], NOTHING)
    overdue = figures.get(BY_CODE[KpiCode.overdue], NOTHING)
    return {
        Criterion.in_time: in_time.rate,
        Criterion.reworked: reworked.rate,
        Criterion.overdue: float(overdue.numerator),
    }
