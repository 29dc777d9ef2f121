"""A warden in a stairwell: no network, a reload, a server killed half-way, and one ticket."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.photos.models import Photo
from app.tickets.models import Ticket, TicketPhoto
from config.settings import Settings
from tests.journeys.phones import Phone
from tests.towns import Town
from tests.web.asking import a_picture

PATIENCE_S = 60


class Server:
    """The application in a process of its own on one port, which can be killed and come back."""

    def __init__(self, settings: Settings, half_way: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.half_way = half_way
        self._variables = {
            "GEXUN_DATABASE_URL": settings.database_url,
            "GEXUN_PHOTO_STORE": settings.photo_store,
            "GEXUN_SECRET_KEY": settings.secret_key.get_secret_value(),
            "GEXUN_ENV": "production",
            "PATH": os.environ["PATH"],
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, stalling: bool) -> None:
        """Serves; stalling, it never gets to the end of a photo."""
        arguments = [str(self.port), *([str(self.half_way)] if stalling else [])]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.serve", *arguments], env=self._variables
        )
        wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """As a power cut does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


def wait_until(holds: Callable[[], bool]) -> None:
    """Looks until something holds; raises when it never does."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def killable(app: Flask, settings: Settings, tmp_path: Path) -> Iterator[Server]:
    """A server on this test's database, dead in the end."""
    server = Server(settings, tmp_path / "half-way")
    yield server
    server.kill()


@contextmanager
def no_network(phone: Phone) -> Iterator[None]:
    """While a phone has none."""
    phone.context.set_offline(True)
    yield
    phone.context.set_offline(False)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
def test_two_photos_offline_a_reload_and_a_killed_server_are_one_ticket(
    killable: Server, open_phone: Callable[..., Phone], town: Town, session: Session
) -> None:
    killable.start(stalling=True)
    phone = open_phone(killable.url)
    phone.sign_in("wangge11")
    phone.reads("示例花园")
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")

    with no_network(phone):
        phone.shoot("拍照上报", a_picture(640, 480))
        phone.shoot("再拍一张", a_picture(480, 640))
        expect(phone.page.locator(".strip li")).to_have_count(2)
        phone.page.reload()
        expect(phone.page.locator(".strip li")).to_have_count(2)
        phone.tap("乱堆乱放")
        phone.reads("已记下，有网后自动发")
        phone.page.reload()
        phone.reads("1 条待发")

    wait_until(killable.half_way.exists)
    killable.kill()
    phone.reads("1 条待发")
    assert _counts(session) == (0, 0, 0)

    killable.start(stalling=False)
    phone.tap("1 条待发")
    phone.tap("现在重试")
    phone.reads("没有待发的")
    phone.reads("已经送到")
    assert _counts(session) == (1, 2, 2)
    ticket = session.scalars(select(Ticket)).one()
    assert ticket.compound is not None
    assert ticket.compound.name == "示例花园"


def _counts(session: Session) -> tuple[Any, ...]:
    session.rollback()
    tables: tuple[Any, ...] = (Ticket, Photo, TicketPhoto)
    return tuple(session.scalar(select(func.count()).select_from(table)) for table in tables)
