"""Actors made by hand: a small tree of organisations, and who holds a post where."""

from uuid import UUID, uuid5

from app.people.access import Actor, ActorPost, Matter
from app.people.models import OrganisationType, Role

Kind = OrganisationType
_NAMES = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")

# Each place with its type, what it hangs under, and its township.
TREE: dict[str, tuple[Kind, str | None, str | None]] = {
    "county": (Kind.county, None, None),
    "company": (Kind.property_company, "county", None),
    "rival": (Kind.property_company, "county", None),
    "body": (Kind.enforcement_body, "county", None),
    "town": (Kind.town, "county", "town"),
    "group": (Kind.management_group, "town", "town"),
    "spare_group": (Kind.management_group, "town", "town"),
    "home": (Kind.community, "town", "town"),
    "next": (Kind.community, "town", "town"),
    "far_town": (Kind.town, "county", "far_town"),
    "far": (Kind.community, "far_town", "far_town"),
}
GIVEN = {"group": ("home",)}


def id_of(name: str) -> UUID:
    """The id of a place or person by its name."""
    return uuid5(_NAMES, name)


def path_of(name: str) -> str:
    """The path of a place."""
    parent = TREE[name][1]
    return (path_of(parent) if parent else "") + id_of(name).hex


def post(role: Role, place: str) -> ActorPost:
    """A post in force."""
    kind, _, town = TREE[place]
    return ActorPost(
        id=id_of(f"{role} at {place}"),
        role=role,
        organisation_id=id_of(place),
        organisation_code=place,
        organisation_name=place,
        organisation_type=kind,
        path=path_of(place),
        town_id=id_of(town) if town else None,
        given=frozenset(id_of(name) for name in GIVEN.get(place, ())),
    )


def actor(name: str, *posts: ActorPost) -> Actor:
    """Somebody with posts."""
    return Actor(id_of(name), name, name, posts)


def matter(
    responsible: str | None = None,
    *,
    past: tuple[str, ...] = (),
    reporter: str | None = None,
    rectifier: str | None = None,
    rectified_by: str | None = None,
    requester: str | None = None,
    explainer: str | None = None,
) -> Matter:
    """A ticket of the community "home"."""
    return Matter(
        town_id=id_of("town"),
        community_id=id_of("home"),
        paths=(path_of("home"),),
        responsible_id=id_of(responsible) if responsible else None,
        reporter_id=id_of(reporter) if reporter else None,
        rectifier_id=id_of(rectifier) if rectifier else None,
        rectifying_organisation_id=id_of(rectified_by) if rectified_by else None,
        requester_id=id_of(requester) if requester else None,
        explainer_ids=frozenset({id_of(explainer)} if explainer else ()),
        past_responsible_ids=frozenset(id_of(name) for name in past),
    )
