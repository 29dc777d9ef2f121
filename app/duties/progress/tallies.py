"""Records tallied in the database: of each duty and period, how many units have done so many.

The counting itself is that of counting.py, carried one step further.
"""

from collections.abc import Iterator, Sequence
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
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.catalogue.desk.models import Measure
from app.catalogue.desk.queries import DutyRule
from app.duties.periods import Period
from app.duties.progress.alike import NONE, Alike, Ground, bits_of, titles_held, titles_in
from app.duties.progress.counting import COUNTING
from app.duties.records.models import DutyRecord, RecordMark, RecordState
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
        each = _each(_listed(portion, width), ground, width, places_on)
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


def _listed(rows: Sequence[tuple[Any, ...]], width: int) -> CTE:
    """As selects, whose compiled form is kept; that of VALUES is made anew each time."""
    names = ("number", "kind", "first_on", "last_on", "measure", "reviewed", *_in_names(width))
    kinds: list[Any] = [Integer, String, Date, Date, *([Integer] * (2 + width))]
    each: list[Any] = []
    for row in rows:
        said = zip(row, names, kinds, strict=True)
        each.append(select(*(literal(one, kind).label(name) for one, name, kind in said)))
    return union_all(*each).cte("wanted")


def _in_names(width: int) -> list[str]:
    return [f"in_{at}" for at in range(width)]


def _each(wanted: CTE, ground: Ground, width: int, places_on: date | None) -> Subquery:
    """A row for every record of a duty and period: one with two of its kinds is one."""
    subject = RecordMark.compound_id if places_on else RecordMark.organisation_id
    in_scope = select(Organisation.id).where(ground.holds)
    alone = wanted.c.number, wanted.c.first_on, wanted.c.measure, subject, DutyRecord.id
    counts = or_(wanted.c.reviewed == 0, DutyRecord.state == RecordState.accepted)
    marked = and_(
        RecordMark.kind == wanted.c.kind,
        RecordMark.happened_on.between(wanted.c.first_on, wanted.c.last_on),
    )
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
        .join(RecordMark, marked)
        .join(DutyRecord, DutyRecord.id == RecordMark.record_id)
        .where(DutyRecord.state.in_(COUNTING), counts, subject.is_not(None))
        .where(RecordMark.organisation_id.in_(in_scope))
        .group_by(*alone)
        .subquery()
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
