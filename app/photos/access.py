"""Who sees a photo: its maker, colleagues, the town's supervisors, administrators above, and
whoever sees something that uses it — which only the packages above can say, so they register."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.access import (
    Actor,
    Matter,
    administrator_of_the_place,
    any_of,
    supervisor_of_the_place,
)
from app.people.models import Organisation, Role
from app.photos.models import Photo

SeenThrough = Callable[[Session, Actor, Sequence[UUID]], set[UUID]]
"""Those of some photos that an actor sees through something that uses them."""

UsedBy = Callable[[Session, UUID], bool]
"""Whether something uses a photo."""

STAFF = (Role.warden, Role.lead, Role.supervisor, Role.administrator)

_office = any_of(supervisor_of_the_place, administrator_of_the_place)


@dataclass
class PhotoUses:
    """What the packages above know of photos."""

    seen_through: list[SeenThrough] = field(default_factory=list)
    used_by: list[UsedBy] = field(default_factory=list)


def photos_in_sight(
    session: Session, actor: Actor, photos: Sequence[Photo], uses: PhotoUses
) -> set[UUID]:
    """The ids of those photos that the actor sees."""
    seen = {photo.id for photo in photos if is_ours(actor, photo)}
    seen |= _seen_by_office(session, actor, [p for p in photos if p.id not in seen])
    for seen_through in uses.seen_through:
        left = [photo.id for photo in photos if photo.id not in seen]
        if left:
            seen |= seen_through(session, actor, left)
    return seen


def is_ours(actor: Actor, photo: Photo) -> bool:
    """Whether the actor or a colleague of the same organisation made it."""
    return photo.maker_id == actor.person_id or photo.organisation_id in actor.organisation_ids


def sees_whole(actor: Actor, photo: Photo) -> bool:
    """Whether somebody who sees the photo also sees its maker's device, fix and received file.

    The staff of communities and of the town do; who sees it only as the one responsible does not.
    """
    if is_ours(actor, photo):
        return True
    posts = actor.posts_as(*STAFF)
    return any(photo.town_id in (None, p.town_id) or p.town_id is None for p in posts)


def _seen_by_office(session: Session, actor: Actor, photos: Sequence[Photo]) -> set[UUID]:
    if not photos or not any(True for _ in actor.posts_as(Role.supervisor, Role.administrator)):
        return set()
    wanted = {photo.organisation_id for photo in photos}
    rows = session.execute(
        select(Organisation.id, Organisation.path).where(Organisation.id.in_(wanted))
    )
    paths = {row.id: row.path for row in rows}
    return {p.id for p in photos if _office(actor, _matter_of(p, paths[p.organisation_id]))}


def _matter_of(photo: Photo, path: str) -> Matter:
    return Matter(town_id=photo.town_id, community_id=photo.organisation_id, paths=(path,))
