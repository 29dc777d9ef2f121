"""Who is responsible for a problem: one answer, or none and a person decides."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app.catalogue.queries import CategoryView
from app.grid.models import CompanyContract
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType
from app.tickets.errors import OrganisationUnsuitable
from app.tickets.intake.placing import TicketPlace
from app.tickets.intake.town_map import is_retired


def routed_organisation(
    session: Session, place: TicketPlace, category: CategoryView, *, day: date
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
    asked = {"compound_id": place.compound.id, "day": day}
    companies = session.scalars(_companies_in_contract(), asked).all()
    if len(companies) > 1:
        return None
    return companies[0] if companies else place.community


@cache
def _companies_in_contract() -> Select[Organisation]:
    """Up to two: one is the answer, two are none."""
    day: Any = bindparam("day", type_=Date())
    return (
        select(Organisation)
        .join(CompanyContract, CompanyContract.company_id == Organisation.id)
        .where(
            CompanyContract.compound_id == bindparam("compound_id"),
            CompanyContract.in_force(day),
            or_(Organisation.retired_on.is_(None), Organisation.retired_on > day),
        )
        .distinct()
        .limit(2)
    )


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
