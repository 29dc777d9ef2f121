"""`photos purge`: what may be kept no longer goes, a part at a time while the system runs."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext

from app.catalogue.models import KEPT_AS_LABELS, PHOTO_USES, KeptAs
from app.catalogue.retention import photo_periods_in_force
from app.jobs.photos import amount
from app.jobs.terminal import plain_refusals, present, stop
from app.kernel.clock import shanghai_day
from app.kernel.db import begin_reading, unit_of_work
from app.photos.access import PhotoUses
from app.photos.retention.purging import (
    FIRST,
    Part,
    blobs_to_empty,
    note_emptied,
    purge_part,
    remove_files,
)
from app.photos.store import PhotoStore

_AT_ONCE = 100
"""Photos in one transaction, for which other writers wait."""
_TELL_EVERY = 20
_SHOWN = 50


@dataclass
class Told:
    """What a run came to."""

    looked_at: int = 0
    gone: Counter[KeptAs] = field(default_factory=Counter)
    held: int = 0
    held_lines: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def add(self, part: Part) -> None:
        """Counts a part."""
        self.looked_at += part.looked_at
        self.gone.update(one.kept_as for one in part.gone.values())
        self.held += len(part.held)
        for one in part.held[: _SHOWN - len(self.held_lines)]:
            hold = one.hold
            about = f"工单 {hold.ticket_id}" if hold.ticket_id else "照片本身"
            until = f"至 {shanghai_day(hold.to_at):%Y-%m-%d}" if hold.to_at else "未定期限"
            said = f"照片 {one.photo_id}\t{about}保全，{until}：{hold.reason}"
            self.held_lines.append(said)


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="只说会清除什么，不动任何记录和文件")
@with_appcontext
def purge(dry_run: bool) -> None:
    """清除保存期满的照片文件；哈希值、比对特征、结论、工单的经过都保留。中断后再次运行即可继续。"""
    with plain_refusals():
        periods = photo_periods_in_force(begin_reading(), day=shanghai_day(present()))
        if not periods:
            stop("没有装载保存期限，什么都不清除；请运行 flask --app wsgi catalogue load。")
        for kept_as, period in periods.items():
            click.echo(f"{KEPT_AS_LABELS[kept_as]}照片：保存 {period.days} 天")
        told = Told()
        for number, _ in enumerate(purged(told, for_real=not dry_run), 1):
            if number % _TELL_EVERY == 0:
                click.echo(f"  已看过 {told.looked_at} 张")
    for line in told.held_lines:
        click.echo(line)
    if told.held > len(told.held_lines):
        click.echo(f"只列出前 {_SHOWN} 张保全的。")
    click.echo(_summary(told, for_real=not dry_run))


def purged(
    told: Told, *, for_real: bool, before_each: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Purges all that is due, a part in each transaction, and removes the files; files that an
    earlier run left go first. `before_each` is called before each, outside of any transaction."""
    uses: PhotoUses = current_app.extensions["gexun_photo_uses"]
    after: UUID | None = FIRST
    if for_real:
        told.sizes += emptied()
    while after is not None:
        before_each()
        with unit_of_work() as session:
            part = purge_part(
                session, uses, after=after, most=_AT_ONCE, now=present(), for_real=for_real
            )
            told.add(part)
            if not for_real:
                session.rollback()
        if for_real:
            told.sizes += emptied()
        after = part.last
        yield


def emptied() -> Iterator[int]:
    """Removes the files of purged blobs; the bytes of each."""
    store: PhotoStore = current_app.extensions["gexun_store"]
    while True:
        with unit_of_work() as session:
            found = blobs_to_empty(session, most=_AT_ONCE)
        if not found:
            return
        for sha256, mask_ids in found.items():
            yield from remove_files(store, sha256, mask_ids, now=present())
        with unit_of_work() as session:
            note_emptied(session, found)


def _summary(told: Told, *, for_real: bool) -> str:
    """What came of it, in one line."""
    verb = "已清除" if for_real else "将清除"
    gone = [(KEPT_AS_LABELS[kept_as], told.gone[kept_as]) for kept_as in PHOTO_USES]
    counts = "，".join(f"{label} {count} 张" for label, count in gone if count)
    said = f"看过 {told.looked_at} 张，{verb} {told.gone.total()} 张"
    said += f"（{counts}）" if counts else ""
    if for_real:
        said += f"，删去文件 {len(told.sizes)} 个，共 {amount(sum(told.sizes))}"
    return f"{said}；因保全留下 {told.held} 张。"
