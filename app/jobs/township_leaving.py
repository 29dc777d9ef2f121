"""`township export` and `township close`: a township that goes its own way."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.audit import Act
from app.administration.closing import close_township
from app.administration.models import LeavePost
from app.engines.service import snapshot
from app.grid.township.exporting import export_township
from app.jobs.terminal import plain_refusals, present, stop
from app.kernel.clock import shanghai_day
from app.kernel.db import administering, db
from app.kernel.spreadsheets import write_ledger
from app.people.models import Organisation, OrganisationType
from app.people.queries import organisation_by_code
from app.photos.errors import BytesMissing
from app.photos.store import BlobKind, PhotoStore, blob_key
from app.rounds.ledgers import rounds_ledger
from app.tickets.ledgers import blobs_of, open_tickets, ticket_ledgers

LEDGERS = "台账"
DAY = click.DateTime(["%Y-%m-%d"])


@click.command("export")
@click.argument("code")
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="空文件夹")
@click.option("--without-photos", is_flag=True, help="不带照片文件")
@with_appcontext
def export(code: str, folder: Path, without_photos: bool) -> None:
    """导出一个乡镇：今天的资料（可重新载入），和全部工单、经过、照片、巡查的台账。"""
    with plain_refusals(), snapshot(db.engine) as connection, Session(connection) as session:
        town = _town(session, code)
        _make(folder)
        deputies = set(session.scalars(select(LeavePost.post_id)))
        day = shanghai_day(present())
        done = export_township(session, town, folder, day=day, but_posts=deputies)
        ledgers = folder / LEDGERS
        ledgers.mkdir()
        made = [rounds_ledger(session, town), *ticket_ledgers(session, town)]
        kept = {ledger.name: write_ledger(ledger, ledgers) for ledger in made}
        wanted = [] if without_photos else blobs_of(session, town)
        lost = list(_copy_photos(wanted, ledgers))
    _write_checksums(folder)
    click.echo(f"{town.name}（{code}）导出到 {folder}：{_counts(done.counts)}。")
    click.echo(f"台账：{_counts(kept)}；照片文件 {len(wanted) - len(lost)} 个。")
    for remark in done.remarks:
        click.echo(f"注意：{remark}。")
    if lost:
        stop(f"{len(lost)} 个照片文件缺失或被改动，没有导出：" + "，".join(lost))


@click.command("close")
@click.argument("code")
@click.option("--on", type=DAY, help="从哪一天起停用，如 2026-12-31；不写为今天")
@click.option("--confirm", is_flag=True, help="还有没有办结的工单，也照做")
@with_appcontext
def close(code: str, on: datetime | None, confirm: bool) -> None:
    """停用一个乡镇：它的组织、岗位、小区、网格到这一天为止；什么都不删，都还查得到。"""
    with plain_refusals(), administering() as session:
        town = _town(session, code)
        left = open_tickets(session, town)
        if left and not confirm:
            stop(
                f"{town.name}还有 {left} 张工单没有办结，停用后没有人能办；"
                "仍要停用，请加 --confirm。"
            )
        day = on.date() if on else None
        ended = close_township(session, town, on=day, act=Act(present()))
        name = town.name
    when = f"{on:%Y-%m-%d}" if on else "今天"
    click.echo(f"{name}（{code}）从{when}起停用：{_counts(ended)}。记录都保留，县级仍可查看。")


def _town(session: Session, code: str) -> Organisation:
    found = organisation_by_code(session, code)
    if found is None or found.type is not OrganisationType.town:
        stop(f"没有编码为 {code} 的乡镇。")
    return found


def _make(folder: Path) -> None:
    """The folder, for its owner only: it will hold names, numbers and homes."""
    if folder.exists() and any(folder.iterdir()):
        stop(f"{folder} 里已经有东西；请给一个空的文件夹。")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _copy_photos(wanted: Iterable[tuple[str, str]], folder: Path) -> Iterable[str]:
    """Writes the received file of each photo; the hashes of those that are lost or altered."""
    store: PhotoStore = current_app.extensions["gexun_store"]
    for digest, name in wanted:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        seen = sha256()
        try:
            with store.open(blob_key(digest, BlobKind.RECEIVED)) as stored, path.open("wb") as file:
                for chunk in stored:
                    seen.update(chunk)
                    file.write(chunk)
        except BytesMissing:
            yield digest
            continue
        if seen.hexdigest() != digest:
            path.unlink()
            yield digest


def _write_checksums(folder: Path) -> None:
    """What `sha256sum -c` reads, of every file."""
    lines = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


def _counts(counts: dict[str, int]) -> str:
    return "，".join(f"{name} {count}" for name, count in counts.items())
