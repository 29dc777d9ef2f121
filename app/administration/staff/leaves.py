"""Verbs about leaves: a deputy has the absent person's posts for that time, and only then."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import AlreadyRetired, LeaveImpossible, LeaveOverlaps
from app.administration.models import ChangeKind, Leave, LeavePost, SubjectKind
from app.administration.presenting.people import leave_state
from app.administration.staff.posts import cut_short, open_post, posts_held
from app.kernel.dated import BadDates, day_from
from app.people.models import Organisation, Person, Post


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
    posts = _posts_between(session, person, start, to_on)
    if not posts:
        raise LeaveImpossible(f"{person.name}在这段时间没有岗位，不用代理。")
    leave = Leave(person_id=person.id, deputy_id=deputy.id, from_on=start, to_on=to_on)
    session.add(leave)
    session.flush()
    for post in posts:
        _deputise(session, leave, post, deputy)
    session.flush()
    subject = Subject(SubjectKind.leave, person.username, home)
    record_change(session, act, subject, ChangeKind.give, after=leave_state(leave, deputy))
    return leave


def end_leave(
    session: Session, leave: Leave, *, on: date | None, home: Organisation | None, act: Act
) -> None:
    """Somebody is back earlier: the deputy's posts end that day. Raises AlreadyRetired."""
    day = day_from(on, today=act.today, field="on")
    if leave.to_on is not None and leave.to_on <= day:
        raise AlreadyRetired(f"这次请假已于 {leave.to_on} 结束。")
    before = leave_state(leave, leave.deputy)
    leave.to_on = max(day, leave.from_on)
    for one in leave.posts:
        cut_short(one.post, day)
    session.flush()
    subject = Subject(SubjectKind.leave, leave.person.username, home)
    after = leave_state(leave, leave.deputy)
    record_change(session, act, subject, ChangeKind.end, before=before, after=after)


def _check_deputy(session: Session, person: Person, deputy: Person, start: date, end: date) -> None:
    wrong = None
    if deputy.id == person.id:
        wrong = "不能由本人代理。"
    elif deputy.deactivated_at is not None:
        wrong = f"{deputy.name}的账号已停用。"
    elif _leaves_between(session, deputy, start, end):
        wrong = f"{deputy.name}在这段时间也请假。"
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


def _posts_between(session: Session, person: Person, start: date, end: date) -> list[Post]:
    """A person's own posts that hold on one of the days; what they deputise is not passed on."""
    lent = select(LeavePost.post_id)
    rows = session.scalars(
        select(Post).where(Post.person_id == person.id, Post.from_on < end, Post.id.not_in(lent))
    )
    return [post for post in rows if post.to_on is None or post.to_on > max(start, post.from_on)]


def _deputise(session: Session, leave: Leave, post: Post, deputy: Person) -> None:
    """Give the deputy a post equal to the absent person's, for the days it is not held anyway."""
    held = posts_held(session, deputy, post.role, post.organisation)
    start, end = (
        max(leave.from_on, post.from_on),
        min(leave.to_on or date.max, post.to_on or date.max),
    )
    while (known := next((one for one in held if one.holds_on(start)), None)) is not None:
        if known.to_on is None or known.to_on >= end:
            return
        start = known.to_on
    given = open_post(session, deputy, post.role, post.organisation, held, start, end)
    session.add(LeavePost(leave_id=leave.id, post_id=given.id, stands_for_id=post.id))
