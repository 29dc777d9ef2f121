"""`people …`: passwords, accounts and sign-ins at the terminal."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.administration.audit import Act
from app.administration.staff.accounts import (
    close_account,
    end_sign_ins,
    open_account,
    record_password,
)
from app.administration.staff.queries import home_of
from app.grid.queries import companies_serving
from app.jobs.password_sheet import SHEETS, Sheet, write_once
from app.jobs.terminal import hash_cost, plain_refusals, present, public_url, stop
from app.kernel.clock import shanghai_day
from app.kernel.db import administering, db
from app.people.administration import (
    county_places_without_passwords,
    everybody,
    keep_first_passwords,
    organisation_named,
    people_of,
    person_named,
    prepared_passwords,
)
from app.people.models import ROLE_LABELS, Organisation, OrganisationType, Person
from app.people.passwords import check_password_rules
from app.people.service import set_password

people = AppGroup("people", help="人员：口令、账号、登录。")


@people.command("set-password")
@click.argument("username")
def set_one_password(username: str) -> None:
    """设一个人的口令：从标准输入读一行；在终端上则不显示地问两遍。"""
    with plain_refusals():
        known = person_named(db.session(), username)
        password = _asked_password()
        check_password_rules(password, username=known.username, phone=known.phone)
        with administering() as session:
            person = person_named(session, username)
            set_password(session, person, password, cost=hash_cost(), now=present())
            record_password(session, person, act=Act(present()))
            # Whoever was locked out for wrong passwords signs in with this one at once.
            current_app.extensions["gexun_limits"].forgive_failures(session, username)
            name = person.name
    click.echo(f"已设好 {username}（{name}）的口令，此前的登录都已失效。")


@people.command("first-passwords")
@click.option("--town", default=None, help="镇编码：全镇的人，和在本镇服务的物业公司的人")
@click.option("--organisation", default=None, help="组织编码：只要这个组织及其下级的人")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def first_passwords(town: str | None, organisation: str | None, out: Path) -> None:
    """给还没有口令的人各设一个，打成可裁开分发的口令单（.xlsx 或 .html）。"""
    if (town is None) == (organisation is None):
        stop("请写 --town 镇编码，或 --organisation 组织编码，二选一。")
    render = SHEETS.get(out.suffix.lower())
    if render is None:
        stop("--out 的文件名应以 .xlsx 或 .html 结尾。")
    if out.exists():
        stop(f"{out} 已存在；为免覆盖口令单，请换一个文件名。")
    with plain_refusals():
        count = _issue_passwords(town, organisation, out, render)
        waiting = county_places_without_passwords(db.session(), day=shanghai_day(present()))
    if count:
        click.echo(f"已给 {count} 人设了口令，口令单在 {out}。")
        click.echo("口令只印在这份单子上，系统只存散列；发完请销毁。")
    else:
        click.echo("这里没有还未设口令的人。")
    if waiting:
        click.echo(f"县级还有人未设口令，请另用 --organisation：{'、'.join(waiting)}")


def _issue_passwords(town: str | None, organisation: str | None, out: Path, render: Sheet) -> int:
    """Make, print and keep the passwords; the number of people."""
    day = shanghai_day(present())
    places = _places(db.session(), town, organisation, day)
    prepared = prepared_passwords(people_of(db.session(), places, day=day), cost=hash_cost())
    if not prepared:
        return 0
    try:
        with administering() as session:
            kept = keep_first_passwords(session, prepared, now=present())
            for one in kept:
                record_password(session, one.person, act=Act(present()))
            # Before the commit: passwords that were kept and never printed help nobody.
            write_once(out, render(kept, day, public_url()))
    except OSError as problem:
        stop(f"写不了 {out}：{problem.strerror}。没有设任何口令。")
    except SQLAlchemyError:
        out.unlink(missing_ok=True)
        raise
    return len(kept)


@people.command("list")
@click.option("--organisation", default=None, help="组织编码：只列这个组织及其下级的人")
def list_people(organisation: str | None) -> None:
    """列出人员、岗位和账号状态。"""
    with plain_refusals():
        session, day = db.session(), shanghai_day(present())
        if organisation is None:
            found = everybody(session)
        else:
            found = people_of(session, [organisation_named(session, organisation)], day=day)
        for person in found:
            click.echo(
                "\t".join([person.username, person.name, _posts(person, day), _state(person)])
            )
    click.echo(f"共 {len(found)} 人。")


@people.command("deactivate")
@click.argument("username")
def deactivate(username: str) -> None:
    """停用一个账号：不能再登录，做过的事都保留。"""
    with plain_refusals(), administering() as session:
        person, act = person_named(session, username), Act(present())
        since = person.deactivated_at
        close_account(session, person, home=home_of(person, day=act.today), act=act)
    if since is None:
        click.echo(f"{username} 已停用，登录都已失效。")
    else:
        click.echo(f"{username} 早在 {shanghai_day(since)} 就已停用，没有改动。")


@people.command("activate")
@click.argument("username")
def activate(username: str) -> None:
    """恢复一个停用的账号。"""
    with plain_refusals(), administering() as session:
        person, act = person_named(session, username), Act(present())
        closed = person.deactivated_at is not None
        open_account(session, person, home=home_of(person, day=act.today), act=act)
    click.echo(f"{username} 已恢复。" if closed else f"{username} 没有停用，没有改动。")


@people.command("sign-out")
@click.argument("username")
def sign_out(username: str) -> None:
    """让一个人在所有设备上的登录失效。"""
    with plain_refusals(), administering() as session:
        person, act = person_named(session, username), Act(present())
        end_sign_ins(session, person, home=home_of(person, day=act.today), act=act)
    click.echo(f"{username} 的登录都已失效。")


def _asked_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("新口令", hide_input=True, confirmation_prompt="再输一遍"))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        stop("没有读到口令：请在标准输入的第一行写新口令，或在终端上直接运行。没有改动。")
    return line


def _places(
    session: Session, town: str | None, organisation: str | None, day: date
) -> Sequence[Organisation]:
    place = organisation_named(session, town or organisation or "")
    if town is None:
        return [place]
    if place.type is not OrganisationType.town:
        stop(f"{town} 不是镇。")
    return [place, *companies_serving(session, place.id, day=day)]


def _posts(person: Person, day: date) -> str:
    held = [post for post in person.posts if post.holds_on(day)]
    labels = [f"{post.organisation.name}{ROLE_LABELS[post.role]}" for post in held]
    return "、".join(labels) or "无岗位"


def _state(person: Person) -> str:
    if person.deactivated_at is not None:
        return "已停用"
    return "可登录" if person.password_hash else "未设口令"
