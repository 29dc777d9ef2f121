"""What people do in stories, in few words: report, put right, check, and the answers between."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.demo.weeks.cast import Cast, Community, Compound, Manner
from app.demo.weeks.matters import MATTERS, chosen, description
from app.demo.weeks.reasons import NOT_DONE, reason
from app.demo.weeks.world import Case, Found, Story, World
from app.kernel.moments import Moment
from app.people.access import Actor
from app.tickets.intake.placing import PlaceAsked
from app.tickets.intake.reporting import Report, SpotFix, report_problem
from app.tickets.models import Source, State, TicketEvent
from app.tickets.workflow import Action

Course = Callable[[World, Case], Story]

PASSED = ("现场已复核", "整改到位", "核查通过", "已到现场看过，符合要求", "")
MOST_REWORKS = 2


def find(
    community: Community,
    dice: random.Random,
    *,
    matter: str | None = None,
    compound: Compound | None = None,
) -> Found:
    """Something wrong in one of a community's compounds."""
    compound = compound or dice.choice(community.compounds)
    names = [name for name, each in MATTERS.items() if set(each.areas) & set(compound.spots)]
    found = MATTERS[matter if matter in names else chosen(dice, names)]
    area = dice.choice([each for each in found.areas if each in compound.spots])
    return community, compound, dice.choice(compound.spots[area]), found, dice


def report(
    world: World,
    found: Found,
    *,
    by: Actor,
    source: Source = Source.self_found,
    photos: bool = True,
    checkpoint: UUID | None = None,
    fixed: bool = False,
    **more: Any,
) -> Case:
    """Somebody reports what was found, with a photo unless it came from elsewhere."""
    _, compound, spot, matter, dice = found
    ids: list[UUID] = []
    spot_fix = None
    if photos:
        ids = [_photo(world, found, by, "before")]
    if fixed:
        spot_fix = SpotFix([_photo(world, found, by, "after")], dice.choice(matter.fixed))
    said = description(matter, spot.area, compound.buildings, dice)
    wanted = Report(
        category=matter.category,
        condition=matter.condition,
        description=said,
        place=PlaceAsked(compound=compound.code, area=spot.area, checkpoint=checkpoint),
        moment=Moment(world.now, world.now),
        photo_ids=ids,
        source=source,
        spot_fix=spot_fix,
        **more,
    )
    return Case(report_problem(world.session, wanted, actor=by).ticket.id, *found)


def _photo(
    world: World,
    found: Found,
    by: Actor,
    state: str,
) -> UUID:
    _, compound, spot, matter, dice = found
    village = not compound.weekly
    photo_id, _ = world.photograph(by, spot, matter, state, dice, village=village)
    return photo_id


def workers(world: World, case: Case) -> Sequence[Actor]:
    """Who puts right what the responsible organisation is responsible for."""
    responsible = world.ticket(case).responsible
    if responsible is None:
        return ()
    if responsible.code in world.cast.staff:
        return world.cast.staff[responsible.code]
    home = _community_of(world.cast, responsible.code)
    return home.wardens if home else ()


def _community_of(cast: Cast, code: str) -> Community | None:
    return next((each for each in cast.communities if each.code == code), None)


def worker(world: World, case: Case) -> Actor:
    """One of them."""
    return case.dice.choice(workers(world, case))


def manner(world: World, case: Case) -> Manner:
    """How the responsible organisation works."""
    responsible = world.ticket(case).responsible
    code = responsible.code if responsible else ""
    home = _community_of(world.cast, code)
    return home.manner if home else world.cast.manners.get(code, Manner())


def supervisor(world: World, case: Case) -> Actor:
    """A supervisor of the town."""
    return case.dice.choice(world.cast.supervisors[case.community.town])


def checker(world: World, case: Case) -> Actor:
    """Who looks at the work: mostly the lead, now and then a warden or a supervisor."""
    dice = case.dice
    ranked = [case.community.lead, dice.choice(case.community.wardens), supervisor(world, case)]
    if dice.random() < 0.35:
        ranked.insert(0, ranked.pop(dice.choice((1, 1, 2))))
    return next(each for each in ranked if world.may(case, Action.return_, each))


def when_done(world: World, case: Case) -> float:
    """The share of the limit after which the responsible organisation has done it."""
    if case.dice.random() < manner(world, case).late:
        return case.dice.uniform(1.08, 2.1)
    return case.dice.uniform(0.15, 0.92)


def rectify(world: World, case: Case) -> None:
    """The responsible organisation sends the after-photo; work done badly shows in it."""
    by, code = worker(world, case), world.ticket(case).responsible
    case.poor = case.dice.random() < manner(world, case).poor and may_rework(world, case)
    state, village = "before" if case.poor else "after", not case.compound.weekly
    photo_id, data = world.photograph(by, case.spot, case.matter, state, case.dice, village=village)
    note = case.dice.choice(case.matter.fixed)
    world.act(case, Action.rectify, by, photo_ids=[photo_id], note=note)
    if code is not None and not case.poor:
        world.after_bytes[code.code] = data


def may_rework(world: World, case: Case) -> bool:
    """Whether the ticket can be sent back to work once more: nobody bears with it for ever."""
    again = (Action.return_.value, Action.reopen.value)
    asked = select(func.count()).select_from(TicketEvent)
    asked = asked.where(TicketEvent.ticket_id == case.ticket_id, TicketEvent.action.in_(again))
    return (world.session.scalar(asked) or 0) < MOST_REWORKS


def put_right(world: World, case: Case, *, share: float | None = None) -> Story:
    """It is put right in its time, or late."""
    yield world.share_of_limit(case, when_done(world, case) if share is None else share)
    if world.stands(case, State.dispatched):
        rectify(world, case)


def check(world: World, case: Case) -> Story:
    """The work is looked at: closed, or returned until it is done."""
    late = case.dice.random() < case.community.manner.late
    yield world.hours(case.dice.uniform(9, 22) if late else case.dice.uniform(0.4, 6.5))
    while world.stands(case, State.rectified):
        by = checker(world, case)
        if not case.poor:
            world.act(case, Action.close, by, note=case.dice.choice(PASSED) or None)
            return
        world.act(case, Action.return_, by, note=reason(case, NOT_DONE))
        yield from put_right(world, case, share=case.dice.uniform(0.2, 1.1))
        yield world.hours(case.dice.uniform(0.5, 6))


def assign(world: World, case: Case) -> None:
    """One of the company names who goes."""
    staff = workers(world, case)
    if len(staff) > 1 or case.dice.random() < 0.4:
        person = case.dice.choice(staff)
        world.act(case, Action.assign, staff[0], person_id=person.person_id)


def soon(world: World, case: Case, *, least: float = 8, most: float = 50) -> Story:
    """Some minutes pass."""
    yield world.now + timedelta(minutes=case.dice.uniform(least, most))
