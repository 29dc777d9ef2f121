"""Records counted: for every duty, part and period at once, by unit or compound."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    column,
    distinct,
    func,
    select,
    values,
)
from sqlalchemy.orm import Session

from app.catalogue.desk.models import Measure
from app.duties.records.models import DutyRecord, RecordMark, RecordState
from app.kernel.db import fetch
from app.people.models import Organisation

MOST_ROWS = 1000
"""Rows in one list of what is wanted: four parameters each, of which there may be so many."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Records of some kinds that happened in some days, both included."""

    kinds: frozenset[str]
    first_on: date
    last_on: date


@dataclass(slots=True)
class Sums:
    """How many records, and the sum and the largest of their numbers."""

    records: int = 0
    total: int = 0
    largest: int = 0

    def add(self, records: int, total: int, largest: int) -> None:
        """Some more."""
        self.records += records
        self.total += total
        self.largest = max(self.largest, largest)

    def measured(self, measure: Measure) -> int:
        """What a duty counts of them."""
        return int(getattr(self, measure.value))


@dataclass(slots=True)
class Counted:
    """Of what is wanted: what counts at once, what was accepted, and what waits to be."""

    recorded: Sums
    accepted: Sums
    waiting: int = 0

    def add(self, state: RecordState, *sums: int) -> None:
        """Some records of a state."""
        if state is RecordState.accepted:
            self.accepted.add(*sums)
        if state is RecordState.waiting:
            self.waiting += sums[0]
        self.recorded.add(*sums)


COUNTING = (RecordState.recorded, RecordState.waiting, RecordState.accepted)


def counts_of(
    session: Session,
    holds: ColumnElement[bool],
    wanted: Collection[Wanted],
    *,
    by_compound: bool = False,
) -> dict[Wanted, dict[UUID, Counted]]:
    """What is there of everything wanted, by unit (or compound) of the organisations of which a
    condition holds; one query for each thousand kinds and periods."""
    every = list(dict.fromkeys(wanted))
    found: dict[Wanted, dict[UUID, Counted]] = {one: {} for one in every}
    for rows in _in_portions(every):
        asked = _asked(_listed(rows), holds, by_compound=by_compound)
        found_rows: Sequence[Any] = fetch(session, asked)
        for number, subject, state, *sums in found_rows:
            counted = found[every[number]].setdefault(subject, Counted(Sums(), Sums()))
            counted.add(state, *(one or 0 for one in sums))
    return found


Row = tuple[int, str, date, date]


def _in_portions(every: Sequence[Wanted]) -> Iterator[list[Row]]:
    """What is wanted as rows (number, kind, first, last), never one number in two portions."""
    portion: list[Row] = []
    for number, one in enumerate(every):
        rows = [(number, kind, one.first_on, one.last_on) for kind in sorted(one.kinds)]
        if portion and len(portion) + len(rows) > MOST_ROWS:
            yield portion
            portion = []
        portion += rows
    if portion:
        yield portion


def _listed(rows: Sequence[Row]) -> CTE:
    columns = (
        column("number", Integer),
        column("kind", String),
        column("first_on", Date),
        column("last_on", Date),
    )
    return values(*columns, name="wanted_values").data(list(rows)).cte("wanted")


def _asked(
    wanted: CTE, holds: ColumnElement[bool], *, by_compound: bool
) -> Select[int, UUID, RecordState, int, int, int]:
    """A record with two of the kinds wanted is one."""
    subject = RecordMark.compound_id if by_compound else RecordMark.organisation_id
    each = (
        select(
            wanted.c.number,
            subject.label("subject"),
            DutyRecord.state,
            DutyRecord.id,
            DutyRecord.quantity,
        )
        .distinct()
        .select_from(wanted)
        .join(
            RecordMark,
            (RecordMark.kind == wanted.c.kind)
            & RecordMark.happened_on.between(wanted.c.first_on, wanted.c.last_on),
        )
        .join(DutyRecord, DutyRecord.id == RecordMark.record_id)
        .join(Organisation, Organisation.id == RecordMark.organisation_id)
        .where(holds, DutyRecord.state.in_(COUNTING), subject.is_not(None))
        .subquery()
    )
    return select(
        each.c.number,
        each.c.subject,
        each.c.state,
        func.count(distinct(each.c.id)),
        func.sum(each.c.quantity),
        func.max(each.c.quantity),
    ).group_by(each.c.number, each.c.subject, each.c.state)
