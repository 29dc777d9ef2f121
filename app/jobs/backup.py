"""`backup create`, `backup list`, `backup check` and `backup restore`, for the embedded default."""

from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.adapters import StoreOptions, open_store
from app.backup.errors import BackupRefused
from app.backup.service import bring_back, check, make_backup, thin_out
from app.backup.shelf import Backup, Shelf
from app.jobs.terminal import plain_refusals, present, stop
from app.kernel.db import db, unit_of_work
from app.kernel.facts import LAST_BACKUP, record_fact
from app.photos.store import PhotoStore
from config.settings import Settings

backup = AppGroup("backup", help="内置数据库和照片的备份。")
_folder = click.option("--folder", help="备份所在的文件夹；默认按 GEXUN_BACKUP_FOLDER")


@backup.command("create")
@_folder
def create(folder: str | None) -> None:
    """做一份备份，服务可以照常使用；旧的按日、周、月留稀。"""
    with plain_refusals():
        made, gone = backed_up(_settings(), folder=folder)
        manifest = made.manifest()
    click.echo(f"备份 {made.name} 已做好，在 {made.folder}，有 {manifest.photos} 张照片。")
    if gone:
        click.echo(f"删去旧的 {len(gone)} 份：{'、'.join(each.name for each in gone)}。")
    _stop_where_bytes_lack(manifest.missing)


@backup.command("list")
@_folder
def list_all(folder: str | None) -> None:
    """列出有哪些备份，旧的在前。"""
    with plain_refusals():
        shelf = _shelf(_settings(), folder)
        for each in shelf.backups():
            said = each.manifest()
            size = f"{said.database_bytes / (1 << 20):.1f} MB"
            click.echo(f"{each.name}\t{said.made_at}\t{said.photos} 张照片\t数据库 {size}")
        if not shelf.backups():
            click.echo(f"{shelf.folder} 里还没有备份。")


@backup.command("restore")
@click.argument("name")
@_folder
def restore(name: str, folder: str | None) -> None:
    """把一份备份（latest 为最新的）恢复到设置里的数据库和照片目录；原来的数据库须先移开。"""
    settings = _settings()
    with plain_refusals():
        shelf = _shelf(settings, folder)
        found = shelf.backup(name)
        db.engine.dispose()
        missing = bring_back(found, _kept(shelf), database=_file(settings), store=_store())
        manifest = found.manifest()
    click.echo(
        f"已恢复 {manifest.made_at} 的备份 {found.name}，有 {manifest.photos} 张照片。"
        "请运行 flask --app wsgi db upgrade，再启动服务。"
    )
    _stop_where_bytes_lack(missing)


@backup.command("check")
@click.argument("name")
@_folder
def check_one(name: str, folder: str | None) -> None:
    """核对一份备份（latest 为最新的）的数据库：与做的时候相同，结构完好。"""
    with plain_refusals():
        found = _shelf(_settings(), folder).backup(name)
        check(found)
    click.echo(f"备份 {found.name} 的数据库完好。")


def backed_up(
    settings: Settings,
    *,
    folder: str | None = None,
    said: Callable[[str], None] = lambda _said: None,
) -> tuple[Backup, list[Backup]]:
    """Makes a backup of now and thins out the older ones: the new one, and those that went."""
    shelf = _shelf(settings, folder)
    made = make_backup(
        _file(settings), _store(), shelf, _kept(shelf), now=present(),
        said=lambda done: said(f"已核对 {done} 个照片文件"),
    )  # fmt: skip
    with unit_of_work() as session:
        record_fact(session, LAST_BACKUP, made.manifest().made_at)
    return made, thin_out(shelf, _kept(shelf))


def _settings() -> Settings:
    found: Settings = current_app.extensions["gexun_settings"]
    return found


def _store() -> PhotoStore:
    found: PhotoStore = current_app.extensions["gexun_store"]
    return found


def _file(settings: Settings) -> Path:
    if settings.database_file is None:
        raise BackupRefused(
            "这里的数据库不是内置的；PostgreSQL 请用 pg_dump，见 docs/operations.md。"
        )
    return settings.database_file


def _shelf(settings: Settings, folder: str | None) -> Shelf:
    """Backups are beside the database unless another folder is named."""
    wanted = folder or settings.backup_folder
    return Shelf(Path(wanted) if wanted else _file(settings).parent / "backups")


def _kept(shelf: Shelf) -> PhotoStore:
    return open_store(shelf.photos.as_uri(), StoreOptions())


def _stop_where_bytes_lack(missing: list[str]) -> None:
    for key in missing:
        click.echo(key, err=True)
    if missing:
        stop(f"{len(missing)} 个照片文件缺失或被改动，没有备份到；请运行 flask photos check 查看。")
