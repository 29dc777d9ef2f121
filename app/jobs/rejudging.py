"""`photos rejudge`, and the same done by the worker: a part at a time while the system runs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click
from flask.cli import with_appcontext

from app.jobs.terminal import plain_refusals, present
from app.kernel.db import unit_of_work
from app.photos.evidence import VERDICT_LABELS, Verdict
from app.tickets.rejudging.models import Rejudging
from app.tickets.rejudging.service import (
    FIRST,
    begin_rejudging,
    queue_rejudging,
    rejudge_part,
    scope_of,
)

if TYPE_CHECKING:
    from app.jobs.handlers import Progress

_AT_ONCE = 20
"""Photos in one transaction, for which other writers wait."""
_TELL_EVERY = 50
DAY = click.DateTime(["%Y-%m-%d"])
_KINDS = {"photo": ("照片", "张"), "use": ("用途", "处")}


@dataclass(frozen=True)
class _Done:
    """How far a run is, read in the transaction of its last part."""

    photos: int
    total: int
    uses: int
    left_out: int
    changes: dict[str, int]
    has_ended: bool

    @property
    def percent(self) -> int:
        return 100 * self.photos // self.total if self.total else 0


@click.command("rejudge")
@click.option("--town", "code", help="只要一个乡镇的（编码）；不填为全县")
@click.option("--from", "first", type=DAY, help="收到日期不早于")
@click.option("--to", "last", type=DAY, help="收到日期不晚于")
@click.option("--queue", is_flag=True, help="交给后台任务进程去做，不等做完")
@with_appcontext
def rejudge(code: str | None, first: datetime | None, last: datetime | None, queue: bool) -> None:
    """按今天的界限重新判断以前的照片和它们在工单里的用途；中断后再次运行即可继续。

    原来的结论和疑点都留着；已经作出的决定不变。
    """
    with plain_refusals():
        with unit_of_work() as session:
            days = (first.date() if first else None, last.date() if last else None)
            run = begin_rejudging(session, scope_of(session, code, *days), now=present())
            if queue:
                job = queue_rejudging(session, run, requested_by=None, now=present())
            begun, run_id = run.after_id != FIRST, run.id
            click.echo(f"按规则 {run.rule_version} 重新判断 {run.total} 张照片。")
        if queue:
            click.echo(f"已交给后台任务进程，任务编号 {job}。")
            return
        if begun:
            click.echo("接着上次没有做完的做。")
        for number, done in enumerate(rejudged(run_id), 1):
            if number % _TELL_EVERY == 0:
                click.echo(f"  已看过 {done.photos} 张")
    for line in _summary(done):
        click.echo(line)


def rejudged(run_id: UUID, before_each: Callable[[], None] = lambda: None) -> Iterator[_Done]:
    """Does a run to its end, a part in each transaction; how far it is after each. `before_each` is
    called before each, outside of any transaction."""
    while True:
        before_each()
        with unit_of_work() as session:
            done = _done(rejudge_part(session, run_id, most=_AT_ONCE, now=present()))
        yield done
        if done.has_ended:
            return


def _done(run: Rejudging) -> _Done:
    ended = run.ended_at is not None
    return _Done(run.photos, run.total, run.uses, run.left_out, dict(run.changes), ended)


def rejudge_photos(payload: dict[str, Any], progress: "Progress") -> None:
    """The job: goes on where whoever was stopped at the same run had got."""
    progress(0, "重新判断照片")
    for done in rejudged(UUID(payload["run"])):
        progress(done.percent, f"已看过 {done.photos} 张，共 {done.total} 张")
    progress(100, "；".join(_summary(done)))


def _summary(done: _Done) -> list[str]:
    """What came of it, in lines."""
    lines = [f"看过 {done.photos} 张照片、{done.uses} 处用途"]
    for change, count in sorted(done.changes.items()):
        kind, before, after = change.split()
        name, unit = _KINDS[kind]
        was, now = (VERDICT_LABELS[Verdict(each)] for each in (before, after))
        said = f"疑点有变，结论仍是{now}" if before == after else f"{was} → {now}"
        lines.append(f"{name}：{said} {count} {unit}")
    if not done.changes:
        lines.append("没有一处改变")
    if done.left_out:
        lines.append(
            f"{done.left_out} 处用途没有重新判断：工单（或比对到的工单）后来改过地点，或已不能说明"
        )
    return lines
