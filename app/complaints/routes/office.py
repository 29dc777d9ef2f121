"""Complaints as the office that answers has them."""

from typing import Any

from flask import current_app

from app.administration.routes.acting import towns_seen
from app.complaints.models import Complaint
from app.complaints.photos import remove_photos
from app.complaints.presenting import complaint_json, office_json
from app.complaints.queries import Wanted, complaint_in_sight, complaints_page, office_lines
from app.complaints.routes.staff import OFFICES
from app.complaints.schemas import (
    AnswerIn,
    ComplaintOut,
    ComplaintsOut,
    ComplaintsQuery,
    LinkIn,
    OfficeIn,
    OfficeOut,
    RemovedOut,
    RemoveIn,
)
from app.complaints.service import answer, answering_limit, link_ticket, set_office
from app.grid import sight
from app.kernel.clock import shanghai_day
from app.kernel.errors import NotThere
from app.kernel.ids import parse_id
from app.people.access import Matter, require
from app.people.models import Organisation, OrganisationType
from app.photos.access import PhotoUses
from app.tickets.queries import ticket_in_sight
from app.web.references import references
from app.web.routing import Call, Routes

routes = Routes("投诉建议")
READ, ANSWER = "complaints.read", "complaints.answer"


@routes.get(
    "/complaints",
    permission=READ,
    query=ComplaintsQuery,
    answer=ComplaintsOut,
    refusals=(404,),
)
def get_complaints(call: Call) -> dict[str, Any]:
    """投诉建议的列表，新收到的在前"""
    asked = call.query(ComplaintsQuery)
    office = None
    if asked.office:
        towns = sight.towns_in_sight(call.session, call.actor, day=shanghai_day(call.now))
        office = sight.organisation_in_sight(call.session, asked.office, towns)
    page = complaints_page(
        call.session,
        call.actor,
        Wanted(open=asked.open, overdue=asked.overdue, office=office),
        limit=asked.limit,
        cursor=asked.cursor,
        now=call.now,
    )
    items = [complaint_json(each, now=call.now) for each in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def complaint_named(call: Call) -> Complaint:
    """The complaint named in the path, when the asker reads it; raises NotThere."""
    return complaint_in_sight(
        call.session,
        call.actor,
        parse_id(call.args["complaint"]),
        now=call.now,
        for_update=call.route.method != "GET",
    )


def matter_of_office(office: Organisation) -> Matter:
    """What permissions ask about an office's complaints."""
    town_id = office.id if office.type is OrganisationType.town else None
    return Matter(town_id=town_id, paths=(office.path,))


def matter_named(call: Call) -> Matter:
    """The same of the complaint named."""
    return matter_of_office(call.loaded.office)


@routes.get("/complaints/<complaint>", permission=READ, answer=ComplaintOut, loads=complaint_named)
def get_complaint(call: Call) -> dict[str, Any]:
    """一条投诉建议"""
    return complaint_json(call.loaded, now=call.now)


@routes.post(
    "/complaints/<complaint>/ticket",
    permission=ANSWER,
    body=LinkIn,
    answer=ComplaintOut,
    loads=complaint_named,
    matter=matter_named,
    refusals=(409,),
)
def post_complaint_ticket(call: Call) -> dict[str, Any]:
    """注明投诉的是哪张工单；工单本身怎样更正（作废、返工），照工单的办法"""
    body = call.body(LinkIn)
    known = references(call.session, [body.ticket], person_id=call.actor.person_id)
    (ticket_id,) = known.all("ticket", [body.ticket])
    ticket = ticket_in_sight(call.session, call.actor, ticket_id)
    link_ticket(call.loaded, ticket, version=body.version)
    return _again(call)


@routes.post(
    "/complaints/<complaint>/photos/remove",
    permission=ANSWER,
    body=RemoveIn,
    answer=RemovedOut,
    loads=complaint_named,
    matter=matter_named,
    refusals=(409,),
)
def post_photos_removed(call: Call) -> dict[str, Any]:
    """清除所注明工单的照片（反映不属实、不该拍的）：工单须已办结或作废，保全的不清除；记录链留痕"""
    body = call.body(RemoveIn)
    uses: PhotoUses = current_app.extensions["gexun_photo_uses"]
    remove_photos(
        call.session,
        call.loaded,
        body.photo_ids,
        uses,
        reason=body.reason,
        version=body.version,
        actor=call.actor,
        now=call.now,
    )
    issued = current_app.extensions["gexun_issued_showing"](call.session, body.photo_ids)
    return {**_again(call), "issued_documents": issued}


@routes.post(
    "/complaints/<complaint>/answer",
    permission=ANSWER,
    body=AnswerIn,
    answer=ComplaintOut,
    loads=complaint_named,
    matter=matter_named,
    refusals=(409,),
)
def post_answer(call: Call) -> dict[str, Any]:
    """答复一条投诉建议；答复以后不能改"""
    body = call.body(AnswerIn)
    answer(
        call.session,
        call.loaded,
        body.answer,
        body.outcome,
        version=body.version,
        actor=call.actor,
        post=require(call.actor, ANSWER, matter_named(call)),
        now=call.now,
    )
    return _again(call)


def _again(call: Call) -> dict[str, Any]:
    call.session.flush()
    call.session.refresh(call.loaded, ["ticket", "answered_by"])
    return complaint_json(call.loaded, now=call.now)


def office_asked_for(call: Call) -> Organisation:
    """The office named in the path; raises NotThere."""
    place = sight.organisation_in_sight(call.session, call.args["town"], towns_seen(call))
    if place.type not in OFFICES:
        raise NotThere("只有县和镇答复投诉建议。")
    return place


def matter_asked_for(call: Call) -> Matter:
    """What permissions ask about the office named."""
    return matter_of_office(call.loaded)


def _office(call: Call, place: Organisation) -> dict[str, Any]:
    limit = answering_limit(call.session, place, now=call.now)
    return office_json(place, office_lines(call.session, place), limit)


@routes.get(
    "/complaints/offices/<town>",
    permission=READ,
    answer=OfficeOut,
    loads=office_asked_for,
    refusals=(404,),
)
def get_office(call: Call) -> dict[str, Any]:
    """一个镇（或县）公开的电话和答复期限"""
    return _office(call, call.loaded)


@routes.put(
    "/complaints/offices/<town>",
    permission=ANSWER,
    body=OfficeIn,
    answer=OfficeOut,
    loads=office_asked_for,
    matter=matter_asked_for,
    refusals=(404,),
)
def put_office(call: Call) -> dict[str, Any]:
    """写明公开的电话和接听时间"""
    body = call.body(OfficeIn)
    set_office(call.session, call.loaded, phone=body.phone, hours=body.hours)
    return _office(call, call.loaded)
