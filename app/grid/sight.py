"""Whose places somebody may read: those of their townships, the whole of each."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grid.indexes import Towns
from app.grid.models import CompanyContract, Compound
from app.grid.queries import compound_by_code
from app.kernel.errors import NotThere
from app.people.access import Actor
from app.people.models import Organisation, OrganisationType, Role
from app.people.queries import organisation_by_code

Company = OrganisationType.property_company


def towns_in_sight(session: Session, actor: Actor, *, day: date) -> Towns:
    """The townships whose places somebody may read; None: all of the county.

    Those of the posts; a company's are where it is in contract that day; a post at the county or
    at one of its enforcement bodies sees all.
    """
    countywide = [post for post in actor.posts if post.town_id is None]
    companies = [p.organisation_id for p in countywide if p.organisation_type is Company]
    if len(countywide) > len(companies):
        return None
    if not companies:
        return actor.town_ids
    served = session.scalars(
        select(Organisation.town_id)
        .join(Compound, Compound.organisation_id == Organisation.id)
        .join(CompanyContract, CompanyContract.compound_id == Compound.id)
        .where(CompanyContract.company_id.in_(companies), CompanyContract.in_force(day))
        .distinct()
    )
    return actor.town_ids | {town_id for town_id in served if town_id is not None}


def wardens_in_sight(actor: Actor) -> bool:
    """Whether somebody is told who the wardens of a place are.

    Who reported a problem is never named to the company it is reported on, and a cell's two wardens
    are nearly that: the companies' own people are not told.
    """
    return any(post.role is not Role.property_staff for post in actor.posts)


def organisation_in_sight(session: Session, code: str, towns: Towns) -> Organisation:
    """The organisation with a code, in the townships or of the county; raises NotThere."""
    found = organisation_by_code(session, code)
    if found is None or not _in_sight(found, towns):
        raise NotThere("没有这个组织，或不在您的范围内。")
    return found


def compound_in_sight(session: Session, code: str, towns: Towns) -> Compound:
    """The compound with a code in the townships; raises NotThere."""
    found = compound_by_code(session, code)
    if found is None or not _in_sight(found.organisation, towns):
        raise NotThere("没有这个小区，或不在您的范围内。")
    return found


def _in_sight(organisation: Organisation, towns: Towns) -> bool:
    return towns is None or organisation.town_id is None or organisation.town_id in towns
