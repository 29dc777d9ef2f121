"""Courses that lead away: to others, to a later day, to no ticket at all."""

from datetime import timedelta

from app.demo.plans import ENFORCEMENT
from app.demo.weeks.doing import (
    check,
    put_right,
    rectify,
    soon,
    supervisor,
    worker,
)
from app.demo.weeks.reasons import LATER, VOID, reason
from app.demo.weeks.world import Case, Story, World
from app.kernel.clock import shanghai_day
from app.tickets.handling.turns import Outside
from app.tickets.models import State
from app.tickets.returning import resume_due_tickets
from app.tickets.workflow import Action


def to_the_body(world: World, case: Case) -> Story:
    """Referred to the enforcement body, which puts it right."""
    yield from at_the_body(world, case)
    yield world.share_of_limit(case, case.dice.uniform(0.4, 1.1))
    if world.stands(case, State.referred):
        rectify(world, case)
    yield from check(world, case)


def at_the_body(world: World, case: Case) -> Story:
    """Referred to the enforcement body, where it is."""
    yield world.hours(case.dice.uniform(0.5, 5))
    if world.stands(case, State.dispatched):
        world.act(
            case,
            Action.refer,
            case.community.lead,
            organisation=ENFORCEMENT,
            until=world.now + timedelta(days=case.dice.randint(7, 15)),
            note="已当面劝阻，拒不拆除，移交执法",
        )


def outside(world: World, case: Case) -> Story:
    """Referred to a unit without accounts, where it is."""
    yield world.hours(case.dice.uniform(0.5, 5))
    if world.stands(case, State.dispatched):
        name, kind = "示例县通信公司", "通"
        world.act(
            case,
            Action.refer,
            supervisor(world, case),
            outside=Outside(name, f"{kind}函{world.number('')}"),
            until=world.now + timedelta(days=case.dice.randint(5, 10)),
            note="产权属外单位，已发函",
        )


def answered(world: World, case: Case) -> Story:
    """A unit outside answers, and the lead has the rest done."""
    yield from outside(world, case)
    yield world.hours(case.dice.uniform(9, 20))
    if world.stands(case, State.referred):
        to = case.compound.company or case.community.code
        note = "外单位答复：已停用，可由物业拆除"
        world.act(case, Action.dispatch, case.community.lead, organisation=to, note=note)
    yield from put_right(world, case)
    yield from check(world, case)


def put_off(world: World, case: Case) -> Story:
    """Suspended for a month or two."""
    yield from _suspend(world, case, case.dice.randint(35, 75))


def put_off_shortly(world: World, case: Case) -> Story:
    """Suspended for some days; it comes back by itself."""
    yield from _suspend(world, case, case.dice.randint(1, 4))
    until = world.ticket(case).suspended_until
    if until is not None:
        yield until + timedelta(minutes=case.dice.randint(1, 9))
        resume_due_tickets(world.session, world.now)
    yield from put_right(world, case)
    yield from check(world, case)


def _suspend(world: World, case: Case, days: int) -> Story:
    yield world.share_of_limit(case, 0.3)
    if world.stands(case, State.dispatched):
        by = worker(world, case)
        world.act(case, Action.comment, by, note="短期内不具备整改条件，申请挂账")
        yield from soon(world, case)
        note = reason(case, LATER)
        until = world.at(shanghai_day(world.now) + timedelta(days=days), 9)
        world.act(case, Action.suspend, supervisor(world, case), until=until, note=note)


def rejected(world: World, case: Case) -> Story:
    """Looked at and not filed."""
    yield from soon(world, case, least=15, most=110)
    if world.stands(case, State.reported):
        note = case.dice.choice(
            ("现场未见所述情况", "属邻里纠纷，已转调解", "不在受理范围，已告知")
        )
        world.act(case, Action.reject, case.community.lead, note=note)


def voided(world: World, case: Case) -> Story:
    """Filed by mistake."""
    yield world.hours(case.dice.uniform(0.3, 3))
    if world.stands(case, State.dispatched):
        note = reason(case, VOID)
        world.act(case, Action.void, case.community.lead, note=note)


def withdrawn(world: World, case: Case) -> Story:
    """Taken back by the reporter at once."""
    yield from soon(world, case, least=2, most=8)
    ticket = world.ticket(case)
    people = (case.community.lead, *case.community.wardens)
    by = next((one for one in people if one.person_id == ticket.reporter_id), None)
    if by is not None:
        world.act(case, Action.withdraw, by, note="重复上报，撤回")
