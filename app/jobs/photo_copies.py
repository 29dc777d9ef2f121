"""`photos copy`: the files of all photos to another store, or back from it."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.adapters import open_store, store_options
from app.engines.bytes import carry, known_bytes
from app.engines.service import snapshot
from app.jobs.terminal import plain_refusals, stop
from app.kernel.db import db
from app.photos.store import PhotoStore
from config.settings import Settings


@click.command("copy")
@click.option("--to", "to", help="复制到这个存储，例如 file:///mnt/backup/photos")
@click.option("--from", "from_", help="从这个存储复制回来")
@with_appcontext
def copy(to: str | None, from_: str | None) -> None:
    """把全部照片文件复制到另一个存储，或复制回来；已经有的不再复制，每个都核对内容。"""
    if (to is None) == (from_ is None):
        stop("请写 --to 或 --from，只写一个。")
    own: PhotoStore = current_app.extensions["gexun_store"]
    with plain_refusals():
        other = _opened(to or from_ or "")
        source, target = (own, other) if to else (other, own)
        with snapshot(db.engine) as connection:
            done = carry(known_bytes(connection), source, target, _tell)
    for key in done.lost:
        click.echo(key, err=True)
    click.echo(f"照片文件 {done.files} 个，复制 {done.copied} 个。")
    if done.lost:
        stop(f"{len(done.lost)} 个文件缺失或被改动，没有复制到。")


def _opened(url: str) -> PhotoStore:
    settings: Settings = current_app.extensions["gexun_settings"]
    try:
        return open_store(url, store_options(settings, url))
    except ValueError as problem:
        stop(f"{problem}。")


def _tell(done: int) -> None:
    click.echo(f"  已看过 {done} 个")
