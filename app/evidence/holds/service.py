"""A ticket's photos are held, and released; both go on the log of administration."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.administration.audit import Act, Subject, record_change
from app.administration.models import ChangeKind, SubjectKind
from app.kernel.clock import rfc3339
from app.kernel.errors import Conflict, Rejected
from app.photos.retention.holding import holds_now
from app.photos.retention.models import PhotoHold
from app.tickets.models import Ticket


class HeldAlready(Conflict):
    """A hold is in force."""

    code: ClassVar[str] = "held_already"
    title: ClassVar[str] = "已经保全"


class NotHeld(Conflict):
    """No hold is in force."""

    code: ClassVar[str] = "not_held"
    title: ClassVar[str] = "没有正在保全的"


def hold_ticket(
    session: Session, ticket: Ticket, *, reason: str, until: datetime | None, act: Act
) -> PhotoHold:
    """Holds all photos of a ticket from now on, also those to come; the ticket's row is locked.

    Raises HeldAlready, and Rejected when `until` is not to come.
    """
    if until is not None and until <= act.now:
        raise Rejected("保全到什么时候须晚于现在。", fields={"until": ["须晚于现在"]})
    if _in_force(session, ticket.id, now=act.now) is not None:
        raise HeldAlready("先解除正在执行的，再重新保全。")
    assert act.actor_id is not None and act.post_id is not None
    hold = PhotoHold(
        ticket_id=ticket.id,
        town_id=ticket.town_id,
        reason=reason,
        from_at=act.now,
        to_at=until,
        made_by_id=act.actor_id,
        post_id=act.post_id,
    )
    session.add(hold)
    session.flush()
    said = {"reason": hold.reason, "from": rfc3339(hold.from_at), "until": rfc3339(hold.to_at)}
    record_change(session, act, _subject(ticket), ChangeKind.give, after=said)
    return hold


def release_ticket(session: Session, ticket: Ticket, *, reason: str, act: Act) -> PhotoHold:
    """Ends the hold in force on a ticket; raises NotHeld."""
    hold = _in_force(session, ticket.id, now=act.now)
    if hold is None:
        raise NotHeld
    before = {"until": rfc3339(hold.to_at)}
    hold.to_at = hold.released_at = act.now
    hold.released_by_id, hold.release_reason = act.actor_id, reason
    session.flush()
    after = {"until": rfc3339(hold.to_at), "reason": hold.release_reason}
    record_change(session, act, _subject(ticket), ChangeKind.end, before=before, after=after)
    return hold


def holds_of(session: Session, ticket: Ticket) -> Sequence[PhotoHold]:
    """All holds that a ticket ever had, the newest first."""
    asked = select(PhotoHold).where(PhotoHold.ticket_id == ticket.id)
    people = joinedload(PhotoHold.made_by), joinedload(PhotoHold.released_by)
    return session.scalars(asked.options(*people).order_by(PhotoHold.id.desc())).all()


def _in_force(session: Session, ticket_id: UUID, *, now: datetime) -> PhotoHold | None:
    asked = select(PhotoHold).where(PhotoHold.ticket_id == ticket_id, holds_now(now))
    return session.scalar(asked.order_by(PhotoHold.id.desc()).limit(1))


def _subject(ticket: Ticket) -> Subject:
    return Subject(SubjectKind.hold, ticket.number, ticket.town)
