"""What a person decides about a text that a host warned of, or said nothing about."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, or_, select, true, tuple_
from sqlalchemy.orm import Session

from app.kernel.clock import parse_instant
from app.kernel.db import db
from app.kernel.errors import NotThere
from app.kernel.hiding import look_again
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor, ActorPost
from app.people.models import Organisation, OrganisationType, Role
from app.photos.safety.models import OF_A_PERSON, WAITING, CheckState
from app.texts.errors import TextDecided
from app.texts.models import TextCheck


def read_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that somebody decides about a text: the supervisors and administrators of its
    township, and the county's administrators about every one."""
    posts = actor.posts_as(Role.supervisor, Role.administrator)
    return or_(false(), *(_read_by_post(post) for post in posts))


def _read_by_post(post: ActorPost) -> ColumnElement[bool]:
    if post.role is Role.administrator and post.organisation_type is OrganisationType.county:
        return true()
    if post.organisation_type is OrganisationType.town:
        return TextCheck.town_id == post.organisation_id
    return false()


def waiting_page(
    session: Session, actor: Actor, *, limit: int, cursor: str | None
) -> Page[TextCheck]:
    """A page of the texts that wait for somebody's decision, what was written last first."""
    asked = select(TextCheck).where(read_by(actor), TextCheck.state.in_(WAITING))
    if cursor is not None:
        at, last = decode_cursor(cursor, parse_instant, str)
        asked = asked.where(tuple_(TextCheck.written_at, TextCheck.mark) < tuple_(at, last))
    ordered = asked.order_by(TextCheck.written_at.desc(), TextCheck.mark.desc())
    rows = session.scalars(ordered.limit(limit + 1)).all()
    return cut_page(rows, limit, lambda one: (one.written_at.isoformat(), one.mark))


def checked_text(
    session: Session, actor: Actor, mark: str, *, for_update: bool = False
) -> TextCheck:
    """A text that waits for a person or was decided about, in somebody's sight, locked for an
    update; raises NotThere."""
    asked: Select[TextCheck] = select(TextCheck).where(
        read_by(actor), TextCheck.mark == mark, TextCheck.state.in_(OF_A_PERSON)
    )
    if for_update:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(asked)
    if found is None:
        raise NotThere("没有这段文字的检查，或不在您的范围内。")
    return found


def decide(
    check: TextCheck, *, release: bool, reason: str, actor: Actor, post: ActorPost, now: datetime
) -> None:
    """Shows a text again for good, wherever it stands, or keeps it hidden. Raises TextDecided."""
    if check.state not in WAITING:
        raise TextDecided("请刷新后查看。")
    check.state = CheckState.released if release else CheckState.confirmed
    check.decided_at, check.reason = now, reason
    check.decided_by_id, check.post_id = actor.person_id, post.id
    look_again(db.engine)


def place_of(session: Session, check: TextCheck) -> Organisation | None:
    """The township whose text it is; None: the county's."""
    return session.get(Organisation, check.town_id) if check.town_id else None
