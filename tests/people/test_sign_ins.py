"""One's own sign-ins and password over HTTP; the lock after wrong passwords."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import Settings
from tests.clocks import MovableClock
from tests.towns import LONG_AGO, PASSWORD, Town, cheap_settings
from tests.web.asking import BASE

WHO = "wangge11"
NEW = "yun-dan-feng-qing"


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands."""
    made = MovableClock()
    made.set(datetime(2026, 11, 23, 1, tzinfo=UTC))
    return made


@pytest.fixture
def settings(database_url: str, photo_folder: Path) -> Settings:
    """A name is locked after three wrong passwords."""
    known = cheap_settings(database_url, photo_folder)
    return known.model_copy(update={"limit_failed_sign_ins": 3})


def sign_in(client: FlaskClient, password: str = PASSWORD, who: str = WHO, **more: str) -> Any:
    """The raw answer to a try."""
    body = {"username": who, "password": password}
    return client.post(f"{BASE}/auth/password", json=body, headers=more)


def bearer(client: FlaskClient, **more: str) -> dict[str, str]:
    """What a fresh sign-in sends."""
    answer = sign_in(client, **more)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}


def listed(client: FlaskClient, headers: dict[str, str]) -> list[Any]:
    """One's sign-ins, without the one that everybody has had all along."""
    answer = client.get(f"{BASE}/me/sign-ins", headers=headers)
    assert answer.status_code == 200, answer.text
    return [one for one in answer.get_json()["items"] if one["issued_at"] > f"{LONG_AGO}T23"]


def code_of(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.get_json()["code"]


def test_a_lost_phone_is_signed_out_from_another(
    client: FlaskClient, town: Town, clock: MovableClock
) -> None:
    lost = bearer(client, **{"User-Agent": "Mozilla/5.0 (Linux; Android 10) MicroMessenger/8"})
    clock.move(timedelta(hours=1))
    mine = bearer(client, **{"User-Agent": "x" * 400})
    items = listed(client, mine)
    assert [one["current"] for one in items] == [True, False]
    assert items[0]["agent"] == "x" * 160
    assert "MicroMessenger" in items[1]["agent"]
    assert items[1]["issued_at"] == "2026-11-23T09:00:00+08:00"
    path = f"{BASE}/me/sign-ins/{items[1]['id']}"
    other = bearer(client, who="wangge12")
    assert code_of(client.delete(path, headers=other)) == (404, "not_found")
    assert client.delete(path, headers=mine).status_code == 204
    assert client.get(f"{BASE}/me", headers=lost).status_code == 401
    assert client.get(f"{BASE}/me", headers=mine).status_code == 200
    assert code_of(client.delete(path, headers=mine)) == (404, "not_found")
    assert code_of(client.delete(f"{BASE}/me/sign-ins/1", headers=mine)) == (404, "not_found")
    assert len(listed(client, mine)) == 1


def test_all_others_at_once(client: FlaskClient, town: Town) -> None:
    others = [bearer(client) for _ in range(3)]
    mine, colleague = bearer(client), bearer(client, who="wangge12")
    assert client.delete(f"{BASE}/me/sign-ins", headers=mine).status_code == 204
    for headers in others:
        assert client.get(f"{BASE}/me", headers=headers).status_code == 401
    for headers in (mine, colleague):
        assert client.get(f"{BASE}/me", headers=headers).status_code == 200


def test_a_password_of_one_s_own(client: FlaskClient, town: Town) -> None:
    other, mine = bearer(client), bearer(client)

    def put(old: str, new: str) -> Any:
        body = {"password": old, "new_password": new}
        return client.put(f"{BASE}/me/password", json=body, headers=mine)

    wrong = put("not this", NEW)
    assert code_of(wrong) == (422, "wrong_password")
    assert set(wrong.get_json()["errors"]) == {"password"}
    for weak in ("short", WHO, "12345678"):
        assert code_of(put(PASSWORD, weak)) == (422, "weak_password")
    assert sign_in(client).status_code == 200
    assert put(PASSWORD, NEW).status_code == 204
    assert client.get(f"{BASE}/me", headers=mine).status_code == 200
    assert client.get(f"{BASE}/me", headers=other).status_code == 401
    assert code_of(sign_in(client)) == (401, "bad_credentials")
    assert sign_in(client, NEW).status_code == 200


@pytest.mark.parametrize("who", [WHO, "nobody-is-called-so"])
def test_wrong_passwords_lock_a_name_for_a_while(
    client: FlaskClient, town: Town, clock: MovableClock, who: str
) -> None:
    for _ in range(3):
        assert code_of(sign_in(client, "wrong", who)) == (401, "bad_credentials")
        clock.move(timedelta(minutes=1))
    locked = sign_in(client, who=who)
    assert code_of(locked) == (429, "sign_in_locked")
    assert locked.headers["Retry-After"] == "720"
    assert "12 分钟" in locked.get_json()["detail"]
    assert sign_in(client, who="wangge12").status_code == 200
    clock.move(timedelta(minutes=12))
    assert sign_in(client, who=who).status_code == (200 if who == WHO else 401)


def test_the_right_password_forgets_the_wrong_ones(client: FlaskClient, town: Town) -> None:
    for _ in range(3):
        for _ in range(2):
            assert sign_in(client, "wrong").status_code == 401
        assert sign_in(client).status_code == 200


def test_guessing_the_old_password_locks_as_well(client: FlaskClient, town: Town) -> None:
    mine = bearer(client)
    body = {"password": "wrong", "new_password": NEW}
    for code in ("wrong_password",) * 3 + ("sign_in_locked",):
        answer = client.put(f"{BASE}/me/password", json=body, headers=mine)
        assert answer.get_json()["code"] == code
    assert client.get(f"{BASE}/me", headers=mine).status_code == 200


def test_an_administrator_unlocks(client: FlaskClient, town: Town) -> None:
    for _ in range(3):
        sign_in(client, "wrong")
    assert sign_in(client).status_code == 429
    guanli = bearer(client, who="guanli")
    answer = client.post(f"{BASE}/people/{WHO}/reset-password", headers=guanli)
    assert answer.status_code == 200, answer.text
    assert sign_in(client, answer.get_json()["password"]).status_code == 200


def test_the_command_unlocks_as_well(client: FlaskClient, town: Town, app: Flask) -> None:
    for _ in range(3):
        sign_in(client, "wrong")
    assert sign_in(client).status_code == 429
    told = app.test_cli_runner().invoke(args=["people", "set-password", WHO], input=f"{NEW}\n")
    assert told.exit_code == 0, told.output
    assert sign_in(client, NEW).status_code == 200
