"""A notice as a message: a job each, so that what fails keeps nothing else up.

The notice itself says when a message is to be made of it, so telling costs nobody a statement. A
notice that is renewed before is one message with what is new; what was read meanwhile is none. When
the job is done, it looks again.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.db import unit_of_work
from app.kernel.errors import DomainError
from app.notices.messages.ledger import (
    give_back,
    note_refusal,
    note_sent,
    take_quota,
    who_has_quota,
)
from app.notices.messages.port import Message, MessageFaulty, MessageRefused, Messenger
from app.notices.messages.templates import Template, filled
from app.notices.models import UNSENT, Notice
from app.notices.quiet import quiet_until
from app.people.hosts.binding import subjects_of
from app.people.hosts.errors import HostSilent
from app.work.service import enqueue

log = logging.getLogger("gexun.notices")

SEND = "send_message"
"""The kind of job."""
AT_ONCE = 100
SETTLES = timedelta(minutes=1)
"""How long a notice may still be renewed before it is a message; danger waits for nothing."""
NEWS_FOR = timedelta(hours=24)
"""How old a notice may be that is still sent."""
TRIED_FOR = timedelta(minutes=40)
"""How long after its time sending is tried again: the inbox has it in any case."""


def message_time(*, urgent: bool, now: datetime) -> datetime:
    """When a message is to be made of a notice of now."""
    return now if urgent else quiet_until(now) or now + SETTLES


def messages_to_make(session: Session, now: datetime) -> bool:
    """Whether the time of a notice has come."""
    waiting = select(Notice.id).where(UNSENT, Notice.message_at <= now).limit(1)
    return session.scalar(waiting) is not None


def make_messages(session: Session, now: datetime) -> int:
    """Jobs for 100 notices whose time has come, of those who have let the host tell them; how many
    notices there were."""
    notices = session.scalars(
        select(Notice)
        .where(UNSENT, Notice.message_at <= now)
        .order_by(Notice.message_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    able = who_has_quota(session, [one.person_id for one in notices])
    for one in notices:
        if one.person_id in able and one.read_at is None and one.message_at is not None:
            urgent = one.message_at <= one.created_at
            payload = {"notice": str(one.id), "urgent": urgent, "since": now.isoformat()}
            enqueue(session, SEND, payload, now=now)
        one.message_at = None
    session.flush()
    return len(notices)


@dataclass(frozen=True)
class Channel:
    """A way to people: who delivers, and with which templates. `clock` gives aware instants."""

    messenger: Messenger
    templates: Sequence[Template]
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class _Taken:
    grant_id: UUID
    template: Template
    person_id: UUID
    message: Message


def send_message(payload: dict[str, Any], channel: Channel) -> None:
    """Sends one notice, if it is still news; raises what the host does while it is worth trying.

    Where the host did not answer in time it may have taken the message: its grant stays used and it
    is not sent again, so that nobody gets it twice. The inbox has it in any case.
    """
    with unit_of_work() as session:
        taken = _taken(session, payload, channel)
    if taken is None:
        return
    try:
        msgid = channel.messenger.send(taken.message)
    except HostSilent:
        if taken.template.lasting:
            with unit_of_work() as session:
                give_back(session, taken.grant_id)
        return
    except (MessageRefused, MessageFaulty, DomainError) as problem:
        with unit_of_work() as session:
            _undo(session, taken, problem, now=channel.clock())
        late = channel.clock() > datetime.fromisoformat(payload["since"]) + TRIED_FOR
        if isinstance(problem, DomainError) and not late:
            raise
        return
    with unit_of_work() as session:
        if taken.template.lasting:
            give_back(session, taken.grant_id)
        else:
            note_sent(session, taken.grant_id, msgid)


def _taken(session: Session, payload: dict[str, Any], channel: Channel) -> _Taken | None:
    """The message to send, and the grant it uses; None when there is nothing to send (now)."""
    now = channel.clock()
    notice = session.get(Notice, UUID(payload["notice"]))
    if notice is None or notice.read_at is not None or notice.created_at < now - NEWS_FOR:
        return None
    morning = None if payload["urgent"] else quiet_until(now)
    if morning is not None:
        later = {**payload, "since": morning.isoformat()}
        enqueue(session, SEND, later, now=now, run_at=morning)
        return None
    fitting = {one.id: one for one in channel.templates if notice.kind in one.kinds}
    person_id, messenger = notice.person_id, channel.messenger
    subject = subjects_of(session, [person_id], host=messenger.host, tenant=messenger.tenant).get(
        person_id
    )
    if subject is None or not fitting:
        return None
    grant = take_quota(session, person_id, list(fitting), notice.id, now=now)
    if grant is None:
        return None
    template = fitting[grant.template]
    return _Taken(grant.id, template, person_id, _message(subject, template, notice))


def _message(subject: str, template: Template, notice: Notice) -> Message:
    fields = filled(template, kind=notice.kind, text=notice.text, created_at=notice.created_at)
    page = template.page
    if page is not None:
        page = page.replace("{ticket}", str(notice.ticket_id or ""))
    return Message(subject, template.id, page, fields)


def _undo(session: Session, taken: _Taken, problem: Exception, *, now: datetime) -> None:
    """What a message that was not delivered leaves behind. Where it is not known whether the host
    took it, its grant counts as left: the host itself says so when it is not."""
    give_back(session, taken.grant_id)
    if isinstance(problem, MessageRefused):
        note_refusal(session, taken.person_id, taken.template.id, at=now, for_all=True)
    elif isinstance(problem, MessageFaulty):
        log.error("template %s is wrong: errcode %d", taken.template.id, problem.errcode)
