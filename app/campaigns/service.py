"""Planning a month, recording its steps, taking back what was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns.errors import (
    CampaignExists,
    CampaignOver,
    StepDateUnsuitable,
    StepOutOfOrder,
)
from app.campaigns.models import Campaign, CampaignPhoto, CampaignStep
from app.campaigns.rules import (
    STEP_LABELS,
    Step,
    is_complete,
    next_steps,
)
from app.catalogue.models import Action
from app.grid.models import Area, Compound
from app.kernel.clock import shanghai_day
from app.kernel.ids import new_id
from app.people.access import Actor, Matter, require
from app.tickets.errors import EvidenceMissing, PhotoReused, ReasonMissing
from app.tickets.handling.copies import evidence_of_the_actor

AHEAD_OF_THE_MONTH = timedelta(days=31)
"""How long before its month a campaign may be publicised."""


@dataclass(frozen=True)
class StepSaid:
    """What somebody says was done."""

    action: Action
    step: Step
    done_on: date
    note: str | None = None
    photo_ids: Sequence[UUID] = ()


def matter_of_compound(compound: Compound) -> Matter:
    """What permissions ask about a compound that is to be planned for."""
    home = compound.organisation
    return Matter(town_id=home.town_id, community_id=home.id, paths=(home.path,))


def matter_of(campaign: Campaign) -> Matter:
    """What permissions ask about a campaign: that of its compound, which may have moved."""
    return matter_of_compound(campaign.compound)


def plan_campaign(
    session: Session,
    compound: Compound,
    *,
    area: Area | None,
    month: str,
    actor: Actor,
    now: datetime,
) -> Campaign:
    """Plans a compound, or an area of it, for a month; raises NotAllowed or CampaignExists."""
    post = require(actor, "campaigns.plan", matter_of_compound(compound))
    standing = select(Campaign.id).where(
        Campaign.compound_id == compound.id,
        Campaign.month == month,
        Campaign.dropped_at.is_(None),
        Campaign.area.is_(None) if area is None else Campaign.area == area,
    )
    if session.scalar(standing.limit(1)) is not None:
        raise CampaignExists("请从列表中打开已经安排的这一次。")
    town_id = compound.organisation.town_id
    assert town_id is not None
    made = Campaign(
        id=new_id(),
        town_id=town_id,
        community_id=compound.organisation_id,
        compound_id=compound.id,
        area=area,
        month=month,
        person_id=actor.person_id,
        post_id=post.id,
        planned_at=now,
        steps=[],
    )
    session.add(made)
    session.flush()
    session.refresh(made, ["compound"])
    return made


def drop_campaign(
    session: Session, campaign: Campaign, *, reason: str | None, actor: Actor, now: datetime
) -> Campaign:
    """Takes a campaign off the plan, with the reason; raises NotAllowed, CampaignOver or
    ReasonMissing."""
    require(actor, "campaigns.plan", matter_of(campaign))
    _refuse_over(campaign)
    if not reason:
        raise ReasonMissing("请写明为什么取消。", fields={"note": ["请写明理由"]})
    campaign.dropped_at, campaign.dropped_because = now, reason
    session.flush()
    return campaign


def record_step(
    session: Session, campaign: Campaign, said: StepSaid, *, actor: Actor, now: datetime
) -> CampaignStep:
    """Writes down one step of one action, on a campaign that is locked.

    Raises NotAllowed, CampaignOver, StepOutOfOrder, StepDateUnsuitable, EvidenceMissing,
    ReasonMissing, PhotoReused or PhotoNotYours.
    """
    post = require(actor, "campaigns.record", matter_of(campaign))
    _refuse_over(campaign)
    done = steps_standing(campaign).get(said.action, [])
    _refuse_out_of_order(said, [each.step for each in done])
    _refuse_day(said, campaign, done, today=shanghai_day(now))
    _refuse_unproven(said)
    _refuse_shown_before(said, done)
    photos = evidence_of_the_actor(session, actor, list(dict.fromkeys(said.photo_ids))).photos
    made = CampaignStep(
        id=new_id(),
        campaign=campaign,
        action=said.action,
        step=said.step,
        done_on=said.done_on,
        note=said.note,
        person_id=actor.person_id,
        post_id=post.id,
        recorded_at=now,
        photos=[CampaignPhoto(photo_id=each.id, sequence=n) for n, each in enumerate(photos, 1)],
    )
    session.add(made)
    _settle(campaign)
    session.flush()
    return made


def withdraw_step(
    session: Session, campaign: Campaign, step: CampaignStep, *, actor: Actor, now: datetime
) -> Campaign:
    """Takes back the last step of an action, which was wrong; raises NotAllowed, CampaignOver or
    StepOutOfOrder."""
    require(actor, "campaigns.record", matter_of(campaign))
    if campaign.dropped_at is not None:
        raise CampaignOver("请刷新后再看。")
    standing = steps_standing(campaign).get(step.action, [])
    if not standing or standing[-1].id != step.id:
        raise StepOutOfOrder("只能从最后一步撤起。")
    step.withdrawn_at = now
    _settle(campaign)
    session.flush()
    return campaign


def steps_standing(campaign: Campaign) -> dict[Action, list[CampaignStep]]:
    """The steps that were not taken back, by action, in the order they were done."""
    found: dict[Action, list[CampaignStep]] = {}
    for step in campaign.steps:
        if step.withdrawn_at is None:
            found.setdefault(step.action, []).append(step)
    return found


def _settle(campaign: Campaign) -> None:
    """Says whether all is done, and since when."""
    standing = steps_standing(campaign)
    done = {action: [each.step for each in steps] for action, steps in standing.items()}
    last = max((steps[-1].done_on for steps in standing.values()), default=None)
    campaign.completed_on = last if is_complete(done) else None


def _refuse_over(campaign: Campaign) -> None:
    if campaign.dropped_at is not None:
        raise CampaignOver("这次行动已经取消。")
    if campaign.completed_on is not None:
        raise CampaignOver("六项行动都已经完成；记错了的，先撤回最后一步。")


def _refuse_out_of_order(said: StepSaid, done: Sequence[Step]) -> None:
    possible = next_steps(done)
    if said.step in possible:
        return
    names = "、".join(STEP_LABELS[each] for each in possible)
    raise StepOutOfOrder(f"现在可以记录：{names}。" if possible else "这一项已经完成。")


def _refuse_day(
    said: StepSaid, campaign: Campaign, done: Sequence[CampaignStep], *, today: date
) -> None:
    first = date.fromisoformat(f"{campaign.month}-01") - AHEAD_OF_THE_MONTH
    if said.done_on > today:
        detail = "不能晚于今天。"
    elif done and said.done_on < done[-1].done_on:
        detail = f"不能早于上一步（{done[-1].done_on}）。"
    elif said.done_on < first:
        detail = f"早于这次行动的月份太多（最早 {first}）。"
    else:
        return
    raise StepDateUnsuitable(detail, fields={"done_on": [detail]})


def _refuse_unproven(said: StepSaid) -> None:
    if said.step is Step.nothing_found:
        if not said.note:
            detail = "请写明查看了哪里。"
            raise ReasonMissing(detail, fields={"note": [detail]})
    elif not said.photo_ids:
        raise EvidenceMissing("请拍照上传。", fields={"photo_ids": ["至少一张照片"]})


def _refuse_shown_before(said: StepSaid, done: Sequence[CampaignStep]) -> None:
    """One picture may show the notice of all six actions, but not two steps of one."""
    shown = {each.photo_id for step in done for each in step.photos}
    if shown & set(said.photo_ids):
        raise PhotoReused("上一步已经用过这张照片，请拍这一步的。")
