"""The courses that tickets take after they are reported, each a story: how the work is done."""

from datetime import timedelta

from app.demo.weeks.doing import (
    assign,
    check,
    may_rework,
    put_right,
    rectify,
    soon,
    supervisor,
    workers,
)
from app.demo.weeks.world import Case, Story, World
from app.tickets.models import State
from app.tickets.workflow import Action

MISTAKEN_FOR = {
    "01-36": "01-35",
    "01-35": "01-36",
    "01-10": "01-11",
    "01-11": "01-10",
    "01-92": "01-10",
    "99-99": "01-35",
}
"""Categories that reporters mix up: filed under the first, it is the second."""


def plain(world: World, case: Case) -> Story:
    """Assigned perhaps, put right, checked; those above look at what stays undone."""
    if case.dice.random() < 0.3:
        yield from soon(world, case)
        if world.stands(case, State.dispatched):
            assign(world, case)
    yield from put_right(world, case)
    yield from check(world, case)


def reclassified(world: World, case: Case) -> Story:
    """Filed under a category that is near the right one."""
    yield from soon(world, case)
    ticket = world.ticket(case)
    category = MISTAKEN_FOR.get(ticket.category_code)
    if category is not None and ticket.state in (State.dispatched, State.reported):
        note = "类别有误，按现场情况更正"
        world.act(case, Action.reclassify, case.community.lead, category=category, note=note)
    yield from classified(world, case)


def classified(world: World, case: Case) -> Story:
    """What waits to be dispatched is."""
    yield from soon(world, case, least=20, most=150)
    if world.stands(case, State.reported):
        lead, to = case.community.lead, case.compound.company or case.community.code
        world.act(case, Action.dispatch, lead, organisation=to)
    yield from put_right(world, case)
    yield from check(world, case)


def recalled(world: World, case: Case) -> Story:
    """Sent too early, taken back by whoever sent it, and sent again."""
    yield world.share_of_limit(case, 0.3)
    if not world.stands(case, State.dispatched):
        return
    rectify(world, case)
    people, ticket = workers(world, case), world.ticket(case)
    by = next(one for one in people if one.person_id == ticket.rectifier_id)
    yield from soon(world, case, least=3, most=15)
    if world.may(case, Action.recall, by):
        world.act(case, Action.recall, by, note="照片传错，重新提交")
    yield from put_right(world, case, share=0.6)
    yield from check(world, case)


def reopened(world: World, case: Case) -> Story:
    """Closed, and some days later it is there again."""
    yield from put_right(world, case, share=case.dice.uniform(0.2, 0.8))
    yield from check(world, case)
    yield world.now + timedelta(hours=case.dice.uniform(20, 70))
    if world.stands(case, State.closed) and may_rework(world, case):
        note = "又出现同样问题，重新办理"
        by = case.community.lead if case.dice.random() < 0.6 else supervisor(world, case)
        world.act(case, Action.reopen, by, note=note)
        yield from put_right(world, case)
        yield from check(world, case)


def pressed(world: World, case: Case) -> Story:
    """Not done in time: those above press, and it is done at last."""
    yield from overdue(world, case)
    yield world.share_of_limit(case, case.dice.uniform(1.6, 2.6))
    if world.stands(case, State.dispatched):
        rectify(world, case)
    yield from check(world, case)


def overdue(world: World, case: Case) -> Story:
    """Not done in time, and pressed from above."""
    yield world.share_of_limit(case, case.dice.uniform(1.1, 1.4))
    if world.stands(case, State.dispatched):
        note = case.dice.choice(("已超期，请责任单位今日办结", "逾期未改，督办"))
        world.act(case, Action.supervise, supervisor(world, case), note=note)


def checked(world: World, case: Case) -> Story:
    """Fixed on the spot already: only looked at."""
    yield from check(world, case)


def left(world: World, case: Case) -> Story:
    """Nobody has done anything yet."""
    yield world.now


def unchecked(world: World, case: Case) -> Story:
    """Put right at once; nobody has looked yet."""
    yield world.share_of_limit(case, 0.3)
    if world.stands(case, State.dispatched):
        rectify(world, case)
