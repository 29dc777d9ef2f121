"""Courses with a dispute: about time, about whose job it is, about a picture."""

from datetime import timedelta

from app.demo.weeks.doing import (
    check,
    put_right,
    soon,
    supervisor,
    worker,
    workers,
)
from app.demo.weeks.reasons import MORE_TIME, NOT_OURS, reason
from app.demo.weeks.world import Case, Story, World
from app.tickets.models import State
from app.tickets.workflow import Action


def extended(world: World, case: Case) -> Story:
    """More time is asked for and given."""
    yield from _ask_for_time(world, case)
    yield world.hours(case.dice.uniform(0.3, 3))
    if world.stands(case, State.dispatched):
        world.act(case, Action.grant_extension, case.community.lead, note="情况属实，同意延期")
        yield from put_right(world, case, share=case.dice.uniform(1.0, 1.35))
    yield from check(world, case)


def not_extended(world: World, case: Case) -> Story:
    """More time is asked for and refused."""
    yield from _ask_for_time(world, case)
    yield world.hours(case.dice.uniform(0.3, 3))
    if world.stands(case, State.dispatched):
        note = "不具备延期理由，请抓紧整改"
        world.act(case, Action.refuse_extension, case.community.lead, note=note)
    yield from put_right(world, case, share=case.dice.uniform(0.9, 1.25))
    yield from check(world, case)


def waits_for_time(world: World, case: Case) -> Story:
    """More time is asked for at once, and nobody has answered yet."""
    yield from soon(world, case, least=25, most=90)
    _ask_now(world, case)


def _ask_for_time(world: World, case: Case) -> Story:
    yield world.share_of_limit(case, case.dice.uniform(0.3, 0.7))
    _ask_now(world, case)


def _ask_now(world: World, case: Case) -> None:
    due = world.ticket(case).due_at
    if due is not None and world.stands(case, State.dispatched):
        until = max(due, world.now) + timedelta(days=case.dice.randint(1, 3))
        note = reason(case, MORE_TIME)
        world.act(case, Action.request_extension, worker(world, case), until=until, note=note)


def not_ours(world: World, case: Case) -> Story:
    """The company says that it is not its job, which is so: the community does it."""
    yield from _send_back(world, case)
    yield world.hours(case.dice.uniform(0.3, 2.5))
    if not world.stands(case, State.dispatched):
        return
    lead, home = case.community.lead, case.community.code
    world.act(case, Action.accept_send_back, lead, note="核实不在服务合同范围")
    yield from soon(world, case)
    world.act(case, Action.dispatch, lead, organisation=home, note="由社区组织处理")
    yield from put_right(world, case)
    yield from check(world, case)


def ours_after_all(world: World, case: Case) -> Story:
    """The company says that it is not its job, and it is."""
    yield from _send_back(world, case)
    yield world.hours(case.dice.uniform(0.3, 2.5))
    if world.stands(case, State.dispatched):
        note = "合同约定由物业负责，请按期整改"
        world.act(case, Action.refuse_send_back, case.community.lead, note=note)
    yield from put_right(world, case, share=case.dice.uniform(0.7, 1.2))
    yield from check(world, case)


def contested(world: World, case: Case) -> Story:
    """The company says at once that it is not its job, and nobody has answered yet."""
    yield from soon(world, case, least=25, most=90)
    _send_back_now(world, case)


def _send_back(world: World, case: Case) -> Story:
    yield world.share_of_limit(case, case.dice.uniform(0.1, 0.4))
    _send_back_now(world, case)


def _send_back_now(world: World, case: Case) -> None:
    if world.stands(case, State.dispatched):
        by = worker(world, case)
        world.act(case, Action.send_back, by, note=reason(case, NOT_OURS))


def passed_on(world: World, case: Case) -> Story:
    """The lead dispatches it anew to the community itself."""
    yield world.share_of_limit(case, 0.3)
    if world.stands(case, State.dispatched):
        lead, home = case.community.lead, case.community.code
        world.act(case, Action.dispatch, lead, organisation=home, note="物业人手不足，社区先行处理")
    yield from put_right(world, case)
    yield from check(world, case)


def same_picture(world: World, case: Case) -> Story:
    """The picture of another place is sent for proof; it is noticed, explained and done again."""
    yield from doubted(world, case)
    yield world.hours(case.dice.uniform(0.5, 3))
    if world.stands(case, State.rectified):
        by = supervisor(world, case)
        world.act(case, Action.return_, by, note="照片与另一处工单相同，请到现场重拍")
    yield from put_right(world, case, share=0.8)
    yield from check(world, case)


def overruled(world: World, case: Case) -> Story:
    """The picture of another place is sent for proof; a supervisor has been there and closes."""
    yield from doubted(world, case)
    yield world.hours(case.dice.uniform(0.5, 3))
    if world.stands(case, State.rectified):
        note = "照片有误，已到现场核实确已整改，准予结案"
        world.act(case, Action.close, supervisor(world, case), note=note)


def doubted(world: World, case: Case) -> Story:
    """The picture of another place is sent for proof, and whoever sent it explains."""
    yield world.share_of_limit(case, case.dice.uniform(0.3, 0.8))
    responsible = world.ticket(case).responsible
    kept = world.after_bytes
    data = kept.get(responsible.code if responsible else "") or next(iter(kept.values()), None)
    if not world.stands(case, State.dispatched) or data is None:
        return
    by = worker(world, case)
    taken = world.now - timedelta(minutes=4)
    photo_id = world.send(by, case.spot, data, taken, case.dice)
    world.act(case, Action.rectify, by, photo_ids=[photo_id], note="已整改")
    yield from soon(world, case, least=20, most=90)
    people = workers(world, case)
    maker = next((one for one in people if world.may(case, Action.explain, one)), None)
    if maker is not None:
        world.act(case, Action.explain, maker, note="选错了照片，现场确已处理")
