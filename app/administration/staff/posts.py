"""Verbs about posts: given from a day on, ended on a day, never removed."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import AlreadyRetired, OwnAccount, PostHeld, PostImpossible
from app.administration.models import ChangeKind, LeavePost, SubjectKind
from app.administration.organisations import end_with
from app.administration.presenting.people import post_state
from app.administration.staff.dated_posts import cut_short, open_post, posts_held
from app.administration.staff.deputies import refuse_lent, settle_leaves
from app.administration.staff.last_administrator import refuse_without_administrator
from app.kernel.dated import day_from
from app.people.models import (
    ORGANISATION_TYPE_LABELS,
    ROLE_HOMES,
    ROLE_LABELS,
    Organisation,
    Person,
    Post,
    Role,
)
from app.people.two_sides import why_both_sides


def give_post(
    session: Session,
    person: Person,
    *,
    role: Role,
    organisation: Organisation,
    from_on: date | None,
    act: Act,
) -> Post:
    """A post from a day (Asia/Shanghai) on, until the organisation is retired; raises
    PostImpossible, PostHeld or AlreadyRetired."""
    start = day_from(from_on, today=act.today, field="from_on")
    _check_home(role, organisation)
    if wrong := why_both_sides(session, person, [role], since=start):
        raise PostImpossible(wrong, fields={"role": [wrong]})
    held = posts_held(session, person, role, organisation)
    known = next((p for p in held if p.to_on is None or p.to_on > max(start, p.from_on)), None)
    if known is not None:
        until = f"，到 {known.to_on}" if known.to_on else ""
        raise PostHeld(f"从 {known.from_on} 起已有这个岗位{until}。")
    end = end_with(organisation, from_on=start)
    post = open_post(session, person, role, organisation, held, start, end)
    subject = Subject(SubjectKind.post, person.username, organisation)
    after = post_state(post, organisation)
    record_change(session, act, subject, ChangeKind.give, after=after)
    settle_leaves(session, today=act.today, person=person)
    return post


def end_post(session: Session, person: Person, post: Post, *, on: date | None, act: Act) -> None:
    """End a post on a day; a deputy's that stands for it ends with it.

    Raises Deputising for a post that is lent for a leave, OwnAccount for an administrator's own,
    LastAdministrator for the only county's administrator's, or the only one's at all, in use,
    AlreadyRetired for one that has ended.
    """
    day = day_from(on, today=act.today, field="on")
    if person.id == act.actor_id and post.role is Role.administrator:
        raise OwnAccount("请由另一位管理员操作。")
    if post.to_on is not None and post.to_on <= act.today:
        raise AlreadyRetired(f"这个岗位已于 {post.to_on} 结束。")
    refuse_lent(session, post, today=act.today)
    deputies = _standing_for(session, post)
    refuse_without_administrator(session, person, [post, *deputies], day=day, what="结束岗位")
    before = post_state(post, post.organisation)
    post.to_on = max(day, post.from_on)
    for other in deputies:
        cut_short(other, day)
    session.flush()
    subject = Subject(SubjectKind.post, person.username, post.organisation)
    after = post_state(post, post.organisation)
    record_change(session, act, subject, ChangeKind.end, before=before, after=after)
    settle_leaves(session, today=act.today, person=person)


def _check_home(role: Role, organisation: Organisation) -> None:
    if organisation.type not in ROLE_HOMES[role]:
        label = ORGANISATION_TYPE_LABELS[organisation.type]
        detail = f"{label}不能设{ROLE_LABELS[role]}。"
        raise PostImpossible(detail, fields={"role": [detail]})


def _standing_for(session: Session, post: Post) -> list[Post]:
    """The deputies' posts that stand for a post."""
    asked = select(LeavePost.post_id).where(LeavePost.stands_for_id == post.id)
    return list(session.scalars(select(Post).where(Post.id.in_(asked))))
