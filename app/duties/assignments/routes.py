"""Assignments over HTTP."""

from collections.abc import Sequence
from typing import Any

from app.administration.errors import OrganisationMisplaced
from app.administration.routes.acting import (
    act_of,
    meant,
    organisation_of_body,
    today,
    towns_seen,
)
from app.administration.schemas.common import OnBody
from app.administration.sight import person_in_sight
from app.catalogue.desk.queries import desk_known
from app.duties.assignments import service
from app.duties.assignments.errors import AssigneeUnsuitable
from app.duties.assignments.handing_over import hand_over
from app.duties.assignments.models import Assignment, Part
from app.duties.assignments.presenting import (
    assignment_json,
    nameable_json,
    vacancy_json,
    vacant_line_json,
)
from app.duties.assignments.queries import (
    AssignmentFilter,
    assignment_in_sight,
    assignments_page,
    company_person,
    people_to_name,
)
from app.duties.assignments.schemas import (
    AssignmentOut,
    AssignmentsIn,
    AssignmentsOut,
    AssignmentsQuery,
    GivenOut,
    HandedOverOut,
    HandOverIn,
    NameablePage,
    NameableQuery,
    VacantPage,
    VacantQuery,
    VacantSummary,
    VacantSummaryQuery,
)
from app.duties.assignments.subjects import SubjectNamed, subjects_of_unit
from app.duties.assignments.vacancies import vacancies_page
from app.duties.assignments.vacancy_counts import vacancy_counts
from app.duties.units import matter_of_unit
from app.kernel.errors import NotThere
from app.kernel.ids import parse_id
from app.people.access import Matter
from app.people.models import COMMUNITY_TYPES, Organisation, Person
from app.rounds.coverage_queries import organisations_rolled_up
from app.rounds.routes import scope_asked
from app.web.routing import Call, Routes

READ, WRITE = "assignments.read", "assignments.write"
routes = Routes("分工")


@routes.get(
    "/assignments",
    permission=READ,
    query=AssignmentsQuery,
    answer=AssignmentsOut,
    refusals=(404,),
)
def get_assignments(call: Call) -> dict[str, Any]:
    """谁负责、谁协助，新的在前；网格由谁巡查见 GET /cells"""
    asked = call.query(AssignmentsQuery)
    wanted = AssignmentFilter(asked.on or today(call), asked.kind, asked.part, asked.person)
    scope = scope_asked(call, asked.organisation)
    page = assignments_page(call.session, scope, wanted, limit=asked.limit, cursor=asked.cursor)
    items = _items(call, page.items)
    return {"items": items, "next_cursor": page.next_cursor}


def _items(call: Call, rows: Sequence[Assignment]) -> list[dict[str, Any]]:
    names = {rule.code: rule.name for rule in desk_known(call.session).duties}
    return [assignment_json(row, names) for row in rows]


@routes.get(
    "/assignments/vacant", permission=READ, query=VacantQuery, answer=VacantPage, refusals=(404,)
)
def get_vacant(call: Call) -> dict[str, Any]:
    """没有人负责的网格、点位和工作分工，应当是空的"""
    asked = call.query(VacantQuery)
    page = vacancies_page(
        call.session,
        scope_asked(call, asked.organisation),
        kind=asked.kind,
        limit=asked.limit,
        cursor=asked.cursor,
    )
    return {"items": [vacancy_json(one) for one in page.items], "next_cursor": page.next_cursor}


@routes.get(
    "/assignments/vacant/summary",
    permission=READ,
    query=VacantSummaryQuery,
    answer=VacantSummary,
    refusals=(404,),
)
def get_vacant_summary(call: Call) -> dict[str, Any]:
    """下级组织各有几项没有人负责"""
    scope = scope_asked(call, call.query(VacantSummaryQuery).organisation)
    counts = vacancy_counts(call.session, scope)
    lines = organisations_rolled_up(call.session, scope)
    return {"items": [vacant_line_json(one, counts) for one in lines]}


@routes.get(
    "/assignments/people",
    permission=READ,
    query=NameableQuery,
    answer=NameablePage,
    refusals=(404,),
)
def get_nameable_people(call: Call) -> dict[str, Any]:
    """可以负责这个单位的事的人：本镇的网格员、负责人和督查员，一个岗位一条"""
    asked = call.query(NameableQuery)
    unit = scope_asked(call, asked.organisation).organisation
    assert unit is not None, "a code was named"
    page = people_to_name(
        call.session, unit, day=today(call), limit=asked.limit, cursor=asked.cursor
    )
    return {"items": [nameable_json(one) for one in page.items], "next_cursor": page.next_cursor}


def unit_named(call: Call) -> Matter:
    """What permissions ask about the organisation that the body names."""
    found = organisation_of_body(call, "organisation")
    return matter_of_unit(found) if found is not None else Matter()


@routes.post(
    "/assignments",
    permission=WRITE,
    body=AssignmentsIn,
    answer=GivenOut,
    status=201,
    matter=unit_named,
)
def post_assignments(call: Call) -> dict[str, Any]:
    """定下谁负责、谁协助，从某天起；换人负责的，原来的当天结束"""
    said, unit = call.body(AssignmentsIn), _unit(call)
    named = [SubjectNamed(one.kind, one.code) for one in said.subjects]
    rows = service.give_assignments(
        call.session,
        unit,
        subjects_of_unit(call.session, unit, named, day=said.from_on or today(call)),
        _assignee(call, said),
        from_on=said.from_on,
        to_on=said.to_on,
        act=act_of(call),
    )
    return {"items": _items(call, rows)}


def _unit(call: Call) -> Organisation:
    unit = meant(call, call.body(AssignmentsIn).organisation)
    call.require(WRITE, matter_of_unit(unit))
    if unit.type not in COMMUNITY_TYPES:
        detail = "分工以社区或村为单位。"
        raise OrganisationMisplaced(detail, fields={"organisation": [detail]})
    return unit


def _assignee(call: Call, said: AssignmentsIn) -> service.Assignee:
    """Who is named; raises AssigneeUnsuitable for nobody, for two, and for a lead by name only."""
    if said.part is Part.lead and said.person is None:
        detail = "负责的须是有账号的人。"
        raise AssigneeUnsuitable(detail, fields={"person": [detail]})
    if (said.person is None) == (said.name is None):
        detail = "person 和 name 填一个。"
        raise AssigneeUnsuitable(detail, fields={"person": [detail]})
    person = _assistant(call, said) if said.person else None
    assists_as = said.assists_as if said.part is Part.assistant else None
    return service.Assignee(said.part, person, said.name, assists_as)


def _assistant(call: Call, said: AssignmentsIn) -> Person:
    """The person named; who assists may be of a company in contract in the unit."""
    username = said.person or ""
    if said.part is Part.assistant and (
        head := company_person(call.session, username, _unit(call), day=today(call))
    ):
        return head
    return _person(call, username, "person")


def _person(call: Call, username: str, field: str) -> Person:
    try:
        return person_in_sight(call.session, username, towns_seen(call))
    except NotThere as missing:
        raise AssigneeUnsuitable(missing.detail, fields={field: [missing.detail]}) from None


def assignment_asked_for(call: Call) -> Assignment:
    """The assignment named in the path, when the asker sees it; raises NotThere."""
    wanted = parse_id(call.args["assignment"])
    return assignment_in_sight(call.session, call.actor, wanted)


def its_unit(call: Call) -> Matter:
    """What permissions ask about the assignment's unit."""
    return matter_of_unit(call.loaded.organisation)


@routes.post(
    "/assignments/<assignment>/end",
    permission=WRITE,
    body=OnBody,
    answer=AssignmentOut,
    loads=assignment_asked_for,
    matter=its_unit,
    refusals=(404, 409),
)
def post_ended_assignment(call: Call) -> dict[str, Any]:
    """结束一项分工，从某天起"""
    service.end_given(call.session, call.loaded, on=call.body(OnBody).on, act=act_of(call))
    return _items(call, [call.loaded])[0]


@routes.post(
    "/assignments/hand-over",
    permission=WRITE,
    body=HandOverIn,
    answer=HandedOverOut,
    matter=unit_named,
)
def post_hand_over(call: Call) -> dict[str, Any]:
    """一个人的全部分工和所巡查的网格，从某天起交给另一个人"""
    said = call.body(HandOverIn)
    under = meant(call, said.organisation)
    call.require(WRITE, matter_of_unit(under))
    passed = hand_over(
        call.session,
        under,
        _person(call, said.person, "person"),
        _person(call, said.to, "to"),
        on=said.on,
        act=act_of(call),
    )
    return {
        "items": _items(call, passed.assignments),
        "cells": [{"code": cell.code, "name": cell.name} for cell in passed.cells],
    }
