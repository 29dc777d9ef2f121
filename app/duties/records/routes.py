"""Records over HTTP."""

from datetime import date
from typing import Any

from app.administration.routes.acting import meant, today, towns_seen
from app.catalogue.desk.queries import desk_known
from app.duties.records import service
from app.duties.records.models import DutyRecord, RecordState
from app.duties.records.presenting import record_item, record_json
from app.duties.records.queries import RecordFilter, record_in_sight, records_page
from app.duties.records.schemas import (
    CorrectionIn,
    RecordActionIn,
    RecordBody,
    RecordIn,
    RecordOut,
    RecordsOut,
    RecordsQuery,
)
from app.duties.records.service import RecordSaid
from app.duties.units import matter_of_unit
from app.grid.models import Compound
from app.grid.sight import compound_in_sight
from app.kernel.errors import DomainError, NotThere
from app.kernel.ids import parse_id
from app.kernel.moments import moment_of
from app.people.access import Matter
from app.people.models import Organisation, Role
from app.rounds.errors import CompoundUnknown
from app.rounds.routes import scope_asked
from app.web.references import references
from app.web.routing import Answer, Call, Routes

READ, WRITE, REVIEW = "records.read", "records.write", "records.review"
routes = Routes("记录")


def _kinds(call: Call) -> dict[str, str]:
    return {kind.code: kind.name for kind in desk_known(call.session).kinds}


@routes.get("/records", permission=READ, query=RecordsQuery, answer=RecordsOut, refusals=(404,))
def get_records(call: Call) -> dict[str, Any]:
    """记录列表，新的在前"""
    asked = call.query(RecordsQuery)
    wanted = RecordFilter(
        kinds=asked.kind,
        states=asked.state,
        compound=_compound(call, asked.compound) if asked.compound else None,
        first_on=asked.from_on,
        last_on=asked.to_on,
    )
    scope = scope_asked(call, asked.organisation)
    page = records_page(call.session, scope, wanted, limit=asked.limit, cursor=asked.cursor)
    kinds = _kinds(call)
    items = [record_item(one, kinds, call.actor) for one in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def _compound(call: Call, code: str) -> Compound:
    return compound_in_sight(call.session, code, towns_seen(call))


def unit_named(call: Call) -> Organisation | None:
    """The unit that a body is about: the one named, the compound's, else the asker's own one."""
    code, compound = call.raw.get("organisation"), call.raw.get("compound")
    try:
        if isinstance(code, str):
            return meant(call, code)
        if isinstance(compound, str):
            return _compound(call, compound.strip()).organisation
    except DomainError:
        return None
    own = {p.organisation_id for p in call.actor.posts_as(Role.warden, Role.lead)}
    own = own or {p.organisation_id for p in call.actor.posts_as(Role.supervisor)}
    return call.session.get(Organisation, own.pop()) if len(own) == 1 else None


def its_matter(call: Call) -> Matter:
    """What permissions ask about the unit; of none that can be told, only the role."""
    return matter_of_unit(call.loaded) if call.loaded is not None else Matter()


@routes.post(
    "/records",
    permission=WRITE,
    body=RecordIn,
    answer=RecordOut,
    status=201,
    loads=unit_named,
    matter=its_matter,
    made="record",
)
def post_record(call: Call) -> Answer:
    """记录做了什么；一条记录可以算几项指标"""
    said, unit = call.body(RecordIn), call.loaded
    if unit is None:
        # What is wrong with the codes is said here, after all else.
        if said.compound and not said.organisation:
            raise CompoundUnknown(fields={"compound": [CompoundUnknown.title]})
        unit = meant(call, said.organisation or "")
    record = service.make_record(
        call.session,
        unit,
        _compound_of(call, said.compound, unit),
        _said(call, said, today(call)),
        actor=call.actor,
        moment=moment_of(call.now, said.occurred_at, said.sent_at),
    )
    call.session.refresh(record, ["person", "photos"])
    return Answer(record_json(record, _kinds(call), call.actor), made=record.id)


def _compound_of(call: Call, code: str | None, unit: Organisation) -> Compound | None:
    if code is None:
        return None
    try:
        found = _compound(call, code)
    except NotThere as missing:
        raise CompoundUnknown(missing.detail, fields={"compound": [missing.detail]}) from None
    if found.organisation_id != unit.id:
        detail = f"{found.name}不属于{unit.name}。"
        raise CompoundUnknown(detail, fields={"compound": [detail]})
    return found


def _said(call: Call, said: RecordBody, day: date) -> RecordSaid:
    known = references(call.session, said.photo_ids, person_id=call.actor.person_id)
    return RecordSaid(
        kinds=said.kinds,
        happened_on=said.happened_on or day,
        subject=said.subject,
        place=said.place or None,
        quantity=said.quantity,
        note=said.note or None,
        links=said.links,
        photo_ids=known.all("photo", said.photo_ids),
    )


def record_asked_for(call: Call) -> DutyRecord:
    """The record named in the path, when the asker sees it; raises NotThere."""
    return record_in_sight(call.session, call.actor, parse_id(call.args["record"]))


def matter_of_record(call: Call) -> Matter:
    """What permissions ask about the record's unit."""
    return matter_of_unit(call.loaded.organisation)


@routes.get(
    "/records/<record>",
    permission=READ,
    answer=RecordOut,
    loads=record_asked_for,
    matter=matter_of_record,
    refusals=(404,),
)
def get_record(call: Call) -> dict[str, Any]:
    """一条记录，和它的更正、审核"""
    return record_json(call.loaded, _kinds(call), call.actor)


@routes.post(
    "/records/<record>/correct",
    permission=WRITE,
    body=CorrectionIn,
    answer=RecordOut,
    loads=record_asked_for,
    matter=matter_of_record,
    refusals=(404, 409),
)
def post_correction(call: Call) -> dict[str, Any]:
    """更正一条记录：原来写的留着；审核过的重新审核"""
    record, version = call.loaded, _version(call)
    service.check_record(record, version, *service.OPEN)
    said = call.body(CorrectionIn)
    service.correct_record(
        call.session,
        record,
        _said(call, said, record.happened_on),
        note=said.reason or None,
        actor=call.actor,
        now=call.now,
    )
    return record_json(record, _kinds(call), call.actor)


def _version(call: Call) -> int | None:
    version = call.raw.get("version")
    return version if type(version) is int else None


@routes.post(
    "/records/<record>/withdraw",
    permission=WRITE,
    body=RecordActionIn,
    answer=RecordOut,
    loads=record_asked_for,
    matter=matter_of_record,
    refusals=(404, 409),
)
def post_withdrawal(call: Call) -> dict[str, Any]:
    """撤回一条记录：不再计数，仍可查看"""
    service.check_record(call.loaded, _version(call), *service.OPEN)
    note = call.body(RecordActionIn).note or None
    service.withdraw_record(call.session, call.loaded, note=note, actor=call.actor, now=call.now)
    return record_json(call.loaded, _kinds(call), call.actor)


def _reviewed(call: Call, *, accepted: bool) -> dict[str, Any]:
    service.check_record(call.loaded, _version(call), RecordState.waiting)
    note = call.body(RecordActionIn).note or None
    service.review_record(
        call.session, call.loaded, accepted=accepted, note=note, actor=call.actor, now=call.now
    )
    return record_json(call.loaded, _kinds(call), call.actor)


@routes.post(
    "/records/<record>/accept",
    permission=REVIEW,
    body=RecordActionIn,
    answer=RecordOut,
    loads=record_asked_for,
    matter=matter_of_record,
    refusals=(404, 409),
)
def post_acceptance(call: Call) -> dict[str, Any]:
    """审核通过一条记录"""
    return _reviewed(call, accepted=True)


@routes.post(
    "/records/<record>/return",
    permission=REVIEW,
    body=RecordActionIn,
    answer=RecordOut,
    loads=record_asked_for,
    matter=matter_of_record,
    refusals=(404, 409),
)
def post_return(call: Call) -> dict[str, Any]:
    """退回一条记录，写明理由"""
    return _reviewed(call, accepted=False)
