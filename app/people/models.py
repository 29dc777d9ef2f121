"""Tables of organisations, persons, posts and access tokens."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, ByteOrdered, Dated, Identified


class OrganisationType(StrEnum):
    """The kinds of node in the organisation tree."""

    county = "county"
    town = "town"
    management_group = "management_group"
    community = "community"
    resettlement_village = "resettlement_village"
    village = "village"
    property_company = "property_company"
    enforcement_body = "enforcement_body"


ORGANISATION_TYPE_LABELS = {
    OrganisationType.county: "县",
    OrganisationType.town: "镇创建办",
    OrganisationType.management_group: "管理组",
    OrganisationType.community: "社区",
    OrganisationType.resettlement_village: "安置小区村",
    OrganisationType.village: "村",
    OrganisationType.property_company: "物业公司",
    OrganisationType.enforcement_body: "执法机构",
}

COMMUNITY_TYPES = frozenset(
    {
        OrganisationType.community,
        OrganisationType.resettlement_village,
        OrganisationType.village,
    }
)


class Role(StrEnum):
    """What a person is at an organisation."""

    warden = "warden"
    lead = "lead"
    property_staff = "property_staff"
    supervisor = "supervisor"
    enforcement_staff = "enforcement_staff"
    administrator = "administrator"


ROLE_LABELS = {
    Role.warden: "网格员",
    Role.lead: "社区负责人",
    Role.property_staff: "物业人员",
    Role.supervisor: "督查员",
    Role.enforcement_staff: "执法人员",
    Role.administrator: "管理员",
}

ROLE_HOMES = {
    Role.warden: COMMUNITY_TYPES,
    Role.lead: COMMUNITY_TYPES,
    Role.property_staff: frozenset({OrganisationType.property_company}),
    Role.supervisor: frozenset({OrganisationType.town, OrganisationType.management_group}),
    Role.enforcement_staff: frozenset({OrganisationType.enforcement_body}),
    Role.administrator: frozenset({OrganisationType.county, OrganisationType.town}),
}
"""The types of organisation at which each role can be held."""


class Organisation(Identified, Base):
    """A node of the tree county → town → community or village; companies hang under the county.

    `path` is the hex ids from the root down to this node, each 32 characters, so that a subtree
    is the half-open range [path, path + "g").
    """

    __tablename__ = "organisations"

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    type: Mapped[OrganisationType]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    town_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    path: Mapped[str] = mapped_column(ByteOrdered(512), unique=True)
    retired_on: Mapped[date | None]

    @property
    def path_end(self) -> str:
        """The first path behind this node's subtree."""
        return self.path + "g"


class GroupScope(Identified, Dated, Base):
    """A community or village given to a management group."""

    __tablename__ = "group_scopes"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))


class Person(Identified, Base):
    """Somebody with an account; `deactivated_at` closes it, nothing removes it."""

    __tablename__ = "people"

    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]

    posts: Mapped[list["Post"]] = relationship(back_populates="person", order_by="Post.id")


class Post(Identified, Dated, Base):
    """A role held at an organisation for a time; what a person does records the post for it."""

    __tablename__ = "posts"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[Role]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)

    person: Mapped[Person] = relationship(back_populates="posts")
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (UniqueConstraint("person_id", "role", "organisation_id", "from_on"),)


AGENT_LENGTH = 160


class AccessToken(Identified, Base):
    """A sign-in; only the SHA-256 of the token is kept. `agent` is what the browser or program
    called itself, so that a person knows their own again."""

    __tablename__ = "access_tokens"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    agent: Mapped[str | None] = mapped_column(String(AGENT_LENGTH))

    __table_args__ = (Index("ix_access_tokens_person", "person_id", "expires_at"),)
