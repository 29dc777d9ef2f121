"""What a demonstration must show whatever the dice say: every state, and every side path."""

import random
from datetime import datetime, timedelta

from app.demo.weeks import courses, departures, disputes
from app.demo.weeks.cast import Community
from app.demo.weeks.doing import Course, find, report
from app.demo.weeks.living import begin_course
from app.demo.weeks.world import Found, Story, World
from app.tickets.models import Source, State
from app.tickets.workflow import Action

PIECES: tuple[tuple[float, str, Course], ...] = (
    *((20, "bare_green", departures.put_off), (12, "pothole", departures.put_off)),
    *((16, "cables", departures.answered), (9, "cables", departures.outside)),
    *((14, "shed", departures.to_the_body), (6.4, "shed", departures.at_the_body)),
    *((6, "clutter", disputes.same_picture), (5.9, "rubbish", disputes.overruled)),
    *((6.2, "posters", courses.plain), (6.1, "full_bins", courses.plain)),
    *((5.6, "rubbish", courses.reopened), (5.5, "board", departures.put_off_shortly)),
    *((5.2, "wires", disputes.not_ours), (5.1, "sewage", disputes.ours_after_all)),
    *((5.0, "furniture", disputes.extended), (4.9, "clutter", disputes.not_extended)),
    *((4.8, "clutter", courses.recalled), (4.6, "other", departures.rejected)),
    *((4.4, "rubbish", courses.reclassified), (4.2, "drain", disputes.passed_on)),
    *((4.1, "lighting", departures.voided), (4.0, "posters", departures.withdrawn)),
    *((3.6, "clutter", courses.overdue), (3.4, "unsorted", courses.pressed)),
    *((10.2, "board", courses.overdue), (7.3, "unsorted", courses.overdue)),
    *((5.3, "wires", courses.overdue), (4.5, "posters", courses.overdue)),
    *((1.9, "fire_lane", courses.unchecked), (1.8, "full_bins", courses.unchecked)),
    *((1.6, "furniture", disputes.contested), (1.5, "rubble", disputes.waits_for_time)),
    *(
        (1.3, "falling", disputes.doubted),
        (0.9, "other", courses.left),
        (0.8, "other", courses.left),
    ),
    *((0.75, "garden", courses.left), (0.6, "clutter", courses.left)),
)
"""Days before the end, what is wrong, and the course it takes."""


def tell_pieces(world: World) -> None:
    """Lets each piece begin in its time; a window too short for it has it at its beginning."""
    homes = [one for one in world.cast.communities if any(c.company for c in one.compounds)]
    for number, (days, matter, course) in enumerate(PIECES):
        home, dice = homes[number % len(homes)], world.dice("piece", number)
        world.tell(_when(world, days, number), _piece(world, home, matter, course, dice))
    for number, home in enumerate((homes[0], homes[-1])):
        for days, tell in ((3.9, _merged), (2.9, _seen_twice), (4.7, _fixed), (6.6, _again)):
            dice = world.dice(tell.__name__, number)
            world.tell(_when(world, days + number / 4, number), tell(world, home, dice))


def _when(world: World, days: float, number: int) -> datetime:
    """So many days ago, in working hours; not before everything began."""
    whole, part = divmod(days, 1)
    wanted = world.at(world.today - timedelta(days=int(whole) + 1), 17.5 - 9 * part)
    return max(wanted, world.begins + timedelta(hours=9, minutes=7 * number))


def _piece(
    world: World, home: Community, matter: str, course: Course, dice: random.Random
) -> Story:
    """A warden reports something in a compound that a company looks after."""
    begin_course(world, report(world, _find(world, home, matter, dice), by=home.wardens[0]), course)
    yield world.now


def _find(world: World, home: Community, matter: str, dice: random.Random) -> Found:
    compounds = [one for one in home.compounds if one.company]
    return find(home, dice, matter=matter, compound=dice.choice(compounds))


def _merged(world: World, home: Community, dice: random.Random) -> Story:
    """The warden reports what a resident tells the lead too, who merges it into the first."""
    found = _find(world, home, "rubble", dice)
    first = report(world, found, by=home.wardens[0])
    begin_course(world, first, courses.plain)
    yield world.now + timedelta(minutes=dice.uniform(40, 200))
    second = report(world, found, by=home.lead, source=Source.resident)
    yield world.now + timedelta(minutes=dice.uniform(15, 60))
    if world.stands(second, State.dispatched):
        world.act(second, Action.merge_into, home.lead, ticket_id=first.ticket_id, note="同一问题")


def _seen_twice(world: World, home: Community, dice: random.Random) -> Story:
    """Two report the same, and nobody has said yet whether it is."""
    found = _find(world, home, "garden", dice)
    begin_course(world, report(world, found, by=home.wardens[0]), courses.left)
    yield world.now + timedelta(minutes=dice.uniform(90, 300))
    begin_course(world, report(world, found, by=home.lead), courses.left)


def _fixed(world: World, home: Community, dice: random.Random) -> Story:
    """Small things are put right where they are found."""
    found = _find(world, home, dice.choice(("rubbish", "dirty_green")), dice)
    begin_course(world, report(world, found, by=home.wardens[-1], fixed=True))
    yield world.now


def _again(world: World, home: Community, dice: random.Random) -> Story:
    """Put right and closed, and two days later there again."""
    found = _find(world, home, "fire_lane", dice)
    begin_course(world, report(world, found, by=home.wardens[0]), courses.plain)
    yield world.now + timedelta(days=2, hours=dice.uniform(1, 20))
    begin_course(world, report(world, found, by=home.wardens[-1]), courses.plain)
