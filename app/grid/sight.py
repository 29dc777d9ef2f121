"""Whose places somebody may read: those of their townships, the whole of each."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

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
    if _sees_all(actor):
        return None
    companies = _companies_of(actor)
    if not companies:
        return actor.town_ids
    served = session.scalars(_towns_served(companies, day).distinct())
    return actor.town_ids | {town_id for town_id in served if town_id is not None}


def _sees_all(actor: Actor) -> bool:
    countywide = (post for post in actor.posts if post.town_id is None)
    return any(post.organisation_type is not Company for post in countywide)


def _companies_of(actor: Actor) -> list[UUID]:
    return [post.organisation_id for post in actor.posts if post.organisation_type is Company]


def _towns_served(companies: Sequence[UUID], day: date) -> Select[UUID | None]:
    # Another name for the table: the statement around it may read organisations too.
    area = aliased(Organisation)
    return (
        select(area.town_id)
        .join(Compound, Compound.organisation_id == area.id)
        .join(CompanyContract, CompanyContract.compound_id == Compound.id)
        .where(CompanyContract.company_id.in_(companies), CompanyContract.in_force(day))
    )


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


def organisation_seen_by(session: Session, actor: Actor, code: str, *, day: date) -> Organisation:
    """As `organisation_in_sight` with the actor's townships, in one query; raises NotThere."""
    asked = select(Organisation).where(Organisation.code == code)
    if not _sees_all(actor):
        served = _towns_served(_companies_of(actor), day)
        ways = Organisation.town_id.in_(actor.town_ids), Organisation.town_id.in_(served)
        asked = asked.where(or_(Organisation.town_id.is_(None), *ways))
    found = session.scalar(asked)
    if found is None:
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
