"""Commands of the demonstration: `demo photo` draws a photo, `demo township` writes a township."""

import random
from datetime import datetime
from pathlib import Path

import click

from app.demo.drawing import Stamp, draw_photo
from app.demo.files import write_township
from app.demo.scenes import SCENES
from app.demo.township import TOWN


@click.group("demo")
def demo() -> None:
    """演示用的照片和乡镇资料（均为虚构）。"""


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
