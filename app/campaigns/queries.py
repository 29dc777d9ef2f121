"""Reads about campaigns: who sees which, lists by keyset, one campaign whole."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session, contains_eager, selectinload

from app.campaigns.models import Campaign, CampaignPhoto, CampaignStep
from app.catalogue.models import KeptAs
from app.grid.models import Compound
from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor
from app.people.models import Organisation
from app.photos.access import SeenThrough, seen_columns
from app.photos.retention.rules import Need
from app.rounds.queries import Scope, visible_to


def campaigns_page(
    session: Session,
    scope: Scope,
    *,
    month: str | None,
    compound: Compound | None,
    limit: int,
    cursor: str | None,
) -> Page[Campaign]:
    """A page of the campaigns in a scope, the newest month first; those dropped are not in it."""
    asked = _whole().where(scope.holds(), Campaign.dropped_at.is_(None))
    if month is not None:
        asked = asked.where(Campaign.month == month)
    if compound is not None:
        asked = asked.where(Campaign.compound_id == compound.id)
    if cursor is not None:
        after = decode_cursor(cursor, str, lambda each: UUID(str(each)))
        asked = asked.where(tuple_(Campaign.month, Campaign.id) < after)
    asked = asked.order_by(Campaign.month.desc(), Campaign.id.desc()).limit(limit + 1)
    return cut_page(session.scalars(asked).all(), limit, lambda one: (one.month, str(one.id)))


def campaign_in_sight(
    session: Session, scope: Scope, campaign_id: UUID | None, *, for_update: bool = False
) -> Campaign:
    """The campaign with an id, when the actor sees it; raises NotThere. For an update it is locked
    before its steps are read."""
    if campaign_id is not None and for_update:
        locked = select(Campaign.id).where(Campaign.id == campaign_id).with_for_update()
        session.execute(locked)
    asked = _whole().where(Campaign.id == campaign_id, scope.holds())
    fresh = {"populate_existing": for_update}
    found = session.scalar(asked, execution_options=fresh) if campaign_id else None
    if found is None:
        raise NotThere("没有这次行动，或不在您的范围内。")
    return found


def _whole() -> Select[Campaign]:
    return (
        select(Campaign)
        .join(Campaign.compound)
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .options(
            contains_eager(Campaign.compound).contains_eager(Compound.organisation),
            selectinload(Campaign.steps).selectinload(CampaignStep.photos),
        )
    )


def _used_in_campaigns(actor: Actor, photo_ids: Sequence[UUID]) -> Select[Any]:
    return (
        select(*seen_columns(CampaignPhoto.photo_id))
        .join(CampaignStep, CampaignStep.id == CampaignPhoto.step_id)
        .join(Campaign, Campaign.id == CampaignStep.campaign_id)
        .join(Compound, Compound.id == Campaign.compound_id)
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .where(CampaignPhoto.photo_id.in_(photo_ids), visible_to(actor))
    )


SEEN_IN_CAMPAIGNS = SeenThrough(_used_in_campaigns)


def is_used_in_a_campaign(session: Session, photo_id: UUID) -> bool:
    """Whether a campaign uses a photo."""
    used = select(CampaignPhoto.photo_id).where(CampaignPhoto.photo_id == photo_id).limit(1)
    return session.scalar(used) is not None


def needed_by_campaigns(session: Session, photo_ids: Sequence[UUID]) -> Iterator[Need]:
    """What campaigns need of some photos, from when the step was recorded; one query."""
    asked = (
        select(CampaignPhoto.photo_id, CampaignStep.recorded_at)
        .join(CampaignStep, CampaignStep.id == CampaignPhoto.step_id)
        .where(CampaignPhoto.photo_id.in_(photo_ids))
    )
    for photo_id, recorded_at in session.execute(asked):
        yield Need(photo_id, KeptAs.campaign, recorded_at)
