"""What people do to a ticket: one function changes its state, each move has its effect."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.grid.models import Area
from app.kernel.clock import shanghai_day
from app.kernel.errors import NotAllowed
from app.kernel.moments import AHEAD, BadOccurredAt, Moment
from app.people.access import Actor, ActorPost, allowing_post
from app.photos.evidence import PhotoRole
from app.tickets.circumstances import Circumstances
from app.tickets.errors import (
    ActionNotPossible,
    EvidenceMissing,
    ReasonMissing,
    StaleVersion,
)
from app.tickets.handling.clocks import mark_filed
from app.tickets.handling.copies import Evidence, evidence_of_the_actor
from app.tickets.handling.effects import EFFECTS
from app.tickets.handling.evidence import (
    Attachment,
    attach_photos,
    doubts_about_photos,
    refuse_reused,
)
from app.tickets.handling.retouched import COMPARE
from app.tickets.handling.timeline import append_event, closer_of, next_photo_sequence
from app.tickets.handling.turns import Outside, Turn
from app.tickets.models import State, Ticket, TicketEvent
from app.tickets.returning import resume_by_itself
from app.tickets.showing.sight import sight_of
from app.tickets.used_up import why_not_possible
from app.tickets.workflow import (
    Action,
    Need,
    allowed_actions,
    bar_before,
    may_move,
    resumes_first,
    row_of,
)
from app.work.service import enqueue

SECOND_LOOK_PERCENT = 20
"""The share of closures that a supervisor looks at again, unless a deployment says otherwise."""

ROLE_OF_PHOTOS = {
    Action.rectify: PhotoRole.AFTER,
    Action.close: PhotoRole.CHECK,
    Action.return_: PhotoRole.CHECK,
}
"""What the photos of an action show; those of any other are of the process."""


@dataclass(frozen=True)
class ActionAsked:
    """What somebody wants to do to a ticket, as far as it was said."""

    moment: Moment
    note: str | None = None
    photo_ids: Sequence[UUID] = field(default_factory=tuple)
    organisation: str | None = None
    category: str | None = None
    condition: str | None = None
    compound: str | None = None
    cell: str | None = None
    area: Area | None = None
    until: datetime | None = None
    person_id: UUID | None = None
    ticket_id: UUID | None = None
    outside: Outside | None = None


def circumstances_of(session: Session, ticket: Ticket, *, now: datetime) -> Circumstances:
    """What the rules look at; what was found about photos, and who closed it, only while it
    matters."""
    known = Circumstances(ticket, now)
    if row_of(Action.explain, known) is None:
        return known
    doubts = doubts_about_photos(session, ticket)
    closer_id = closer_of(session, ticket)
    return Circumstances(
        ticket,
        now,
        doubts.after_verdicts,
        doubts.contradicted_makers,
        closer_id,
        doubts.doubtful,
    )


def check_action(
    session: Session,
    ticket: Ticket,
    action: Action,
    *,
    actor: Actor,
    version: int | None,
    now: datetime,
) -> Circumstances:
    """Whether the action can be taken, before anything about it is read.

    Who sees a ticket as it was handed over sends the version of then. Raises, in this order:
    NotAllowed or OwnWork, StaleVersion (a version that is not the ticket's), ActionNotPossible with
    `allowed_actions`.
    """
    circumstances = circumstances_of(session, ticket, now=now)
    _require_permission(actor, action, circumstances)
    seen = ticket.version, sight_of(actor, ticket).version
    if version is not None and version not in seen:
        raise StaleVersion("请按最新内容重新操作。")
    move = row_of(action, circumstances)
    if move is None or not move.still_open(circumstances):
        allowed = [each.value for each in allowed_actions(actor, circumstances)]
        raise ActionNotPossible(why_not_possible(action, circumstances), allowed_actions=allowed)
    return circumstances


def _require_permission(actor: Actor, action: Action, circumstances: Circumstances) -> None:
    bar = bar_before(actor, action, circumstances)
    if bar is not None:
        raise bar.error(bar.detail)
    if not may_move(actor, action, circumstances):
        raise NotAllowed("您的岗位不能对这张工单进行此操作。")


def take_action(
    session: Session,
    circumstances: Circumstances,
    action: Action,
    asked: ActionAsked,
    *,
    actor: Actor,
    second_look_percent: int = SECOND_LOOK_PERCENT,
) -> Ticket:
    """Takes an action that `check_action` let through; the only way a person changes a state.

    Raises BadOccurredAt, ReasonMissing, EvidenceMissing, PhotoNotYours, PhotoReused, as its effect.
    """
    ticket, now, move = circumstances.ticket, asked.moment.now, row_of(action, circumstances)
    assert move is not None
    overrules = action is Action.close and circumstances.after_photo_contradicted
    post = _post(actor, "tickets.overrule" if overrules else move.permission, circumstances)
    _refuse_before_the_report(ticket, asked.moment)
    _refuse_what_is_missing(move.needs, asked, overrules=overrules)
    evidence = _evidence(session, ticket, action, asked, actor=actor)
    if resumes_first(action, circumstances):
        resume_by_itself(session, ticket, now)
    before = ticket.state
    turn = Turn(session, ticket, asked, actor, now, circumstances.doubtful, second_look_percent)
    changes = EFFECTS[action](turn)
    _step(ticket, move.to or before, now)
    event = append_event(
        session,
        ticket,
        actor=actor,
        post=post,
        moment=asked.moment,
        action=action.value,
        from_state=before,
        note=asked.note,
        changes=changes,
    )
    _attach(session, ticket, event, evidence, action)
    session.flush()
    return ticket


def _step(ticket: Ticket, to: State, now: datetime) -> None:
    """The next version of a ticket, in the state that the move leads to. Whatever takes a report
    out of the waiting ones decides on it, except that its reporter takes it back."""
    if ticket.state is State.reported and to not in (State.reported, State.withdrawn):
        mark_filed(ticket, now=now)
    ticket.state = to
    ticket.version += 1
    ticket.updated_at = now


def _post(actor: Actor, permission: str, circumstances: Circumstances) -> ActorPost:
    found = allowing_post(actor, permission, circumstances.matter)
    assert found is not None
    return found


def _attach(
    session: Session, ticket: Ticket, event: TicketEvent, evidence: Evidence, action: Action
) -> None:
    if not evidence.photos:
        return
    role = ROLE_OF_PHOTOS.get(action, PhotoRole.PROCESS)
    first, day = next_photo_sequence(session, ticket), shanghai_day(event.occurred_at)
    towns = frozenset({ticket.town_id})
    attached = Attachment(evidence, role, first, day, towns, leg=ticket.last_leg)
    attach_photos(session, ticket, event, attached)
    if role is PhotoRole.AFTER:
        enqueue(session, COMPARE, {"event": str(event.id)}, now=event.at)


def _refuse_before_the_report(ticket: Ticket, moment: Moment) -> None:
    """Nothing is done about a problem before it was found; 5 min for two phones' clocks."""
    if moment.occurred_at < ticket.occurred_at - AHEAD:
        detail = "不能早于问题上报的时间，请核对手机时钟。"
        raise BadOccurredAt(detail, fields={"occurred_at": [detail]})


_REASON = {"note": ["请写明理由"]}
_PHOTOS = {"photo_ids": ["至少一张照片"]}


def _says_something(note: str | None) -> bool:
    """Whether a reason can be read: spaces and characters without a width are none."""
    return any(unicodedata.category(each)[0] not in "CZ" for each in note or "")


def _refuse_what_is_missing(need: Need | None, asked: ActionAsked, *, overrules: bool) -> None:
    said = _says_something(asked.note)
    if overrules and not said:
        raise ReasonMissing("整改后照片与事实不符，结案须写明理由。", fields=_REASON)
    if need is Need.reason and not said:
        raise ReasonMissing("请在说明中写明理由。", fields=_REASON)
    if need is Need.photo and not asked.photo_ids:
        raise EvidenceMissing("请拍摄整改后的照片再提交。", fields=_PHOTOS)
    if need is Need.reason_or_photo and not (said or asked.photo_ids):
        raise ReasonMissing("请填写说明或附上照片。", fields=_REASON)


def _evidence(
    session: Session, ticket: Ticket, action: Action, asked: ActionAsked, *, actor: Actor
) -> Evidence:
    if action is Action.rectify:
        # First: a company that names the reporter's photo learns that it is the wrong picture.
        refuse_reused(session, ticket, asked.photo_ids)
    return evidence_of_the_actor(session, actor, asked.photo_ids)
