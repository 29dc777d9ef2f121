"""`figures check` and `figures recount`: what was counted in advance, held against the tickets."""

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.terminal import plain_refusals, present, stop
from app.kernel.db import db, unit_of_work
from app.tickets.figures.tallies.checking import Difference, differences, tallies_are_used
from app.tickets.figures.tallies.keeping import begin_anew
from app.tickets.figures.tallies.models import TallyState

_SHOWN = 50

figures = AppGroup("figures", help="全县统计的预先计数：核对、重新计数。")


@figures.command("check")
def check() -> None:
    """把预先计好的数与逐张工单的重新计数核对，每一天、每一组都对；有不同时退出码为 1。"""
    now, found = present(), 0
    with plain_refusals():
        session = _seeing_one_state()
        if not tallies_are_used(session, now):
            click.echo("预先计数还没有做完，或落后太多，全县的统计现在逐张工单计数；没有核对。")
            return
        for difference in differences(session, now):
            found += 1
            if found <= _SHOWN:
                click.echo(_line(difference))
    if found > _SHOWN:
        click.echo(f"只列出前 {_SHOWN} 处。")
    if found:
        stop(f"有 {found} 处不同。请把以上内容告诉开发者，再运行 figures recount 重新计数。")
    click.echo("核对完毕，没有不同。")


def _seeing_one_state() -> Session:
    session = db.session()
    if db.engine.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session


def _line(one: Difference) -> str:
    cell = one.cell
    place = "\t".join((cell.dimension, cell.grain, f"{cell.on_day}", cell.key or "-", cell.counted))
    return f"{place}\t预先计数 {one.tallied}\t重新计数 {one.counted}"


@figures.command("recount")
def recount() -> None:
    """丢掉预先计好的数，由后台任务从头计数；计完以前，全县的统计逐张工单计数。"""
    with plain_refusals(), unit_of_work() as session:
        begin_anew(session, session.scalars(select(TallyState).with_for_update()).one())
    click.echo("已经开始重新计数，后台任务进程会把它做完。")
