"""All photos of a ticket, or a single one, are held and released; both go on the log of
administration."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.administration.audit import Act, Subject, record_change
from app.administration.models import ChangeKind, SubjectKind
from app.kernel.clock import rfc3339
from app.kernel.errors import Conflict, NotAllowed, Rejected
from app.people.access import Actor
from app.people.models import Organisation, Post, Role
from app.photos.errors import purged
from app.photos.models import Photo
from app.photos.retention.holding import holds_now
from app.photos.retention.models import PhotoHold
from app.tickets.models import Ticket, TicketPhoto


class HeldAlready(Conflict):
    """A hold is in force."""

    code: ClassVar[str] = "held_already"
    title: ClassVar[str] = "已经保全"


class NotHeld(Conflict):
    """No hold is in force."""

    code: ClassVar[str] = "not_held"
    title: ClassVar[str] = "没有正在保全的"


class HeldByOthers(NotAllowed):
    """Another town, or somebody above, placed the hold."""

    code: ClassVar[str] = "held_by_others"
    title: ClassVar[str] = "别处保全的，不能在这里解除"


Held = Ticket | Photo
"""What is held: a ticket with all its photos, also those to come, or one photo."""


def hold(
    session: Session, held: Held, *, reason: str, until: datetime | None, act: Act
) -> PhotoHold:
    """Holds a ticket's photos, or a photo, from now on; the photos are locked, so that none is
    purged at the same moment.

    Raises HeldAlready, PhotoPurged for a photo, and Rejected when `until` is not to come.
    """
    if until is not None and until <= act.now:
        raise Rejected("保全到什么时候须晚于现在。", fields={"until": ["须晚于现在"]})
    _lock_photos(session, held)
    if _in_force(session, held, now=act.now) is not None:
        raise HeldAlready("先解除正在执行的，再重新保全。")
    assert act.actor_id is not None and act.post_id is not None
    made = PhotoHold(
        ticket_id=held.id if isinstance(held, Ticket) else None,
        photo_id=held.id if isinstance(held, Photo) else None,
        town_id=held.town_id,
        reason=reason,
        from_at=act.now,
        to_at=until,
        made_by_id=act.actor_id,
        post_id=act.post_id,
    )
    session.add(made)
    session.flush()
    said = {"reason": made.reason, "from": rfc3339(made.from_at), "until": rfc3339(made.to_at)}
    record_change(session, act, _subject(session, held), ChangeKind.give, after=said)
    return made


def release(session: Session, held: Held, *, reason: str, act: Act, actor: Actor) -> PhotoHold:
    """Ends the hold in force on a ticket or photo; raises NotHeld, and HeldByOthers for whom it is
    not to release."""
    hold = _in_force(session, held, now=act.now)
    if hold is None:
        raise NotHeld
    if not _may_release(session, hold, actor):
        raise HeldByOthers("请联系保全它的乡镇（街道），或由县里解除。")
    before = {"until": rfc3339(hold.to_at)}
    hold.to_at = hold.released_at = act.now
    hold.released_by_id, hold.release_reason = act.actor_id, reason
    session.flush()
    after = {"until": rfc3339(hold.to_at), "reason": hold.release_reason}
    subject = _subject(session, held)
    record_change(session, act, subject, ChangeKind.end, before=before, after=after)
    return hold


def _may_release(session: Session, hold: PhotoHold, actor: Actor) -> bool:
    """Whether somebody who may hold photos is of the town of the post that placed it, or above."""
    placed_at = select(Organisation).join(Post, Post.organisation_id == Organisation.id)
    place = session.scalars(placed_at.where(Post.id == hold.post_id)).one()
    posts = actor.posts_as(Role.supervisor, Role.administrator)
    return any(
        post.covers(place.path) or (place.town_id is not None and post.town_id == place.town_id)
        for post in posts
    )


def holds_of(session: Session, held: Held) -> Sequence[PhotoHold]:
    """All holds that a ticket or photo itself ever had, the newest first."""
    asked = select(PhotoHold).where(_is_on(held))
    people = joinedload(PhotoHold.made_by), joinedload(PhotoHold.released_by)
    return session.scalars(asked.options(*people).order_by(PhotoHold.id.desc())).all()


def _in_force(session: Session, held: Held, *, now: datetime) -> PhotoHold | None:
    asked = select(PhotoHold).where(_is_on(held), holds_now(now))
    return session.scalar(asked.order_by(PhotoHold.id.desc()).limit(1))


def _is_on(held: Held) -> ColumnElement[bool]:
    if isinstance(held, Ticket):
        return PhotoHold.ticket_id == held.id
    return PhotoHold.photo_id == held.id


def _lock_photos(session: Session, held: Held) -> None:
    """Waits for who purges them now; raises PhotoPurged for a single photo that is gone."""
    asked = select(Photo.id, Photo.purged_at)
    if isinstance(held, Photo):
        asked = asked.where(Photo.id == held.id)
    else:
        asked = asked.join(TicketPhoto, TicketPhoto.photo_id == Photo.id)
        asked = asked.where(TicketPhoto.ticket_id == held.id)
    rows = session.execute(asked.order_by(Photo.id).with_for_update(of=Photo)).all()
    if isinstance(held, Photo) and rows[0].purged_at is not None:
        raise purged(rows[0].purged_at)


def _subject(session: Session, held: Held) -> Subject:
    if isinstance(held, Ticket):
        return Subject(SubjectKind.hold, held.number, held.town)
    town = session.get(Organisation, held.town_id) if held.town_id else None
    return Subject(SubjectKind.hold, str(held.id), town)
