"""Planning and carrying out, over HTTP."""

from typing import Any

from app.campaigns.findings import findings_by_action, findings_page
from app.campaigns.models import Campaign, CampaignStep
from app.campaigns.presenting import (
    campaign_item,
    campaign_json,
)
from app.campaigns.queries import campaign_in_sight, campaigns_page
from app.campaigns.routes.places import (
    compound_in_sight,
    compound_named,
    matter_of_body,
    today,
)
from app.campaigns.schemas import (
    CampaignOut,
    CampaignsOut,
    CampaignsQuery,
    DropIn,
    PlanIn,
    StepIn,
)
from app.campaigns.service import (
    StepSaid,
    drop_campaign,
    matter_of,
    plan_campaign,
    record_step,
    withdraw_step,
)
from app.kernel.errors import NotThere
from app.kernel.ids import parse_id
from app.kernel.paging import PageQuery
from app.people.access import Matter
from app.rounds.errors import CompoundUnknown
from app.rounds.routes import scope_asked
from app.tickets.answers import TicketPage
from app.tickets.routes import viewer
from app.tickets.showing.presenting import ticket_items
from app.web.references import references
from app.web.routing import Answer, Call, Routes

routes = Routes("一月一区")


@routes.get(
    "/campaigns",
    permission="campaigns.read",
    query=CampaignsQuery,
    answer=CampaignsOut,
    refusals=(404,),
)
def get_campaigns(call: Call) -> dict[str, Any]:
    """一月一区行动的列表，新的月份在前"""
    asked = call.query(CampaignsQuery)
    page = campaigns_page(
        call.session,
        scope_asked(call, asked.organisation),
        month=asked.month,
        compound=compound_in_sight(call, asked.compound) if asked.compound else None,
        limit=asked.limit,
        cursor=asked.cursor,
    )
    items = [campaign_item(each) for each in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


@routes.post(
    "/campaigns",
    permission="campaigns.plan",
    body=PlanIn,
    answer=CampaignOut,
    status=201,
    loads=compound_named(PlanIn),
    matter=matter_of_body,
    refusals=(409,),
    made="campaign",
)
def post_campaign(call: Call) -> Answer:
    """安排一个月的行动：一个小区，或小区的一个部位"""
    said = call.body(PlanIn)
    if call.loaded is None:
        detail = "请从小区列表中选择。"
        raise CompoundUnknown(detail, fields={"compound": [CompoundUnknown.title]})
    made = plan_campaign(
        call.session,
        call.loaded,
        area=said.area,
        month=said.month,
        actor=call.actor,
        now=call.now,
    )
    return Answer(_whole(call, made), made=made.id)


def campaign_named(call: Call) -> Campaign:
    """The campaign named in the path, when the asker sees it; raises NotThere."""
    writing = call.route.method != "GET"
    return campaign_in_sight(
        call.session,
        scope_asked(call, None),
        parse_id(call.args["campaign"]),
        for_update=writing,
    )


def matter_named(call: Call) -> Matter:
    """What permissions ask about the campaign named."""
    return matter_of(call.loaded)


def _whole(call: Call, campaign: Campaign) -> dict[str, Any]:
    return campaign_json(campaign, findings_by_action(call.session, campaign, day=today(call)))


@routes.get(
    "/campaigns/<campaign>",
    permission="campaigns.read",
    answer=CampaignOut,
    loads=campaign_named,
)
def get_campaign(call: Call) -> dict[str, Any]:
    """一次行动：六项行动、四步程序、发现的问题数"""
    return _whole(call, call.loaded)


@routes.get(
    "/campaigns/<campaign>/tickets",
    permission="campaigns.read",
    query=PageQuery,
    answer=TicketPage,
    loads=campaign_named,
)
def get_campaign_tickets(call: Call) -> dict[str, Any]:
    """行动中发现的问题，附整改前后的照片"""
    asked = call.query(PageQuery)
    page = findings_page(
        call.session,
        call.actor,
        call.loaded,
        day=today(call),
        limit=asked.limit,
        cursor=asked.cursor,
    )
    return {"items": ticket_items(viewer(call), page.items), "next_cursor": page.next_cursor}


@routes.post(
    "/campaigns/<campaign>/drop",
    permission="campaigns.plan",
    body=DropIn,
    answer=CampaignOut,
    loads=campaign_named,
    matter=matter_named,
    refusals=(409,),
)
def post_campaign_drop(call: Call) -> dict[str, Any]:
    """取消安排，写明理由"""
    said = call.body(DropIn)
    dropped = drop_campaign(
        call.session, call.loaded, reason=said.note or None, actor=call.actor, now=call.now
    )
    return _whole(call, dropped)


@routes.post(
    "/campaigns/<campaign>/steps",
    permission="campaigns.record",
    body=StepIn,
    answer=CampaignOut,
    status=201,
    loads=campaign_named,
    matter=matter_named,
    refusals=(409,),
)
def post_campaign_step(call: Call) -> dict[str, Any]:
    """记录一项行动的一步，附日期和照片"""
    said = call.body(StepIn)
    known = references(call.session, said.photo_ids, person_id=call.actor.person_id)
    step = StepSaid(
        said.action,
        said.step,
        said.done_on,
        said.note or None,
        known.all("photo", said.photo_ids),
    )
    record_step(call.session, call.loaded, step, actor=call.actor, now=call.now)
    return _whole(call, call.loaded)


@routes.post(
    "/campaigns/<campaign>/steps/<step>/withdraw",
    permission="campaigns.record",
    answer=CampaignOut,
    loads=campaign_named,
    matter=matter_named,
    refusals=(409,),
)
def post_campaign_step_withdraw(call: Call) -> dict[str, Any]:
    """撤回记错的最后一步"""
    step = _step_named(call.loaded, call.args["step"])
    return _whole(
        call, withdraw_step(call.session, call.loaded, step, actor=call.actor, now=call.now)
    )


def _step_named(campaign: Campaign, text: str) -> CampaignStep:
    wanted = parse_id(text)
    found = next((each for each in campaign.steps if each.id == wanted), None)
    if found is None:
        raise NotThere("没有这一步。")
    return found
