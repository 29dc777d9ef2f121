"""Who sees a photo: its maker, colleagues, the town's supervisors, and whoever sees something that
uses it — which only the packages above can say, so they register."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from app.people.access import Actor, Matter, supervisor_of_the_place
from app.people.models import Role
from app.photos.models import Photo

SeenThrough = Callable[[Session, Actor, Sequence[UUID]], set[UUID]]
"""Those of some photos that an actor sees through something that uses them."""

UsedBy = Callable[[Session, UUID], bool]
"""Whether something uses a photo."""

STAFF = (Role.warden, Role.lead, Role.supervisor, Role.administrator)


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
    seen |= {photo.id for photo in photos if supervisor_of_the_place(actor, _matter_of(photo))}
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


def _matter_of(photo: Photo) -> Matter:
    return Matter(town_id=photo.town_id, community_id=photo.organisation_id)
