"""The first start: the database is made or migrated, and filled where that is allowed."""

import logging
from collections.abc import Iterable
from unicodedata import east_asian_width

from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.demo.allowed import Holdings, Place
from app.demo.load import Account, load_demo
from app.jobs.embedded import ACCOUNTS_FILE, write_private
from app.kernel.clock import utc_now
from app.kernel.db import db, unit_of_work
from app.kernel.facts import DEMONSTRATION, deployment_fact
from app.people.models import Organisation
from app.people.passwords import HashCost
from config.settings import Settings


def prepare(settings: Settings, place: Place) -> Holdings:
    """Bring the schema up to date and load the demonstration into an empty database where it may
    live; says what the database holds then. Leaves no connection behind: workers fork next."""
    app = create_app(settings)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        try:
            upgrade()
            holdings = _holdings(db.session())
            if holdings.filled or not place.may_demonstrate:
                return holdings
            _load_demonstration(settings)
            return Holdings(filled=True, demonstration=True)
        finally:
            db.session.remove()
            db.engine.dispose()


def _holdings(session: Session) -> Holdings:
    filled = session.scalar(select(Organisation.id).limit(1)) is not None
    return Holdings(filled, deployment_fact(session, DEMONSTRATION) is not None)


def _load_demonstration(settings: Settings) -> None:
    cost = HashCost(settings.argon2_memory_kib, settings.argon2_time_cost)
    with unit_of_work() as session:
        accounts = load_demo(session, cost=cost, now=utc_now())
        # Before the commit: a database whose passwords nobody knows is of no use.
        write_private(ACCOUNTS_FILE, account_sheet(accounts))
    print("\n已装入演示乡镇（虚构）。演示账号：\n")
    print(account_sheet(accounts))
    print(f"口令只显示这一次，另存于 {ACCOUNTS_FILE}；")
    print("重设口令：.venv/bin/flask --app wsgi people set-password 用户名", flush=True)


def account_sheet(accounts: Iterable[Account]) -> str:
    """The accounts as aligned columns: username, password, name, roles, organisations."""
    rows = [("用户名", "口令", "姓名", "角色", "单位")]
    rows += [(a.username, a.password, a.name, a.roles, a.organisations) for a in accounts]
    widths = [max(_width(row[column]) for row in rows) for column in range(5)]
    return "".join(_line(row, widths) for row in rows)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
    return "  ".join(cells).rstrip() + "\n"


def _width(text: str) -> int:
    """Columns a terminal gives to a text: two for a Chinese character."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
