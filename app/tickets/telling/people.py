"""Who is told: by their posts of a day, none who is on leave; whoever stands in has their posts."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.administration.models import Leave
from app.people.models import (
    COMMUNITY_TYPES,
    GroupScope,
    Organisation,
    OrganisationType,
    Person,
    Post,
    Role,
)

_STAFF = {
    OrganisationType.property_company: Role.property_staff,
    OrganisationType.enforcement_body: Role.enforcement_staff,
    **dict.fromkeys(COMMUNITY_TYPES, Role.lead),
}
"""Who answers for an organisation that has to put something right: of a community its lead."""


class Recipients:
    """Whom to tell on a day (Asia/Shanghai); what was asked once is not asked again."""

    def __init__(self, session: Session, day: date) -> None:
        self._session, self._day = session, day
        self._known: dict[tuple[UUID, Role], frozenset[UUID]] = {}
        self._deputies: dict[UUID, UUID] | None = None

    def of(self, organisation: Organisation) -> frozenset[UUID]:
        """Those who answer for an organisation that has to put something right."""
        role = _STAFF.get(organisation.type)
        return frozenset() if role is None else self._at(organisation, role)

    def wardens(self, community: Organisation) -> frozenset[UUID]:
        """The wardens of a community."""
        return self._at(community, Role.warden)

    def supervisors(self, community: Organisation) -> frozenset[UUID]:
        """The supervisors of a community's town and of the groups that it is given to."""
        return self._at(community, Role.supervisor)

    def administrators(self, office: Organisation) -> frozenset[UUID]:
        """The administrators at a township or the county, and those above it."""
        above = [UUID(office.path[at : at + 32]) for at in range(0, len(office.path), 32)]
        where = Post.organisation_id.in_(above)
        found = self._session.scalars(_posts(self._day, where, Post.role == Role.administrator))
        return frozenset(found) - self._away.keys()

    def instead(self, people: Iterable[UUID]) -> frozenset[UUID]:
        """Some people themselves; for one on leave, who stands in."""
        return frozenset(self._away.get(each, each) for each in people)

    def _at(self, organisation: Organisation, role: Role) -> frozenset[UUID]:
        key = organisation.id, role
        if key not in self._known:
            where = Post.organisation_id == organisation.id
            if role is Role.supervisor:
                where = _over(organisation, self._day)
            found = self._session.scalars(_posts(self._day, where, Post.role == role))
            self._known[key] = frozenset(found) - self._away.keys()
        return self._known[key]

    @property
    def _away(self) -> dict[UUID, UUID]:
        """The deputies by who is on leave."""
        if self._deputies is None:
            asked = select(Leave.person_id, Leave.deputy_id).where(Leave.in_force(self._day))
            self._deputies = {row.person_id: row.deputy_id for row in self._session.execute(asked)}
        return self._deputies


def _over(community: Organisation, day: date) -> ColumnElement[bool]:
    groups = select(GroupScope.group_id).where(
        GroupScope.organisation_id == community.id, GroupScope.in_force(day)
    )
    return or_(Organisation.id == community.town_id, Organisation.id.in_(groups))


def _posts(day: date, *where: ColumnElement[bool]) -> Select[UUID]:
    in_use = or_(Organisation.retired_on.is_(None), Organisation.retired_on > day)
    return (
        select(Post.person_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .join(Person, Person.id == Post.person_id)
        .where(Post.in_force(day), in_use, Person.deactivated_at.is_(None), *where)
        .distinct()
    )
