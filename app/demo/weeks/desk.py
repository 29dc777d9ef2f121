"""The desk grid of the made-up county: who answers for what, and what units record week by week.

Some duties stay undone and a few places without a name, as they do anywhere.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.administration.audit import Act
from app.demo.weeks.cast import Community
from app.demo.weeks.living import weeks_of
from app.demo.weeks.world import Story, World
from app.duties.assignments.models import AssignedKind, AssistantKind, Line, Part
from app.duties.assignments.service import Assignee, give_assignments
from app.duties.assignments.subjects import Subject, duties_of
from app.duties.records.service import RecordSaid, make_record
from app.kernel.clock import shanghai_day
from app.kernel.moments import Moment
from app.people.administration import organisation_named, person_named
from app.people.models import Organisation, OrganisationType

ASSISTANTS = (("周明", AssistantKind.party_member), ("何家安", AssistantKind.old_cadre))


@dataclass(frozen=True)
class Habit:
    """What units record: how often in a hundred weeks, in which weeks of four, and of what kind of
    unit; `link`: where it can be read."""

    kind: str
    subject: str
    percent: int
    weeks: tuple[int, ...] = (0, 1, 2, 3)
    quantity: tuple[int, int] | None = None
    link: bool = False
    communities_only: bool = False


HABITS = (
    Habit("activity", "科普进社区活动", 92, quantity=(12, 60)),
    Habit("theory_lecture", "理论宣讲", 75, (1,), quantity=(15, 50)),
    Habit("information", "创建工作信息", 85, link=True),
    Habit("information", "志愿服务信息", 55, link=True),
    Habit("compound_meeting", "小区例会", 88, (2,), quantity=(8, 25), communities_only=True),
    Habit("month_plan", "本月重点工作", 95, (0,)),
    Habit("household_visit", "走访千楼万户", 60, quantity=(10, 80)),
    Habit("waste_training", "垃圾分类培训", 70, (3,), quantity=(10, 40), communities_only=True),
    Habit("good_person", "推荐身边好人", 40, (3,), quantity=(1, 2)),
)


def tell_desk(world: World) -> None:
    """Lets every unit share out its work in the first week, and record what it does."""
    for community in world.cast.communities:
        dice = world.dice("desk", community.code)
        begins = world.begins + timedelta(hours=9, minutes=dice.randrange(90))
        world.tell(begins, _shared_out(world, community, dice))
        for number, monday in enumerate(weeks_of(world)):
            for habit in _habits_of(number):
                # Thrown for every unit, so that another habit changes no other's luck.
                day, done = monday + timedelta(days=dice.randrange(5)), dice.randrange(100)
                at = world.at(day, dice.uniform(9, 17.5))
                if done < habit.percent and world.begins < at < world.ends:
                    world.tell(at, _recorded(world, community, habit, dice.random()))


def _habits_of(week: int) -> Iterator[Habit]:
    return (habit for habit in HABITS if week % 4 in habit.weeks)


def _shared_out(world: World, community: Community, dice: random.Random) -> Story:
    """Wardens lead compounds, the lead leads the desk's duties; a village shares out its lines."""
    session, today = world.session, shanghai_day(world.now)
    unit = organisation_named(session, community.code)
    act = Act(world.now, community.lead.person_id, next(iter(community.lead.posts)).id)
    walkers = community.wardens or (community.lead,)
    for number, compound in enumerate(community.compounds):
        walker = person_named(session, walkers[number % len(walkers)].username)
        place = [Subject(AssignedKind.compound, compound.compound_id)]
        if dice.random() < 0.9:
            who = Assignee(Part.lead, walker)
            give_assignments(session, unit, place, who, from_on=None, to_on=None, act=act)
        name, kind = ASSISTANTS[number % len(ASSISTANTS)]
        who = Assignee(Part.assistant, None, name, kind)
        give_assignments(session, unit, place, who, from_on=None, to_on=None, act=act)
    lead = Assignee(Part.lead, person_named(session, community.lead.username))
    desk = _desk_of(world, unit, today)[: -1 if dice.random() < 0.4 else None]
    give_assignments(session, unit, desk, lead, from_on=None, to_on=None, act=act)
    yield world.now


def _desk_of(world: World, unit: Organisation, today: date) -> list[Subject]:
    if unit.type is OrganisationType.village:
        return [Subject(AssignedKind.line, word=line.value) for line in Line]
    duties = duties_of(world.session, unit.type, day=today)
    return [Subject(AssignedKind.duty, word=rule.code) for rule in duties]


def _recorded(world: World, community: Community, habit: Habit, luck: float) -> Story:
    unit = organisation_named(world.session, community.code)
    if not habit.communities_only or unit.type is not OrganisationType.village:
        low, high = habit.quantity or (0, 0)
        quantity = low + round(luck * (high - low)) if habit.quantity else None
        address = f"https://www.example.com/{habit.kind}/{community.code}/{shanghai_day(world.now)}"
        said = RecordSaid(
            kinds=[habit.kind],
            happened_on=shanghai_day(world.now),
            subject=habit.subject,
            place=None if habit.link else f"{community.name}活动室",
            quantity=quantity,
            links=[f"{address}/{round(luck * 1000)}"] if habit.link else [],
        )
        moment = Moment(world.now, world.now)
        make_record(world.session, unit, None, said, actor=community.lead, moment=moment)
    yield world.now
