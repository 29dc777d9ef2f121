"""Verbs about leaves: a deputy has the absent person's posts for that time, and only then."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import AlreadyRetired, LeaveImpossible, LeaveOverlaps
from app.administration.models import ChangeKind, Leave, SubjectKind
from app.administration.presenting.people import leave_state
from app.administration.staff.dated_posts import cut_short
from app.administration.staff.deputies import own_posts, settle_leave, settle_leaves
from app.kernel.dated import BadDates, day_from
from app.people.models import Organisation, Person
from app.people.two_sides import why_both_sides


def begin_leave(
    session: Session,
    person: Person,
    *,
    deputy: Person,
    from_on: date,
    to_on: date,
    home: Organisation | None,
    act: Act,
) -> Leave:
    """Somebody is away from a day until the day they are back; the deputy gets equal posts.

    The absent person's posts stay. Raises BadDates, LeaveImpossible or LeaveOverlaps.
    """
    start = day_from(from_on, today=act.today, field="from_on")
    if to_on <= start:
        raise BadDates("回岗日须在请假首日之后。", fields={"to_on": ["须晚于 from_on"]})
    _check_deputy(session, person, deputy, start, to_on)
    if _leaves_between(session, person, start, to_on):
        raise LeaveOverlaps(f"{person.name}在这段时间已有请假，请先结束那一次。")
    if not _has_posts_between(session, person, start, to_on):
        raise LeaveImpossible(f"{person.name}在这段时间没有岗位，不用代理。")
    leave = Leave(person_id=person.id, deputy_id=deputy.id, from_on=start, to_on=to_on)
    session.add(leave)
    session.flush()
    settle_leave(session, leave, today=act.today)
    _log(session, act, ChangeKind.give, home, after=leave_state(leave, person, deputy))
    return leave


def end_leave(
    session: Session, leave: Leave, *, on: date | None, home: Organisation | None, act: Act
) -> None:
    """Somebody is back earlier: the deputy's posts end that day. Raises AlreadyRetired."""
    day = day_from(on, today=act.today, field="on")
    if leave.to_on is not None and leave.to_on <= day:
        raise AlreadyRetired(f"这次请假已于 {leave.to_on} 结束。")
    before = leave_state(leave, leave.person, leave.deputy)
    leave.to_on = max(day, leave.from_on)
    for one in leave.posts:
        cut_short(one.post, day)
    session.flush()
    after = leave_state(leave, leave.person, leave.deputy)
    _log(session, act, ChangeKind.end, home, before=before, after=after)
    # What the deputy has for this person may have stood for another one's post as well.
    settle_leaves(session, today=act.today, person=leave.deputy)


def _log(
    session: Session,
    act: Act,
    kind: ChangeKind,
    home: Organisation | None,
    **states: dict[str, Any],
) -> None:
    """Under both names: who was away, and why somebody else could act for them."""
    for username in (states["after"]["person"], states["after"]["deputy"]):
        record_change(session, act, Subject(SubjectKind.leave, username, home), kind, **states)


def _check_deputy(session: Session, person: Person, deputy: Person, start: date, end: date) -> None:
    wrong = None
    if deputy.id == person.id:
        wrong = "不能由本人代理。"
    elif deputy.deactivated_at is not None:
        wrong = f"{deputy.name}的账号已停用。"
    elif _leaves_between(session, deputy, start, end):
        wrong = f"{deputy.name}在这段时间也请假。"
    else:
        roles = [post.role for post in own_posts(session, person)]
        wrong = why_both_sides(session, deputy, roles, since=start)
    if wrong:
        raise LeaveImpossible(wrong, fields={"deputy": [wrong]})


def _leaves_between(session: Session, person: Person, start: date, end: date) -> bool:
    asked = select(Leave.id).where(
        Leave.person_id == person.id,
        Leave.from_on < end,
        Leave.to_on > start,
        Leave.to_on > Leave.from_on,
    )
    return session.scalar(asked.limit(1)) is not None


def _has_posts_between(session: Session, person: Person, start: date, end: date) -> bool:
    """Whether a person has a post of their own on one of the days."""
    own = [post for post in own_posts(session, person) if post.from_on < end]
    return any(post.to_on is None or post.to_on > max(start, post.from_on) for post in own)
