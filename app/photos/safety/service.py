"""What a person decides about a photo that a host warned of, or said nothing about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session, joinedload

from app.kernel.errors import Conflict, NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor, ActorPost
from app.people.models import Organisation, OrganisationType, Role
from app.photos.models import Photo, PhotoBlob
from app.photos.safety.models import OF_A_PERSON, WAITING, CheckState, PhotoCheck


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
    """A photo that waits for a person or was decided about, in somebody's sight, locked for an
    update; raises NotThere."""
    asked = _photos(actor).where(Photo.id == photo_id, PhotoCheck.state.in_(OF_A_PERSON))
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
    session: Session,
    check: PhotoCheck,
    photo: Photo,
    *,
    release: bool,
    reason: str,
    actor: Actor,
    post: ActorPost,
    now: datetime,
) -> None:
    """Shows a photo again, or keeps it hidden; nothing is deleted. It stays hidden while the host
    warned of the same bytes elsewhere, or somebody confirmed it; the blob's row is locked.

    Raises CheckDecided.
    """
    if check.state not in WAITING:
        raise CheckDecided("请刷新后查看。")
    check.state = CheckState.released if release else CheckState.confirmed
    check.decided_at, check.reason = now, reason
    check.decided_by_id, check.post_id = actor.person_id, post.id
    session.flush()
    locked = select(PhotoBlob).where(PhotoBlob.sha256 == photo.sha256).with_for_update()
    blob = session.scalars(locked.execution_options(populate_existing=True)).one()
    if not release:
        blob.quarantined_at = blob.quarantined_at or now
    elif not _is_bad_elsewhere(session, photo):
        blob.quarantined_at = None


def _is_bad_elsewhere(session: Session, photo: Photo) -> bool:
    """Whether another photo of the same bytes is warned of, or confirmed as bad."""
    bad = PhotoCheck.state.in_((CheckState.risky, CheckState.confirmed))
    others = Photo.sha256 == photo.sha256, Photo.id != photo.id
    asked = exists().where(PhotoCheck.photo_id == Photo.id, bad, *others)
    return bool(session.scalar(select(asked)))
