"""Complaints by residents, who have no account."""

from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from app.complaints.presenting import kinds_json, office_json, received_json
from app.complaints.queries import complaint_by_receipt, office_lines
from app.complaints.schemas import PlaceOut, ReceiptIn, ReceiptOut, ReceivedOut, ResidentIn
from app.complaints.service import Receipt, Said, answering_limit, complain_with_receipt
from app.grid.codes.queries import scanned
from app.grid.models import Compound
from app.kernel.clock import shanghai_day
from app.kernel.errors import NotThere
from app.people.models import Organisation
from app.web.limits import limits
from app.web.routing import Call, Routes

routes = Routes("投诉建议")


def compound_of(session: Session, scene: str) -> Compound:
    """The compound at which a code hangs; raises NotThere."""
    found = scanned(session, scene)
    if found is None or found.compound.organisation.town_id is None:
        raise NotThere("这个二维码不是本系统的，或已失效。")
    return found.compound


def office_of(session: Session, compound: Compound) -> Organisation:
    """The office of the compound's township."""
    office = session.get(Organisation, compound.organisation.town_id)
    assert office is not None
    return office


def _compound_asked_for(call: Call) -> Compound:
    return compound_of(call.session, call.args["scene"])


@routes.get(
    "/complaints/at/<scene>",
    permission="public",
    answer=PlaceOut,
    loads=_compound_asked_for,
    refusals=(404,),
)
def get_place(call: Call) -> dict[str, Any]:
    """扫码的小区由哪个单位答复投诉建议、电话和答复期限"""
    compound: Compound = call.loaded
    office = office_of(call.session, compound)
    limit = answering_limit(call.session, office, now=call.now)
    return {
        "compound": {"code": compound.code, "name": compound.name},
        "office": office_json(office, office_lines(call.session, office), limit),
        "kinds": kinds_json(),
    }


def count_complaint(scene: str) -> None:
    """Counts a complaint before its body is read; raises TooMany."""
    limits().count_complaint(address=request.remote_addr or "", place=scene)


def count_look() -> None:
    """Counts a look at an answer, as a try of signing in: codes are not to be guessed."""
    limits().count_sign_in(address=request.remote_addr or "", username=None)


@routes.post(
    "/complaints/at/<scene>",
    permission="public",
    body=ResidentIn,
    answer=ReceiptOut,
    status=201,
    admits=lambda call: count_complaint(call.args["scene"]),
    loads=_compound_asked_for,
    refusals=(404, 422, 429),
)
def post_resident_complaint(call: Call) -> dict[str, str]:
    """居民投诉建议，不用登录；凭回执的编号和查询码看答复。同一 once 重发只算一条"""
    body = call.body(ResidentIn)
    secret = call.settings.secret_key.get_secret_value()
    receipt = said_by_resident(call.session, call.loaded, body, secret=secret, now=call.now)
    return receipt_json(receipt)


def said_by_resident(
    session: Session, compound: Compound, body: ResidentIn, *, secret: str, now: datetime
) -> Receipt:
    """What a resident says of a compound, to its township's office."""
    said = Said(body.kind, body.text, body.phone, body.ticket_number or None)
    office, once = office_of(session, compound), body.once
    return complain_with_receipt(
        session, office, said, key=once, secret=secret, now=now, compound=compound
    )


def receipt_json(receipt: Receipt) -> dict[str, str]:
    """A receipt as JSON."""
    answer_by = shanghai_day(receipt.complaint.due_at).isoformat()
    return {"number": receipt.complaint.number, "code": receipt.code, "answer_by": answer_by}


@routes.post(
    "/complaints/receipts",
    permission="public",
    body=ReceiptIn,
    answer=ReceivedOut,
    admits=lambda _call: count_look(),
    refusals=(404, 422, 429),
)
def post_receipt(call: Call) -> dict[str, Any]:
    """凭回执的编号和查询码看答复"""
    body = call.body(ReceiptIn)
    return received_json(complaint_by_receipt(call.session, body.number, body.code))
