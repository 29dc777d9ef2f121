"""Verbs about records: made, corrected, withdrawn, and reviewed where a duty says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.catalogue.desk.queries import KindView, desk_known, on_day
from app.duties.records.errors import (
    BadHappenedOn,
    OwnRecord,
    RecordIncomplete,
    RecordKindUnknown,
    RecordNotPossible,
)
from app.duties.records.models import (
    DutyRecord,
    RecordAction,
    RecordChange,
    RecordMark,
    RecordPhoto,
    RecordState,
)
from app.duties.units import matter_of_unit
from app.grid.models import Compound
from app.kernel.clock import shanghai_day
from app.kernel.db import rows_changed
from app.kernel.hiding import PLACEHOLDER, Hidden, words_of
from app.kernel.ids import new_id
from app.kernel.moments import Moment
from app.people.access import Actor, ActorPost, require
from app.people.models import Organisation
from app.tickets.errors import ReasonMissing, StaleVersion
from app.tickets.handling.copies import evidence_of_the_actor

LATEST = timedelta(days=62)
"""How long afterwards something can be recorded: the month before can still be made up."""

OPEN = (RecordState.recorded, RecordState.waiting, RecordState.returned, RecordState.accepted)


@dataclass(frozen=True)
class RecordSaid:
    """What somebody says that a unit did."""

    kinds: Sequence[str]
    happened_on: date
    subject: str
    place: str | None = None
    quantity: int | None = None
    note: str | None = None
    links: Sequence[str] = ()
    photo_ids: Sequence[UUID] = field(default_factory=tuple)


def make_record(
    session: Session,
    unit: Organisation,
    compound: Compound | None,
    said: RecordSaid,
    *,
    actor: Actor,
    moment: Moment,
) -> DutyRecord:
    """Writes down what a unit did. It counts at once for every duty that it meets, but for those
    that say that it is reviewed first.

    Raises NotAllowed, BadHappenedOn, RecordKindUnknown, RecordIncomplete or PhotoNotYours.
    """
    post = require(actor, "records.write", matter_of_unit(unit))
    _refuse_day(said.happened_on, moment.now)
    _refuse_incomplete(session, said)
    photos = evidence_of_the_actor(session, actor, list(said.photo_ids)).photos
    record = DutyRecord(
        id=new_id(),
        organisation_id=unit.id,
        organisation=unit,
        compound_id=compound.id if compound else None,
        compound=compound,
        version=1,
        person_id=actor.person_id,
        post_id=post.id,
        occurred_at=moment.occurred_at,
        received_at=moment.now,
        clock_offset_s=moment.offset_s,
        changes=[],
        **_columns(session, said),
    )
    record.photos = [_photo(one.id, at) for at, one in enumerate(photos)]
    session.add(record)
    session.flush()
    session.add_all(_marks(record))
    session.flush()
    return record


def correct_record(
    session: Session,
    record: DutyRecord,
    said: RecordSaid,
    *,
    note: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Says anew what a unit did, after `check_record`; what was said before is kept.

    A record that was reviewed is reviewed again. Raises as `make_record`.
    """
    post = require(actor, "records.write", matter_of_unit(record.organisation))
    if said.happened_on != record.happened_on:
        _refuse_day(said.happened_on, now)
    _refuse_incomplete(session, said)
    known = {one.photo_id for one in record.photos}
    fresh = [one for one in said.photo_ids if one not in known]
    evidence_of_the_actor(session, actor, fresh)
    _append(session, record, RecordAction.correct, note, actor, post, now, before=_state_of(record))
    for name, value in _columns(session, said).items():
        # A form that showed the placeholder of a hidden text sends it back: the words stay.
        if value != PLACEHOLDER or not isinstance(getattr(record, name), Hidden):
            setattr(record, name, value)
    _show_photos(session, record, said.photo_ids)
    session.execute(delete(RecordMark).where(RecordMark.record_id == record.id))
    session.add_all(_marks(record))
    session.flush()


def withdraw_record(
    session: Session, record: DutyRecord, *, note: str | None, actor: Actor, now: datetime
) -> None:
    """Takes a record back, after `check_record`: it counts no more and stays readable."""
    post = require(actor, "records.write", matter_of_unit(record.organisation))
    _append(session, record, RecordAction.withdraw, note, actor, post, now)
    record.state = RecordState.withdrawn
    session.flush()


def review_record(
    session: Session,
    record: DutyRecord,
    *,
    accepted: bool,
    note: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Accepts or returns a waiting record, after `check_record`; raises OwnRecord for one's own,
    ReasonMissing when it is returned without a reason."""
    post = require(actor, "records.review", matter_of_unit(record.organisation))
    if record.person_id == actor.person_id:
        raise OwnRecord("请由没有经手这条记录的人审核。")
    if not accepted and not note:
        raise ReasonMissing("请写明退回的理由。", fields={"note": ["请写明理由"]})
    action = RecordAction.accept if accepted else RecordAction.return_
    _append(session, record, action, note, actor, post, now)
    record.state = RecordState.accepted if accepted else RecordState.returned
    session.flush()


def check_record(record: DutyRecord, version: int | None, *states: RecordState) -> None:
    """Raises StaleVersion when the record has changed since, RecordNotPossible unless it is in one
    of some states."""
    if version is not None and version != record.version:
        raise StaleVersion("请按最新内容重新操作。")
    if record.state not in states:
        raise RecordNotPossible("请刷新后查看这条记录。")


def _refuse_day(day: date, now: datetime) -> None:
    today = shanghai_day(now)
    if not today - LATEST <= day <= today:
        detail = f"只能记录今天和之前 {LATEST.days} 天内的事。"
        raise BadHappenedOn(detail, fields={"happened_on": [detail]})


def _refuse_incomplete(session: Session, said: RecordSaid) -> None:
    kinds = {one.code: one for one in on_day(desk_known(session).kinds, said.happened_on)}
    unknown = [code for code in said.kinds if code not in kinds]
    if unknown:
        detail = f"{said.happened_on} 没有这种记录：{'、'.join(unknown)}。"
        raise RecordKindUnknown(detail, fields={"kinds": [RecordKindUnknown.title]})
    for field_name, message in _missing([kinds[code] for code in said.kinds], said):
        raise RecordIncomplete(message, fields={field_name: [message]})


def _missing(kinds: Iterable[KindView], said: RecordSaid) -> Iterable[tuple[str, str]]:
    for kind in kinds:
        if kind.needs_photo and not said.photo_ids:
            yield "photo_ids", f"“{kind.name}”要有照片。"
        if kind.needs_link and not said.links:
            yield "links", f"“{kind.name}”要有链接。"
        if kind.quantity_name and said.quantity is None:
            yield "quantity", f"“{kind.name}”要填{kind.quantity_name}。"


def _columns(session: Session, said: RecordSaid) -> dict[str, Any]:
    kinds = list(dict.fromkeys(said.kinds))
    return {
        "kinds": kinds,
        "state": RecordState.waiting if _is_reviewed(session, said) else RecordState.recorded,
        "happened_on": said.happened_on,
        "subject": said.subject,
        "place": said.place,
        "quantity": said.quantity,
        "note": said.note,
        "links": list(said.links),
    }


def _is_reviewed(session: Session, said: RecordSaid) -> bool:
    rules = on_day(desk_known(session).duties, said.happened_on)
    return any(rule.reviewed and not rule.kinds.isdisjoint(said.kinds) for rule in rules)


def _photo(photo_id: UUID, position: int) -> RecordPhoto:
    return RecordPhoto(photo_id=photo_id, position=position)


def _show_photos(session: Session, record: DutyRecord, photo_ids: Sequence[UUID]) -> None:
    """The photos named, in their order; the others are kept and shown no more."""
    known = {one.photo_id: one for one in record.photos}
    for one in record.photos:
        one.position = None
    for position, photo_id in enumerate(photo_ids):
        if photo_id in known:
            known[photo_id].position = position
        else:
            session.add(RecordPhoto(record_id=record.id, photo_id=photo_id, position=position))
    session.flush()
    session.expire(record, ["photos"])


def shown_photos(record: DutyRecord) -> list[RecordPhoto]:
    """The photos that a record shows, in their order."""
    shown = [one for one in record.photos if one.position is not None]
    return sorted(shown, key=lambda one: one.position or 0)


def _marks(record: DutyRecord) -> list[RecordMark]:
    return [
        RecordMark(
            record_id=record.id,
            kind=kind,
            happened_on=record.happened_on,
            organisation_id=record.organisation_id,
            compound_id=record.compound_id,
        )
        for kind in record.kinds
    ]


def _state_of(record: DutyRecord) -> dict[str, Any]:
    """What a record says, as it is kept beside a correction."""
    return {
        "kinds": record.kinds,
        "happened_on": record.happened_on.isoformat(),
        "subject": words_of(record.subject),
        "place": words_of(record.place),
        "quantity": record.quantity,
        "note": words_of(record.note),
        "links": record.links,
        "photo_ids": [str(one.photo_id) for one in shown_photos(record)],
    }


def _append(
    session: Session,
    record: DutyRecord,
    action: RecordAction,
    note: str | None,
    actor: Actor,
    post: ActorPost,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
) -> None:
    """Raises StaleVersion when somebody else was first."""
    seen = record.version
    turn = update(DutyRecord).where(DutyRecord.id == record.id, DutyRecord.version == seen)
    if rows_changed(session, turn.values(version=seen + 1)) == 0:
        raise StaleVersion("请按最新内容重新操作。")
    session.refresh(record, ["version"])
    change = RecordChange(
        record_id=record.id,
        at=now,
        action=action,
        person_id=actor.person_id,
        post_id=post.id,
        note=note,
        before=before,
    )
    session.add(change)
    session.flush()
    session.expire(record, ["changes"])
