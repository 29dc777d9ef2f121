"""A deputy has the posts of who is on leave: kept so while posts come, change and end."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.administration.errors import Deputising
from app.administration.models import Leave, LeavePost
from app.administration.staff.dated_posts import cut_short, open_post, posts_held
from app.people.models import Person, Post


def lent_posts(session: Session) -> frozenset[UUID]:
    """The posts that deputies were given for leaves, past ones too."""
    return frozenset(session.scalars(select(LeavePost.post_id)))


def settle_leaves(session: Session, *, today: date, person: Person | None = None) -> None:
    """Make the deputies' posts equal those of the absent, from today (Asia/Shanghai) on: for all
    leaves that are not over, or for those in which a person is away or stands in."""
    session.flush()
    asked = _not_over(today).order_by(Leave.id)
    if person is not None:
        asked = asked.where(or_(Leave.person_id == person.id, Leave.deputy_id == person.id))
    for leave in session.scalars(asked).unique().all():
        settle_leave(session, leave, today=today)


def settle_leave(session: Session, leave: Leave, *, today: date) -> None:
    """Make the deputy's posts of one leave equal the absent person's, from today on."""
    for post in own_posts(session, leave.person):
        end = min(leave.to_on or date.max, post.to_on or date.max)
        for one in session.scalars(_lent_for(leave, post)):
            cut_short(one, max(end, today))
        _lend(session, leave, post, max(leave.from_on, post.from_on, today), end)
    session.flush()


def own_posts(session: Session, person: Person) -> Sequence[Post]:
    """A person's posts but for those that are lent, which are not passed on."""
    lent = select(LeavePost.post_id)
    own = select(Post).where(Post.person_id == person.id, Post.id.not_in(lent))
    return session.scalars(own.order_by(Post.from_on)).all()


def refuse_while_deputising(session: Session, person: Person, *, today: date) -> None:
    """Raises Deputising while somebody stands in, today or later, for a person on leave."""
    asked = _not_over(today).where(Leave.deputy_id == person.id).order_by(Leave.from_on)
    leave = session.scalars(asked.limit(1)).first()
    if leave is not None:
        raise _told(leave)


def refuse_lent(session: Session, post: Post, *, today: date) -> None:
    """Raises Deputising for a post that a deputy has for a leave that is not over."""
    lent = select(LeavePost.leave_id).where(LeavePost.post_id == post.id)
    leave = session.scalars(_not_over(today).where(Leave.id.in_(lent)).limit(1)).first()
    if leave is not None:
        raise _told(leave)


def _not_over(today: date) -> Select[Leave]:
    asked = select(Leave).options(joinedload(Leave.person), joinedload(Leave.deputy))
    return asked.where(Leave.to_on > today, Leave.to_on > Leave.from_on)


def _lent_for(leave: Leave, post: Post) -> Select[Post]:
    pairs = select(LeavePost.post_id).where(
        LeavePost.leave_id == leave.id, LeavePost.stands_for_id == post.id
    )
    return select(Post).where(Post.id.in_(pairs))


def _told(leave: Leave) -> Deputising:
    return Deputising(
        f"{leave.deputy.name}从 {leave.from_on} 到 {leave.to_on} 代理{leave.person.name}"
        f"（{leave.person.username}），请先结束那次请假。"
    )


def _lend(session: Session, leave: Leave, post: Post, start: date, end: date) -> None:
    """Give the deputy a post equal to the absent person's, for the days it is not held anyway."""
    while start < end:
        held = posts_held(session, leave.deputy, post.role, post.organisation)
        known = next((one for one in held if one.holds_on(start)), None)
        if known is not None:
            start = known.to_on or date.max
            continue
        later = [one.from_on for one in held if one.from_on > start and one.to_on != one.from_on]
        until = min([end, *later])
        given = open_post(session, leave.deputy, post.role, post.organisation, held, start, until)
        if given.id not in {one.id for one in session.scalars(_lent_for(leave, post))}:
            session.add(LeavePost(leave_id=leave.id, post_id=given.id, stands_for_id=post.id))
            session.flush()
        start = until
