"""How often one may ask: exact, whatever the number of processes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.kernel.db import db
from config.settings import Settings
from tests.clocks import MovableClock
from tests.towns import PASSWORD, Town, cheap_settings
from tests.web.asking import BASE, refused

SignIn = Callable[[str], dict[str, str]]


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands."""
    made = MovableClock()
    made.set(datetime(2026, 11, 23, 1, tzinfo=UTC))
    return made


@pytest.fixture
def settings(database_url: str, photo_folder: Path) -> Settings:
    """Low limits."""
    known = cheap_settings(database_url, photo_folder)
    return known.model_copy(update={"limit_sign_ins": 3, "limit_requests": 5})


@pytest.fixture
def second_app(settings: Settings, clock: MovableClock) -> Iterator[Flask]:
    """Another process on the same database."""
    made = create_app(settings, clock=clock)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def attempt(client: FlaskClient, username: str, password: str = "wrong", **more: Any) -> Any:
    """Tries to sign in."""
    body = {"username": username, "password": password}
    return client.post(f"{BASE}/auth/password", json=body, **more)


def from_address(address: str) -> dict[str, Any]:
    """The environment of a request from an address."""
    return {"environ_base": {"REMOTE_ADDR": address}}


def test_sign_ins_per_name(client: FlaskClient, town: Town, clock: MovableClock) -> None:
    for number in range(3):
        answer = attempt(client, "wangge11", **from_address(f"10.0.0.{number}"))
        assert answer.status_code == 401
    # The right password too: the try is counted before it is looked at.
    answer = attempt(client, "wangge11", PASSWORD, **from_address("10.0.0.9"))
    assert refused(answer) == (429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) == 60
    clock.move(timedelta(seconds=59))
    late = attempt(client, "wangge11", PASSWORD, **from_address("10.0.0.9"))
    assert int(late.headers["Retry-After"]) == 1
    clock.move(timedelta(seconds=1))
    assert attempt(client, "wangge11", PASSWORD, **from_address("10.0.0.9")).status_code == 200


def test_sign_ins_per_address(client: FlaskClient, second_app: Flask, town: Town) -> None:
    second = second_app.test_client()
    statuses = [attempt(c, f"nobody{n}").status_code for n, c in enumerate([client, second] * 3)]
    assert statuses == [401, 401, 401, 429, 429, 429]
    assert attempt(client, "nobody9", **from_address("10.9.9.9")).status_code == 401


def test_a_forged_address_is_not_believed(client: FlaskClient, town: Town) -> None:
    statuses = [
        attempt(client, f"nobody{n}", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
        for n in range(4)
    ]
    assert statuses == [401, 401, 401, 429]


def test_a_trusted_proxy_is_believed_and_only_it(
    settings: Settings, clock: MovableClock, town: Town
) -> None:
    app = create_app(settings.model_copy(update={"trusted_proxies": 1}), clock=clock)
    client = app.test_client()
    for n in range(4):
        headers = {"X-Forwarded-For": f"6.6.6.6, 10.0.0.{n}"}
        assert attempt(client, f"nobody{n}", headers=headers).status_code == 401
    forged = [
        attempt(client, f"somebody{n}", headers={"X-Forwarded-For": f"7.7.7.{n}, 10.1.1.1"})
        for n in range(4)
    ]
    assert [answer.status_code for answer in forged] == [401, 401, 401, 429]
    with app.app_context():
        db.engine.dispose()


def test_requests_per_person_in_all_processes(
    client: FlaskClient, second_app: Flask, town: Town, sign_in: SignIn, clock: MovableClock
) -> None:
    mine, other = sign_in("wangge11"), sign_in("wangge12")
    clients = [client, second_app.test_client()] * 4
    answers = [c.get(f"{BASE}/me", headers=mine) for c in clients]
    assert [a.status_code for a in answers] == [200] * 5 + [429] * 3
    assert refused(answers[-1]) == (429, "too_many_requests")
    assert int(answers[-1].headers["Retry-After"]) == 60
    assert client.get(f"{BASE}/me", headers=other).status_code == 200
    clock.move(timedelta(seconds=60))
    assert client.get(f"{BASE}/me", headers=mine).status_code == 200


class TestInBlocks:
    """A high limit is taken in blocks: one process grants exactly as many, two never more."""

    @pytest.fixture
    def settings(self, database_url: str, photo_folder: Path) -> Settings:
        """A limit that blocks do not divide."""
        known = cheap_settings(database_url, photo_folder)
        return known.model_copy(update={"limit_requests": 127})

    def granted(self, clients: list[FlaskClient], headers: dict[str, str]) -> int:
        """How many of the requests are let through."""
        statuses = [c.get(f"{BASE}/me", headers=headers).status_code for c in clients]
        return statuses.count(200)

    def test_one_process(self, client: FlaskClient, town: Town, sign_in: SignIn) -> None:
        assert self.granted([client] * 140, sign_in("wangge11")) == 127

    def test_two_processes(
        self, client: FlaskClient, second_app: Flask, town: Town, sign_in: SignIn
    ) -> None:
        both = [client, second_app.test_client()] * 70
        assert 126 <= self.granted(both, sign_in("wangge11")) <= 127
