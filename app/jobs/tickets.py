"""`tickets import` and `tickets answers`: work from elsewhere, and what became of it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from app.jobs.terminal import plain_refusals, present, stop
from app.kernel.clock import day_start
from app.kernel.db import begin_reading, db, unit_of_work
from app.people.access import Actor, require
from app.people.queries import actor_by_id, person_by_username
from app.photos.queries import was_sent_before
from app.tickets.importing.photo_files import FolderOfPhotos, NoFiles, PhotoFiles, left_behind
from app.tickets.importing.photo_intake import Keeping, KeptPhotos, keep_photos
from app.tickets.importing.planning import Plan, PlannedRow, plan_import
from app.tickets.importing.presenting import local_time
from app.tickets.importing.reading.rows import Told, read_rows
from app.tickets.importing.reading.sheets import MOST_BYTES
from app.tickets.importing.service import keep_import, make_tickets
from app.tickets.replying.service import answers_wanted, answers_workbook
from app.tickets.words import SOURCES_WITHOUT_PHOTO, Source

PATH = click.Path(path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
ONE_DAY = timedelta(days=1, microseconds=-1)
SOURCES = click.Choice(sorted(source.value for source in SOURCES_WITHOUT_PHOTO))

tickets = AppGroup("tickets", help="外来工单：导入表格、导出回复。")


@tickets.command("import")
@click.argument("file", type=PATH)
@click.option("--photos", "folder", type=PATH, help="照片所在的文件夹，按文件名对应")
@click.option("--as", "username", required=True, help="以谁的名义导入：社区负责人或督查员的用户名")
@click.option("--dry-run", is_flag=True, help="只检查并列出将建的工单，不写入")
def import_tickets(file: Path, folder: Path | None, username: str, dry_run: bool) -> None:
    """导入 12345 热线、上级督查、居民反映的表格，或放着一个表格和照片的文件夹。

    有一处错误就什么都不写。可以反复运行。
    """
    now = present()
    if file.is_dir():
        file, folder = _only_sheet(file), folder or file
    with plain_refusals():
        actor = _actor(username, now)
        plan, photos = _planned(file, folder, actor, now)
        db.session.rollback()
        _tell(file, plan)
        if dry_run:
            _foretell(plan)
            return
        with unit_of_work() as session:
            found = keep_import(session, plan, photos, file_name=file.name, actor=actor, now=now)
            make_tickets(session, found, actor=actor, now=now)
        _report(found.made)


def _only_sheet(folder: Path) -> Path:
    """The one spreadsheet of a folder; what programs keep beside open files is none."""
    found = sorted(path for path in folder.iterdir() if _is_sheet(path))
    if len(found) != 1:
        names = "、".join(path.name for path in found[:5])
        there = f"有 {len(found)} 个：{names}" if found else "没有"
        stop(f"{folder} 里须正好有一个 .xlsx 或 .csv 表格，现在{there}。")
    return found[0]


def _is_sheet(path: Path) -> bool:
    a_sheet = path.suffix.lower() in (".xlsx", ".csv") and not left_behind(path.name)
    return a_sheet and path.is_file()


def _actor(username: str, now: datetime) -> Actor:
    person = person_by_username(db.session(), username)
    actor = actor_by_id(db.session(), person.id, now=now) if person else None
    if actor is None:
        stop(f"没有用户 {username}，或账号已停用。")
    require(actor, "tickets.import")
    return actor


def _planned(
    file: Path, folder: Path | None, actor: Actor, now: datetime
) -> tuple[Plan, KeptPhotos]:
    said = read_rows(_bytes_of(file), now=now)
    if folder is not None and not folder.is_dir():
        stop(f"没有 {folder} 这个文件夹。")
    files: PhotoFiles = FolderOfPhotos(folder, sheet=file) if folder else NoFiles()
    settings = current_app.extensions["gexun_settings"]

    def known(digest: str) -> bool:
        session = db.session()
        return was_sent_before(session, maker_id=actor.person_id, sha256=digest)

    keeping = Keeping(current_app.extensions["gexun_store"], settings.photo_max_bytes, known)
    photos = keep_photos(files, said.rows, keeping)
    return plan_import(db.session(), said, photos, actor=actor, now=now), photos


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as problem:
        stop(f"读不了 {file}：{problem.strerror}。")


def _tell(file: Path, plan: Plan) -> None:
    """Remarks, then every fault; with one the command ends here."""
    for remark in plan.remarks:
        click.echo(f"{_place(file, plan, remark)}{remark.message}", err=True)
    for fault in plan.faults:
        click.echo(f"{_place(file, plan, fault)}{fault.message}", err=True)
    if plan.faults:
        stop(f"共 {len(plan.faults)} 处错误，什么都没有写入。")


def _place(file: Path, plan: Plan, told: Told) -> str:
    """file:line (sheet:row) and the column."""
    line = f":{told.line}" if told.line else ""
    sheet = f" ({plan.sheet}{line})" if plan.sheet else ""
    return f"{file.name}{line}{sheet}: {told.field + '：' if told.field else ''}"


def _foretell(plan: Plan) -> None:
    for row in plan.rows:
        click.echo("\t".join(_foretold(row)))
    already = sum(row.already is not None for row in plan.rows)
    click.echo(f"没有发现错误：将建 {len(plan.rows) - already} 张，已有 {already} 张。没有写入。")


def _foretold(row: PlannedRow) -> list[str]:
    said, place = row.said, row.place
    where = (place.compound or place.cell or place.community).name
    if row.already is not None:
        what = f"已有 {row.already.number}"
    elif row.responsible is None:
        what = "待受理"
    else:
        what = f"派给{row.responsible.name}，期限 {local_time(row.due_at)}"
    others = [one.number for one in row.alike] + [f"第 {line} 行" for line in row.alike_rows]
    alike = f"可能与 {'、'.join(others)} 重复" if others else ""
    return [f"第 {said.line} 行", said.number, row.category.name, where, what, alike]


def _report(made: dict[str, Any]) -> None:
    for line, one in made.items():
        there = "已有，跳过" if one["already_there"] else "已建"
        click.echo(f"第 {line} 行\t{one['number']}\t{there}")
    already = sum(one["already_there"] for one in made.values())
    click.echo(f"已建 {len(made) - already} 张，已有而跳过 {already} 张。")


@tickets.command("answers")
@click.argument("file", type=PATH)
@click.option("--as", "username", required=True, help="以谁的名义导出：社区负责人或督查员的用户名")
@click.option("--source", type=SOURCES, help="只要一种来源")
@click.option("--from", "first", type=DAY, help="上报日期不早于")
@click.option("--to", "last", type=DAY, help="上报日期不晚于")
@click.option("--organisation", help="只要一个组织的，含其下级（编码）")
def answers(
    file: Path,
    username: str,
    source: str | None,
    first: datetime | None,
    last: datetime | None,
    organisation: str | None,
) -> None:
    """导出外来工单的办理情况，供回复用。"""
    now = present()
    with plain_refusals():
        # Begun as any reading, which asks what texts are hidden.
        session = begin_reading()
        actor = _actor(username, now)
        wanted = answers_wanted(
            session,
            actor,
            source=Source(source) if source else None,
            reported_from=day_start(first.date()) if first else None,
            reported_to=day_start(last.date()) + ONE_DAY if last else None,
            organisation=organisation,
        )
        data, count = answers_workbook(session, actor, wanted, now=now)
    try:
        file.write_bytes(data)
    except OSError as problem:
        stop(f"写不了 {file}：{problem.strerror}。")
    click.echo(f"已写入 {file}：{count} 张工单。")
