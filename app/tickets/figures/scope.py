"""Whose figures somebody may read.

A lead reads those of the community, a supervisor those of the town or of what the management group
is given, an administrator those of the town or county, and a company's people those of the company
alone: what it had to put right, never how it was filed or checked. Nobody's figures are a person's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.grid.queries import under_organisation
from app.kernel.errors import NotThere
from app.people.access import Actor, ActorPost
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType, Role
from app.people.queries import organisation_by_code
from app.tickets.figures.definitions import Charged, Denominator, Unit
from app.tickets.figures.rules import Condition, Following
from app.tickets.models import Leg, LegOutcome, Ticket
from app.tickets.narrowing import COMPANIES


@dataclass(frozen=True)
class Scope:
    """What figures are asked for: by whom, and under which organisation (None: all of theirs)."""

    actor: Actor
    day: date
    under: Organisation | None = None

    @property
    def own_companies(self) -> list[UUID]:
        """The companies whose people the actor is one of."""
        return [post.organisation_id for post in self.actor.posts_as(Role.property_staff)]

    @property
    def countywide(self) -> bool:
        """Whether the figures may be of several towns."""
        if self.under is not None:
            return self.under.type is OrganisationType.county
        return any(_is_of_the_county(post) for post in self.actor.posts_as(Role.administrator))

    def holds(self, denominator: Denominator) -> Condition:
        """The condition that a leg or ticket belongs to the figures."""
        areas = [_in_area(post) for post in self.actor.posts]
        if self.under is None:
            return or_(false(), *areas, _charged_to(denominator, self.own_companies))
        if self.under.type in COMPANIES:
            charged = _charged_to(denominator, [self.under.id])
            return charged if self.under.id in self.own_companies else and_(charged, or_(*areas))
        return lying_under(self.under, self.day)


def scope_in_sight(session: Session, actor: Actor, code: str | None, *, day: date) -> Scope:
    """What is asked for; raises NotThere for an organisation whose figures are out of sight."""
    if code is None:
        return Scope(actor, day)
    found = organisation_by_code(session, code)
    if found is None or not may_read(actor, found):
        raise NotThere("没有这个组织，或它的统计不在您的范围内。")
    return Scope(actor, day, found)


def may_read(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor may read the figures of an organisation."""
    return any(_reads(post, organisation) for post in actor.posts)


def _reads(post: ActorPost, organisation: Organisation) -> bool:
    if post.organisation_id == organisation.id:
        return post.role in (
            Role.lead,
            Role.supervisor,
            Role.administrator,
            Role.property_staff,
        )
    if post.role not in (Role.lead, Role.supervisor, Role.administrator):
        return False
    if organisation.type in COMPANIES:
        # What of its work lies in the area of the post.
        return organisation.town_id in (None, post.town_id) or _is_of_the_county(post)
    if post.role is Role.administrator:
        return post.covers(organisation.path)
    if post.role is Role.supervisor and post.organisation_type is OrganisationType.town:
        return organisation.town_id == post.town_id
    return post.role is Role.supervisor and organisation.id in post.given


def _is_of_the_county(post: ActorPost) -> bool:
    return post.organisation_type is OrganisationType.county


def _in_area(post: ActorPost) -> Condition:
    """The condition that a ticket lies where the post reads figures."""
    if post.role is Role.lead:
        return Ticket.community_id == post.organisation_id
    if post.role is Role.supervisor:
        if post.organisation_type is OrganisationType.management_group:
            return Ticket.community_id.in_(sorted(post.given))
        return Ticket.town_id == post.town_id
    if post.role is Role.administrator:
        return true() if _is_of_the_county(post) else Ticket.town_id == post.organisation_id
    return false()


def lying_under(organisation: Organisation, day: date) -> Condition:
    """The condition that a ticket lies in the area of an organisation on a day."""
    if organisation.type is OrganisationType.county:
        return true()
    if organisation.type is OrganisationType.town:
        return Ticket.town_id == organisation.id
    if organisation.type in COMMUNITY_TYPES:
        return Ticket.community_id == organisation.id
    given = select(Organisation.id).where(under_organisation(organisation, day=day))
    return Ticket.community_id.in_(given)


def charged_organisation(denominator: Denominator) -> SQLColumnExpression[Any]:
    """The id of the organisation that a leg or ticket is charged to.

    Of a ticket whose work was returned or which was reopened, that is whose work it was the last
    time; of any other, who had it last.
    """
    if denominator.charged is Charged.checker:
        return Ticket.community_id
    if denominator.unit is Unit.leg:
        return Leg.organisation_id
    reworked = _legs_of_the_ticket().where(
        Leg.outcome == LegOutcome.rectified,
        select(Following.id)
        .where(Following.ticket_id == Leg.ticket_id, Following.sequence == Leg.sequence + 1)
        .exists(),
    )
    last = _legs_of_the_ticket()
    return func.coalesce(reworked.scalar_subquery(), last.scalar_subquery())


def _legs_of_the_ticket() -> Select[UUID]:
    """Their organisations, the newest one's."""
    asked = select(Leg.organisation_id).where(Leg.ticket_id == Ticket.id)
    return asked.order_by(Leg.sequence.desc()).limit(1).correlate(Ticket)


def _charged_to(denominator: Denominator, organisation_ids: Sequence[UUID]) -> Condition:
    if denominator.charged is Charged.checker or not organisation_ids:
        return false()
    charged = charged_organisation(denominator).in_(organisation_ids)
    if denominator.unit is Unit.leg:
        return charged
    had_it = select(Leg.ticket_id).where(Leg.organisation_id.in_(organisation_ids))
    return and_(Ticket.id.in_(had_it), charged)
