"""`evidence package`: what is handed over of a ticket, or of an organisation's for some days."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.keys import key_of
from app.evidence.outgoing.service import pending, undecided_photos
from app.evidence.package.bags import Item, bagged, into_folder, zipped
from app.evidence.package.making import Making, note_given, payload
from app.jobs.terminal import plain_refusals, present, stop
from app.kernel.clock import day_start
from app.kernel.db import begin_reading, unit_of_work
from app.kernel.ids import parse_id
from app.people.models import Organisation
from app.people.queries import person_by_username
from app.tickets.models import Ticket

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("package")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--ticket", "ticket", help="一张工单：编号或标识")
@click.option("--organisation", "code", help="一个镇或社区的（编码），按上报日期")
@click.option("--from", "first", type=DAY, help="从哪天上报的")
@click.option("--to", "last", type=DAY, help="到哪天上报的，含当天")
@click.option("--for", "for_whom", type=click.Choice(["inside", "outside"]), default="inside",
              help="inside 内部用，含照片原件；outside 对外用，照片遮盖，没有人名文字")  # fmt: skip
@click.option("--as", "username", help="谁取的（用户名），记在每张照片的查看记录里；不填记为“系统”")
@with_appcontext
def package(
    out: Path,
    ticket: str | None,
    code: str | None,
    first: datetime | None,
    last: datetime | None,
    for_whom: str,
    username: str | None,
) -> None:
    """做一份证据包（BagIt），写进新的文件夹；名称以 .zip 结尾的，写成压缩文件。"""
    if out.exists():
        stop(f"{out} 已经有了，请换一个名称。")
    with plain_refusals():
        session, now = begin_reading(), present()
        by = _person_id(session, username)
        ids = _wanted(session, ticket, code, first, last)
        if for_whom == "outside" and (waiting := undecided_photos(session, ids)):
            raise pending(waiting, "做对外用的证据包")
        key = key_of(current_app.extensions["gexun_settings"].evidence_key_file)
        store, keys = current_app.extensions["gexun_store"], key.known if key else {}
        making = Making(session, store, keys, now, for_whom == "outside")
        about = ticket or f"{code} {first:%Y-%m-%d} {last:%Y-%m-%d}"
        items = bagged(payload(making, _each(session, ids)), now=now, about=about)
        try:
            _write(items, out, now)
        finally:
            # Also of what was broken off: those files lie there.
            with unit_of_work() as writing:
                note_given(writing, given=making.received, by=by, now=now)
    click.echo(f"已写入 {out}：{len(ids)} 张工单。")


def _person_id(session: Session, username: str | None) -> UUID | None:
    if username is None:
        return None
    person = person_by_username(session, username)
    return person.id if person else stop(f"没有用户 {username}。")


def _wanted(
    session: Session,
    ticket: str | None,
    code: str | None,
    first: datetime | None,
    last: datetime | None,
) -> Sequence[UUID]:
    """The ids of the tickets that are asked for; the command ends when it is not said which."""
    if ticket and not (code or first or last):
        asked = select(Ticket.id).where((Ticket.number == ticket) | (Ticket.id == parse_id(ticket)))
        found = session.scalars(asked).all()
        return found or stop(f"没有工单 {ticket}。")
    if ticket or not (code and first and last):
        stop("请用 --ticket 指定一张工单，或用 --organisation、--from、--to 指定单位和日期。")
    above = session.scalar(select(Organisation).where(Organisation.code == code))
    if above is None:
        stop(f"没有编码为 {code} 的组织。")
    below = select(Organisation.id).where(
        Organisation.path >= above.path, Organisation.path < above.path_end
    )
    asked = select(Ticket.id).where(
        Ticket.community_id.in_(below),
        Ticket.reported_at >= day_start(first.date()),
        Ticket.reported_at < day_start(last.date() + timedelta(days=1)),
    )
    found = session.scalars(asked.order_by(Ticket.number)).all()
    return found or stop("这些天没有上报的工单。")


def _each(session: Session, ids: Sequence[UUID]) -> Iterator[Ticket]:
    """One ticket after the other; what was read of it is forgotten before the next."""
    for ticket_id in ids:
        yield session.get_one(Ticket, ticket_id)
        session.expunge_all()


def _write(items: Iterator[Item], out: Path, now: datetime) -> None:
    try:
        if out.suffix != ".zip":
            into_folder(items, out)
            return
        with out.open("xb") as file:
            file.writelines(zipped(items, folder=out.stem, now=now))
    except OSError as problem:
        stop(f"写不了 {out}：{problem.strerror}。")
