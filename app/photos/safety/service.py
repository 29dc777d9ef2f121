"""What a person decides about a photo that a host warned of, or said nothing about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload

from app.kernel.errors import Conflict, NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor, ActorPost
from app.people.models import Organisation, OrganisationType, Role
from app.photos.models import Photo
from app.photos.safety.models import WAITING, CheckState, PhotoCheck


class CheckDecided(Conflict):
    """Nobody's decision is waited for."""

    code = "check_decided"
    title = "这张照片不用再看"


def read_by(actor: Actor) -> ColumnElement[bool]:
    """The condition, beside the Organisation row of a photo's maker, that somebody decides about
    it: the supervisors at the township's office, and the administrators above."""
    posts = actor.posts_as(Role.supervisor, Role.administrator)
    return or_(false(), *(_read_by_post(post) for post in posts))


def _read_by_post(post: ActorPost) -> ColumnElement[bool]:
    if post.role is Role.administrator and post.organisation_type is OrganisationType.county:
        return and_(Organisation.path >= post.path, Organisation.path < post.path + "g")
    if post.organisation_type is OrganisationType.town:
        return Photo.town_id == post.organisation_id
    return false()


Found = tuple[PhotoCheck, Photo]


def waiting_page(session: Session, actor: Actor, *, limit: int, cursor: str | None) -> Page[Found]:
    """A page of the photos that wait for somebody's decision, the newest first."""
    asked = _photos(actor).where(PhotoCheck.state.in_(WAITING))
    if cursor is not None:
        (last,) = decode_cursor(cursor, lambda each: UUID(str(each)))
        asked = asked.where(Photo.id < last)
    rows = session.execute(asked.order_by(Photo.id.desc()).limit(limit + 1)).all()
    return cut_page([(row[0], row[1]) for row in rows], limit, lambda one: (str(one[1].id),))


def checked_photo(
    session: Session, actor: Actor, photo_id: UUID | None, *, for_update: bool = False
) -> Found:
    """A photo that was checked, in somebody's sight, locked for an update; raises NotThere."""
    asked = _photos(actor).where(Photo.id == photo_id)
    if for_update:
        asked = asked.with_for_update(of=PhotoCheck)
    row = session.execute(asked).one_or_none() if photo_id else None
    if row is None:
        raise NotThere("没有这张照片的检查，或不在您的范围内。")
    return row[0], row[1]


def _photos(actor: Actor) -> Select[PhotoCheck, Photo]:
    return (
        select(PhotoCheck, Photo)
        .join(Photo, Photo.id == PhotoCheck.photo_id)
        .join(Organisation, Organisation.id == Photo.organisation_id)
        .where(read_by(actor), Photo.purged_at.is_(None))
        .options(joinedload(Photo.blob))
    )


def decide(
    check: PhotoCheck,
    photo: Photo,
    *,
    release: bool,
    reason: str,
    actor: Actor,
    post: ActorPost,
    now: datetime,
) -> None:
    """Shows a photo again, or keeps it hidden; nothing is deleted. Raises CheckDecided."""
    if check.state not in WAITING:
        raise CheckDecided("请刷新后查看。")
    check.state = CheckState.released if release else CheckState.confirmed
    check.decided_at, check.reason = now, reason
    check.decided_by_id, check.post_id = actor.person_id, post.id
    photo.blob.quarantined_at = None if release else photo.blob.quarantined_at or now
