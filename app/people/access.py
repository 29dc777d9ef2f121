"""Who may do what: one map from permission names to small predicates.

A predicate answers with the post that allows the act, so that what is done can record it, or None.
It reads a `Matter`: the few facts about a thing that permissions depend on.
"""

from collections.abc import Callable, Iterable

from app.kernel.errors import NotAllowed
from app.people.actors import Actor as Actor
from app.people.actors import ActorPost as ActorPost
from app.people.actors import Matter as Matter
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
    """The maker of a photo that is contradicted in its use, while they see the matter as it is."""
    return takes_part(actor, matter) if actor.person_id in matter.explainer_ids else None


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

PERMISSIONS: dict[str, Predicate] = {
    "public": lambda actor, matter: None,
    "signed_in": holds_any_post,
    "places.read": holds_any_post,
    "photos.upload": has_role(
        Role.warden, Role.lead, Role.property_staff, Role.supervisor, Role.enforcement_staff
    ),
    "photos.read": holds_any_post,
    "photos.delete": holds_any_post,
    "rounds.read": holds_any_post,
    "rounds.walk": of_the_community(Role.warden, Role.lead),
    "coverage.read": holds_any_post,
    "spot_checks.read": has_role(Role.lead, Role.supervisor, Role.administrator),
    "spot_checks.walk": supervisor_of_the_place,
    "campaigns.read": has_role(Role.warden, Role.lead, Role.supervisor, Role.administrator),
    "campaigns.candidates": has_role(Role.lead, Role.supervisor, Role.administrator),
    "campaigns.plan": lead_or_supervisor,
    "campaigns.record": staff_of_the_place,
    "cases.read": has_role(Role.warden, Role.lead, Role.supervisor, Role.administrator),
    "cases.record": staff_of_the_place,
    "cases.lead": lead_or_supervisor,
    "cases.decide": supervisor_of_the_place,
    "awards.read": has_role(Role.lead, Role.supervisor, Role.administrator),
    "awards.apply": lead_or_supervisor,
    "awards.answer": supervisor_of_the_town,
    "jobs.read": any_of(requested_it, administrator_of_the_place),
    "jobs.cancel": any_of(requested_it, administrator_of_the_place),
    "administration.read": administrator_in_general,
    "administration.write": administrator_in_general,
    "pauses.read": has_role(Role.lead, Role.supervisor, Role.administrator),
    "agenda.read": has_role(*RESPONSIBLE_ROLES),
    "agenda.rectify": has_role(*RESPONSIBLE_ROLES),
    "review.read": has_role(Role.lead, Role.supervisor),
    "tickets.list": holds_any_post,
    "tickets.read": any_of(
        staff_of_the_place,
        of_the_responsible,
        once_responsible,
        reported_it,
        witnessed_it,
        administrator_of_the_place,
    ),
    "tickets.report": in_the_town(*REPORTERS),
    "tickets.fix_on_the_spot": in_the_town(Role.warden, Role.lead),
    "tickets.dispatch": lead_or_supervisor,
    "tickets.reject": lead_or_supervisor,
    "tickets.reclassify": lead_or_supervisor,
    "tickets.overrule": supervisor_of_the_place,
    "tickets.withdraw": reported_it,
    "tickets.rectify": of_the_responsible,
    "tickets.recall": rectified_it,
    "tickets.close": staff_of_the_place,
    "tickets.return": staff_of_the_place,
    "tickets.comment": takes_part,
    "tickets.assign": of_the_responsible,
    "tickets.send_back": of_the_responsible,
    "tickets.accept_send_back": lead_or_supervisor,
    "tickets.refuse_send_back": lead_or_supervisor,
    "tickets.request_extension": of_the_responsible,
    "tickets.grant_extension": lead_or_supervisor,
    "tickets.refuse_extension": lead_or_supervisor,
    "tickets.suspend": supervisor_of_the_place,
    "tickets.resume": supervisor_of_the_place,
    "tickets.refer": lead_or_supervisor,
    "tickets.reopen": staff_of_the_place,
    "tickets.void": lead_or_supervisor,
    "tickets.merge_into": lead_or_supervisor,
    "tickets.supervise": supervisor_of_the_place,
    "tickets.confirm": supervisor_of_the_place,
    "tickets.explain": contradicted,
    "assignments.read": has_role(Role.warden, Role.lead, Role.supervisor, Role.administrator),
    "assignments.write": keeps_the_desk,
    "ledgers.read": holds_any_post,
    "duties.read": has_role(Role.warden, Role.lead, Role.supervisor, Role.administrator),
    "titles.write": names_units,
    "tickets.notice": lead_or_supervisor,
    "records.read": has_role(Role.warden, Role.lead, Role.supervisor, Role.administrator),
    "records.write": keeps_records,
    "records.review": supervisor_of_the_place,
    "checklists.read": has_role(Role.warden, Role.lead, Role.supervisor, Role.administrator),
    "checklists.look": staff_in_general,
    "reports.read": has_role(Role.warden, Role.lead, Role.supervisor, Role.administrator),
    "reports.write": keeps_the_desk,
    "reports.issue": any_of(supervisor_of_the_town, administrator_of_the_place),
    "kpis.read": has_role(Role.lead, Role.supervisor, Role.administrator, Role.property_staff),
    "kpis.freeze": any_of(supervisor_of_the_town, administrator_of_the_place),
    "tickets.package": any_of(supervisor_of_the_place, administrator_of_the_place),
    "photos.hold": any_of(supervisor_of_the_place, administrator_of_the_place),
    "tickets.import": lead_or_supervisor_in_general,
}
"""Every permission there is. Routes and transitions name one; docs/permissions.md lists them."""


def allowing_post(actor: Actor, permission: str, matter: Matter) -> ActorPost | None:
    """The post that gives the actor a permission on a matter, or None."""
    return PERMISSIONS[permission](actor, matter)


def require(actor: Actor, permission: str, matter: Matter | None = None) -> ActorPost:
    """The post that gives the permission; raises NotAllowed when none does."""
    post = allowing_post(actor, permission, matter or Matter())
    if post is None:
        raise NotAllowed("您的岗位没有这项权限。")
    return post


def is_community(post: ActorPost) -> bool:
    """Whether a post is at a community or village."""
    return post.organisation_type in COMMUNITY_TYPES
