"""What the catalogue says on a day, for the deployment or as one township has it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.catalogue.models import (
    Action,
    CalendarYear,
    CatalogueVersion,
    Category,
    Condition,
    Entry,
    Stage,
    StageLimit,
)
from app.catalogue.snapshots import snapshot_of
from app.sla.calendar import AnnouncedYear, WorkCalendar
from app.sla.limits import Limit

View = TypeVar("View")
Row = TypeVar("Row", bound=Entry)


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
class _Dictionary:
    """Every row there ever was, in the files' order."""

    categories: tuple[_Kept[CategoryView], ...]
    conditions: dict[str, tuple[_Kept[ConditionView], ...]]
    stage_limits: tuple[_Kept[Limit], ...]


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
    dictionary = snapshot_of(session, _read_dictionary)
    winners = _winners(dictionary.categories, day, town_id)
    return [_with_conditions(dictionary, kept, day) for kept in winners.values()]


def category_in_force(
    session: Session, code: str, *, day: date, town_id: UUID | None = None
) -> CategoryView | None:
    """The category with a code as it holds on a day (Asia/Shanghai); None when it does not."""
    dictionary = snapshot_of(session, _read_dictionary)
    rows = [kept for kept in dictionary.categories if kept.group == code]
    kept = _winners(rows, day, town_id).get(code)
    return None if kept is None else _with_conditions(dictionary, kept, day)


def stage_limit_in_force(
    session: Session, stage: Stage, *, day: date, town_id: UUID | None = None
) -> Limit | None:
    """How long filing or checking may take on a day (Asia/Shanghai); None before any load."""
    dictionary = snapshot_of(session, _read_dictionary)
    kept = _winners(dictionary.stage_limits, day, town_id).get(stage.value)
    return None if kept is None else kept.view


def work_calendar(session: Session) -> WorkCalendar:
    """The working days of all years whose arrangement is loaded."""
    return snapshot_of(session, _read_calendar)


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
    dictionary: _Dictionary, category: _Kept[CategoryView], day: date
) -> CategoryView:
    rows = dictionary.conditions.get(category.group, ())
    conditions = tuple(row.view for row in rows if row.holds(day, category.organisation_id))
    return replace(category.view, conditions=conditions)


def _read_dictionary(session: Session) -> _Dictionary:
    conditions: dict[str, tuple[_Kept[ConditionView], ...]] = {}
    for kept in _read(session, Condition, lambda row: row.category_code, _condition_view):
        conditions[kept.group] = (*conditions.get(kept.group, ()), kept)
    return _Dictionary(
        categories=_read(session, Category, lambda row: row.code, _category_view),
        conditions=conditions,
        stage_limits=_read(session, StageLimit, lambda row: row.stage.value, _limit),
    )


def _read(
    session: Session,
    kind: type[Row],
    group: Callable[[Row], str],
    view: Callable[[Row], View],
) -> tuple[_Kept[View], ...]:
    rows = session.scalars(select(kind).order_by(kind.position, kind.from_on))
    return tuple(
        _Kept(view(row), group(row), row.organisation_id, row.from_on, row.to_on) for row in rows
    )


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


def _limit(row: Condition | StageLimit) -> Limit:
    return Limit(row.limit_amount, row.limit_unit)


def _read_calendar(session: Session) -> WorkCalendar:
    return WorkCalendar.from_years(
        AnnouncedYear(
            year=row.year,
            holidays=tuple(map(date.fromisoformat, row.holidays)),
            working_days=tuple(map(date.fromisoformat, row.working_days)),
        )
        for row in session.scalars(select(CalendarYear))
    )
