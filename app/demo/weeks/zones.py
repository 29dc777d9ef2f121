"""Compounds put in order month by month, matters with a life of their own, and what hangs on
notice boards."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.campaigns.models import Campaign
from app.campaigns.rules import Step, needed_in_a_month
from app.campaigns.service import StepSaid, plan_campaign, record_step
from app.cases.models import Case
from app.cases.service import Said, Subject, kind_by_code, open_case, record
from app.catalogue.models import Action
from app.demo.weeks.cast import EXCELLENT, Community, Compound
from app.demo.weeks.living import weeks_of
from app.demo.weeks.matters import MATTERS, Matter
from app.demo.weeks.world import Story, World
from app.duties.checklists.service import look_at_site
from app.duties.checklists.sites import Site, checklist_named, unit_kind
from app.grid.models import Compound as KnownCompound
from app.kernel.clock import shanghai_day
from app.kernel.moments import Moment
from app.people.access import Actor
from app.people.administration import organisation_named

CLEARED = (Action.clutter, Action.private_wiring)
"""Of which something is found; of the other four nothing is."""


@dataclass(frozen=True)
class Affair:
    """A case: its kind, title, what is photographed, and the steps by whom ("lead", "town") after
    how many days, the first one included."""

    kind: str
    title: str
    matter: str
    steps: tuple[tuple[str, str, int], ...]
    fields: tuple[tuple[str, Any], ...] = ()


AFFAIRS = (
    Affair(
        "illegal_building", "楼顶搭建彩钢棚", "shed",
        (("found", "lead", 0), ("dissuaded", "lead", 1), ("reported", "lead", 1),
         ("referred", "town", 4)),
    ),
    Affair(
        "repair_request", "单元门破损", "clutter",
        (("requested", "lead", 0), ("accepted", "town", 4)), (("money", 0.8),),
    ),
    Affair(
        "waste_site", "北门分类收集亭", "clutter",
        (("planned", "lead", 0), ("built", "lead", 16), ("in_service", "lead", 5)),
        (("company", "示例环卫公司"),),
    ),
    Affair(
        "renovation", "楼道粉刷、管线整理", "cables",
        (("listed", "lead", 0), ("opinions", "lead", 9)),
        (("party", "政府"), ("work", "楼道粉刷")),
    ),
)  # fmt: skip


def tell_zones(world: World) -> None:
    """Lets communities plan each month's compounds, and the first of them have its affairs."""
    for place, community in enumerate(one for one in world.cast.communities if one.compounds):
        for number, month in enumerate(_months(world)):
            _tell_month(world, community, month, number, always=place == 0)
        affair = AFFAIRS[place % len(AFFAIRS)]
        begins = world.begins + timedelta(days=8 + place, hours=10)
        if begins < world.ends:
            world.tell(begins, _lived_through(world, community, affair))
        world.tell(world.at(shanghai_day(world.begins), 14), _looked_over(world, community))


def _months(world: World) -> list[date]:
    """The first Mondays of the months that the weeks reach into."""
    first: dict[tuple[int, int], date] = {}
    for monday in weeks_of(world):
        first.setdefault((monday.year, monday.month), monday)
    return list(first.values())


def _tell_month(
    world: World, community: Community, monday: date, number: int, *, always: bool
) -> None:
    """What a community plans in a month: two or one, here and there less, the one that tours show
    `always` all."""
    wanted = needed_in_a_month(len(community.compounds))
    dice = world.dice("zone", community.code, monday)
    if community.manner != EXCELLENT and not always:
        wanted -= dice.random() < 0.4
    for each in range(wanted):
        compound = community.compounds[(2 * number + each) % len(community.compounds)]
        at = world.at(monday + timedelta(days=dice.randrange(3)), dice.uniform(9, 11))
        if world.begins < at < world.ends:
            world.tell(at, _put_in_order(world, community, compound, dice))


def _put_in_order(
    world: World, community: Community, compound: Compound, dice: random.Random
) -> Story:
    """The four steps of the six actions; what is not there to be cleared is said to be so."""
    lead, known = community.lead, world.session.get_one(KnownCompound, compound.compound_id)
    month = f"{shanghai_day(world.now):%Y-%m}"
    planned = plan_campaign(world.session, known, area=None, month=month, actor=lead, now=world.now)
    campaign_id = planned.id
    notice = [_photo(world, lead, compound, MATTERS["clutter"], "before", dice)]
    _done(world, campaign_id, lead, Step.publicise, Action, notice)
    yield world.now + timedelta(days=dice.randint(4, 6))
    rest = [action for action in Action if action not in CLEARED]
    _done(world, campaign_id, lead, Step.nothing_found, rest, note="逐栋查看，没有发现")
    for step in (Step.self_clear, Step.joint_action, Step.maintain):
        yield world.now + timedelta(days=dice.randint(3, 5))
        picture = [_photo(world, lead, compound, MATTERS["clutter"], "after", dice)]
        _done(world, campaign_id, lead, step, CLEARED, picture)


def _done(
    world: World,
    campaign_id: UUID,
    by: Actor,
    step: Step,
    actions: Iterable[Action],
    photo_ids: list[UUID] | None = None,
    note: str | None = None,
) -> None:
    campaign = world.session.get_one(Campaign, campaign_id)
    for action in actions:
        said = StepSaid(action, step, shanghai_day(world.now), note, photo_ids or ())
        record_step(world.session, campaign, said, actor=by, now=world.now)


def _photo(
    world: World, by: Actor, compound: Compound, matter: Matter, state: str, dice: random.Random
) -> UUID:
    spots = [spot for many in compound.spots.values() for spot in many]
    return world.photograph(by, dice.choice(spots), matter, state, dice)[0]


def _lived_through(world: World, community: Community, affair: Affair) -> Story:
    """Step by step as far as the weeks reach."""
    dice, case_id = world.dice("affair", community.code), None
    compound = dice.choice(community.compounds)
    by = {"lead": community.lead, "town": world.cast.supervisors[community.town][0]}
    for code, who, days in affair.steps:
        if days:
            yield world.now + timedelta(days=days)
        state = "before" if case_id is None else "after"
        picture = _photo(world, by[who], compound, MATTERS[affair.matter], state, dice)
        said = Said(shanghai_day(world.now), "已到现场看过，照片附后", (picture,))
        if case_id is None:
            case_id = _opened(world, community, compound, affair, said, by[who])
        else:
            case = world.session.get_one(Case, case_id)
            record(
                world.session, case, code, said,
                version=case.version, actor=by[who], now=world.now,
            )  # fmt: skip


def _opened(
    world: World,
    community: Community,
    compound: Compound,
    affair: Affair,
    said: Said,
    by: Actor,
) -> UUID:
    kind = kind_by_code(world.session, affair.kind, day=shanghai_day(world.now))
    unit = organisation_named(world.session, community.code)
    subject = Subject(unit, world.session.get_one(KnownCompound, compound.compound_id))
    first = Said(said.done_on, said.note, said.photo_ids, dict(affair.fields))
    title = f"{compound.name}：{affair.title}"
    return open_case(world.session, kind, subject, title, first, actor=by, now=world.now).id


def _looked_over(world: World, community: Community) -> Story:
    """What hangs at each entrance is looked through in the first week; here and there is a gap."""
    unit, today = organisation_named(world.session, community.code), shanghai_day(world.now)
    checklist = checklist_named(world.session, "entrance_board", day=today)
    for compound in community.compounds if unit_kind(unit) in checklist.units else ():
        dice = world.dice("board", compound.code)
        site = Site(unit, world.session.get_one(KnownCompound, compound.compound_id))
        gap = dice.randrange(3 * len(checklist.items))
        seen = {item.code: number != gap for number, item in enumerate(checklist.items)}
        moment = Moment(world.now, world.now)
        look_at_site(world.session, checklist, site, seen, actor=community.lead, moment=moment)
    yield world.now
