"""What the host pushes about messages: grants, refusals, and those that did not arrive."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.notices.messages.ledger import note_grant, note_refusal, note_undelivered
from app.people.hosts.binding import person_with_subject
from app.people.hosts.port import HostIdentity
from app.people.hosts.pushes import HostPush, Reaction

ACCEPTED = frozenset({"accept", "acceptWithAudio", "acceptWithAlert"})


def _rows(push: HostPush, wrapper: str) -> Iterator[dict[str, Any]]:
    """The rows of an event: JSON has them at the top, XML below a name of the event; a single one
    comes without its list."""
    below = push.said.get(wrapper)
    found = (below if isinstance(below, dict) else push.said).get("List", [])
    yield from (row for row in (found if isinstance(found, list) else [found]) if _is_row(row))


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and 1 <= len(str(row.get("TemplateId", ""))) <= 64


def _person(session: Session, push: HostPush) -> UUID | None:
    subject = str(push.said.get("FromUserName", ""))
    return person_with_subject(session, HostIdentity(push.host, push.tenant, subject))


def _at(push: HostPush, now: datetime) -> datetime:
    """When it happened, according to the host; never in the future."""
    said = str(push.said.get("CreateTime", ""))
    if not said.isdecimal() or len(said) > 11:
        return now
    return min(datetime.fromtimestamp(int(said), UTC), now)


def _popped_up(session: Session, push: HostPush, now: datetime) -> None:
    person_id = _person(session, push)
    if person_id is None:
        return
    at = _at(push, now)
    for row in _rows(push, "SubscribeMsgPopupEvent"):
        if row.get("SubscribeStatusString") in ACCEPTED:
            note_grant(session, person_id, str(row["TemplateId"]), by_host=True, at=at)
        else:
            note_refusal(session, person_id, str(row["TemplateId"]), at=at, for_all=False)


def _changed(session: Session, push: HostPush, now: datetime) -> None:
    """Somebody has changed their mind in the host's own settings: only refusals are told."""
    person_id = _person(session, push)
    if person_id is None:
        return
    for row in _rows(push, "SubscribeMsgChangeEvent"):
        if row.get("SubscribeStatusString") == "reject":
            template = str(row["TemplateId"])
            note_refusal(session, person_id, template, at=_at(push, now), for_all=True)


def _sent(session: Session, push: HostPush, now: datetime) -> None:
    for row in _rows(push, "SubscribeMsgSentEvent"):
        if str(row.get("ErrorCode", "0")) != "0":
            note_undelivered(session, str(row.get("MsgID", "")), str(row.get("ErrorStatus", "")))


REACTIONS: dict[str, Reaction] = {
    "subscribe_msg_popup_event": _popped_up,
    "subscribe_msg_change_event": _changed,
    "subscribe_msg_sent_event": _sent,
}
