"""`housekeeping`: forgets what is kept only for a while."""

from collections.abc import Callable
from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.jobs.terminal import plain_refusals, present
from app.kernel.db import unit_of_work

AT_ONCE = 2000
"""Rows in one transaction, so that nobody waits long for the turn to write."""


@click.command("housekeeping")
@with_appcontext
def housekeeping() -> None:
    """清理过期的请求记录、登录和限流计数；可随时运行，建议每天一次。"""
    with plain_refusals():
        chores = current_app.extensions["gexun_chores"]
        counts = [(chore.name, forgotten(chore.forget)) for chore in chores]
    click.echo("已清理：" + "，".join(f"{name} {count} 条" for name, count in counts) + "。")


def forgotten(
    forget: Callable[[Session, datetime, int], int],
    *,
    before_each: Callable[[], None] = lambda: None,
) -> int:
    """How many rows one chore forgot, a bounded number in each transaction; `before_each` is
    called between those."""
    total, now = 0, present()
    while True:
        before_each()
        with unit_of_work() as session:
            count = forget(session, now, AT_ONCE)
        total += count
        if count < AT_ONCE:
            return total
