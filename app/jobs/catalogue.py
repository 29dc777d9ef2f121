"""`catalogue load`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.administration.audit import Act
from app.administration.loads import record_catalogue_load
from app.catalogue.service import load_catalogue
from app.jobs.terminal import plain_refusals, present
from app.kernel.db import administering
from app.people.administration import organisation_named
from app.people.models import OrganisationType
from app.tickets.handling.recomputing import recompute_provisional_dues
from config.settings import ROOT

SHIPPED = ROOT / "config" / "catalogue"


catalogue = AppGroup("catalogue", help="事项字典。")


@catalogue.command("load")
@click.argument("directory", type=click.Path(path_type=Path), default=SHIPPED)
@click.option("--town", default=None, help="只用于这个镇（编码），覆盖全县的")
def load(directory: Path, town: str | None) -> None:
    """装入事项字典，从今天起有效；不写文件夹就装随产品提供的一套。"""
    with plain_refusals(), administering() as session:
        found = None if town is None else organisation_named(session, town)
        if found is not None and found.type is not OrganisationType.town:
            raise click.ClickException(f"{town} 不是镇。")
        town_id = found.id if found else None
        now = present()
        report = load_catalogue(session, directory=directory, now=now, town_id=town_id)
        record_catalogue_load(session, report, found, act=Act(now))
        recomputed = recompute_provisional_dues(session, now=now) if report.changed else 0
    if not report.changed:
        click.echo("与系统中的一致，没有改动。")
        return
    click.echo(
        f"已装入第 {report.version} 版：新增 {report.opened}，更正 {report.updated}，"
        f"停用 {report.closed}，未变 {report.unchanged}。"
    )
    if recomputed:
        click.echo(f"按新公布的工作日历，重新计算了 {recomputed} 张工单的时限。")
