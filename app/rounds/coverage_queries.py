"""Reads about coverage: which compounds are due in a week, which are covered, what is missing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Select,
    Subquery,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, contains_eager

from app.catalogue.pauses import DaysPaused, WeeksPaused, standing_still
from app.grid.models import Checkpoint, Compound, CompoundKind
from app.grid.service_days import day_on_record
from app.kernel.clock import week_days
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import ActorPost
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType
from app.rounds.coverage import Figures, days_judged
from app.rounds.models import CheckResult, Round, RoundCheck
from app.rounds.queries import READERS, Scope
from app.rounds.spot_checks.models import SpotCheck

ROLLED_UP = COMMUNITY_TYPES | {OrganisationType.town}
"""The types of organisation that a summary has a line for."""


@dataclass(frozen=True)
class CoverageItem:
    """A compound due in a week and its round of that week, if anybody began one."""

    compound: Compound
    round: Round | None

    @property
    def covered(self) -> bool:
        """Whether the round is complete."""
        return self.round is not None and self.round.complete


@dataclass(frozen=True)
class DueRules:
    """What is walked weekly, and where whole weeks (and, for duties, days) stand still."""

    kinds: Collection[CompoundKind]
    paused: Sequence[WeeksPaused] = ()
    days: Sequence[DaysPaused] = ()


def due_rules_of(session: Session, kinds: Collection[CompoundKind]) -> DueRules:
    """What is due, given what is walked weekly; one query."""
    standing = standing_still(session)
    return DueRules(kinds, standing.weeks, standing.days)


def is_due(monday: Any, sunday: Any, rules: DueRules) -> ColumnElement[bool]:
    """The condition that a Compound row is due in the week of these days (values or columns).

    Due is what is walked weekly and in service on any day of the week, unless pauses cover all of
    it. This is the only place that says so: whatever else excuses a compound for a whole week
    belongs here.
    """
    due = Compound.kind.in_(sorted(rules.kinds)), Compound.in_service(monday, sunday)
    return and_(*due, *(~_paused(monday, weeks) for weeks in rules.paused))


def _paused(monday: Any, weeks: WeeksPaused) -> ColumnElement[bool]:
    """The condition that a Compound row lies where a whole week stands still."""
    first = literal(monday, Date) if isinstance(monday, date) else monday
    under = and_(Organisation.path >= weeks.path, Organisation.path < weeks.path + "g")
    area = select(Organisation.id).where(under).correlate(None)
    return and_(first.between(weeks.first, weeks.last), Compound.organisation_id.in_(area))


def coverage_figures(
    session: Session, scope: Scope, weeks: Sequence[str], rules: DueRules
) -> Mapping[str, Mapping[str, Figures]]:
    """The figures by path of the compounds' community, and by week; one query.

    A community and week where nothing is due is not in it.
    """
    asked = covered_by_community(scope, weeks, rules).add_columns(
        func.count(SpotCheck.id),
        func.count(SpotCheck.result),
        func.count().filter(SpotCheck.result == CheckResult.problem),
    )
    spot_checked: Any = asked.outerjoin(SpotCheck, SpotCheck.round_id == Round.id)
    figures: dict[str, dict[str, Figures]] = {}
    for path, week, *counted in session.execute(spot_checked):
        figures.setdefault(path, {})[week] = Figures(*counted)
    return figures


def covered_by_community(
    scope: Scope, weeks: Sequence[str], rules: DueRules
) -> Select[str, str, int, int]:
    """A query for the compounds due and covered, by path of their community and by week."""
    asked = _weeks(weeks)
    return (
        select(
            Organisation.path,
            asked.c.week,
            func.count().label("due"),
            func.count(Round.id).label("covered"),
        )
        .select_from(asked)
        .join(Compound, is_due(asked.c.monday, asked.c.sunday, rules))
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .outerjoin(Round, _completed_in(asked.c.week))
        .where(scope.holds())
        .group_by(Organisation.path, asked.c.week)
    )


def weeks_covered(
    session: Session, compound_ids: Collection[UUID], weeks: Sequence[str], rules: DueRules
) -> dict[UUID, tuple[int, int]]:
    """In how many of some weeks each compound was due, and in how many of those it was covered;
    one query. One that was never due is not in it."""
    if not weeks:
        return {}
    asked = _weeks(weeks)
    rows = session.execute(
        select(Compound.id, func.count(), func.count(Round.id))
        .select_from(asked)
        .join(Compound, is_due(asked.c.monday, asked.c.sunday, rules))
        .outerjoin(Round, _completed_in(asked.c.week))
        .where(Compound.id.in_(compound_ids))
        .group_by(Compound.id)
    )
    return {compound_id: (due, covered) for compound_id, due, covered in rows}


def _completed_in(week: Any) -> ColumnElement[bool]:
    return and_(
        Round.compound_id == Compound.id, Round.week == week, Round.completed_at.is_not(None)
    )


def _weeks(weeks: Sequence[str]) -> CTE:
    """ISO weeks with their Mondays and Sundays as rows."""
    rows = []
    for week in weeks:
        monday, sunday = week_days(week)
        rows.append(
            select(
                literal(week).label("week"),
                literal(monday, Date).label("monday"),
                literal(sunday, Date).label("sunday"),
            )
        )
    return union_all(*rows).cte("weeks")


def coverage_page(
    session: Session,
    scope: Scope,
    week: str,
    rules: DueRules,
    *,
    limit: int,
    cursor: str | None = None,
) -> Page[CoverageItem]:
    """A page of the compounds due in a week, by code."""
    asked = (
        select(Compound, Round)
        .join(Compound.organisation)
        .outerjoin(Round, and_(Round.compound_id == Compound.id, Round.week == week))
        .options(contains_eager(Compound.organisation))
        .where(is_due(*week_days(week), rules), scope.holds())
    )
    if cursor is not None:
        (after,) = decode_cursor(cursor, _code)
        asked = asked.where(Compound.code > after)
    rows = session.execute(asked.order_by(Compound.code).limit(limit + 1))
    items = [CoverageItem(compound, walked) for compound, walked in rows]
    return cut_page(items, limit, lambda one: (one.compound.code,))


def compounds_due(session: Session, week: str, rules: DueRules) -> list[CoverageItem]:
    """Every compound due in a week, by code, for work that nobody asked for; one query."""
    rows = session.execute(
        select(Compound, Round)
        .join(Compound.organisation)
        .outerjoin(Round, and_(Round.compound_id == Compound.id, Round.week == week))
        .options(contains_eager(Compound.organisation))
        .where(is_due(*week_days(week), rules))
        .order_by(Compound.code)
    )
    return [CoverageItem(compound, walked) for compound, walked in rows]


def _code(value: Any) -> str:
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise ValueError(value)
    return value


def missing_checkpoints(
    session: Session, items: Sequence[CoverageItem], week: str, *, latest: date
) -> Mapping[UUID, list[Checkpoint]]:
    """The checkpoints that the week's round needs and that have no result, of those compounds that
    are not covered, by compound id; one query.

    `latest` is the last day by which the week is judged.
    """
    uncovered = [one.compound.id for one in items if not one.covered]
    if not uncovered:
        return {}
    judged = _days_judged(uncovered, week, latest)
    seen = exists().where(
        Round.compound_id == Checkpoint.compound_id,
        Round.week == week,
        RoundCheck.round_id == Round.id,
        RoundCheck.checkpoint_id == Checkpoint.id,
    )
    rows = session.scalars(
        select(Checkpoint)
        .join(judged, judged.c.id == Checkpoint.compound_id)
        .where(Checkpoint.in_service(judged.c.day), ~seen)
        .order_by(Checkpoint.position, Checkpoint.name)
    )
    missing: dict[UUID, list[Checkpoint]] = {}
    for checkpoint in rows:
        missing.setdefault(checkpoint.compound_id, []).append(checkpoint)
    return missing


def _days_judged(compound_ids: Sequence[UUID], week: str, latest: date) -> Subquery:
    """`judged_on` in SQL: rows (id, day) of some compounds."""
    rows = (select(literal(day, Date).label("day")) for day in days_judged(week, latest))
    days = union_all(*rows).cte("days")
    served = func.max(days.c.day)
    first = day_on_record(latest, Compound.in_service_on)
    return (
        select(Compound.id, func.coalesce(served, first).label("day"))
        .outerjoin(days, Compound.in_service(days.c.day))
        .where(Compound.id.in_(compound_ids))
        .group_by(Compound.id)
        .subquery()
    )


def organisations_rolled_up(session: Session, scope: Scope) -> Sequence[Organisation]:
    """The lines of a summary by code: the children of the organisation asked for, else of each of
    the actor's; a community or village is its own line. Only what the actor sees."""
    if scope.organisation is None:
        posts = scope.actor.posts_as(*READERS)
        lines = or_(*(_lines_of_post(post) for post in posts), Organisation.id.is_(None))
    elif scope.organisation.type is OrganisationType.management_group:
        lines = Organisation.type.in_(sorted(ROLLED_UP))
    else:
        lines = _lines(scope.organisation.id)
    return session.scalars(
        select(Organisation)
        .where(lines, scope.holds(), Organisation.type.in_(sorted(ROLLED_UP)))
        .order_by(Organisation.code)
    ).all()


def _lines_of_post(post: ActorPost) -> ColumnElement[bool]:
    if post.organisation_type is OrganisationType.management_group:
        return Organisation.id.in_(post.given)
    return _lines(post.organisation_id)


def _lines(organisation_id: UUID) -> ColumnElement[bool]:
    itself = and_(
        Organisation.id == organisation_id, Organisation.type.in_(sorted(COMMUNITY_TYPES))
    )
    return or_(Organisation.parent_id == organisation_id, itself)
