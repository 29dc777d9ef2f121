"""Who is responsible for a problem: one answer, or none and a person decides."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.queries import CategoryView
from app.grid.models import CompanyContract
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType
from app.tickets.errors import OrganisationUnsuitable
from app.tickets.intake.placing import TicketPlace


def routed_organisation(
    session: Session, place: TicketPlace, category: CategoryView, *, day: date
) -> Organisation | None:
    """The company in contract for the compound that day, else the community; None when the
    category waits to be classified or two companies are in contract."""
    if not category.routable:
        return None
    if place.compound_id is None:
        return place.community
    companies = session.scalars(
        select(Organisation)
        .join(CompanyContract, CompanyContract.company_id == Organisation.id)
        .where(CompanyContract.compound_id == place.compound_id, CompanyContract.in_force(day))
        .limit(2)
    ).all()
    if len(companies) > 1:
        return None
    return companies[0] if companies else place.community


def responsible_by_code(session: Session, code: str, *, community: Organisation) -> Organisation:
    """The organisation that a ticket of a community can be dispatched to.

    A property company, or a community or village of the same town; raises OrganisationUnsuitable.
    """
    found = session.scalar(select(Organisation).where(Organisation.code == code))
    if found is None or found.retired_on is not None or not _suits(found, community):
        detail = "只能派给物业公司，或本镇的社区、村。"
        raise OrganisationUnsuitable(detail, fields={"organisation": [detail]})
    return found


def _suits(organisation: Organisation, community: Organisation) -> bool:
    if organisation.type is OrganisationType.property_company:
        return True
    return organisation.type in COMMUNITY_TYPES and organisation.town_id == community.town_id
