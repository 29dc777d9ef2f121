"""Reads about records: who sees which, lists by keyset, one whole, and through them photos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.catalogue.models import KeptAs
from app.duties.records.models import (
    DutyRecord,
    RecordChange,
    RecordMark,
    RecordPhoto,
    RecordState,
)
from app.grid.models import Compound
from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor
from app.people.models import Organisation
from app.photos.access import SeenThrough, seen_columns
from app.photos.models import Photo
from app.photos.retention.rules import Need
from app.rounds.queries import Scope, visible_to


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What records are narrowed to; days are both included."""

    kinds: Sequence[str] = ()
    states: Sequence[RecordState] = ()
    compound: Compound | None = None
    first_on: date | None = None
    last_on: date | None = None

    def holds(self) -> list[ColumnElement[bool]]:
        """The conditions on a DutyRecord row."""
        found: list[ColumnElement[bool]] = []
        if self.kinds:
            marked = select(RecordMark.record_id).where(RecordMark.kind.in_(self.kinds))
            found.append(DutyRecord.id.in_(marked))
        if self.states:
            found.append(DutyRecord.state.in_(self.states))
        if self.compound is not None:
            found.append(DutyRecord.compound_id == self.compound.id)
        if self.first_on is not None:
            found.append(DutyRecord.happened_on >= self.first_on)
        if self.last_on is not None:
            found.append(DutyRecord.happened_on <= self.last_on)
        return found


def records_page(
    session: Session,
    scope: Scope,
    wanted: RecordFilter,
    *,
    limit: int,
    cursor: str | None = None,
) -> Page[DutyRecord]:
    """A page of the records in a scope, the newest day first; two queries."""
    asked = _listed().where(scope.holds(), *wanted.holds())
    if cursor is not None:
        day, after = decode_cursor(cursor, _day, lambda each: UUID(str(each)))
        asked = asked.where(tuple_(DutyRecord.happened_on, DutyRecord.id) < (day, after))
    asked = asked.order_by(DutyRecord.happened_on.desc(), DutyRecord.id.desc()).limit(limit + 1)
    rows = session.scalars(asked).all()
    return cut_page(rows, limit, lambda one: (one.happened_on.isoformat(), str(one.id)))


def _day(value: Any) -> date:
    return date.fromisoformat(str(value))


def records_between(
    session: Session, unit: Organisation, first_on: date, last_on: date
) -> Sequence[DutyRecord]:
    """Every record of a unit and of the units below it that happened between two days, both
    included, the oldest first, whatever became of it; three queries. For reports, which show the
    viewer what the viewer may see."""
    return session.scalars(
        _listed()
        .where(
            Organisation.path >= unit.path,
            Organisation.path < unit.path_end,
            DutyRecord.happened_on.between(first_on, last_on),
        )
        .order_by(DutyRecord.happened_on, DutyRecord.id)
    ).all()


def record_in_sight(session: Session, actor: Actor, record_id: UUID | None) -> DutyRecord:
    """The record with an id, whole, when the actor sees its unit; raises NotThere."""
    changes = selectinload(DutyRecord.changes).joinedload(RecordChange.person)
    asked = _listed().where(DutyRecord.id == record_id, visible_to(actor)).options(changes)
    found = session.scalar(asked) if record_id else None
    if found is None:
        raise NotThere("没有这条记录，或不在您的范围内。")
    return found


def _listed() -> Select[DutyRecord]:
    photos = selectinload(DutyRecord.photos).joinedload(RecordPhoto.photo).joinedload(Photo.blob)
    return (
        select(DutyRecord)
        .join(DutyRecord.organisation)
        .options(
            contains_eager(DutyRecord.organisation),
            joinedload(DutyRecord.compound),
            joinedload(DutyRecord.person),
            photos,
        )
    )


def _used_in_records(actor: Actor, photo_ids: Sequence[UUID]) -> Select[Any]:
    return (
        select(*seen_columns(RecordPhoto.photo_id))
        .join(DutyRecord, DutyRecord.id == RecordPhoto.record_id)
        .join(Organisation, Organisation.id == DutyRecord.organisation_id)
        .where(RecordPhoto.photo_id.in_(photo_ids), visible_to(actor))
    )


SEEN_IN_RECORDS = SeenThrough(_used_in_records)


def is_used_in_a_record(session: Session, photo_id: UUID) -> bool:
    """Whether a record has a photo."""
    used = select(RecordPhoto.id).where(RecordPhoto.photo_id == photo_id).limit(1)
    return session.scalar(used) is not None


def needed_by_records(session: Session, photo_ids: Sequence[UUID]) -> Iterator[Need]:
    """What records need of some photos, from when they were received; one query."""
    asked = (
        select(RecordPhoto.photo_id, DutyRecord.received_at)
        .join(DutyRecord, DutyRecord.id == RecordPhoto.record_id)
        .where(RecordPhoto.photo_id.in_(photo_ids))
    )
    for photo_id, received_at in session.execute(asked):
        yield Need(photo_id, KeptAs.duty_record, received_at)
