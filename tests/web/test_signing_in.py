"""Sign in, tokens, page sessions, and what a person without a post may do."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.kernel.clock import shanghai_day
from app.kernel.db import unit_of_work
from app.people.models import AccessToken, Person, Post
from app.people.service import deactivate_person
from app.web.auth import COOKIE
from config.settings import Settings
from tests.budgets import counted_queries
from tests.clocks import MovableClock
from tests.towns import PASSWORD, Town, cheap_settings
from tests.web.asking import BASE, a_report, keyed, refused

SignIn = Callable[[str], dict[str, str]]


def signed_in(client: FlaskClient, **more: Any) -> Any:
    """The answer to a sign-in of the first warden."""
    body = {"username": "wangge11", "password": PASSWORD, **more}
    return client.post(f"{BASE}/auth/password", json=body)


def test_the_answer_of_a_sign_in(client: FlaskClient, town: Town, session: Session) -> None:
    answer = signed_in(client)
    body = answer.get_json()
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert body["person"]["posts"][0]["role"] == "warden"
    assert body["person"]["posts"][0]["role_label"] == "网格员"
    assert body["person"]["posts"][0]["organisation"]["code"] == town.community()
    kept = session.scalars(select(AccessToken.token_hash)).all()
    assert body["access_token"] not in kept, "only its hash is kept"


@pytest.mark.parametrize(
    ("username", "password"),
    [("wangge11", "wrong"), ("nobody", PASSWORD), ("WANGGE11", PASSWORD), ("wangge11", "x" * 1024)],
)
def test_wrong_is_wrong(client: FlaskClient, town: Town, username: str, password: str) -> None:
    answer = client.post(f"{BASE}/auth/password", json={"username": username, "password": password})
    assert refused(answer) == (401, "bad_credentials")


def test_a_closed_account_is_nobody(
    app: Flask, client: FlaskClient, town: Town, sign_in: SignIn, clock: MovableClock
) -> None:
    headers = sign_in("wangge11")
    with app.app_context(), unit_of_work() as session:
        deactivate_person(session, person(session), now=clock())
    assert refused(client.get(f"{BASE}/me", headers=headers)) == (401, "not_signed_in")
    assert refused(signed_in(client)) == (401, "bad_credentials")


def person(session: Session) -> Person:
    """The first warden."""
    return session.scalars(select(Person).where(Person.username == "wangge11")).one()


def test_a_post_that_ended_yesterday_gives_nothing(
    app: Flask, client: FlaskClient, town: Town, sign_in: SignIn, clock: MovableClock
) -> None:
    headers, today = sign_in("wangge11"), shanghai_day(clock())
    assert client.get(f"{BASE}/tickets", headers=headers).status_code == 200
    with app.app_context(), unit_of_work() as session:
        mine = Post.person_id == person(session).id
        session.execute(
            update(Post).where(mine).values(from_on=today - timedelta(days=9), to_on=today)
        )
    me = client.get(f"{BASE}/me", headers=headers)
    assert (me.status_code, me.get_json()["posts"]) == (200, [])
    for path in ("/tickets", "/cells", "/categories", "/coverage"):
        assert refused(client.get(BASE + path, headers=headers)) == (403, "not_allowed")
    report = client.post(f"{BASE}/tickets", json=a_report(), headers=keyed(headers))
    assert refused(report) == (403, "not_allowed")
    assert client.post(f"{BASE}/auth/logout", headers=headers).status_code == 204


def test_a_page_session(client: FlaskClient, town: Town) -> None:
    answer = signed_in(client, cookie=True)
    body, cookie = answer.get_json(), answer.headers["Set-Cookie"]
    assert body["access_token"] is None
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie
    again = client.get(f"{BASE}/me").get_json()["csrf_token"]
    assert again == body["csrf_token"], "the client keeps the cookie, a page opened anew its token"
    csrf = {"X-CSRF-Token": body["csrf_token"]}
    for wrong in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "é"}, {"X-CSRF-Token": "0" * 64}):
        answer = client.post(f"{BASE}/tickets", json=a_report(), headers=wrong)
        assert refused(answer) == (403, "bad_csrf_token")
    assert client.post(f"{BASE}/tickets", json=a_report(), headers=csrf).status_code == 201
    out = client.post(f"{BASE}/auth/logout", headers=csrf)
    assert out.status_code == 204
    assert out.headers["Set-Cookie"].startswith(f"{COOKIE}=; ")
    assert refused(client.get(f"{BASE}/me")) == (401, "not_signed_in")


def test_no_page_of_another_site_signs_in_or_out(client: FlaskClient, town: Town) -> None:
    """A form elsewhere can send neither JSON nor the CSRF token; a bearer needs no such token."""
    body = json.dumps({"username": "wangge11", "password": PASSWORD, "cookie": True})
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = client.post(f"{BASE}/auth/password", data=body, content_type=media_type)
        assert refused(answer) == (415, "unsupported_media_type")
        assert "Set-Cookie" not in answer.headers
    token = signed_in(client).get_json()["access_token"]
    bearer = client.get(f"{BASE}/me", headers={"Authorization": f"Bearer {token}"})
    assert bearer.get_json()["csrf_token"] is None
    signed_in(client, cookie=True)
    assert refused(client.post(f"{BASE}/auth/logout")) == (403, "bad_csrf_token")
    assert client.get(f"{BASE}/me").status_code == 200


def test_a_token_in_the_header_goes_before_the_cookie(client: FlaskClient, town: Town) -> None:
    signed_in(client, cookie=True)
    answer = client.get(f"{BASE}/me", headers={"Authorization": "Bearer dead"})
    assert refused(answer) == (401, "not_signed_in")


class TestBehindHttps:
    """The public address says what the cookie and the addresses of photos are."""

    @pytest.fixture
    def settings(self, database_url: str, photo_folder: Any) -> Settings:
        """Settings of a deployment behind a proxy."""
        known = cheap_settings(database_url, photo_folder)
        return known.model_copy(update={"public_url": "https://gexun.example/town"})

    def test_the_cookie_is_secure(self, client: FlaskClient, town: Town) -> None:
        assert "; Secure" in signed_in(client, cookie=True).headers["Set-Cookie"]

    def test_a_browser_keeps_to_https(self, client: FlaskClient) -> None:
        for path in ("/healthz", "/m", "/nowhere"):
            assert client.get(path).headers["Strict-Transport-Security"] == "max-age=31536000"

    def test_photo_addresses_are_whole(
        self, client: FlaskClient, town: Town, sign_in: SignIn
    ) -> None:
        from tests.web.asking import a_picture, upload

        photo = upload(client, keyed(sign_in("wangge11")), a_picture()).get_json()
        prefix = "https://gexun.example/town"
        assert photo["urls"]["thumb"].startswith(f"{prefix}/api/v1/photos/")
        assert client.get(photo["urls"]["thumb"].removeprefix(prefix)).status_code == 200


def test_me_costs_two_queries(app: Flask, client: FlaskClient, town: Town, sign_in: SignIn) -> None:
    """Who it is with their posts, and how many messages are unread."""
    headers = sign_in("wangge11")
    client.get(f"{BASE}/me", headers=headers)
    with counted_queries(app) as statements:
        client.get(f"{BASE}/me", headers=headers)
    assert len(statements) == 2


def test_request_ids_and_safe_headers(client: FlaskClient) -> None:
    for sent in ("abc", "0" * 128, "a/b:c"):
        answer = client.get("/healthz", headers={"X-Request-ID": sent})
        assert answer.headers["X-Request-ID"] == sent
    made = {client.get("/healthz").headers["X-Request-ID"] for _ in range(2)}
    made |= {client.get("/x", headers={"X-Request-ID": "0" * 129}).headers["X-Request-ID"]}
    assert len(made) == 3
    for answer in (client.get("/healthz"), client.get("/x"), client.get(f"{BASE}/docs")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "Strict-Transport-Security" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
