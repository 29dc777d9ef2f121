"""Who may do what: one map from permission names to small predicates (`predicates.py`).

A predicate answers with the post that allows the act, so that what is done can record it.
"""

from app.kernel.errors import NotAllowed
from app.people.actors import Actor as Actor
from app.people.actors import ActorPost as ActorPost
from app.people.actors import Matter as Matter
from app.people.models import Role
from app.people.predicates import (
    REPORTERS,
    RESPONSIBLE_ROLES,
    Predicate,
    administrator_in_general,
    administrator_of_the_county,
    administrator_of_the_place,
    any_of,
    contradicted,
    has_role,
    holds_any_post,
    in_the_town,
    keeps_records,
    keeps_the_desk,
    lead_or_supervisor,
    lead_or_supervisor_in_general,
    names_units,
    of_the_community,
    of_the_responsible,
    once_responsible,
    rectified_it,
    reported_it,
    requested_it,
    staff_in_general,
    staff_of_the_place,
    supervisor_of_the_place,
    supervisor_of_the_town,
    takes_part,
    witnessed_it,
)

PERMISSIONS: dict[str, Predicate] = {
    "public": lambda actor, matter: None,
    "signed_in": holds_any_post,
    "places.read": holds_any_post,
    "photos.upload": has_role(
        Role.warden, Role.lead, Role.property_staff, Role.supervisor, Role.enforcement_staff
    ),
    "photos.read": holds_any_post,
    "photos.delete": holds_any_post,
    "photos.checks": names_units,
    "photos.looks": has_role(Role.supervisor, Role.administrator),
    "photos.mask": has_role(Role.lead, Role.supervisor, Role.administrator),
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
    "complaints.write": holds_any_post,
    "complaints.read": has_role(Role.supervisor, Role.administrator),
    "complaints.answer": any_of(supervisor_of_the_town, administrator_of_the_place),
    "awards.read": has_role(Role.lead, Role.supervisor, Role.administrator),
    "awards.apply": lead_or_supervisor,
    "awards.answer": supervisor_of_the_town,
    "assessments.read": has_role(
        Role.lead, Role.supervisor, Role.administrator, Role.property_staff
    ),
    "assessments.switch": administrator_of_the_place,
    "assessments.freeze": any_of(supervisor_of_the_town, administrator_of_the_place),
    "assessments.object": any_of(of_the_community(Role.lead), of_the_responsible),
    "assessments.answer": supervisor_of_the_town,
    "jobs.read": any_of(requested_it, administrator_of_the_place),
    "jobs.cancel": any_of(requested_it, administrator_of_the_place),
    "administration.read": administrator_in_general,
    "administration.write": administrator_in_general,
    "thresholds.read": has_role(Role.lead, Role.supervisor, Role.administrator),
    "thresholds.write": administrator_of_the_county,
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
    "dossiers.make": keeps_the_desk,
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
