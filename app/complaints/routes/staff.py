"""Complaints by staff: under their own name, or such that nothing is kept of them."""

import hashlib
import hmac
from typing import Any
from uuid import UUID

from app.complaints.errors import OfficeUnknown
from app.complaints.presenting import received_json
from app.complaints.queries import own_complaints
from app.complaints.routes.public import receipt_json
from app.complaints.schemas import (
    AnonymousIn,
    ReceiptOut,
    ReceivedOut,
    ReceivedPageOut,
    StaffIn,
)
from app.complaints.service import Said, complain, complain_with_receipt
from app.grid import sight
from app.kernel.clock import shanghai_day
from app.kernel.errors import NotThere
from app.kernel.paging import PageQuery
from app.people.models import Organisation, OrganisationType
from app.web.limits import limits
from app.web.routing import Call, Routes

routes = Routes("投诉建议")
PERMISSION = "complaints.write"
OFFICES = frozenset({OrganisationType.county, OrganisationType.town})


def _count(call: Call) -> None:
    """Counts a complaint of a person under a mark that only who has the key can make."""
    person, secret = call.actor.person_id, call.settings.secret_key.get_secret_value()
    mark = hmac.new(secret.encode(), f"complains\n{person}".encode(), hashlib.sha256)
    limits().count_own_complaint(mark.hexdigest())


@routes.post(
    "/complaints",
    permission=PERMISSION,
    body=StaffIn,
    answer=ReceivedOut,
    status=201,
    admits=_count,
)
def post_complaint(call: Call) -> dict[str, Any]:
    """署名的投诉建议；不写 office 的，报本镇（没有镇的，报县）"""
    body = call.body(StaffIn)
    office, said = _office(call, body.office), Said(body.kind, body.text)
    made = complain(call.session, office, said, call.actor, now=call.now)
    call.session.refresh(made, ["office"])
    return received_json(made)


@routes.post(
    "/complaints/anonymous",
    permission=PERMISSION,
    body=AnonymousIn,
    answer=ReceiptOut,
    status=201,
    unlinked=True,
    admits=_count,
)
def post_anonymous_complaint(call: Call) -> dict[str, str]:
    """匿名的投诉建议：系统不记是谁，次日零时起才交答复单位；凭回执的编号和查询码看答复。
    同一 once 重发只算一条"""
    body = call.body(AnonymousIn)
    receipt = complain_with_receipt(
        call.session,
        _office(call, body.office),
        Said(body.kind, body.text),
        key=body.once,
        secret=call.settings.secret_key.get_secret_value(),
        now=call.now,
    )
    return receipt_json(receipt)


@routes.get(
    "/complaints/mine",
    permission=PERMISSION,
    query=PageQuery,
    answer=ReceivedPageOut,
)
def get_own_complaints(call: Call) -> dict[str, Any]:
    """我署名的投诉建议和答复，新的在前"""
    asked = call.query(PageQuery)
    page = own_complaints(
        call.session, call.actor.person_id, limit=asked.limit, cursor=asked.cursor
    )
    return {"items": [received_json(one) for one in page.items], "next_cursor": page.next_cursor}


def _office(call: Call, code: str | None) -> Organisation:
    """The office named, or the own one: of a post in a township that township's, else the
    county's."""
    found = _named_office(call, code) if code else _own_office(call)
    if found is None or found.type not in OFFICES:
        detail = "请选本镇或县级"
        raise OfficeUnknown(f"{detail}。", fields={"office": [detail]})
    return found


def _named_office(call: Call, code: str) -> Organisation | None:
    towns = sight.towns_in_sight(call.session, call.actor, day=shanghai_day(call.now))
    try:
        return sight.organisation_in_sight(call.session, code, towns)
    except NotThere:
        return None


def _own_office(call: Call) -> Organisation | None:
    posts = call.actor.posts
    town_id = next((post.town_id for post in posts if post.town_id), None)
    return call.session.get(Organisation, town_id or UUID(posts[0].path[:32]))
