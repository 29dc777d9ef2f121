"""Records tallied in the database: of each duty and period, how many units have done so many.

The counting itself is that of counting.py, carried one step further.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import partial
from typing import Any, cast

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Dialect,
    Integer,
    String,
    Subquery,
    TypeDecorator,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.catalogue.desk.models import Measure
from app.catalogue.desk.queries import DutyRule
from app.duties.periods import Period
from app.duties.progress.alike import NONE, ONE, Alike, Ground, bits_of, titles_held, titles_in
from app.duties.progress.counting import COUNTING
from app.duties.records.models import NOT_COUNTING, DutyRecord, RecordMark, RecordState
from app.grid.models import Compound
from app.kernel.db import fetch
from app.people.models import Organisation

MOST_ROWS = 400
"""Rows in one list of what is wanted, of which SQLite joins 500 at most."""
MEASURES = tuple(Measure)


@dataclass(frozen=True, slots=True)
class Asked:
    """A duty in a period, and the kinds of the parts whose numbers are wanted too."""

    rule: DutyRule
    period: Period
    parts: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Done:
    """So many units (or compounds) of a class have done so many in the whole and of each part."""

    alike: Alike
    whole: int
    parts: tuple[int, ...]
    times: int


def tallies_of(
    session: Session,
    ground: Ground,
    asked: Sequence[Asked],
    *,
    places_on: date | None = None,
) -> list[list[Done]]:
    """For each duty and period what units have done for which anything is recorded; one query for
    each few hundred kinds. `places_on`: by compound in service on that day, instead of by unit."""
    found: list[list[Done]] = [[] for _ in asked]
    width = max((len(one.parts) for one in asked), default=0)
    for portion in _portions(asked, width):
        held = titles_held([row[2] for row in portion])
        each = _found(portion, asked, ground, width, places_on)
        rows: Sequence[Any] = fetch(session, _together(each, held, ground, width, places_on))
        for number, key, kind, bits, times, whole, *parts in rows:
            alike = Alike(key, kind, titles_in(bits))
            of = len(asked[number].parts)
            # PostgreSQL adds whole numbers up to a Decimal.
            of_parts = tuple(map(int, parts[:of]))
            found[number].append(Done(alike, int(whole), of_parts, times))
    return found


def _portions(asked: Sequence[Asked], width: int) -> Iterator[list[tuple[Any, ...]]]:
    portion: list[tuple[Any, ...]] = []
    for number, one in enumerate(asked):
        rows = list(_rows(number, one, width))
        if portion and len(portion) + len(rows) > MOST_ROWS:
            yield portion
            portion = []
        portion += rows
    if portion:
        yield portion


def _rows(number: int, one: Asked, width: int) -> Iterator[tuple[Any, ...]]:
    """(number, kind, first, last, measure, reviewed, in part 0, 1, …): the kinds of parts are
    among the duty's."""
    rule, period = one.rule, one.period
    judged = period.first_on, period.last_on, MEASURES.index(rule.measure), int(rule.reviewed)
    for kind in sorted(rule.kinds):
        parts = [int(kind in part) for part in one.parts] + [0] * (width - len(one.parts))
        yield (number, kind, *judged, *parts)


class _Way(Enum):
    """How the records of a duty are found: by its marks alone (of one kind: each is a record; of
    several: a record may have two), or by looking at the records."""

    marks = "marks"
    shared_marks = "shared_marks"
    records = "records"


def _way(rule: DutyRule) -> _Way:
    """Most duties count records as they come, and only those taken back have to be looked for."""
    if rule.measure is not Measure.records or rule.reviewed:
        return _Way.records
    return _Way.marks if len(rule.kinds) == 1 else _Way.shared_marks


def _found(
    portion: Sequence[tuple[Any, ...]],
    asked: Sequence[Asked],
    ground: Ground,
    width: int,
    places_on: date | None,
) -> Subquery:
    """What was recorded of all that a portion wants."""
    each: list[Any] = []
    for way in _Way:
        rows = [row for row in portion if _way(asked[row[0]].rule) is way]
        if rows:
            wanted = _listed(rows, width, f"wanted_{way.value}")
            make = _each if way is _Way.records else partial(_marks, way)
            each.append(make(wanted, ground, width, places_on))
    together: Any = each[0] if len(each) == 1 else union_all(*each)
    return cast(Subquery, together.subquery())


def _listed(rows: Sequence[tuple[Any, ...]], width: int, name: str) -> CTE:
    """As selects, whose compiled form is kept; that of VALUES is made anew each time. What is
    wanted stands in the statement itself: PostgreSQL plans it for any kinds and days otherwise,
    and that takes six times as long."""
    names = ("number", "kind", "first_on", "last_on", "measure", "reviewed", *_in_names(width))
    kinds: list[Any] = [Integer, String, _Day, _Day, *([Integer] * (2 + width))]
    each: list[Any] = []
    for row in rows:
        said = zip(row, names, kinds, strict=True)
        each.append(select(*(_written(one, kind).label(label) for one, label, kind in said)))
    return union_all(*each).cte(name)


def _written(value: Any, kind: Any) -> ColumnElement[Any]:
    return bindparam(None, value, type_=kind, unique=True, literal_execute=True)


class _Day(TypeDecorator[date]):
    """A day that is written out as one; PostgreSQL would take a text for it."""

    impl = Date
    cache_ok = True

    def literal_processor(self, dialect: Dialect) -> Callable[[date], str]:
        kind = "DATE " if dialect.name == "postgresql" else ""
        return lambda day: f"{kind}'{day.isoformat()}'"


def _in_names(width: int) -> list[str]:
    return [f"in_{at}" for at in range(width)]


def _marks(way: _Way, wanted: CTE, ground: Ground, width: int, places_on: date | None) -> Any:
    """A row for every unit that has marks of a duty and period, or for every record of one that
    may have several."""
    subject = RecordMark.compound_id if places_on else RecordMark.organisation_id
    in_scope = select(Organisation.id).where(ground.holds)
    taken_back = exists().where(DutyRecord.id == RecordMark.record_id, NOT_COUNTING)
    alone: list[Any] = [wanted.c.number, wanted.c.first_on, wanted.c.measure, subject]
    number: ColumnElement[int] = func.count()
    if way is _Way.shared_marks:
        alone, number = [*alone, RecordMark.record_id], ONE
    return (
        select(
            *(wanted.c[name] for name in ("number", "first_on", "measure")),
            subject.label("subject"),
            number.label("value"),
            *((number * func.max(wanted.c[name])).label(name) for name in _in_names(width)),
        )
        .select_from(wanted)
        .join(RecordMark, _marked(wanted))
        .where(~taken_back, subject.is_not(None), RecordMark.organisation_id.in_(in_scope))
        .group_by(*alone)
    )


def _marked(wanted: CTE) -> ColumnElement[bool]:
    return and_(
        RecordMark.kind == wanted.c.kind,
        RecordMark.happened_on.between(wanted.c.first_on, wanted.c.last_on),
    )


def _each(wanted: CTE, ground: Ground, width: int, places_on: date | None) -> Any:
    """A row for every record of a duty and period: one with two of its kinds is one."""
    subject = RecordMark.compound_id if places_on else RecordMark.organisation_id
    in_scope = select(Organisation.id).where(ground.holds)
    alone = wanted.c.number, wanted.c.first_on, wanted.c.measure, subject, DutyRecord.id
    counts = or_(wanted.c.reviewed == 0, DutyRecord.state == RecordState.accepted)
    quantity = func.coalesce(DutyRecord.quantity, 0)
    value = case((wanted.c.measure == MEASURES.index(Measure.records), 1), else_=quantity)
    return (
        select(
            wanted.c.number,
            wanted.c.first_on,
            wanted.c.measure,
            subject.label("subject"),
            func.max(value).label("value"),
            *(func.max(wanted.c[name]).label(name) for name in _in_names(width)),
        )
        .select_from(wanted)
        .join(RecordMark, _marked(wanted))
        .join(DutyRecord, DutyRecord.id == RecordMark.record_id)
        .where(DutyRecord.state.in_(COUNTING), counts, subject.is_not(None))
        .where(RecordMark.organisation_id.in_(in_scope))
        .group_by(*alone)
    )


def _by_subject(each: Subquery, width: int) -> Subquery:
    """What each unit or compound has done of each duty and period."""
    value = each.c.value
    largest = each.c.measure == MEASURES.index(Measure.largest)
    whole = case((largest, func.max(value)), else_=func.sum(value)).label("whole")
    parts = (func.sum(each.c[name]).label(name) for name in _in_names(width))
    alone = each.c.number, each.c.first_on, each.c.measure, each.c.subject
    return select(*alone, whole, *parts).group_by(*alone).subquery()


def _together(each: Subquery, held: CTE, ground: Ground, width: int, places_on: date | None) -> Any:
    """How many have done the same, by class; compounds have no titles."""
    of = _by_subject(each, width)
    done = [of.c[name] for name in ("whole", *_in_names(width))]
    bits: ColumnElement[int] = NONE if places_on else bits_of(held)
    alone: list[Any] = [of.c.number, ground.key, Organisation.type]
    asked: Any = select(*alone, bits, func.count(), *done).select_from(of)
    if places_on:
        asked = asked.join(Compound, Compound.id == of.c.subject)
        asked = asked.join(Organisation, Organisation.id == Compound.organisation_id)
        asked = asked.where(Compound.in_service(places_on))
    else:
        asked = asked.join(Organisation, Organisation.id == of.c.subject)
        same = and_(held.c.unit_id == Organisation.id, held.c.first_on == of.c.first_on)
        asked, alone = asked.outerjoin(held, same), [*alone, bits]
    return asked.where(ground.there).group_by(*alone, *done)
