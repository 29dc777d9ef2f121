"""`evidence make-key`, `verify` and `export`, and what the worker links and signs."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.checking.chains import Chain, check_chain
from app.evidence.checking.faults import Fault
from app.evidence.checking.sources import check_files, check_rows
from app.evidence.checking.stamps import check_stamps
from app.evidence.keys import RecordKey, key_in, key_of, new_key_pem
from app.evidence.linking import link_waiting, something_waits
from app.evidence.package.stretches import days_of, lines_of_day
from app.evidence.queries import chains, last_signed
from app.evidence.signing import days_are_over, sign_days
from app.evidence.timestamps.port import Stamping
from app.jobs.embedded import write_private
from app.jobs.evidence_package import package
from app.jobs.terminal import plain_refusals, present, stop
from app.kernel.db import begin_reading
from app.people.models import Organisation, OrganisationType

_SHOWN = 200

evidence = AppGroup("evidence", help="记录链：生成密钥、核对、导出。")
evidence.add_command(package)
_town = click.option("--town", "code", help="只要一个乡镇的（编码）")


def _key() -> RecordKey | None:
    return key_of(current_app.extensions["gexun_settings"].evidence_key_file)


def records_to_link(session: Session, _now: datetime) -> bool:
    """Whether rows wait to be linked."""
    return something_waits(session)


def link_records(session: Session, now: datetime) -> int:
    """Links a batch of rows; how many."""
    return link_waiting(session, now=now)


def days_to_sign(session: Session, now: datetime) -> bool:
    """Whether days that are over can be signed."""
    return _key() is not None and days_are_over(session, now=now)


def sign_days_over(session: Session, now: datetime) -> int:
    """Signs days that are over; how many."""
    key = _key()
    return sign_days(session, key, now=now) if key else 0


@evidence.command("make-key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def make_key(file: Path) -> None:
    """生成签名密钥，写入一个新文件，只有本用户能读。"""
    if file.exists():
        stop(f"{file} 已经有了；换密钥的办法见 docs/evidence.md。")
    try:
        write_private(file, new_key_pem())
    except OSError as problem:
        stop(f"写不了 {file}：{problem.strerror}。")
    click.echo(f"密钥已写入 {file}，公钥编号 {key_in(file).public.id}。")
    click.echo(f"请设置 GEXUN_EVIDENCE_KEY_FILE={file.resolve()}，并把文件另存一份。")


@evidence.command("verify")
@_town
@click.option("--with-files", is_flag=True, help="照片文件也逐个核对，要读全部字节")
def verify(code: str | None, with_files: bool) -> None:
    """核对记录链：改动、缺失、调换、截尾都指出在哪里；有问题时退出码为 1。"""
    with plain_refusals():
        session, town = begin_reading(), _town_id(code)
        found = 0
        for fault in _faults(session, town, with_files=with_files):
            found += not fault.remark
            if fault.remark or found <= _SHOWN:
                click.echo(fault.line)
        if found > _SHOWN:
            click.echo(f"只列出前 {_SHOWN} 处。")
        for chain in chains(session, town):
            click.echo(_head_line(session, chain))
    if found:
        stop(f"核对完毕，发现 {found} 处问题。")
    click.echo("核对完毕，没有发现问题。")


def _faults(session: Session, town: UUID | None, *, with_files: bool) -> Iterator[Fault]:
    key = _key()
    keys = key.known if key else {}
    stamping: Stamping | None = current_app.extensions["gexun_stamping"]
    roots = stamping.roots if stamping else None
    for chain in chains(session, town):
        yield from check_chain(session, chain, keys)
        yield from check_stamps(session, chain, roots, now=present())
    yield from check_rows(session, town)
    if with_files:
        yield from check_files(session, current_app.extensions["gexun_store"], town)


def _head_line(session: Session, chain: Chain) -> str:
    """Where a chain stands, and the last signed day, to be compared with what was printed."""
    state, day = chain.state, last_signed(session, chain.id)
    at = f"{state.day} 第 {state.position} 条 {state.head}" if state else "状态不见了"
    signed = f"最近签名 {day.day} 第 {day.position} 条 {day.head}" if day else "还没有签名的日子"
    return f"{chain.name}\t{at}\t{signed}"


@evidence.command("export")
@click.option("--town", "code", required=True, help="哪个乡镇（编码）")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(code: str, file: Path) -> None:
    """导出一条记录链的全部内容和签名，可以用 docs/evidence.md 里的办法独立核对。"""
    with plain_refusals():
        session, town = begin_reading(), _town_id(code)
        try:
            with file.open("w", encoding="utf-8") as out:
                for chain in chains(session, town):
                    for day in days_of(session, chain.id):
                        out.writelines(lines_of_day(session, chain.id, day, whole=lambda _: True))
        except OSError as problem:
            stop(f"写不了 {file}：{problem.strerror}。")
    click.echo(f"已写入 {file}。")


def _town_id(code: str | None) -> UUID | None:
    """The chain of a code: a township's, or the county's. The command ends for any other."""
    if code is None:
        return None
    types = (OrganisationType.town, OrganisationType.county)
    asked = select(Organisation.id).where(Organisation.code == code, Organisation.type.in_(types))
    found = begin_reading().scalar(asked)
    if found is None:
        stop(f"没有编码为 {code} 的乡镇。")
    return found
