"""Who is responsible for a problem: one answer, or none and a person decides."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.queries import CategoryView
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType
from app.tickets.errors import OrganisationUnsuitable
from app.tickets.intake.placing import TicketPlace
from app.tickets.intake.town_map import is_retired


def routed_organisation(
    place: TicketPlace, category: CategoryView, *, day: date
) -> Organisation | None:
    """The company in contract for the compound that day, else the community; None when the
    category waits to be classified or two companies are in contract.

    Before the compound's first day, that day's contract stands.
    """
    if not category.routable:
        return None
    if place.compound is None:
        return place.community
    day = max(day, place.compound.in_service_on)
    held = (one.company for one in place.compound.contracts if one.holds_on(day))
    companies = {company.id: company for company in held if not is_retired(company, day)}
    if len(companies) > 1:
        return None
    return next(iter(companies.values()), place.community)


def responsible_by_code(
    session: Session, code: str, *, community: Organisation, day: date
) -> Organisation:
    """The organisation that a ticket of a community can be dispatched to on a day.

    A property company, or a community or village of the same town; raises OrganisationUnsuitable.
    """
    found = session.scalar(select(Organisation).where(Organisation.code == code))
    if found is None or is_retired(found, day) or not _suits(found, community):
        detail = "只能派给物业公司，或本镇的社区、村。"
        raise OrganisationUnsuitable(detail, fields={"organisation": [detail]})
    return found


def _suits(organisation: Organisation, community: Organisation) -> bool:
    if organisation.type is OrganisationType.property_company:
        return True
    return organisation.type in COMMUNITY_TYPES and organisation.town_id == community.town_id


def enforcement_body_by_code(session: Session, code: str, *, day: date) -> Organisation:
    """The enforcement body that a ticket can be referred to on a day; raises
    OrganisationUnsuitable."""
    found = session.scalar(select(Organisation).where(Organisation.code == code))
    body = OrganisationType.enforcement_body
    if found is None or found.type is not body or is_retired(found, day):
        detail = "只能移交给在用的执法机构；没有账号的单位请按外单位填写。"
        raise OrganisationUnsuitable(detail, fields={"organisation": [detail]})
    return found
