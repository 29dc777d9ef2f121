"""Who sees a photo: its maker, colleagues, supervisors, and whoever sees something that uses it —
which only the packages above can say, so they register.

Supervisors (of a town, or of a management group for the communities given to it) see what was made
by somebody with a post there, what was taken in a cell there, and what a company made, it is not
known where, while it was in contract there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Integer,
    Row,
    Select,
    Uuid,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.grid.models import Cell, CompanyContract, Compound
from app.kernel.clock import shanghai_day
from app.people.access import Actor, Matter
from app.people.models import Organisation, Role
from app.people.predicates import supervisor_of_the_place
from app.photos.models import Photo
from app.photos.retention.rules import Need

Decide = Callable[[Session, Actor, Sequence[Row[*tuple[Any, ...]]]], set[UUID]]


@dataclass(frozen=True)
class SeenThrough:
    """Something that uses photos. `asked` selects, of some photos, those that an actor sees through
    it, as `seen_columns` has them; `decided` looks at the rows where a statement cannot say all."""

    asked: Callable[[Actor, Sequence[UUID]], Select[Any]]
    decided: Decide | None = None


def seen_columns(photo_id: Any, thing_id: Any = None, sequence: Any = None) -> tuple[Any, Any, Any]:
    """The columns of `asked`: the photo, and of what needs deciding, which thing and where in it;
    alike in all, so that one statement asks for all."""
    thing_id = cast(null(), Uuid()) if thing_id is None else thing_id
    sequence = cast(null(), Integer()) if sequence is None else sequence
    return photo_id.label("photo_id"), thing_id.label("thing_id"), sequence.label("sequence")


NeededBy = Callable[[Session, Sequence[UUID]], Iterable[Need]]
"""What needs some photos; a photo that nothing needs is unused."""

UsedBy = Callable[[Session, UUID], bool]
"""Whether something uses a photo."""

STAFF = (Role.warden, Role.lead, Role.supervisor, Role.administrator)


@dataclass
class PhotoUses:
    """What the packages above know of photos."""

    seen_through: list[SeenThrough] = field(default_factory=list)
    used_by: list[UsedBy] = field(default_factory=list)
    needed_by: list[NeededBy] = field(default_factory=list)


NEVER = cast(null(), Date)


def photos_in_sight(
    session: Session, actor: Actor, photos: Sequence[Photo], uses: PhotoUses
) -> set[UUID]:
    """The ids of those photos that the actor sees."""
    seen = {photo.id for photo in photos if is_ours(actor, photo)}
    seen |= {photo.id for photo in photos if supervisor_of_the_place(actor, _matter_of(photo))}
    seen |= _seen_through(session, actor, [p.id for p in photos if p.id not in seen], uses)
    return seen | _supervised(session, actor, [photo for photo in photos if photo.id not in seen])


def _seen_through(
    session: Session, actor: Actor, photo_ids: Sequence[UUID], uses: PhotoUses
) -> set[UUID]:
    """Those of some photos that the actor sees through what uses them; one query, and what a use
    needs for deciding."""
    if not photo_ids or not uses.seen_through:
        return set()
    parts = [
        select(literal(number), *each.asked(actor, photo_ids).subquery().columns)
        for number, each in enumerate(uses.seen_through)
    ]
    found = session.execute(union_all(*parts)).all()
    seen: set[UUID] = set()
    for number, each in enumerate(uses.seen_through):
        rows = [row for row in found if row[0] == number]
        if each.decided is None:
            seen |= {row[1] for row in rows}
        elif rows:
            seen |= each.decided(session, actor, rows)
    return seen


def _supervised(session: Session, actor: Actor, photos: Sequence[Photo]) -> set[UUID]:
    """Those of some photos that a supervisor sees for where they were taken or by whom; one query,
    and only for supervisors."""
    if not photos or not any(actor.posts_as(Role.supervisor)):
        return set()
    places = communities_of(session, photos)
    return {
        photo.id
        for photo in photos
        for town_id, community_id in places[photo.id]
        if supervisor_of_the_place(actor, Matter(town_id=town_id, community_id=community_id))
    }


def communities_of(
    session: Session, photos: Sequence[Photo]
) -> dict[UUID, set[tuple[UUID | None, UUID]]]:
    """Town and community of each photo's cell; without one, of the compounds that the company of
    its maker was in contract for on the day it was taken (Asia/Shanghai)."""
    found: dict[UUID, set[tuple[UUID | None, UUID]]] = {photo.id: set() for photo in photos}
    in_cell = (
        select(Photo.id, Organisation.town_id, Organisation.id, NEVER, NEVER)
        .join(Cell, Cell.id == Photo.cell_id)
        .join(Organisation, Organisation.id == Cell.organisation_id)
        .where(Photo.id.in_(found))
    )
    in_contract = (
        select(
            Photo.id,
            Organisation.town_id,
            Organisation.id,
            CompanyContract.from_on,
            CompanyContract.to_on,
        )
        .join(CompanyContract, CompanyContract.company_id == Photo.organisation_id)
        .join(Compound, Compound.id == CompanyContract.compound_id)
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .where(Photo.id.in_(found), Photo.cell_id.is_(None))
    )
    days = {photo.id: shanghai_day(photo.occurred_at) for photo in photos}
    rows: Iterable[Any] = session.execute(union_all(in_contract, in_cell))
    for photo_id, town_id, community_id, from_on, to_on in rows:
        begun = from_on is None or from_on <= days[photo_id]
        if begun and (to_on is None or days[photo_id] < to_on):
            found[photo_id].add((town_id, community_id))
    return found


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
