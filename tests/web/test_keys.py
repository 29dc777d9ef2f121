"""Keys are replaced while people work: what the old one signed holds until it is taken away."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from app import create_app
from app.kernel.db import db
from config.settings import Settings
from tests.towns import PASSWORD, Town
from tests.web.asking import BASE, a_picture, keyed, upload

OLD, NEW = "the key until the summer is long enough", "the key from the summer on is as long"

Instance = Callable[..., FlaskClient]


@pytest.fixture
def instance(settings: Settings, town: Town) -> Iterator[Instance]:
    """Makes an instance on the same database with keys of its own."""
    with ExitStack() as made:

        def start(keys: str) -> FlaskClient:
            secret = SecretStr(keys)
            update = {"session_keys": secret, "url_keys": secret}
            app = create_app(settings.model_copy(update=update))
            made.callback(_close, app)
            return app.test_client(use_cookies=False)

        yield start


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def sign_in(client: FlaskClient) -> tuple[str, dict[str, str]]:
    """A page session: its cookie, and what its writes carry."""
    body = {"username": "wangge11", "password": PASSWORD, "cookie": True}
    answer = client.post(f"{BASE}/auth/password", json=body)
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return cookie, {"X-CSRF-Token": answer.get_json()["csrf_token"]}


def write(client: FlaskClient, cookie: str, carried: dict[str, str]) -> int:
    """The status of a write by the page session."""
    headers = {**carried, "Cookie": cookie}
    status: int = client.post(f"{BASE}/notices/read", json={}, headers=headers).status_code
    return status


def test_a_new_key_signs_and_the_old_one_is_taken_until_it_is_left_out(instance: Instance) -> None:
    before = instance(OLD)
    cookie, carried = sign_in(before)
    bearer = before.post(
        f"{BASE}/auth/password", json={"username": "wangge11", "password": PASSWORD}
    ).get_json()["access_token"]
    photo: Any = upload(before, keyed({"Authorization": f"Bearer {bearer}"}), a_picture())
    address = photo.get_json()["urls"]["thumb"]
    both = instance(f"{NEW}, {OLD}")
    assert write(both, cookie, carried) == 200
    assert both.get(address).status_code == 200
    fresh = both.get(f"{BASE}/me", headers={"Cookie": cookie}).get_json()["csrf_token"]
    assert fresh != carried["X-CSRF-Token"]
    # An instance that has not been told yet does not know what the new key signs; the next does.
    assert write(before, cookie, {"X-CSRF-Token": fresh}) == 403
    after = instance(NEW)
    assert write(after, cookie, {"X-CSRF-Token": fresh}) == 200
    assert write(after, cookie, carried) == 403
    assert after.get(address).status_code == 403
    told = after.get(f"{BASE}/me", headers={"Authorization": f"Bearer {bearer}"})
    assert told.status_code == 200


def test_sessions_and_addresses_have_keys_of_their_own(settings: Settings) -> None:
    known = settings.model_copy(update={"url_keys": SecretStr(f"{NEW},{OLD}")})
    assert known.keys_for("urls") == (NEW, OLD)
    assert known.keys_for("sessions") == (settings.secret_key.get_secret_value(),)
