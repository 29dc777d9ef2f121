"""What the catalogue says on a day, for the deployment or as one township has it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import and_, exists, literal, select, union_all
from sqlalchemy.orm import Session

from app.catalogue.models import (
    Action,
    CalendarYear,
    CatalogueVersion,
    Category,
    Condition,
    Entry,
    PausePeriod,
    Stage,
    StageLimit,
)
from app.catalogue.snapshots import snapshot_of
from app.catalogue.thresholds import PhotoThresholds, ThresholdRow
from app.people.models import Organisation
from app.sla.calendar import AnnouncedYear, WorkCalendar
from app.sla.limits import Limit

View = TypeVar("View")


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition as it holds: its limit, what must be true to close, whom to tell at once."""

    id: UUID
    code: str
    name: str
    limit: Limit
    closing_test: str
    enforcement: bool


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category as it holds, its conditions in order; the first is the default."""

    id: UUID
    code: str
    name: str
    action: Action | None
    standard_code: str | None
    standard_ref: str
    routable: bool
    conditions: tuple[ConditionView, ...] = ()

    def condition(self, code: str | None = None) -> ConditionView | None:
        """The condition with a code, the first when no code is given, None when there is none."""
        return next((each for each in self.conditions if code in (None, each.code)), None)


@dataclass(frozen=True, slots=True)
class PauseView:
    """A pause period as it holds: in which subtree, for which categories (None: all), when."""

    path: str
    categories: frozenset[str] | None
    document: str
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class _Kept(Generic[View]):
    """A dated row read once: what it says, for whom and when; conditions group by category."""

    view: View
    group: str
    organisation_id: UUID | None
    from_on: date
    to_on: date | None

    def holds(self, day: date, organisation_id: UUID | None) -> bool:
        """Whether the row is this organisation's own (None: the deployment's) and in force."""
        mine = self.organisation_id == organisation_id
        return mine and self.from_on <= day and (self.to_on is None or day < self.to_on)


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """Every row there ever was, in the files' order, the calendar, and the pauses."""

    categories: tuple[_Kept[CategoryView], ...]
    conditions: dict[str, tuple[_Kept[ConditionView], ...]]
    stage_limits: tuple[_Kept[Limit], ...]
    calendar: WorkCalendar
    pauses: tuple[PauseView, ...]
    thresholds: tuple[ThresholdRow, ...]


def has_catalogue(session: Session) -> bool:
    """Whether a catalogue was ever loaded."""
    return bool(session.scalar(select(exists(select(CatalogueVersion.id)))))


def categories_in_force(
    session: Session, *, day: date, town_id: UUID | None = None
) -> list[CategoryView]:
    """The categories that hold on a day (Asia/Shanghai), in dictionary order.

    A township's own category stands in for the deployment's with all its conditions, at its
    place; those that only the township has come last.
    """
    catalogue = snapshot_of(session, _read_catalogue)
    winners = _winners(catalogue.categories, day, town_id)
    return [_with_conditions(catalogue, kept, day) for kept in winners.values()]


def category_in_force(
    session: Session, code: str, *, day: date, town_id: UUID | None = None
) -> CategoryView | None:
    """The category with a code as it holds on a day (Asia/Shanghai); None when it does not."""
    catalogue = snapshot_of(session, _read_catalogue)
    rows = [kept for kept in catalogue.categories if kept.group == code]
    kept = _winners(rows, day, town_id).get(code)
    return None if kept is None else _with_conditions(catalogue, kept, day)


def stage_limit_in_force(
    session: Session, stage: Stage, *, day: date, town_id: UUID | None = None
) -> Limit | None:
    """How long filing or checking may take on a day (Asia/Shanghai); None before any load."""
    catalogue = snapshot_of(session, _read_catalogue)
    kept = _winners(catalogue.stage_limits, day, town_id).get(stage.value)
    return None if kept is None else kept.view


def work_calendar(session: Session) -> WorkCalendar:
    """The working days of all years whose arrangement is loaded."""
    return snapshot_of(session, _read_catalogue).calendar


def pauses_known(session: Session) -> tuple[PauseView, ...]:
    """Every pause period that lasts for a time, past and future ones too, the first first."""
    return snapshot_of(session, _read_catalogue).pauses


def threshold_rows(session: Session) -> tuple[ThresholdRow, ...]:
    """Every set of thresholds there ever was, the oldest first."""
    return snapshot_of(session, _read_catalogue).thresholds


def all_pauses(session: Session) -> list[PauseView]:
    """The same as `pauses_known`, by a query of their own."""
    rows = session.execute(
        select(PausePeriod, Organisation.path)
        .join(Organisation, Organisation.id == PausePeriod.organisation_id)
        .where(PausePeriod.from_at < PausePeriod.to_at)
        .order_by(PausePeriod.from_at)
    )
    return [_pause_view(row.PausePeriod, row.path) for row in rows]


def _winners(
    rows: Iterable[_Kept[View]], day: date, town_id: UUID | None
) -> dict[str, _Kept[View]]:
    """The rows in force by code, a township's in the place of the deployment's."""
    rows = tuple(rows)
    common = {kept.group: kept for kept in rows if kept.holds(day, None)}
    if town_id is None:
        return common
    return common | {kept.group: kept for kept in rows if kept.holds(day, town_id)}


def _with_conditions(
    catalogue: _Catalogue, category: _Kept[CategoryView], day: date
) -> CategoryView:
    rows = catalogue.conditions.get(category.group, ())
    conditions = tuple(row.view for row in rows if row.holds(day, category.organisation_id))
    return replace(category.view, conditions=conditions)


def _read_catalogue(session: Session) -> _Catalogue:
    """Reads the six tables in one statement: a report to a fresh process waits for one answer."""
    categories, conditions, stage_limits, years, pauses, thresholds = _rows(session)
    by_category: dict[str, tuple[_Kept[ConditionView], ...]] = {}
    for row in conditions:
        kept = _kept(row, row.category_code, _condition_view(row))
        by_category[kept.group] = (*by_category.get(kept.group, ()), kept)
    return _Catalogue(
        categories=tuple(_kept(row, row.code, _category_view(row)) for row in categories),
        conditions=by_category,
        stage_limits=tuple(_kept(row, row.stage.value, _limit(row)) for row in stage_limits),
        calendar=WorkCalendar.from_years(map(_announced, years)),
        pauses=pauses,
        thresholds=thresholds,
    )


def _rows(
    session: Session,
) -> tuple[
    list[Category],
    list[Condition],
    list[StageLimit],
    list[CalendarYear],
    tuple[PauseView, ...],
    tuple[ThresholdRow, ...],
]:
    """The rows of each table in their order: each of six marks is joined to one table only."""
    marks = union_all(*(select(literal(mark).label("mark")) for mark in range(6))).subquery()
    kinds = Category, Condition, StageLimit, CalendarYear, PausePeriod, PhotoThresholds
    rows = session.execute(
        select(*kinds, Organisation.path, CatalogueVersion.number, CatalogueVersion.loaded_at)
        .select_from(marks)
        .outerjoin(Category, marks.c.mark == 0)
        .outerjoin(Condition, marks.c.mark == 1)
        .outerjoin(StageLimit, marks.c.mark == 2)
        .outerjoin(CalendarYear, marks.c.mark == 3)
        .outerjoin(PausePeriod, and_(marks.c.mark == 4, PausePeriod.from_at < PausePeriod.to_at))
        .outerjoin(PhotoThresholds, marks.c.mark == 5)
        .outerjoin(Organisation, Organisation.id == PausePeriod.organisation_id)
        .outerjoin(CatalogueVersion, CatalogueVersion.id == PhotoThresholds.version_id)
        .order_by(
            *(column for kind in (Category, Condition, StageLimit) for column in _order(kind)),
            CalendarYear.year,
            PausePeriod.from_at,
            PhotoThresholds.from_on,
        )
    ).all()
    return (
        [row.Category for row in rows if row.Category],
        [row.Condition for row in rows if row.Condition],
        [row.StageLimit for row in rows if row.StageLimit],
        [row.CalendarYear for row in rows if row.CalendarYear],
        tuple(_pause_view(row.PausePeriod, row.path) for row in rows if row.PausePeriod),
        tuple(_threshold_row(row) for row in rows if row.PhotoThresholds),
    )


def _order(kind: type[Entry]) -> tuple[Any, Any]:
    return kind.position, kind.from_on


def _kept(row: Entry, group: str, view: View) -> _Kept[View]:
    return _Kept(view, group, row.organisation_id, row.from_on, row.to_on)


def _category_view(row: Category) -> CategoryView:
    return CategoryView(
        id=row.id,
        code=row.code,
        name=row.name,
        action=row.action,
        standard_code=row.standard_code,
        standard_ref=row.standard_ref,
        routable=row.routable,
    )


def _condition_view(row: Condition) -> ConditionView:
    return ConditionView(
        id=row.id,
        code=row.code,
        name=row.name,
        limit=_limit(row),
        closing_test=row.closing_test,
        enforcement=row.enforcement,
    )


def _pause_view(row: PausePeriod, path: str) -> PauseView:
    categories = None if row.categories is None else frozenset(row.categories)
    return PauseView(path, categories, row.document, row.from_at, row.to_at)


def _threshold_row(row: Any) -> ThresholdRow:
    said: PhotoThresholds = row.PhotoThresholds
    return ThresholdRow(said.figures, row.number, said.from_on, said.to_on, row.loaded_at)


def _limit(row: Condition | StageLimit) -> Limit:
    return Limit(row.limit_amount, row.limit_unit)


def _announced(row: CalendarYear) -> AnnouncedYear:
    return AnnouncedYear(
        year=row.year,
        holidays=tuple(map(date.fromisoformat, row.holidays)),
        working_days=tuple(map(date.fromisoformat, row.working_days)),
    )
