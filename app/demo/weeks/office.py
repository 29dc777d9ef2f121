"""What offices do: pauses are ordered, months frozen, clean rounds walked again, posts lent."""

import random
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.administration.audit import Act
from app.administration.pauses import PauseContent, begin_pause, finish_pause
from app.administration.staff.leaves import begin_leave
from app.assessments.switching import Switching, switch
from app.catalogue.models import PausePeriod
from app.complaints.service import set_office
from app.demo.plans import COUNTY
from app.demo.township import TOWN
from app.demo.weeks.world import Story, World
from app.kernel.clock import shanghai_day
from app.kernel.moments import Moment
from app.people.access import Actor, Matter, require
from app.people.administration import organisation_named, person_named
from app.rounds.models import CheckResult
from app.rounds.service import SeenCheckpoint
from app.rounds.spot_checks.drawing import draw_spot_checks
from app.rounds.spot_checks.models import SpotCheck
from app.rounds.spot_checks.service import record_spot_check, require_walkable
from app.tickets.figures.freezes.figures import figures_of_month
from app.tickets.figures.freezes.service import FreezeAsked, freeze_month
from app.tickets.handling.recounting import pause_changed
from app.tickets.showing.sight import tickets_seen

OFFICE_HOURS = "工作日 8:30–17:30"
LARGE_TOWN = f"{COUNTY}102"


@dataclass(frozen=True)
class Pause:
    """A pause to be: how many days before the last Monday it begins and how long it lasts, for how
    many it is ended early, where, for which categories, and why."""

    days_before: int
    days: int
    place: str
    reason: str
    categories: tuple[str, ...] | None = None
    ended_after: float | None = None


PAUSES = (
    Pause(7, 7, f"{TOWN}201", "整村集中搬迁交付，巡查和办理顺延"),
    Pause(6, 3, LARGE_TOWN, "防汛应急响应，人员集中值守", ended_after=1.6),
    Pause(5, 40, TOWN, "绿化补种等待适宜季节", categories=("01-17", "01-91")),
)
FOUND_AGAIN = ("楼道有纸箱没有清走", "绿地边有一处杂物", "宣传栏旁又有小广告")
AWAY = "t102shequ9", "t102wangge91"
"""The lead of a village, and the warden who stands in."""


def tell_offices(world: World) -> None:
    """Lets offices do everything of theirs that falls within the weeks."""
    last_monday = world.today - timedelta(days=world.today.weekday())
    for number, pause in enumerate(PAUSES, 1):
        starts = world.at(last_monday - timedelta(days=pause.days_before), 0)
        if starts >= world.begins:
            ordered = max(world.begins, starts - timedelta(days=2)) + timedelta(hours=9)
            world.tell(ordered, _paused(world, pause, starts, number))
    for month in _months_over(world):
        for town in sorted(world.cast.supervisors):
            frozen_on = _after(month) + timedelta(days=1)
            world.tell(world.at(frozen_on, 15), _frozen(world, town, month))
    world.tell(world.begins + timedelta(hours=9), _scored(world))
    world.tell(world.begins + timedelta(hours=9, minutes=5), _reached(world))
    leaves = max(world.begins, world.ends - timedelta(days=2))
    world.tell(leaves + timedelta(minutes=5), _away(world))


def tell_spot_checks(world: World, monday: date) -> None:
    """On Monday after noon clean rounds of the week before are drawn; in the last week one of them
    is left to be walked."""
    world.tell(world.at(monday, 12.5), _drawn(world, monday))


def _act(world: World) -> Act:
    """The county's administrator does something now."""
    admin = world.cast.administrator
    return Act(world.now, admin.person_id, next(iter(admin.posts)).id)


def _paused(world: World, pause: Pause, starts: datetime, number: int) -> Story:
    content = PauseContent(
        pause.categories,
        f"示例县创建办〔{shanghai_day(world.now).year}〕{number + 10}号",
        pause.reason,
        starts,
        starts + timedelta(days=pause.days),
    )
    area = organisation_named(world.session, pause.place)
    made = begin_pause(world.session, area, content, effects=[pause_changed], act=_act(world)).id
    if pause.ended_after is not None:
        yield starts + timedelta(days=pause.ended_after)
        found = world.session.get_one(PausePeriod, made)
        finish_pause(world.session, found, at=None, effects=[pause_changed], act=_act(world))
    yield world.now


def _months_over(world: World) -> Iterator[date]:
    """The first days of the months that end within the weeks."""
    month = shanghai_day(world.begins).replace(day=1)
    while _after(month) <= world.today:
        yield month
        month = _after(month)


def _after(month: date) -> date:
    """The first day of the month behind one."""
    return month + timedelta(days=monthrange(month.year, month.month)[1])


def _scored(world: World) -> Story:
    """The county switches assessment on, as a reference, when the weeks begin."""
    home, by = organisation_named(world.session, COUNTY), world.cast.administrator
    post = require(by, "assessments.switch", Matter(paths=(home.path,)))
    said = Switching(on=True, document=f"创建办〔{world.now.year}〕考核参考分试行通知")
    switch(world.session, home, said, actor=by, post=post, now=world.now)
    yield world.now


def _reached(world: World) -> Story:
    """Residents are told a number to call beside the code: one that reaches nobody."""
    for town in sorted(world.cast.supervisors):
        office = organisation_named(world.session, town)
        set_office(world.session, office, phone="0566-0000000（示例）", hours=OFFICE_HOURS)
    yield world.now


def _frozen(world: World, town: str, month: date) -> Story:
    by, name = world.cast.supervisors[town][0], f"{month:%Y-%m}"
    place = organisation_named(world.session, town)
    post = require(by, "kpis.freeze", Matter(town_id=place.town_id, paths=(place.path,)))
    document = f"创建办〔{month.year}〕{month.month}月通报"
    figures = figures_of_month(world.session, by, place, name, now=world.now)
    asked = FreezeAsked(place, name, document)
    freeze_month(world.session, asked, figures, actor=by, post=post, now=world.now)
    yield world.now


def _away(world: World) -> Story:
    today, session = shanghai_day(world.now), world.session
    person, deputy = (person_named(session, username) for username in AWAY)
    home = person.posts[0].organisation
    dates = {"from_on": today, "to_on": today + timedelta(days=6)}
    begin_leave(session, person, deputy=deputy, home=home, act=_act(world), **dates)
    yield world.now


def _drawn(world: World, monday: date) -> Story:
    draw_spot_checks(
        world.session, percent=world.shares.spot_checks, secret=f"{world.seed}", now=world.now
    )
    drawn = select(SpotCheck).where(SpotCheck.drawn_at == world.now).order_by(SpotCheck.id)
    left = monday + timedelta(days=7) > world.today
    for check in world.session.scalars(drawn).all()[left:]:
        dice = world.dice("spot check", check.compound.code, monday)
        at = world.at(monday + timedelta(days=dice.choice((0, 1, 1, 2, 3))), dice.uniform(14, 17))
        world.tell(at, _walked_again(world, check.id, dice))
    yield world.now


def _walked_again(world: World, check_id: UUID, dice: random.Random) -> Story:
    check = world.session.get_one(SpotCheck, check_id)
    by = _who_walks(world, check)
    require_walkable(world.session, check, actor=by)
    points = [one.id for one in check.compound.checkpoints]
    wrong = dice.randrange(len(points)) if dice.random() < 0.25 else None
    seen = [SeenCheckpoint(one, CheckResult.fine) for one in points]
    if wrong is not None:
        note = dice.choice(FOUND_AGAIN)
        seen[wrong] = SeenCheckpoint(points[wrong], CheckResult.problem, note=note)
    record_spot_check(
        world.session,
        check,
        seen,
        note="与上报不一致，已通知社区" if wrong is not None else "现场与上报一致",
        tickets_seen=tickets_seen,
        actor=by,
        moment=Moment(world.now, world.now),
    )
    yield world.now


def _who_walks(world: World, check: SpotCheck) -> Actor:
    """The management group's supervisor where there is one, else one of the town's."""
    groups = world.cast.groups
    of_group = (one for one in groups if any(check.community_id in p.given for p in one.posts))
    town = check.compound.organisation.path
    towns = (one for many in world.cast.supervisors.values() for one in many)
    of_town = (one for one in towns if any(town.startswith(p.path) for p in one.posts))
    return next(of_group, None) or next(of_town)
