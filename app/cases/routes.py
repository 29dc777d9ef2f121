"""Cases over HTTP."""

from typing import Any

from app.cases.errors import CaseSubjectUnsuitable
from app.cases.models import Case
from app.cases.presenting import case_item, case_json, kind_json
from app.cases.queries import Wanted, case_in_sight, cases_page
from app.cases.schemas import (
    CaseKindsOut,
    CasesOut,
    CasesQuery,
    CaseWholeOut,
    DropCaseIn,
    OpenIn,
    RecordIn,
    StepRecordIn,
)
from app.cases.service import (
    Said,
    Subject,
    drop,
    kind_by_code,
    kind_of,
    matter_of_unit,
    open_case,
    record,
)
from app.catalogue.cases.queries import kinds_in_force, kinds_known
from app.grid import sight
from app.grid.models import Compound
from app.kernel.clock import shanghai_day
from app.kernel.errors import DomainError
from app.kernel.ids import parse_id
from app.people.access import Matter
from app.people.models import COMMUNITY_TYPES, Organisation, Role
from app.rounds.errors import CompoundUnknown
from app.rounds.routes import scope_asked
from app.tickets.models import Ticket
from app.tickets.queries import ticket_in_sight
from app.tickets.showing.sight import ticket_numbers_seen
from app.web.references import references
from app.web.routing import Answer, Call, Routes

routes = Routes("专项")


@routes.get("/cases/kinds", permission="cases.read", answer=CaseKindsOut)
def get_case_kinds(call: Call) -> dict[str, Any]:
    """专项有哪些类，各有哪几步、要填什么"""
    found = kinds_in_force(call.session, day=shanghai_day(call.now))
    return {"items": [kind_json(each) for each in found]}


def _compound(call: Call, code: str) -> Compound:
    towns = sight.towns_in_sight(call.session, call.actor, day=shanghai_day(call.now))
    return sight.compound_in_sight(call.session, code, towns)


@routes.get(
    "/cases",
    permission="cases.read",
    query=CasesQuery,
    answer=CasesOut,
    refusals=(404,),
)
def get_cases(call: Call) -> dict[str, Any]:
    """专项的列表，新立的在前"""
    asked = call.query(CasesQuery)
    wanted = Wanted(
        shanghai_day(call.now),
        kind=asked.kind,
        compound=_compound(call, asked.compound) if asked.compound else None,
        open=asked.open,
        overdue=asked.overdue,
        expiring=asked.expiring,
    )
    scope = scope_asked(call, asked.organisation)
    page = cases_page(call.session, scope, wanted, limit=asked.limit, cursor=asked.cursor)
    known = kinds_known(call.session)
    items = [case_item(each, known[each.kind_id]) for each in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def unit_named(call: Call) -> tuple[Organisation, Compound | None] | None:
    """The unit and compound that a body is about; of one that names neither, the asker's own."""
    code, compound = call.raw.get("organisation"), call.raw.get("compound")
    try:
        if isinstance(compound, str):
            found = _compound(call, compound.strip())
            return found.organisation, found
        if isinstance(code, str):
            towns = sight.towns_in_sight(call.session, call.actor, day=shanghai_day(call.now))
            return sight.organisation_in_sight(call.session, code.strip(), towns), None
    except DomainError:
        return None
    own = next(iter(call.actor.posts_as(Role.lead, Role.warden)), None)
    unit = call.session.get(Organisation, own.organisation_id) if own else None
    return (unit, None) if unit else None


def matter_of_body(call: Call) -> Matter:
    """The unit's matter; of one that cannot be told, the asker's own, so that who may open a case
    anywhere learns that the body is at fault."""
    if call.loaded is not None:
        return matter_of_unit(call.loaded[0])
    own = next(iter(call.actor.posts_as(Role.lead, Role.warden, Role.supervisor)), None)
    given = next(iter(own.given), own.organisation_id) if own else None
    return Matter(town_id=own.town_id if own else None, community_id=given)


@routes.post(
    "/cases",
    permission="cases.record",
    body=OpenIn,
    answer=CaseWholeOut,
    status=201,
    loads=unit_named,
    matter=matter_of_body,
    refusals=(409,),
    made="case",
)
def post_case(call: Call) -> Answer:
    """立一个专项，连同第一步"""
    said = call.body(OpenIn)
    kind = kind_by_code(call.session, said.kind, day=shanghai_day(call.now))
    if call.loaded is None or call.loaded[0].type not in COMMUNITY_TYPES:
        if said.compound:
            fields = {"compound": [CompoundUnknown.title]}
            raise CompoundUnknown("请从小区列表中选择。", fields=fields)
        detail = "请选一个社区（村）"
        raise CaseSubjectUnsuitable(f"{detail}。", fields={"organisation": [detail]})
    unit, compound = call.loaded
    subject = Subject(unit, compound, _tickets(call, said.tickets))
    opened = open_case(
        call.session, kind, subject, said.title, _said(call, said), actor=call.actor, now=call.now
    )
    return Answer(_whole(call, opened), made=opened.id)


def _tickets(call: Call, texts: list[str]) -> list[Ticket]:
    known = references(call.session, texts, person_id=call.actor.person_id)
    ids = known.all("ticket", texts)
    return [ticket_in_sight(call.session, call.actor, each) for each in ids]


def _said(call: Call, said: RecordIn) -> Said:
    known = references(call.session, said.photo_ids, person_id=call.actor.person_id)
    photo_ids = known.all("photo", said.photo_ids)
    return Said(said.done_on, said.note or None, photo_ids, said.fields)


def case_named(call: Call) -> Case:
    """The case named in the path, when the asker sees it; raises NotThere."""
    wanted = parse_id(call.args["case"])
    writing = call.route.method != "GET"
    return case_in_sight(call.session, scope_asked(call, None), wanted, for_update=writing)


def matter_named(call: Call) -> Matter:
    """What permissions ask about the case named."""
    return matter_of_unit(call.loaded.organisation)


def _whole(call: Call, case: Case) -> dict[str, Any]:
    ids = [each.ticket_id for each in case.tickets]
    numbers = ticket_numbers_seen(call.session, call.actor, ids)
    return case_json(case, kind_of(call.session, case), numbers)


@routes.get("/cases/<case>", permission="cases.read", answer=CaseWholeOut, loads=case_named)
def get_case(call: Call) -> dict[str, Any]:
    """一个专项：走到哪一步、记录过什么、现在可以记录什么"""
    return _whole(call, call.loaded)


@routes.post(
    "/cases/<case>/steps",
    permission="cases.record",
    body=StepRecordIn,
    answer=CaseWholeOut,
    status=201,
    loads=case_named,
    matter=matter_named,
    refusals=(409,),
)
def post_case_step(call: Call) -> dict[str, Any]:
    """记录专项的下一步，或随时可以记的事"""
    said = call.body(StepRecordIn)
    done = record(
        call.session,
        call.loaded,
        said.step,
        _said(call, said),
        version=said.version,
        actor=call.actor,
        now=call.now,
    )
    return _whole(call, done)


@routes.post(
    "/cases/<case>/drop",
    permission="cases.lead",
    body=DropCaseIn,
    answer=CaseWholeOut,
    loads=case_named,
    matter=matter_named,
    refusals=(409,),
)
def post_case_drop(call: Call) -> dict[str, Any]:
    """终止专项，写明理由"""
    said = call.body(DropCaseIn)
    ended = drop(
        call.session,
        call.loaded,
        reason=said.note or None,
        version=said.version,
        actor=call.actor,
        now=call.now,
    )
    return _whole(call, ended)
