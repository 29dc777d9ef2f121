"""The demonstration goes into an empty database, and its accounts onto the terminal and a file."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from unicodedata import east_asian_width

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.allowed import Holdings
from app.demo.keeping import RememberingStore
from app.demo.load import Account, Wish, load_demo
from app.demo.weeks.world import Shares
from app.jobs.ctrl_c import CtrlC
from app.jobs.embedded import accounts_file, write_private
from app.kernel.clock import utc_now
from app.kernel.db import db, unit_of_work
from app.kernel.facts import DEMONSTRATION, deployment_fact
from app.people.models import Organisation
from app.people.passwords import HashCost
from app.photos.store import PhotoStore
from config.settings import Settings

BROKEN_OFF = "已中断，什么都没有装入；再运行一次即可。"


class LoadBrokenOff(Exception):
    """Somebody pressed Ctrl-C while the demonstration was loaded; the message is one sentence."""


def holdings_of(session: Session) -> Holdings:
    """What a database with tables holds."""
    filled = session.scalar(select(Organisation.id).limit(1)) is not None
    return Holdings(filled, deployment_fact(session, DEMONSTRATION) is not None)


def load_demonstration(settings: Settings, store: PhotoStore, wish: Wish) -> None:
    """Load it in one transaction: when it is broken off, nothing was there, and it begins anew.

    Raises LoadBrokenOff upon Ctrl-C before the commit.
    """
    ctrl_c = CtrlC()
    keeping, accounts = RememberingStore(store, ctrl_c.obey), []
    try:
        with ctrl_c:
            accounts = _load(settings, keeping, wish, obey=ctrl_c.obey)
    except BaseException as problem:
        # Ctrl-C may arrive just after the commit: then it is loaded, and its photos stay.
        if not holdings_of(db.session()).filled:
            keeping.forget()
            if isinstance(problem, KeyboardInterrupt):
                raise LoadBrokenOff(BROKEN_OFF) from None
        raise
    _tell_accounts(accounts, accounts_file(settings.database_url))


def _load(
    settings: Settings, store: PhotoStore, wish: Wish, *, obey: Callable[[], None]
) -> list[Account]:
    cost = HashCost(settings.argon2_memory_kib, settings.argon2_time_cost)
    if wish.weeks:
        print(f"正在生成演示资料：两个虚构乡镇最近 {wish.weeks} 周的工作……", flush=True)
    with unit_of_work() as session:
        accounts = load_demo(
            session,
            store,
            wish,
            cost=cost,
            shares=Shares(settings.second_look_percent, settings.spot_check_percent),
            now=utc_now(),
            say=partial(print, flush=True),
        )
        obey()
        # Before the commit: a database whose passwords nobody knows is of no use.
        write_private(accounts_file(settings.database_url), account_sheet(accounts))
    return accounts


def _tell_accounts(accounts: list[Account], kept: Path) -> None:
    print("\n已装入演示资料（乡镇、单位和人员均为虚构）。演示账号：\n")
    print(account_sheet(accounts))
    print(f"以后启动不再显示口令；这份名单存在 {kept}，只有本机本用户能读。")
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
