"""Signing in with WeChat: who is bound, who may bind, once, and what an administrator undoes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app import create_app
from app.kernel.db import db, unit_of_work
from app.people.hosts.models import HostBinding, PrivacyConsent
from app.people.models import Person
from app.people.queries import person_by_username
from app.people.service import deactivate_person
from config.settings import Settings
from tests.adapters.conftest import wechat as wechat
from tests.adapters.conftest import wechat_server as wechat_server
from tests.clocks import MovableClock
from tests.towns import Town, cheap_settings
from tests.wechat_apps import with_wechat
from tests.wechat_server import LOGIN, PHONE, SESSION_KEY, Order, WeChatServer

SignIn = Callable[[str], dict[str, str]]
BASE = "/api/v1"
NUMBER, OTHER, NOBODYS = "13000001111", "13000002222", "13000003333"


@pytest.fixture
def settings(database_url: str, photo_folder: Any, wechat: WeChatServer) -> Settings:
    """The application knows the app of the stand-in."""
    return with_wechat(cheap_settings(database_url, photo_folder), wechat, privacy_version="2026.1")


class Phone:
    """Somebody's WeChat, and what they ask with it."""

    def __init__(self, client: FlaskClient, wechat: WeChatServer, subject: str) -> None:
        self.client, self.wechat, self.subject = client, wechat, subject

    def ask(self, path: str, **body: Any) -> tuple[int, Any]:
        answer = self.client.post(f"{BASE}{path}", json=body)
        assert SESSION_KEY not in answer.text and self.subject not in answer.text
        return answer.status_code, answer.get_json()

    def sign_in(self, **more: Any) -> tuple[int, Any]:
        return self.ask("/auth/wechat", code=self.wechat.login_code(self.subject), **more)

    def ticket(self) -> str:
        status, problem = self.sign_in()
        assert (status, problem["code"]) == (409, "binding_required")
        assert problem["privacy_version"] == "2026.1"
        return str(problem["binding_ticket"])

    def bind(self, number: str, ticket: str | None = None, **more: Any) -> tuple[int, Any]:
        asked = {"consent": "2026.1", "phone_code": self.wechat.phone_code(number), **more}
        return self.ask("/auth/wechat/bind", binding_ticket=ticket or self.ticket(), **asked)

    def token(self) -> dict[str, str]:
        status, body = self.sign_in()
        assert status == 200, body
        return {"Authorization": f"Bearer {body['access_token']}"}


@pytest.fixture
def phones(
    town: Town, app: Flask, client: FlaskClient, wechat: WeChatServer
) -> Callable[[str], Phone]:
    """WeChats by their subjects, in a township that registered two numbers."""
    with app.app_context(), unit_of_work() as session:
        for username, number in (("wangge11", NUMBER), ("wangge12", OTHER)):
            named = Person.username == username
            session.execute(update(Person).where(named).values(phone=number))
    return lambda subject: Phone(client, wechat, subject)


def code_of(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1].get("code", "")


def test_a_warden_binds_once_and_then_just_signs_in(
    phones: Callable[[str], Phone], client: FlaskClient, app: Flask
) -> None:
    mine = phones("o-mine")
    ticket = mine.ticket()
    assert code_of(mine.bind(NOBODYS, ticket)) == (403, "phone_not_registered")
    assert code_of(mine.bind(NUMBER, ticket, consent="2025.1")) == (409, "consent_required")
    status, body = mine.bind(NUMBER, ticket)
    assert (status, body["person"]["username"]) == (200, "wangge11")
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    assert client.get(f"{BASE}/me", headers=headers).get_json()["username"] == "wangge11"
    assert client.get(f"{BASE}/me", headers=mine.token()).status_code == 200
    # Neither this WeChat nor this account is joined to another one.
    assert code_of(mine.bind(OTHER, ticket)) == (409, "already_bound")
    assert code_of(phones("o-thief").bind(NUMBER)) == (409, "already_bound")
    with app.app_context():
        (row,) = db.session.scalars(select(HostBinding))
        assert (row.subject, row.ended_at) == ("o-mine", None)
        assert [one.version for one in db.session.scalars(select(PrivacyConsent))] == ["2026.1"]
        db.session.remove()


def test_an_administrator_parts_what_was_bound_and_it_is_logged(
    phones: Callable[[str], Phone], client: FlaskClient, sign_in: SignIn, clock: MovableClock
) -> None:
    old, new = phones("o-old"), phones("o-new")
    old.bind(NUMBER)
    held, boss = old.token(), sign_in("guanli")
    path = f"{BASE}/people/wangge11/unbind"
    assert client.post(path, headers=sign_in("shequ1")).status_code == 403
    for _ in range(2):
        assert client.post(path, headers=boss).status_code == 200
    assert client.get(f"{BASE}/me", headers=held).status_code == 401
    assert new.bind(NUMBER)[0] == 200
    assert code_of(old.sign_in()) == (409, "binding_required")
    log = client.get(f"{BASE}/audit?subject=wangge11", headers=boss).get_json()["items"]
    assert [one["action"] for one in log if one["action"] == "unbind"] == ["unbind"]
    # What a person undoes themselves takes their consent with it.
    assert client.delete(f"{BASE}/me/wechat", headers=new.token()).status_code == 204
    assert new.bind(NUMBER)[0] == 200


def test_a_new_guide_is_agreed_to_before_the_next_sign_in(
    phones: Callable[[str], Phone], app: Flask
) -> None:
    mine = phones("o-mine")
    mine.bind(NUMBER)
    with app.app_context(), unit_of_work() as session:
        session.execute(update(PrivacyConsent).values(version="2025.1"))
    status, problem = mine.sign_in()
    assert (status, problem["code"]) == (409, "consent_required")
    assert mine.sign_in(consent=problem["privacy_version"])[0] == 200
    assert mine.sign_in()[0] == 200
    assert code_of(mine.sign_in(consent="2025.1")) == (409, "consent_required")


def test_tickets_that_are_over_altered_or_somebody_elses(
    phones: Callable[[str], Phone], clock: MovableClock, wechat: WeChatServer
) -> None:
    mine, refused = phones("o-mine"), (422, "binding_ticket_refused")
    ticket = mine.ticket()
    for other in (ticket[:-3] + "AAA", "made up", "说明"):
        assert code_of(mine.bind(NUMBER, other)) == refused
    clock.move(timedelta(minutes=11))
    assert code_of(mine.bind(NUMBER, ticket)) == refused
    assert wechat.count(PHONE) == 0


def test_who_is_closed_out_here_is_not_let_in_by_wechat(
    phones: Callable[[str], Phone], app: Flask, clock: MovableClock
) -> None:
    mine = phones("o-mine")
    mine.bind(NUMBER)
    with app.app_context(), unit_of_work() as session:
        for username in ("wangge11", "wangge12"):
            person = person_by_username(session, username)
            assert person is not None
            deactivate_person(session, person, now=clock())
    assert code_of(mine.sign_in()) == (401, "account_closed")
    assert code_of(phones("o-other").bind(OTHER)) == (403, "phone_not_registered")


def test_what_wechat_refuses_is_said_in_chinese_and_changes_nothing(
    phones: Callable[[str], Phone], wechat: WeChatServer, app: Flask
) -> None:
    mine = phones("o-mine")
    code = wechat.login_code("o-mine")
    assert mine.ask("/auth/wechat", code=code)[0] == 409
    assert code_of(mine.ask("/auth/wechat", code=code)) == (422, "host_code_refused")
    wechat.then(LOGIN, Order(errcode=45011), Order(closed=True))
    assert code_of(mine.sign_in()) == (429, "host_too_many")
    assert code_of(mine.sign_in()) == (503, "host_unavailable")
    wechat.state.blocked.add("o-mine")
    assert code_of(mine.sign_in()) == (403, "host_blocked")
    wechat.then(PHONE, Order(errcode=-1), Order(errcode=-1))
    assert code_of(phones("o-other").bind(NUMBER)) == (503, "host_unavailable")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(HostBinding)) == 0
        db.session.remove()


ON_ONE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@ON_ONE
def test_tries_are_counted_with_those_of_passwords(
    database_url: str, photo_folder: Any, wechat: WeChatServer, town: Town, clock: MovableClock
) -> None:
    few = with_wechat(cheap_settings(database_url, photo_folder), wechat, limit_sign_ins=3)
    client = create_app(few, clock=clock).test_client()
    mine = Phone(client, wechat, "o-mine")
    assert [mine.ask("/auth/wechat", code="made-up")[0] for _ in range(4)] == [422, 422, 422, 429]
    assert wechat.count(LOGIN) == 3
    body = {"username": "wangge11", "password": "x"}
    assert client.post(f"{BASE}/auth/password", json=body).status_code == 429


@ON_ONE
def test_without_an_app_there_is_no_such_sign_in(
    town: Town, database_url: str, photo_folder: Any, clock: MovableClock
) -> None:
    client = create_app(cheap_settings(database_url, photo_folder), clock=clock).test_client()
    answer = client.post(f"{BASE}/auth/wechat", json={"code": "abc"})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
