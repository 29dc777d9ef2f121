"""`organisations give` and `take-back`: what a management group looks after."""

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.administration.audit import Act
from app.administration.organisations import given_codes, record_given
from app.jobs.terminal import plain_refusals, present
from app.kernel.db import administering
from app.people.administration import give_to_group, organisation_named, take_from_group
from app.people.models import Organisation

organisations = AppGroup("organisations", help="管理组分管的社区和村。")


@organisations.command("give")
@click.argument("group")
@click.argument("codes", nargs=-1, required=True, metavar="ORG...")
def give(group: str, codes: tuple[str, ...]) -> None:
    """从今天起，把社区或村交给管理组分管。"""
    with plain_refusals(), administering() as session:
        holder = organisation_named(session, group)
        act = Act(present())
        before = given_codes(session, holder, act)
        count = give_to_group(session, holder, _all_named(session, codes), today=act.today)
        record_given(session, holder, before, act=act)
        name = holder.name
    click.echo(f"{name}新增分管 {count} 个。")


@organisations.command("take-back")
@click.argument("group")
@click.argument("codes", nargs=-1, required=True, metavar="ORG...")
def take_back(group: str, codes: tuple[str, ...]) -> None:
    """从今天起，管理组不再分管这些社区或村。"""
    with plain_refusals(), administering() as session:
        holder = organisation_named(session, group)
        act = Act(present())
        before = given_codes(session, holder, act)
        count = take_from_group(session, holder, _all_named(session, codes), today=act.today)
        record_given(session, holder, before, act=act)
        name = holder.name
    click.echo(f"{name}不再分管 {count} 个。")


def _all_named(session: Session, codes: tuple[str, ...]) -> list[Organisation]:
    return [organisation_named(session, code) for code in codes]
