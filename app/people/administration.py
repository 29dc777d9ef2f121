"""What an administrator of the deployment does at the terminal: first passwords, lists, groups."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.kernel.errors import NotThere, Rejected
from app.people.models import (
    COMMUNITY_TYPES,
    GroupScope,
    Organisation,
    OrganisationType,
    Person,
    Post,
)
from app.people.passwords import HashCost, hash_password
from app.people.queries import organisation_by_code, person_by_username

# Without letters and digits that are taken for one another on paper or read aloud.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class ScopeImpossible(Rejected):
    """Only communities and villages of its own township can be given to a management group."""

    code = "scope_impossible"
    title = "不能这样划分管理组"


@dataclass(frozen=True, slots=True)
class PreparedPassword:
    """A fresh password with its hash, for a person who had none when it was made."""

    person_id: UUID
    password: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """A first password that was kept; the text is known here and on paper only."""

    person: Person
    password: str


def readable_password() -> str:
    """Twelve letters and digits in three groups: about 59 bits, fit for paper."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))


def person_named(session: Session, username: str) -> Person:
    """The person with a username; raises NotThere."""
    person = person_by_username(session, username)
    if person is None:
        raise NotThere(f"没有用户名为 {username} 的人员。")
    return person


def organisation_named(session: Session, code: str) -> Organisation:
    """The organisation with a code; raises NotThere."""
    organisation = organisation_by_code(session, code)
    if organisation is None:
        raise NotThere(f"没有编码为 {code} 的组织。")
    return organisation


def people_of(
    session: Session, organisations: Collection[Organisation], *, day: date
) -> Sequence[Person]:
    """Who holds a post on a day (Asia/Shanghai) in the subtree of one of the organisations.

    The county stands for itself alone. By username, with posts and their organisations loaded.
    """
    held = (
        select(Post.person_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.in_force(day), or_(*(_at(one) for one in organisations)))
    )
    return session.scalars(_with_posts().where(Person.id.in_(held))).all() if organisations else []


def everybody(session: Session) -> Sequence[Person]:
    """All people by username, with posts and their organisations loaded."""
    return session.scalars(_with_posts()).all()


def county_places_without_passwords(session: Session, *, day: date) -> Sequence[str]:
    """Codes of the county and its enforcement bodies where somebody has no password yet."""
    return session.scalars(
        select(Organisation.code)
        .join(Post, Post.organisation_id == Organisation.id)
        .join(Person, Person.id == Post.person_id)
        .where(
            Organisation.town_id.is_(None),
            Organisation.type != OrganisationType.property_company,
            Post.in_force(day),
            Person.password_hash.is_(None),
            Person.deactivated_at.is_(None),
        )
        .distinct()
        .order_by(Organisation.code)
    ).all()


def prepared_passwords(people: Iterable[Person], *, cost: HashCost) -> list[PreparedPassword]:
    """A password each for those who have none and may sign in; a hash each, no query.

    Apart from keeping them, so that no transaction is open while hashes are computed.
    """
    texts = {
        person.id: readable_password()
        for person in people
        if person.password_hash is None and person.deactivated_at is None
    }
    return [PreparedPassword(i, text, hash_password(text, cost=cost)) for i, text in texts.items()]


def keep_first_passwords(
    session: Session, prepared: Iterable[PreparedPassword], *, now: datetime
) -> list[FirstPassword]:
    """Store the hashes; returns those kept by username, without who got a password meanwhile."""
    by_person = {one.person_id: one for one in prepared}
    rows = session.scalars(
        _with_posts()
        .where(Person.id.in_(list(by_person)), Person.password_hash.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for person in rows:
        person.password_hash = by_person[person.id].password_hash
        person.password_set_at = now
    session.flush()
    return [FirstPassword(person, by_person[person.id].password) for person in rows]


def give_to_group(
    session: Session, group: Organisation, organisations: Iterable[Organisation], *, today: date
) -> int:
    """Give communities to a management group from today on, until either is retired; the number
    that it did not have.

    Raises ScopeImpossible before anything is given.
    """
    wanted = list(organisations)
    _check_group(group)
    for organisation in wanted:
        if organisation.type not in COMMUNITY_TYPES or organisation.town_id != group.town_id:
            raise ScopeImpossible(f"{organisation.code} 不是本镇的社区或村。")
    for organisation in (group, *wanted):
        if organisation.retired_on is not None and organisation.retired_on <= today:
            raise ScopeImpossible(f"{organisation.code} 已于 {organisation.retired_on} 停用。")
    have = {scope.organisation_id for scope in scopes_of_group(session, group, day=today)}
    new = {one.id: one for one in wanted if one.id not in have}
    session.add_all(
        GroupScope(
            group_id=group.id,
            organisation_id=one.id,
            from_on=today,
            to_on=min((x.retired_on for x in (group, one) if x.retired_on), default=None),
        )
        for one in new.values()
    )
    session.flush()
    return len(new)


def take_from_group(
    session: Session, group: Organisation, organisations: Iterable[Organisation], *, today: date
) -> int:
    """Take communities back from a management group as of today; the number that it had."""
    _check_group(group)
    unwanted = {organisation.id for organisation in organisations}
    scopes = scopes_of_group(session, group, day=today)
    ended = [scope for scope in scopes if scope.organisation_id in unwanted]
    for scope in ended:
        scope.to_on = today
    session.flush()
    return len(ended)


def scopes_of_group(session: Session, group: Organisation, *, day: date) -> Sequence[GroupScope]:
    """What a management group is given on a day (Asia/Shanghai)."""
    return session.scalars(
        select(GroupScope).where(GroupScope.group_id == group.id, GroupScope.in_force(day))
    ).all()


def _check_group(group: Organisation) -> None:
    if group.type is not OrganisationType.management_group:
        raise ScopeImpossible(f"{group.code} 不是管理组。")


def _at(organisation: Organisation) -> ColumnElement[bool]:
    if organisation.type is OrganisationType.county:
        return Organisation.id == organisation.id
    return and_(Organisation.path >= organisation.path, Organisation.path < organisation.path_end)


def _with_posts() -> Select[Person]:
    return (
        select(Person)
        .options(selectinload(Person.posts).options(joinedload(Post.organisation)))
        .order_by(Person.username)
    )
