"""`engine move` and `engine reopen`: an installation that outgrows its engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade
from pydantic import ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.engines.errors import MoveRefused
from app.engines.holding import only_mover
from app.engines.marks import forget, installation_of, is_moved, refuse_strangers
from app.engines.rows import writing
from app.engines.service import Side, copy_and_hand_over, copy_while_served, revision_of
from app.jobs.terminal import plain_refusals, stop
from app.kernel.db import db
from app.kernel.facts import MOVED_TO
from config.settings import Settings

engine = AppGroup("engine", help="换数据库和照片存储。")


@engine.command("move")
@click.option("--to-database", envvar="GEXUN_MOVE_TO_DATABASE", required=True, help="目标数据库")
@click.option("--to-store", envvar="GEXUN_MOVE_TO_STORE", required=True, help="目标照片存储")
@click.option("--final", is_flag=True, help="服务已经停下：做最后一遍，核对后交接")
def move(to_database: str, to_store: str, final: bool) -> None:
    """把现在的数据库和照片整个复制到别的数据库和存储；服务可以照常使用，中断了再运行一次。"""
    source = _side(current_app._get_current_object(), _settings())  # type: ignore[attr-defined]
    wanted = _wanted(_settings(), to_database, to_store)
    with plain_refusals(), _target(wanted) as target, only_mover(target.engine):
        installation = installation_of(source.engine)
        if is_moved(target.engine, installation):
            click.echo(f"早已迁完：{target.name} 就是现在的数据。")
            return
        refuse_strangers(target.engine, target.store, installation)
        click.echo(f"从 {source.name} 迁到 {target.name}。")
        _make_tables(wanted, source, target)
        copied = copy_and_hand_over if final else copy_while_served
        carried = copied(source, target, installation, click.echo)
    for key in carried.lost:
        click.echo(f"原来的存储里缺失或已损坏，没有复制：{key}", err=True)
    click.echo(_advice(wanted) if final else _WHAT_NEXT)


_WHAT_NEXT = (
    "还没有切换：服务仍在使用原来的数据库。"
    "可以随时再运行，补上新的变化；要切换时，停下网页服务和后台任务进程，加 --final 再运行一次。"
)


def _advice(wanted: Settings) -> str:
    return (
        f"可以切换了：把 GEXUN_DATABASE_URL、GEXUN_PHOTO_STORE（{wanted.photo_store}）"
        "换成目标的，启动服务。原来的数据库不再提供服务，请留到确认无误以后。"
    )


@engine.command("reopen")
@click.option("--yes", is_flag=True, help="明知迁走以后在新库里做的这里都没有")
def reopen(yes: bool) -> None:
    """迁走以后不换了，仍用原来的数据库。"""
    if not yes:
        stop("迁走以后在新库里做的，这里都没有；确要继续用这里的，请加 --yes。")
    with plain_refusals(), writing(db.engine) as connection:
        forget(connection, MOVED_TO)
    click.echo("可以启动服务了。以后再迁，请用空的数据库和存储。")


def _settings() -> Settings:
    found: Settings = current_app.extensions["gexun_settings"]
    return found


def _wanted(present: Settings, database: str, store: str) -> Settings:
    """The settings with which the target is reached: the present ones, with its two addresses."""
    if database == present.database_url or store == present.photo_store:
        stop("目标与现在用的是同一个；请写另一个数据库和另一个存储。")
    known = present.model_dump(exclude_unset=True)
    try:
        return Settings(**known | {"database_url": database, "photo_store": store})
    except ValidationError as problem:
        reason = problem.errors(include_input=False)[0].get("ctx", {}).get("error", "值不对")
        stop(f"目标地址不能用：{reason}。")


@contextmanager
def _target(wanted: Settings) -> Iterator[Side]:
    """The target, by an application of its own; MoveRefused when its database does not answer."""
    made = create_app(wanted)
    with made.app_context():
        side = _side(made, wanted)
        try:
            side.engine.connect().close()
        except DBAPIError as problem:
            reason = str(problem.orig).strip().splitlines()[0]
            raise MoveRefused(f"目标数据库连不上：{reason}") from None
        side.store.ping()
    try:
        yield side
    finally:
        side.engine.dispose()


def _side(app: Flask, settings: Settings) -> Side:
    address = make_url(settings.database_url)
    named = address.database if settings.embedded else f"{address.host}/{address.database}"
    kind = "SQLite" if settings.embedded else "PostgreSQL"
    store = urlsplit(settings.photo_store)
    where = f"{kind} {named}，照片 {store.scheme}://{store.netloc}{store.path}"
    return Side(db.engine, app.extensions["gexun_store"], where)


def _make_tables(wanted: Settings, source: Side, target: Side) -> None:
    made = create_app(wanted)
    with made.app_context():
        upgrade()
        db.engine.dispose()
    if revision_of(source.engine) != revision_of(target.engine):
        raise MoveRefused("原来的数据库还没有升级；请先运行 flask --app wsgi db upgrade。")
