"""Signing in and out over HTTP, and what ends a sign-in or the posts behind it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from argon2 import extract_parameters
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.kernel.clock import shanghai_day, utc_now
from app.kernel.db import unit_of_work
from app.people.administration import give_to_group, take_from_group
from app.people.models import AccessToken, Organisation, Person, Role
from app.people.passwords import HashCost
from app.people.queries import actor_by_token, person_by_username
from app.people.service import (
    activate_person,
    deactivate_person,
    set_password,
    token_digest,
)
from tests.clocks import MovableClock
from tests.people.posts import add_post, end_post, give, organisation
from tests.towns import CHEAP, PASSWORD, Town

SignIn = Callable[[str], dict[str, str]]
BASE = "/api/v1"


def asked(client: FlaskClient, username: str, password: str = PASSWORD) -> TestResponse:
    body = {"username": username, "password": password}
    return client.post(f"{BASE}/auth/password", json=body)


def me(client: FlaskClient, headers: dict[str, str]) -> Any:
    return client.get(f"{BASE}/me", headers=headers)


def roles(client: FlaskClient, headers: dict[str, str]) -> list[tuple[str, str]]:
    posts = me(client, headers).get_json()["posts"]
    return [(post["role"], post["organisation"]["code"]) for post in posts]


def test_signing_in_says_who_one_is(town: Town, client: FlaskClient, clock: MovableClock) -> None:
    clock.set(clock())
    answer: Any = asked(client, "shequ4").get_json()
    person = answer["person"]
    assert (person["username"], person["name"]) == ("shequ4", "山前村负责人")
    assert {(p["role"], p["role_label"]) for p in person["posts"]} == {
        ("lead", "社区负责人"),
        ("warden", "网格员"),
    }
    assert {p["organisation"]["code"] for p in person["posts"]} == {town.community("202")}
    assert len({p["id"] for p in person["posts"]}) == 2
    seen = me(client, {"Authorization": f"Bearer {answer['access_token']}"}).get_json()
    assert seen == {**person, "csrf_token": None, "unread": 0}


@pytest.mark.parametrize(
    ("username", "password"),
    [("wangge11", "wrong"), ("nobody", PASSWORD), ("wangge11", PASSWORD + " "),
     ("WANGGE11", PASSWORD), ("wangge11", PASSWORD.upper())],
)  # fmt: skip
def test_a_wrong_name_and_a_wrong_password_are_one_refusal(
    town: Town, client: FlaskClient, username: str, password: str
) -> None:
    answer = asked(client, username, password)
    problem: Any = answer.get_json()
    assert (answer.status_code, problem["code"]) == (401, "bad_credentials")
    assert username not in answer.get_data(as_text=True)


def test_spaces_are_part_of_a_password(town: Town, client: FlaskClient, app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        person = person_by_username(session, "wangge11")
        assert person is not None
        set_password(session, person, "  two spaces  ", cost=CHEAP, now=utc_now())
    assert asked(client, "wangge11", "  two spaces  ").status_code == 200
    assert asked(client, "wangge11", "two spaces").status_code == 401


def test_only_the_digest_of_a_token_is_kept(town: Town, client: FlaskClient, app: Flask) -> None:
    token = asked(client, "wangge11").get_json()["access_token"]
    with app.app_context(), unit_of_work() as session:
        kept = session.scalars(select(AccessToken.token_hash)).all()
    assert kept.count(token_digest(token)) == 1
    assert token not in kept


def test_signing_out_ends_this_sign_in_alone(town: Town, client: FlaskClient) -> None:
    one, two = (
        {"Authorization": f"Bearer {asked(client, 'wangge11').get_json()['access_token']}"}
        for _ in range(2)
    )
    assert client.post(f"{BASE}/auth/logout", headers=one).status_code == 204
    assert me(client, one).status_code == 401
    assert me(client, two).status_code == 200


def test_a_sign_in_ends_by_itself(
    town: Town, client: FlaskClient, clock: MovableClock, app: Flask
) -> None:
    headers = {"Authorization": f"Bearer {asked(client, 'wangge11').get_json()['access_token']}"}
    hours = app.extensions["gexun_settings"].token_hours
    clock.move(timedelta(hours=hours, minutes=-1))
    assert me(client, headers).status_code == 200
    clock.move(timedelta(minutes=2))
    assert me(client, headers).status_code == 401


def with_person(app: Flask, username: str, act: Callable[[Any, Person], None]) -> None:
    with app.app_context(), unit_of_work() as session:
        person = person_by_username(session, username)
        assert person is not None
        act(session, person)


def test_a_closed_account_is_out_at_once_and_comes_back_with_its_password(
    town: Town, client: FlaskClient, sign_in: SignIn, app: Flask
) -> None:
    headers = sign_in("wangge11")
    with_person(app, "wangge11", lambda s, p: deactivate_person(s, p, now=utc_now()))
    assert me(client, headers).status_code == 401
    assert asked(client, "wangge11").get_json()["code"] == "bad_credentials"
    with_person(app, "wangge11", lambda s, p: activate_person(s, p))
    assert me(client, headers).status_code == 401
    assert asked(client, "wangge11").status_code == 200


def test_closing_twice_keeps_the_first_instant(town: Town, app: Flask) -> None:
    first = utc_now()
    with_person(app, "wangge11", lambda s, p: deactivate_person(s, p, now=first))
    later = first + timedelta(days=1)
    with_person(app, "wangge11", lambda s, p: deactivate_person(s, p, now=later))
    seen: list[Any] = []
    with_person(app, "wangge11", lambda s, p: seen.append(p.deactivated_at))
    assert seen == [first]


def test_a_new_password_ends_the_sign_ins_of_the_old_one(
    town: Town, client: FlaskClient, sign_in: SignIn, app: Flask
) -> None:
    mine, other = sign_in("wangge11"), sign_in("wangge12")
    cost = HashCost(memory_kib=16, time=2)
    with_person(
        app,
        "wangge11",
        lambda s, p: set_password(s, p, "新的口令一二三四", cost=cost, now=utc_now()),
    )
    assert me(client, mine).status_code == 401
    assert me(client, other).status_code == 200
    assert asked(client, "wangge11").status_code == 401
    assert asked(client, "wangge11", "新的口令一二三四").status_code == 200
    hashes: list[str] = []
    with_person(app, "wangge11", lambda s, p: hashes.append(p.password_hash or ""))
    made = extract_parameters(hashes[0])
    assert (made.memory_cost, made.time_cost) == (16, 2)


def test_who_has_no_password_cannot_sign_in(town: Town, client: FlaskClient, app: Flask) -> None:
    with_person(app, "wangge11", lambda s, p: setattr(p, "password_hash", None))
    for password in (PASSWORD, "None", "-"):
        assert asked(client, "wangge11", password).status_code == 401


def test_posts_count_from_their_first_day_to_the_day_before_their_end(
    town: Town, client: FlaskClient, app: Flask, clock: MovableClock
) -> None:
    today = shanghai_day(utc_now())
    day = timedelta(days=1)
    with app.app_context(), unit_of_work() as session:
        for number, (begins, ends) in enumerate(
            [(-5, None), (-5, 1), (0, None), (-5, 0), (1, None)], start=1
        ):
            add_post(
                session,
                "guest",
                Role.warden,
                f"{town.code}{('001', '002', '201', '202', '001')[number - 1]}",
                from_on=today + begins * day,
                to_on=None if ends is None else today + ends * day,
            )
    headers = {"Authorization": f"Bearer {asked(client, 'guest').get_json()['access_token']}"}
    codes = [code for _, code in roles(client, headers)]
    assert codes == [f"{town.code}{suffix}" for suffix in ("001", "002", "201")]
    clock.move(day)
    codes = [code for _, code in roles(client, headers)]
    assert codes == [f"{town.code}{suffix}" for suffix in ("001", "201", "001")]


def test_without_any_post_left_one_knows_oneself_and_nothing_else(
    town: Town, client: FlaskClient, app: Flask
) -> None:
    with app.app_context(), unit_of_work() as session:
        end_post(session, add_post(session, "guest", Role.lead, town.community()))
    headers = {"Authorization": f"Bearer {asked(client, 'guest').get_json()['access_token']}"}
    assert roles(client, headers) == []
    for path in ("/compounds", "/tickets", "/categories"):
        assert client.get(BASE + path, headers=headers).status_code == 403
    assert client.post(f"{BASE}/auth/logout", headers=headers).status_code == 204


@pytest.mark.parametrize(("in_days", "holds"), [(-1, False), (0, False), (1, True)])
def test_a_retired_organisation_gives_nobody_anything(
    town: Town, client: FlaskClient, sign_in: SignIn, app: Flask, in_days: int, holds: bool
) -> None:
    headers = sign_in("wangge21")
    with app.app_context(), unit_of_work() as session:
        place: Organisation = organisation(session, town.community("002"))
        place.retired_on = shanghai_day(utc_now()) + timedelta(days=in_days)
    assert (roles(client, headers) == [("warden", town.community("002"))]) is holds


def test_a_group_has_what_it_is_given_while_it_is(town: Town, app: Flask) -> None:
    now = utc_now()
    token = "a token"
    with app.app_context(), unit_of_work() as session:
        add_post(session, "grouped", Role.supervisor, f"{town.code}-G1")
        person = person_by_username(session, "grouped")
        assert person is not None
        session.add(
            AccessToken(
                person_id=person.id,
                token_hash=token_digest(token),
                issued_at=now,
                expires_at=now + timedelta(days=1),
            )
        )

    def given() -> set[str]:
        with app.app_context(), unit_of_work() as session:
            actor = actor_by_token(session, token_digest(token), now=now)
            assert actor is not None
            ids = actor.posts[0].given
            rows = session.scalars(select(Organisation.code).where(Organisation.id.in_(ids)))
            return set(rows)

    assert given() == set()
    with app.app_context(), unit_of_work() as session:
        give(session, f"{town.code}-G1", town.community("001"))
        give(session, f"{town.code}-G2", town.community("002"))
    assert given() == {town.community("001")}
    today = shanghai_day(now)
    with app.app_context(), unit_of_work() as session:
        group = organisation(session, f"{town.code}-G1")
        taken = [organisation(session, town.community("001"))]
        assert take_from_group(session, group, taken, today=today) == 1
        assert give_to_group(session, group, [organisation(session, town.community("201"))],
                             today=today) == 1  # fmt: skip
    assert given() == {town.community("201")}
