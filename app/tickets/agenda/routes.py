"""A responsible organisation's day over HTTP."""

from typing import Any

from app.kernel.errors import DomainError
from app.kernel.ids import parse_id
from app.kernel.moments import moment_of
from app.kernel.schemas import KEY
from app.tickets.agenda.presenting import AgendaView
from app.tickets.agenda.reading import agenda_of, shown_of
from app.tickets.agenda.schemas import MOST_TOGETHER, AgendaOut, RectifiedOut, RectifyTogetherIn
from app.tickets.agenda.together import (
    Named,
    check_together,
    rectify_together,
    tickets_in_sight,
)
from app.tickets.errors import StaleVersion
from app.tickets.routes import viewer
from app.tickets.service import ActionAsked
from app.tickets.showing.presenting import ticket_items, ticket_json
from app.web.references import references
from app.web.routing import Call, Routes

routes = Routes("工单")


@routes.get("/agenda", permission="agenda.read", answer=AgendaOut)
def get_agenda(call: Call) -> dict[str, Any]:
    """责任单位今天的工单：急的在前，等待答复、已经答复、返工和合同结束的各归一处"""
    agenda = agenda_of(call.session, call.actor, now=call.now)
    return AgendaView(viewer(call), agenda, shown_of(call.session, agenda)).json()


def named_tickets(call: Call) -> list[Named]:
    """The tickets that a body names as far as it can be read, when the asker sees all of them."""
    entries = _entries(call)
    texts = [text for text, _ in entries]
    known = references(call.session, texts, person_id=call.actor.person_id)
    ids = {text: known.one("ticket", text) for text in texts}
    found = tickets_in_sight(call.session, call.actor, ids)
    return [Named(text, found[text], version) for text, version in entries]


def _entries(call: Call) -> list[tuple[str, int | None]]:
    """References and versions in a body that is not validated yet; what is none is left out."""
    try:
        sent = call.raw.get("tickets")
    except DomainError:
        return []
    found = []
    for entry in sent[:MOST_TOGETHER] if isinstance(sent, list) else []:
        text, version = (entry.get("id"), entry.get("version")) if _is_object(entry) else ("", 0)
        if isinstance(text, str) and (text.startswith(KEY) or parse_id(text)):
            found.append((text, version if type(version) is int else None))
    return found


def _is_object(entry: Any) -> bool:
    return isinstance(entry, dict)


@routes.post(
    "/tickets/rectify",
    permission="agenda.rectify",
    body=RectifyTogetherIn,
    answer=RectifiedOut,
    loads=named_tickets,
    refusals=(404, 409),
)
def post_rectify(call: Call) -> dict[str, Any]:
    """一次整改相邻的几张工单：照片共用，要么全部提交，要么都不提交"""
    session, actor = call.session, call.actor
    try:
        checked = check_together(session, call.loaded, actor=actor, now=call.now)
    except StaleVersion as error:
        _show_current(call, error)
        raise
    said = call.body(RectifyTogetherIn)
    known = references(session, said.photo_ids, person_id=actor.person_id)
    asked = ActionAsked(
        moment=moment_of(call.now, said.occurred_at, said.sent_at),
        note=said.note or None,
        photo_ids=known.all("photo", said.photo_ids),
    )
    tickets = rectify_together(session, checked, asked, actor=actor)
    return {"items": ticket_items(viewer(call), tickets)}


def _show_current(call: Call, error: StaleVersion) -> None:
    """Gives each ticket that has changed as it is now."""
    by_reference = {each.reference: each.ticket for each in call.loaded}
    for told in error.extra["tickets"]:
        if told["code"] == StaleVersion.code:
            ticket = by_reference[told["id"]]
            told["current"] = call.signed(ticket_json(viewer(call), ticket))
