"""What goes on in every week: walks, things found between them, what comes from elsewhere, and the
second look at what was closed."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.demo.weeks import courses, departures, disputes
from app.demo.weeks.cast import NEGLECTED, Community, Compound
from app.demo.weeks.doing import Course, find, may_rework, report
from app.demo.weeks.matters import MATTERS
from app.demo.weeks.world import Case, Found, Story, World
from app.grid.models import Compound as KnownCompound
from app.kernel.clock import shanghai_day
from app.kernel.moments import Moment
from app.people.access import Actor
from app.rounds.models import CheckResult
from app.rounds.service import SeenCheckpoint, add_to_round
from app.tickets.models import SecondLook, Source, State, Ticket
from app.tickets.showing.sight import tickets_seen
from app.tickets.workflow import Action

COURSES: dict[Course, float] = {
    courses.plain: 62,
    disputes.extended: 5,
    disputes.not_extended: 2,
    departures.put_off_shortly: 1.5,
    departures.voided: 2,
    departures.withdrawn: 1,
    courses.recalled: 1,
    courses.reopened: 3,
    courses.pressed: 5,
    courses.reclassified: 2,
}
"""The courses that befall anything, and how often."""

OF_COMPANIES: dict[Course, float] = {
    disputes.not_ours: 4,
    disputes.ours_after_all: 3,
    disputes.passed_on: 2,
    disputes.same_picture: 1,
    disputes.overruled: 0.6,
}
"""Those that need a company."""

OF_MATTERS: dict[str, tuple[Course, ...]] = {
    "shed": (departures.to_the_body, departures.to_the_body, courses.plain),
    "shed_rising": (departures.to_the_body, courses.plain),
    "cables": (courses.plain, departures.answered),
    "other": (departures.rejected, departures.rejected, courses.reclassified, courses.classified),
}
"""Those of some matters."""

FROM_ELSEWHERE = (*(Source.hotline, Source.superior), *(Source.resident, Source.resident))
"""What comes one by one; more of it comes in spreadsheets."""


def weeks_of(world: World) -> Iterator[date]:
    """The Mondays of the weeks, the first one's first."""
    day = shanghai_day(world.begins)
    while day <= world.today:
        yield day
        day += timedelta(days=7)


def tell_week(world: World, monday: date) -> None:
    """Lets everything of a week begin that is no story of its own."""
    for community in world.cast.communities:
        for compound in community.compounds:
            _tell_walk(world, community, compound, monday)
        _tell_findings(world, community, monday)
    for town in world.cast.supervisors:
        friday = world.at(monday + timedelta(days=4), 15.5)
        world.tell(friday, second_looks(world, town, world.dice("looks", town, monday)))


def _tell_walk(world: World, community: Community, compound: Compound, monday: date) -> None:
    dice = world.dice("walk", compound.code, monday)
    often = community.manner.walks if compound.weekly else 0.3
    if compound.kind in NEGLECTED and not compound.company and often < 1:
        often *= 0.55
    working = sum(
        world.calendar.is_working_day(monday + timedelta(days=number)) for number in range(7)
    )
    if often < 1:
        often *= 0.5 + 0.1 * min(5, working)
    day = monday + timedelta(days=dice.choice((0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5)))
    begins = world.at(
        day, dice.uniform(8.2, 11.4) if dice.random() < 0.6 else dice.uniform(14, 17.5)
    )
    if dice.random() < often:
        world.tell(begins, walk(world, community, compound, dice))
    elif dice.random() < 0.3:
        world.tell(begins, walk(world, community, compound, dice, whole=False))


def walk(
    world: World,
    community: Community,
    compound: Compound,
    dice: random.Random,
    *,
    whole: bool = True,
) -> Story:
    """A warden walks a compound, and reports what is wrong; a walk broken off leaves gaps."""
    by = dice.choice(community.wardens)
    seen: list[SeenCheckpoint] = []
    if dice.random() < 0.4:
        case = _found_on_a_walk(world, community, compound, by, dice)
        points = compound.checkpoints[case.spot.area]
        seen = [SeenCheckpoint(points[0], CheckResult.problem, case.ticket_id)]
        begin_course(world, case)
        yield world.now + timedelta(minutes=dice.uniform(6, 25))
    if not whole:
        others = [one for points in compound.checkpoints.values() for one in points]
        known = {one.checkpoint_id for one in seen}
        rest = [one for one in others if one not in known][: max(1, len(others) // 2)]
        seen += [SeenCheckpoint(one, CheckResult.fine) for one in rest]
    # What was seen out of reach is sent when the phone is in reach again.
    sent = world.now + timedelta(hours=dice.uniform(1, 5)) if dice.random() < 0.1 else world.now
    walked_at = world.now
    if sent > walked_at:
        yield sent
    add_to_round(
        world.session,
        world.session.get_one(KnownCompound, compound.compound_id),
        seen,
        all_fine=whole,
        tickets_seen=tickets_seen,
        actor=by,
        moment=Moment(world.now, walked_at, 0.0 if sent > walked_at else None),
    )


def _found_on_a_walk(
    world: World, community: Community, compound: Compound, by: Actor, dice: random.Random
) -> Case:
    found = find(community, dice, compound=compound)
    fixed = dice.random() < 0.12
    spot = found[2]
    return report(
        world,
        found,
        by=by,
        source=Source.round,
        checkpoint=compound.checkpoints[spot.area][0],
        fixed=fixed,
    )


def _tell_findings(world: World, community: Community, monday: date) -> None:
    """What is found by chance, or comes from residents, the hotline and above."""
    dice = world.dice("findings", community.code, monday)
    weekly = sum(each.weekly for each in community.compounds)
    for number in range(int(0.3 + 0.75 * weekly + dice.random())):
        own = world.dice("found", community.code, monday, number)
        found = find(community, own)
        begins, danger = _some_time(world, monday, own, found[3].danger), found[3].danger
        world.tell(begins, found_by_chance(world, found), danger=danger, by_night=danger)
    if dice.random() < 0.06 + 0.07 * weekly:
        own = world.dice("elsewhere", community.code, monday)
        world.tell(_some_time(world, monday, own), from_elsewhere(world, community, own))


def _some_time(world: World, monday: date, dice: random.Random, danger: bool = False) -> datetime:
    """Mostly in working hours, now and then in the evening or at the weekend; danger till late."""
    day = monday + timedelta(days=dice.choice((0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6)))
    hour = dice.uniform(8, 11.8) if dice.random() < 0.5 else dice.uniform(14, 18)
    return world.at(
        day, dice.uniform(18.6, 23.4 if danger else 20.9) if dice.random() < 0.14 else hour
    )


def found_by_chance(world: World, found: Found) -> Story:
    """A warden, at times the lead or a supervisor, comes past; of danger it is a warden."""
    community, _, _, matter, dice = found
    supervisors = world.cast.supervisors[community.town]
    chance = dice.random()
    by = dice.choice(
        community.wardens if chance < 0.75 or matter.danger else (community.lead, *supervisors)
    )
    begin_course(world, report(world, found, by=by))
    yield world.now


def from_elsewhere(world: World, community: Community, dice: random.Random) -> Story:
    """A resident tells the lead; the hotline or somebody above sends it with a number and a day."""
    source = dice.choice(FROM_ELSEWHERE)
    by = community.lead
    more: dict[str, Any] = {}
    if source is not Source.resident:
        by = dice.choice(world.cast.supervisors[community.town])
        kind = "RX" if source is Source.hotline else "JB"
        due = world.at(shanghai_day(world.now) + timedelta(days=dice.randint(3, 6)), 17.5)
        more = {"external_number": world.number(kind), "external_due_at": due}
    photos = dice.random() < 0.4
    found = find(community, dice)
    # What those above have found themselves is put right: nobody voids it or puts it off.
    course = courses.plain if source is Source.superior else None
    begin_course(world, report(world, found, by=by, source=source, photos=photos, **more), course)
    yield world.now


def begin_course(world: World, case: Case, course: Course | None = None) -> None:
    """Lets a ticket take a course: the one given, else one that befalls such a ticket."""
    ticket = world.ticket(case)
    if ticket.state is State.rectified:
        chosen: Course = courses.checked
    else:
        chosen = course or _course_for(case)
    begins = world.now + timedelta(seconds=1)
    world.tell(begins, chosen(world, case), danger=case.matter.danger)


def _course_for(case: Case) -> Course:
    name = next(name for name, each in MATTERS.items() if each is case.matter)
    if name in OF_MATTERS:
        return case.dice.choice(OF_MATTERS[name])
    known = {**COURSES, **(OF_COMPANIES if case.compound.company else {})}
    return case.dice.choices(list(known), list(known.values()))[0]


def second_looks(world: World, town: str, dice: random.Random) -> Story:
    """On Fridays a supervisor looks again at some closures: most hold, few are reopened."""
    by = dice.choice(world.cast.supervisors[town])
    town_id = next(post.town_id for post in by.posts)
    waiting = world.session.scalars(
        select(Ticket)
        .where(Ticket.second_look == SecondLook.waiting, Ticket.town_id == town_id)
        .order_by(Ticket.number)
    ).all()
    for ticket in waiting:
        if dice.random() < 0.8:
            yield world.now + timedelta(minutes=dice.uniform(4, 12))
            second_look(world, ticket.number, by, dice)


def second_look(world: World, number: str, by: Actor, dice: random.Random) -> None:
    """One closure: confirmed, or reopened for the same organisation to do it again; whoever closed
    it leaves it to a colleague."""
    ticket = world.session.scalars(select(Ticket).where(Ticket.number == number)).one()
    if ticket.second_look is not SecondLook.waiting:
        return
    case = case_of(world, ticket, dice)
    if not world.may(case, Action.confirm, by):
        return
    if dice.random() < 0.85 or not may_rework(world, case):
        world.act(case, Action.confirm, by)
        return
    world.act(case, Action.reopen, by, note="复核发现整改未到位")
    begin_course(world, case, courses.plain)


def case_of(world: World, ticket: Ticket, dice: random.Random) -> Case:
    """A ticket that a story takes up again: where it is, and what was wrong."""
    code = ticket.compound.code if ticket.compound else ""
    community, compound = next(
        (home, one) for home in world.cast.communities for one in home.compounds if one.code == code
    )
    matter = next(each for each in MATTERS.values() if each.category == ticket.category_code)
    area = ticket.area if ticket.area in compound.spots else next(iter(compound.spots))
    return Case(ticket.id, community, compound, compound.spots[area][0], matter, dice)
