"""`township load` and `township check`."""

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.audit import Act
from app.administration.loads import record_catalogue_load, record_township_load
from app.administration.staff.deputies import lent_posts, settle_leaves
from app.catalogue.models import CatalogueVersion
from app.catalogue.service import load_catalogue
from app.grid.township.faults import TownshipFaults
from app.grid.township.loading import check_township, load_township, write_township_rows
from app.grid.township.report import LoadReport
from app.grid.township.rows import CheckedTownship
from app.jobs.catalogue import SHIPPED
from app.jobs.terminal import plain_refusals, present, stop
from app.kernel.clock import shanghai_day
from app.kernel.db import administering, db
from app.kernel.turns import Turn, take_turn

FOLDER = click.Path(path_type=Path)
RETIRE_HELP = "文件里不再有的，按今天的日期停用（只限本镇）"


township = AppGroup("township", help="乡镇资料：检查、载入。")


@township.command("load")
@click.argument("directory", type=FOLDER)
@click.option("--retire-missing", is_flag=True, help=RETIRE_HELP)
@click.option("--confirm", is_flag=True, help="停用超过五分之一的，也照做（先用 check 看过）")
def load(directory: Path, retire_missing: bool, confirm: bool) -> None:
    """载入一个乡镇的文件夹；有一处错误就什么都不写。可以反复运行。"""
    with plain_refusals():
        try:
            with administering() as session:
                report = load_township(
                    session,
                    directory,
                    now=present(),
                    retire_missing=retire_missing,
                    but_posts=lent_posts(session),
                )
                settle_leaves(session, today=shanghai_day(present()))
                if report.sweeps and not confirm:
                    stop(f"{_warning(report)}什么都没有写入；确实要停用的，请加 --confirm。")
                record_township_load(session, report, act=Act(present()))
                if _load_shipped_catalogue(session):
                    report.remarks.append("系统里还没有事项字典，已装入随产品提供的一套")
        except TownshipFaults as problem:
            _tell(problem)
    for line in report.lines():
        click.echo(line)


@township.command("check")
@click.argument("directory", type=FOLDER)
@click.option("--retire-missing", is_flag=True, help="按载入时加 --retire-missing 来检查")
def check(directory: Path, retire_missing: bool) -> None:
    """只检查一个乡镇的文件夹，不写入。"""
    with plain_refusals():
        try:
            checked, report = _rehearsed(directory, retire_missing=retire_missing)
        except TownshipFaults as problem:
            _tell(problem)
    click.echo(
        f"没有发现错误：组织 {len(checked.organisations)}，岗位 {len(checked.posts)}，"
        f"小区 {len(checked.compounds)}，点位 {len(checked.checkpoints)}，"
        f"网格 {len(checked.cells)}。"
    )
    for line in report.lines(rehearsed=True):
        click.echo(line)
    if report.sweeps:
        click.echo(f"！！{_warning(report)}请核对文件是否齐全；载入时要加 --confirm。", err=True)


def _rehearsed(directory: Path, *, retire_missing: bool) -> tuple[CheckedTownship, LoadReport]:
    """What the folder says and what loading it would do: done, and rolled back."""
    session, today = db.session(), shanghai_day(present())
    try:
        take_turn(session, Turn.administration)
        checked = check_township(session, directory, today=today, retire_missing=retire_missing)
        report = write_township_rows(
            session,
            checked,
            today=today,
            retire_missing=retire_missing,
            but_posts=lent_posts(session),
        )
    finally:
        session.rollback()
    return checked, report


def _warning(report: LoadReport) -> str:
    return f"停用的超过本镇的五分之一：{'，'.join(report.sweeps)}；"


def _tell(problem: TownshipFaults) -> None:
    for line in problem.lines:
        click.echo(line, err=True)
    stop(f"共 {problem.count} 处错误，什么都没有写入。")


def _load_shipped_catalogue(session: Session) -> bool:
    """Load the catalogue that the product ships, unless the database has one."""
    if session.scalar(select(CatalogueVersion.id).limit(1)) is not None:
        return False
    report = load_catalogue(session, directory=SHIPPED, now=present())
    record_catalogue_load(session, report, act=Act(present()))
    return True
