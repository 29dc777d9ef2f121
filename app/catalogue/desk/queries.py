"""What the desk grid's dictionary says: every row there ever was, kept in the process."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.desk.models import (
    Checklist,
    Derived,
    DoneBy,
    Duty,
    Festival,
    Line,
    Measure,
    PeriodKind,
    RecordKind,
    SiteKind,
    UnitKind,
)
from app.catalogue.models import Entry
from app.catalogue.snapshots import snapshot_of


@dataclass(frozen=True, slots=True)
class Held:
    """What every rule has: its code and the days on which it holds."""

    code: str
    name: str
    from_on: date
    to_on: date | None

    def holds(self, first: date, last: date | None = None) -> bool:
        """Whether it holds on a day, or on any day from the first to the last."""
        lasts = self.to_on is None or self.to_on > max(first, self.from_on)
        return self.from_on <= (last or first) and lasts


@dataclass(frozen=True, slots=True)
class QuotaPart:
    """So many of a quota's records are of these kinds."""

    name: str
    kinds: frozenset[str]
    count: int


@dataclass(frozen=True, slots=True)
class Quota:
    """How many a kind of unit has to do in a period; 0: as a matter of course."""

    unit: UnitKind
    count: int
    parts: tuple[QuotaPart, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyRule(Held):
    """A duty as it holds for some days."""

    section: str
    period: PeriodKind
    line: Line
    done_by: DoneBy
    checked_by: DoneBy | None
    derived: Derived | None
    measure: Measure
    kinds: frozenset[str]
    quotas: tuple[Quota, ...]
    reviewed: bool
    scored: bool
    due: str | None
    term_from: int | None
    festivals: str | None
    position: int

    @property
    def of_compounds(self) -> bool:
        """Whether every compound of a unit has it by itself."""
        return self.quotas[0].unit is UnitKind.compound


@dataclass(frozen=True, slots=True)
class KindView(Held):
    """A kind of record as it holds for some days."""

    quantity_name: str | None
    needs_photo: bool
    needs_link: bool


@dataclass(frozen=True, slots=True)
class FestivalView(Held):
    """A festival: `fixed` (MM-DD) or the days of the years known."""

    family: str
    fixed: str | None
    dates: tuple[date, ...]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item of a checklist; `units`: only these need it."""

    code: str
    name: str
    units: frozenset[UnitKind] | None


@dataclass(frozen=True, slots=True)
class ChecklistView(Held):
    """A checklist as it holds for some days."""

    section: str
    site: SiteKind
    units: frozenset[UnitKind]
    items: tuple[ItemView, ...]
    category: str | None

    def items_for(self, unit: UnitKind) -> tuple[ItemView, ...]:
        """The items that a type of unit needs."""
        return tuple(one for one in self.items if one.units is None or unit in one.units)


@dataclass(frozen=True, slots=True)
class Desk:
    """Every row, in the order of the files and of time."""

    duties: tuple[DutyRule, ...]
    kinds: tuple[KindView, ...]
    festivals: tuple[FestivalView, ...]
    checklists: tuple[ChecklistView, ...]


View = TypeVar("View", bound=Held)


def on_day(rows: Iterable[View], day: date) -> list[View]:
    """Those that hold on a day, in the order of the file."""
    return [row for row in rows if row.holds(day)]


def desk_known(session: Session) -> Desk:
    """Every row of the desk grid's dictionary; four queries, once for each version."""
    return snapshot_of(session, _read)


def _read(session: Session) -> Desk:
    return Desk(
        tuple(_duty(row) for row in _rows(session, Duty)),
        tuple(
            KindView(*_held(row), row.quantity_name, row.needs_photo, row.needs_link)
            for row in _rows(session, RecordKind)
        ),
        tuple(_festival(row) for row in _rows(session, Festival)),
        tuple(_checklist(row) for row in _rows(session, Checklist)),
    )


Row = TypeVar("Row", bound=Entry)


def _rows(session: Session, kind: type[Row]) -> Sequence[Row]:
    return session.scalars(select(kind).order_by(kind.position, kind.from_on)).all()


def _held(row: Any) -> tuple[str, str, date, date | None]:
    return row.code, row.name, row.from_on, row.to_on


def _duty(row: Duty) -> DutyRule:
    return DutyRule(
        *_held(row),
        section=row.section,
        period=row.period,
        line=row.line,
        done_by=row.done_by,
        checked_by=row.checked_by,
        derived=row.derived,
        measure=row.measure,
        kinds=frozenset(row.kinds),
        quotas=tuple(_quota(said) for said in row.quotas),
        reviewed=row.reviewed,
        scored=row.scored,
        due=row.due,
        term_from=row.term_from,
        festivals=row.festivals,
        position=row.position,
    )


def _quota(said: dict[str, Any]) -> Quota:
    parts = (QuotaPart(p["name"], frozenset(p["kinds"]), p["count"]) for p in said["parts"])
    return Quota(UnitKind(said["unit"]), said["count"], tuple(parts))


def _festival(row: Festival) -> FestivalView:
    dates = tuple(map(date.fromisoformat, row.dates))
    return FestivalView(*_held(row), row.family, row.fixed, dates, row.before, row.after)


def _checklist(row: Checklist) -> ChecklistView:
    items = (
        ItemView(one["code"], one["name"], _units(one["units"]) if one["units"] else None)
        for one in row.items
    )
    units = _units(row.units)
    return ChecklistView(*_held(row), row.section, row.site, units, tuple(items), row.category)


def _units(words: Iterable[str]) -> frozenset[UnitKind]:
    return frozenset(map(UnitKind, words))
