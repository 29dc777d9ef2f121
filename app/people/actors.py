"""Who asks, and what about: the facts that permissions look at."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from app.people.models import OrganisationType, Role


@dataclass(frozen=True)
class ActorPost:
    """A post in force: the role and the place in the tree it gives."""

    id: UUID
    role: Role
    organisation_id: UUID
    organisation_code: str
    organisation_name: str
    organisation_type: OrganisationType
    path: str
    town_id: UUID | None
    given: frozenset[UUID] = frozenset()
    """Communities given to the management group this post is at."""
    given_codes: tuple[str, ...] = ()
    """Their codes, in order, to be told to the person."""

    def covers(self, path: str) -> bool:
        """Whether an organisation path lies in this post's subtree."""
        return path.startswith(self.path)


@dataclass(frozen=True)
class Actor:
    """The person asking, with the union of the posts in force today."""

    person_id: UUID
    name: str
    username: str
    posts: tuple[ActorPost, ...]

    def posts_as(self, *roles: Role) -> Iterable[ActorPost]:
        """The posts with one of the roles."""
        return (post for post in self.posts if post.role in roles)

    @property
    def organisation_ids(self) -> frozenset[UUID]:
        """The organisations this person holds a post at."""
        return frozenset(post.organisation_id for post in self.posts)

    @property
    def town_ids(self) -> frozenset[UUID]:
        """The townships this person's posts lie in."""
        return frozenset(post.town_id for post in self.posts if post.town_id)


@dataclass(frozen=True)
class Matter:
    """What permissions ask about a thing: where it belongs and who has to do with it."""

    town_id: UUID | None = None
    community_id: UUID | None = None
    paths: tuple[str, ...] = ()
    """Organisation paths it lies under, for administrators."""
    responsible_id: UUID | None = None
    """The organisation whose leg is open."""
    reporter_id: UUID | None = None
    rectifier_id: UUID | None = None
    rectifying_organisation_id: UUID | None = None
    past_responsible_ids: frozenset[UUID] = field(default_factory=frozenset)
    witness_ids: frozenset[UUID] = field(default_factory=frozenset)
    """Who reported the same thing in a ticket that was merged into this one."""
    explainer_ids: frozenset[UUID] = field(default_factory=frozenset)
    """Who made a photo that is contradicted in its use here."""
    requester_id: UUID | None = None
    """Who asked for a piece of background work."""
