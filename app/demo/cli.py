"""Commands of the demonstration: `demo load` fills an empty database, `demo photo` draws a photo,
`demo township` writes a township."""

import os
import random
import sys
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.demo.allowed import Place, refusal
from app.demo.drawing import Stamp, draw_photo
from app.demo.files import write_township
from app.demo.scenes import SCENES
from app.demo.township import TOWN
from app.kernel.db import db
from config.settings import Settings

_TAKEN = "数据库里已有资料，演示资料只能装入空的数据库；什么都没有写入。"


@click.group("demo")
def demo() -> None:
    """演示用的照片和乡镇资料（均为虚构）。"""


@demo.command("load")
@click.option("--weeks", type=click.IntRange(0, 12), default=8, help="到今天为止的周数，0 为不要")
@click.option("--seed", type=int, default=1, help="随机种子：同一种子、同一天得到同样的数字")
@with_appcontext
def load(weeks: int, seed: int) -> None:
    """把两个虚构乡镇和最近几周的工作装入空的数据库（只限本机内置数据库）。"""
    # Only this command needs them, and every process of a server imports this module.
    from app.demo.load import Wish
    from app.jobs.demonstration import LoadBrokenOff, holdings_of, load_demonstration
    from app.jobs.terminal import plain_refusals, stop

    settings: Settings = current_app.extensions["gexun_settings"]
    host = os.environ.get("HOST", "").strip() or "127.0.0.1"
    place = Place(host, settings.embedded, settings.env == "production")
    with plain_refusals():
        holdings = holdings_of(db.session())
        refused = refusal(place, holdings) or (_TAKEN if holdings.filled else None)
        if refused is not None:
            stop(refused)
        try:
            load_demonstration(settings, current_app.extensions["gexun_store"], Wish(weeks, seed))
        except LoadBrokenOff as problem:
            click.echo(problem, err=True)
            sys.exit(130)


@demo.command("photo")
@click.option("--scene", type=click.Choice(sorted(SCENES)), default="clutter", help="问题种类")
@click.option("--state", type=click.Choice(["before", "after"]), default="before", help="整改前后")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--place", type=int, default=1, help="地点编号：同一编号是同一处地方")
@click.option("--moment", type=int, default=None, help="拍摄瞬间编号；不给则每次不同")
@click.option("--lng", type=float, default=None, help="写入照片信息的经度（WGS-84）")
@click.option("--lat", type=float, default=None, help="写入照片信息的纬度（WGS-84）")
@click.option("--taken-at", default=None, help="写入照片信息的时间，如 2026-11-23T09:30:00+08:00")
def photo(
    scene: str,
    state: str,
    out: Path,
    place: int,
    moment: int | None,
    lng: float | None,
    lat: float | None,
    taken_at: str | None,
) -> None:
    """画一张照片，存为 JPEG。"""
    stamp = _stamp(lng, lat, taken_at)
    shot = random.SystemRandom().randrange(2**32) if moment is None else moment
    try:
        out.write_bytes(draw_photo(scene, state, place=place, moment=shot, stamp=stamp))
    except OSError as problem:
        raise click.ClickException(f"写不了文件 {out}：{problem.strerror}") from problem
    click.echo(f"已画好 {out}")


@demo.command("township")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--town", default=TOWN, help="乡镇编码（9 位）")
@click.option("--seed", type=int, default=1, help="随机种子：同一种子生成同样的资料")
def township(out: Path, town: str, seed: int) -> None:
    """生成一个虚构乡镇的资料，可用 township load 装入。"""
    try:
        written = write_township(out, town=town, seed=seed)
    except ValueError as problem:
        raise click.ClickException("乡镇编码应为 340299 加三位数字，从 101 起") from problem
    except OSError as problem:
        raise click.ClickException(f"写不了文件夹 {out}：{problem.strerror}") from problem
    click.echo(f"已生成 {out}：网格 {len(written.cells)} 个，小区 {len(written.compounds)} 个")


def _stamp(lng: float | None, lat: float | None, taken_at: str | None) -> Stamp | None:
    if lng is None and lat is None and taken_at is None:
        return None
    if (lng is None) != (lat is None):
        raise click.UsageError("经度和纬度要一起给")
    return Stamp(_instant(taken_at), lng, lat)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as problem:
        raise click.UsageError("时间写作 2026-11-23T09:30:00+08:00") from problem
    if instant.tzinfo is None:
        raise click.UsageError("时间要带时区，如 +08:00")
    return instant
