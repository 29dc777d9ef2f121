"""Where an administrator may work, and which people are in whose sight."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from app.administration.errors import OrganisationUnknown
from app.grid.indexes import Towns
from app.grid.sight import organisation_in_sight
from app.kernel.errors import NotThere
from app.people.access import Actor, Matter
from app.people.models import Organisation, OrganisationType, Person, Post, Role
from app.people.queries import person_by_username

SEGMENT = 32
"""Characters that one organisation has in a path."""


def towns_administered(actor: Actor) -> Towns:
    """The townships somebody administers; None: the whole county."""
    posts = list(actor.posts_as(Role.administrator))
    if any(post.town_id is None for post in posts):
        return None
    return frozenset(post.town_id for post in posts if post.town_id)


def of_towns(towns: Towns) -> ColumnElement[bool]:
    """The condition that an Organisation row is one of the townships' or of the county."""
    if towns is None:
        return true()
    return or_(Organisation.town_id.in_(towns), Organisation.town_id.is_(None))


def path_above(paths: Iterable[str]) -> str:
    """The path of the nearest organisation above all of some paths; empty when there is none."""
    all_paths = sorted(paths)
    first, last = all_paths[0], all_paths[-1]
    length = 0
    while (
        length < len(first) and first[length : length + SEGMENT] == last[length : length + SEGMENT]
    ):
        length += SEGMENT
    return first[:length]


def matter_changed(organisation: Organisation) -> Matter:
    """What is asked of who changes something of an organisation."""
    return Matter(town_id=organisation.town_id, paths=(organisation.path,))


def matter_read(organisation: Organisation) -> Matter:
    """What is asked of who reads something of an organisation: the county's rows are for every
    administrator."""
    return Matter() if organisation.town_id is None else matter_changed(organisation)


def matter_of_retiring(organisation: Organisation) -> Matter:
    """What is asked of who retires an organisation: a township is retired from above."""
    path = organisation.path
    is_town = organisation.type is OrganisationType.town
    return Matter(paths=(path[:-SEGMENT] if is_town else path,))


def matter_of_person(session: Session, person: Person, *, day: date) -> Matter:
    """What is asked of who changes an account: to administer all the places it may act at, so
    that nobody takes over an account that may do more than they."""
    rows = session.execute(
        select(Organisation.path, Post.to_on)
        .join(Post, Post.organisation_id == Organisation.id)
        .where(Post.person_id == person.id)
    ).all()
    live = [row.path for row in rows if row.to_on is None or row.to_on > day]
    paths = live or [row.path for row in rows] or [_county_path(session)]
    return Matter(paths=(path_above(paths),))


def person_in_sight(session: Session, username: str, towns: Towns) -> Person:
    """The person with a username who holds or held a post in the townships; raises NotThere."""
    person = person_by_username(session, username)
    if person is None or not (towns is None or _has_worked_in(session, person, towns)):
        raise NotThere("没有这个人员，或不在您的范围内。")
    return person


def organisation_meant(
    session: Session, code: str, towns: Towns, *, day: date, field: str = "organisation"
) -> Organisation:
    """The organisation that a field names, in use on a day; raises OrganisationUnknown."""
    try:
        found = organisation_in_sight(session, code, towns)
    except NotThere:
        found = None
    if found is None or (found.retired_on is not None and found.retired_on <= day):
        raise OrganisationUnknown(fields={field: [OrganisationUnknown.title]})
    return found


def _has_worked_in(session: Session, person: Person, towns: frozenset[UUID]) -> bool:
    asked = (
        select(Post.id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.person_id == person.id, Organisation.town_id.in_(towns))
    )
    return session.scalar(asked.limit(1)) is not None


def _county_path(session: Session) -> str:
    county = select(Organisation.path).where(Organisation.type == OrganisationType.county)
    return session.scalar(county.limit(1)) or ""
