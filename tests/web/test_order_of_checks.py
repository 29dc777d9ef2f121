"""401 → 404 → replay → 403 → 409 stale → 409 not possible → 422: what breaks several at once
is refused for the first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.kernel.clock import shanghai_day
from app.kernel.db import unit_of_work
from app.people.models import Organisation, Person, Post
from tests.clocks import MovableClock
from tests.towns import Town
from tests.web.asking import BASE, a_picture, keyed, refused, reported, upload

SignIn = Callable[[str], dict[str, str]]
WRONG: dict[str, Any] = {"version": 999, "note": 5, "photo_ids": "none"}


@pytest.fixture
def ticket(client: FlaskClient, town: Town, sign_in: SignIn) -> dict[str, Any]:
    """A ticket that waits for the company."""
    return reported(client, sign_in("wangge11"))


def test_nobody_is_told_anything(client: FlaskClient, ticket: dict[str, Any]) -> None:
    for path in (f"/tickets/{ticket['id']}/close", "/tickets/nonsense/close"):
        answer = client.post(BASE + path, json=WRONG, headers={"Idempotency-Key": "x" * 65})
        assert refused(answer) == (401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_what_is_not_visible_is_absent(
    client: FlaskClient, ticket: dict[str, Any], sign_in: SignIn
) -> None:
    stranger = sign_in("wuye21")
    path = f"{BASE}/tickets/{ticket['id']}/close"
    for headers in (stranger, keyed(stranger), keyed(stranger, "x" * 65)):
        assert refused(client.post(path, json=WRONG, headers=headers)) == (404, "not_found")


def test_a_key_is_looked_at_before_the_permission(
    client: FlaskClient, ticket: dict[str, Any], sign_in: SignIn
) -> None:
    path = f"{BASE}/tickets/{ticket['id']}/close"
    company = sign_in("wuye11")
    bad = client.post(path, json=WRONG, headers=keyed(company, "x" * 65))
    assert refused(bad) == (422, "bad_idempotency_key")
    assert refused(client.post(path, json=WRONG, headers=keyed(company))) == (403, "not_allowed")


def test_permission_before_version(
    client: FlaskClient, ticket: dict[str, Any], sign_in: SignIn
) -> None:
    path = f"{BASE}/tickets/{ticket['id']}/reject"
    answer = client.post(path, json=WRONG, headers=sign_in("wuye11"))
    assert refused(answer) == (403, "not_allowed")


def test_version_before_state_before_body(
    client: FlaskClient, ticket: dict[str, Any], sign_in: SignIn
) -> None:
    path, lead = f"{BASE}/tickets/{ticket['id']}", sign_in("shequ1")
    stale = client.post(f"{path}/close", json=WRONG, headers=lead)
    assert refused(stale) == (409, "stale_version")
    assert stale.get_json()["current"]["version"] == ticket["version"]
    right = {**WRONG, "version": ticket["version"]}
    impossible = client.post(f"{path}/close", json=right, headers=lead)
    assert refused(impossible) == (409, "action_not_possible")
    assert "comment" in impossible.get_json()["allowed_actions"]
    last = client.post(f"{path}/comment", json=right, headers=lead)
    assert refused(last) == (422, "invalid_input")
    assert {"note", "photo_ids"} <= last.get_json()["errors"].keys()


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe", b'{"version": NaN}'])
def test_what_cannot_be_read_comes_last_too(
    client: FlaskClient, ticket: dict[str, Any], sign_in: SignIn, body: bytes
) -> None:
    path = f"{BASE}/tickets/{ticket['id']}"
    asks = {"data": body, "content_type": "application/json", "headers": sign_in("shequ1")}
    assert refused(client.post(f"{path}/close", **asks)) == (409, "action_not_possible")
    assert refused(client.post(f"{path}/comment", **asks)) == (422, "invalid_json")
    as_text = {**asks, "content_type": "text/plain"}
    assert refused(client.post(f"{path}/close", **as_text)) == (409, "action_not_possible")
    assert refused(client.post(f"{path}/comment", **as_text)) == (415, "unsupported_media_type")


def test_a_replay_outlives_the_permission(
    app: Flask,
    client: FlaskClient,
    ticket: dict[str, Any],
    sign_in: SignIn,
    clock: MovableClock,
) -> None:
    warden, path = sign_in("wangge11"), f"{BASE}/tickets/{ticket['id']}"
    photo = upload(client, keyed(sign_in("wuye11")), a_picture()).get_json()["id"]
    fixed = {"version": ticket["version"], "photo_ids": [photo]}
    version = client.post(f"{path}/rectify", json=fixed, headers=sign_in("wuye11")).get_json()[
        "version"
    ]
    closes, headers = {"version": version}, keyed(warden)
    first = client.post(f"{path}/close", json=closes, headers=headers)
    assert first.status_code == 200, first.get_data(as_text=True)
    move_to_another_community(app, clock)
    again = client.post(f"{path}/close", json=closes, headers=headers)
    assert again.status_code == 200
    assert again.headers["Idempotent-Replay"] == "true"
    fresh = client.post(f"{path}/close", json=closes, headers=keyed(warden))
    assert refused(fresh) == (403, "not_allowed")


def move_to_another_community(app: Flask, clock: MovableClock) -> None:
    """The warden goes to the second community as of today."""
    day = shanghai_day(clock())
    with app.app_context(), unit_of_work() as session:
        person = session.scalars(select(Person).where(Person.username == "wangge11")).one()
        second = session.scalars(
            select(Organisation).where(Organisation.code == "340299101002")
        ).one()
        mine = Post.person_id == person.id
        yesterday = day - timedelta(days=1)
        session.execute(update(Post).where(mine).values(from_on=yesterday, to_on=day))
        session.add(
            Post(person_id=person.id, role="warden", organisation_id=second.id, from_on=day)
        )
