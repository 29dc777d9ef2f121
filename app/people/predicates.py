"""Small predicates of permissions: each answers with the post that allows an act, or None.

A predicate reads a `Matter`: the few facts about a thing that permissions depend on.
"""

from collections.abc import Callable, Iterable

from app.people.actors import Actor, ActorPost, Matter
from app.people.models import COMMUNITY_TYPES, OrganisationType, Role

Predicate = Callable[[Actor, Matter], ActorPost | None]


def first_post(posts: Iterable[ActorPost]) -> ActorPost | None:
    """The first of the posts, or None."""
    return next(iter(posts), None)


def any_of(*predicates: Predicate) -> Predicate:
    """Allowed when one of the predicates allows it; the first that does names the post."""

    def allowed(actor: Actor, matter: Matter) -> ActorPost | None:
        return next((post for rule in predicates if (post := rule(actor, matter))), None)

    return allowed


def holds_any_post(actor: Actor, matter: Matter) -> ActorPost | None:
    """Anybody signed in who holds a post."""
    return first_post(actor.posts)


def has_role(*roles: Role) -> Predicate:
    """Somebody with one of the roles, anywhere."""
    return lambda actor, matter: first_post(actor.posts_as(*roles))


def in_the_town(*roles: Role) -> Predicate:
    """Somebody with one of the roles in the matter's town (in any, when it names none); a post at
    the matter's community comes before the others."""

    def allowed(actor: Actor, matter: Matter) -> ActorPost | None:
        posts = actor.posts_as(*roles)
        here = [post for post in posts if matter.town_id in (None, post.town_id)]
        return first_post(sorted(here, key=lambda p: p.organisation_id != matter.community_id))

    return allowed


def of_the_community(*roles: Role) -> Predicate:
    """Somebody with one of the roles at the matter's community; the role named first counts."""

    def allowed(actor: Actor, matter: Matter) -> ActorPost | None:
        posts = sorted(actor.posts_as(*roles), key=lambda post: roles.index(post.role))
        return first_post(p for p in posts if p.organisation_id == matter.community_id)

    return allowed


def _supervises(post: ActorPost, matter: Matter) -> bool:
    if post.organisation_type is OrganisationType.management_group:
        return matter.community_id in post.given
    return matter.town_id is not None and post.town_id == matter.town_id


def supervisor_of_the_place(actor: Actor, matter: Matter) -> ActorPost | None:
    """A supervisor of the matter's town, or of a management group it was given to."""
    return first_post(p for p in actor.posts_as(Role.supervisor) if _supervises(p, matter))


def supervisor_of_the_town(actor: Actor, matter: Matter) -> ActorPost | None:
    """A supervisor at the office of the matter's town, not of a management group."""
    posts = actor.posts_as(Role.supervisor)
    office = (p for p in posts if p.organisation_type is OrganisationType.town)
    return first_post(p for p in office if matter.town_id == p.town_id)


def administrator_of_the_place(actor: Actor, matter: Matter) -> ActorPost | None:
    """An administrator above one of the matter's organisations."""
    posts = actor.posts_as(Role.administrator)
    return first_post(p for p in posts if any(p.covers(path) for path in matter.paths))


def administrator_in_general(actor: Actor, matter: Matter) -> ActorPost | None:
    """An administrator above one of the matter's organisations; any, when it names none."""
    if not matter.paths:
        return first_post(actor.posts_as(Role.administrator))
    return administrator_of_the_place(actor, matter)


def administrator_of_the_county(actor: Actor, matter: Matter) -> ActorPost | None:
    """An administrator of what holds for all townships."""
    posts = actor.posts_as(Role.administrator)
    return first_post(p for p in posts if p.organisation_type is OrganisationType.county)


def of_the_responsible(actor: Actor, matter: Matter) -> ActorPost | None:
    """Somebody of the organisation whose leg is open; for a community, its lead or a warden."""
    return first_post(p for p in actor.posts if p.organisation_id == matter.responsible_id)


def once_responsible(actor: Actor, matter: Matter) -> ActorPost | None:
    """Somebody of an organisation that had a leg of the matter."""
    return first_post(p for p in actor.posts if p.organisation_id in matter.past_responsible_ids)


def reported_it(actor: Actor, matter: Matter) -> ActorPost | None:
    """The reporter, while holding any post: by one at the place, else by one that may report."""
    if actor.person_id != matter.reporter_id:
        return None
    return _post_for_reporting(actor, matter)


def witnessed_it(actor: Actor, matter: Matter) -> ActorPost | None:
    """Who reported the same thing in another ticket; by a post as a reporter's."""
    if actor.person_id not in matter.witness_ids:
        return None
    return _post_for_reporting(actor, matter)


def _post_for_reporting(actor: Actor, matter: Matter) -> ActorPost | None:
    reporting = first_post(actor.posts_as(*REPORTERS))
    return staff_of_the_place(actor, matter) or reporting or first_post(actor.posts)


def contradicted(actor: Actor, matter: Matter) -> ActorPost | None:
    """The maker of a photo that is contradicted in its use, while they see the matter, also as it
    was handed over: what is held against a person waits for what that person has to say."""
    if actor.person_id not in matter.explainer_ids:
        return None
    return any_of(takes_part, once_responsible)(actor, matter)


def rectified_it(actor: Actor, matter: Matter) -> ActorPost | None:
    """The person who rectified, by a post at the organisation that did.

    A fix on the spot counts for the community of the place, and may be a neighbour's warden's.
    """
    if actor.person_id != matter.rectifier_id:
        return None
    at = matter.rectifying_organisation_id
    of_it = first_post(p for p in actor.posts if p.organisation_id == at)
    return of_it or first_post(actor.posts_as(Role.warden, Role.lead))


def requested_it(actor: Actor, matter: Matter) -> ActorPost | None:
    """Who asked for a piece of background work, while holding any post."""
    return first_post(actor.posts) if actor.person_id == matter.requester_id else None


REPORTERS = (Role.warden, Role.lead, Role.supervisor)
RESPONSIBLE_ROLES = (Role.warden, Role.lead, Role.property_staff, Role.enforcement_staff)
"""The roles at organisations that can have to put a problem right."""

staff_of_the_place = any_of(of_the_community(Role.lead, Role.warden), supervisor_of_the_place)
lead_or_supervisor = any_of(of_the_community(Role.lead), supervisor_of_the_place)


def lead_or_supervisor_in_general(actor: Actor, matter: Matter) -> ActorPost | None:
    """A lead of the matter's community or a supervisor of its place; any, when it names none."""
    if matter.community_id is None:
        return first_post(actor.posts_as(Role.lead, Role.supervisor))
    return lead_or_supervisor(actor, matter)


def keeps_the_desk(actor: Actor, matter: Matter) -> ActorPost | None:
    """The lead of the matter's community, a supervisor of its place or an administrator above it;
    any of them, when it names none."""
    if not matter.paths:
        return first_post(actor.posts_as(Role.lead, Role.supervisor, Role.administrator))
    return any_of(lead_or_supervisor, administrator_of_the_place)(actor, matter)


def keeps_records(actor: Actor, matter: Matter) -> ActorPost | None:
    """A lead or warden of the matter's community; of a town's own office a supervisor there; any of
    them, when it names none."""
    if not matter.paths:
        return first_post(actor.posts_as(Role.warden, Role.lead, Role.supervisor))
    if matter.community_id is None:
        return supervisor_of_the_town(actor, matter)
    return of_the_community(Role.lead, Role.warden)(actor, matter)


def staff_in_general(actor: Actor, matter: Matter) -> ActorPost | None:
    """Staff of the matter's place; any of them, when it names none."""
    if not matter.paths:
        return first_post(actor.posts_as(*REPORTERS))
    return staff_of_the_place(actor, matter)


def names_units(actor: Actor, matter: Matter) -> ActorPost | None:
    """A supervisor at the office of the matter's town or an administrator above it; any of them,
    when it names none."""
    if not matter.paths:
        return first_post(actor.posts_as(Role.supervisor, Role.administrator))
    return any_of(supervisor_of_the_town, administrator_of_the_place)(actor, matter)


takes_part = any_of(staff_of_the_place, of_the_responsible, reported_it, witnessed_it)


def is_community(post: ActorPost) -> bool:
    """Whether a post is at a community or village."""
    return post.organisation_type in COMMUNITY_TYPES
