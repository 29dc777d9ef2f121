"""Nothing twice: keys, replays, leases and references."""

import io
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import BaseModel
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.kernel.clock import SHANGHAI
from app.kernel.db import unit_of_work
from app.kernel.errors import Rejected
from app.kernel.facts import DeploymentFact
from app.people.models import AccessToken
from app.photos.models import Photo
from app.tickets.models import Ticket
from app.web.edge import mount
from app.web.idempotency import RequestRecord
from app.web.limits import RateWindow
from app.web.routing import Answer, Call, Routes
from tests.clocks import MovableClock
from tests.towns import PASSWORD, Town
from tests.web.asking import BASE, a_picture, a_report, keyed, refused, reported, upload

SignIn = Callable[[str], dict[str, str]]


@pytest.fixture
def app(new_app: Flask) -> Flask:
    """An application of each test's own: some give it routes."""
    return new_app


class Gate:
    """A route whose work waits, after its key was claimed, until the test lets it go on."""

    def __init__(self, app: Flask) -> None:
        self.arrived, self.opened = threading.Event(), threading.Event()
        self.held = True
        routes = Routes("试验")
        gate = self

        class Said(BaseModel):
            said: int = 0

        def wait(call: Call) -> None:
            if gate.held:
                gate.held = False
                gate.arrived.set()
                assert gate.opened.wait(20)

        @routes.post("/slow", permission="signed_in", body=Said, prepare=wait, status=201)
        def post_slow(call: Call) -> Answer:
            """慢"""
            call.session.add(DeploymentFact(name=str(uuid4()), value="done"))
            return Answer({"done": True})

        mount(app, routes)

    def done(self, session: Session) -> int:
        """How often the work was done."""
        rows = select(func.count()).where(DeploymentFact.value == "done")
        return session.scalar(rows) or 0


def in_background(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Starts work in a thread; its result will be in the list."""
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    return thread, results


def count(session: Session, table: Any) -> int:
    """How many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_key_and_body_is_the_same_answer(
    client: FlaskClient, town: Town, sign_in: SignIn, session: Session, clock: MovableClock
) -> None:
    headers = keyed(sign_in("wangge11"))
    first = client.post(f"{BASE}/tickets", json=a_report(), headers=headers)
    reordered = dict(reversed(a_report().items()))
    again = client.post(f"{BASE}/tickets", json=reordered, headers=headers)
    assert "Idempotent-Replay" not in first.headers
    assert (again.status_code, again.headers["Idempotent-Replay"]) == (201, "true")
    assert again.get_json() == first.get_json()
    assert count(session, Ticket) == 1
    other = client.post(f"{BASE}/tickets", json=a_report(description="另"), headers=headers)
    assert refused(other) == (422, "idempotency_key_reused")


def test_uploads_are_the_same_by_fields_and_bytes(
    client: FlaskClient, town: Town, sign_in: SignIn, session: Session, clock: MovableClock
) -> None:
    headers = keyed(sign_in("wangge11"))
    first = upload(client, headers, a_picture(), lng="118.31", lat="30.91")
    clock.move(timedelta(hours=3))
    again = upload(client, headers, a_picture(), lat="30.91", lng="118.31")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replay"] == "true"
    urls = [answer.get_json().pop("urls") for answer in (first, again)]
    assert urls[0] != urls[1], "the addresses are fresh"
    assert client.get(urls[1]["thumb"]).status_code == 200
    assert client.get(urls[0]["thumb"]).status_code == 403, "the first ones have expired"
    assert count(session, Photo) == 1
    other_bytes = upload(client, headers, a_picture(80, 60), lng="118.31", lat="30.91")
    other_field = upload(client, headers, a_picture(), lng="118.32", lat="30.91")
    for answer in (other_bytes, other_field):
        assert refused(answer) == (422, "idempotency_key_reused")


def test_a_key_belongs_to_person_method_and_path(
    client: FlaskClient, town: Town, sign_in: SignIn, session: Session
) -> None:
    key = str(uuid4())
    mine, other = keyed(sign_in("wangge11"), key), keyed(sign_in("wangge12"), key)
    tickets = [client.post(f"{BASE}/tickets", json=a_report(), headers=h) for h in (mine, other)]
    assert [answer.status_code for answer in tickets] == [201, 201]
    assert len({answer.get_json()["id"] for answer in tickets}) == 2
    path = f"{BASE}/tickets/{tickets[0].get_json()['id']}/comment"
    said = {"version": tickets[0].get_json()["version"], "note": "看过"}
    answer = client.post(path, json=said, headers=mine)
    assert (answer.status_code, "Idempotent-Replay" in answer.headers) == (200, False)


def test_a_refusal_frees_the_key(
    client: FlaskClient, town: Town, sign_in: SignIn, session: Session
) -> None:
    headers = keyed(sign_in("wangge11"))
    for body, code in (({}, "invalid_input"), (a_report(category="00-00"), "category_unknown")):
        answer = client.post(f"{BASE}/tickets", json=body, headers=headers)
        assert refused(answer) == (422, code)
    assert count(session, RequestRecord) == 0
    assert client.post(f"{BASE}/tickets", json=a_report(), headers=headers).status_code == 201


@pytest.mark.parametrize("key", ["x", "x" * 64, "a b", "~!@#$%^&*()"])
def test_keys_that_are_taken(client: FlaskClient, town: Town, sign_in: SignIn, key: str) -> None:
    headers = keyed(sign_in("wangge11"), key)
    assert client.post(f"{BASE}/tickets", json=a_report(), headers=headers).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 65, "é", "a\tb", "\x80\xff"])
def test_keys_that_are_not(client: FlaskClient, town: Town, sign_in: SignIn, key: str) -> None:
    headers = {**sign_in("wangge11"), "Idempotency-Key": key}
    answer = client.post(f"{BASE}/tickets", json=a_report(), headers=headers)
    assert refused(answer) == (422, "bad_idempotency_key")


def test_still_running(
    app: Flask, client: FlaskClient, town: Town, sign_in: SignIn, session: Session
) -> None:
    gate, headers = Gate(app), keyed(sign_in("wangge11"))
    thread, results = in_background(
        lambda: app.test_client().post(f"{BASE}/slow", json={}, headers=headers)
    )
    assert gate.arrived.wait(20)
    try:
        answer = client.post(f"{BASE}/slow", json={}, headers=headers)
        assert refused(answer) == (409, "request_in_progress")
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        other = client.post(f"{BASE}/slow", json={"said": 1}, headers=headers)
        assert refused(other) == (422, "idempotency_key_reused")
    finally:
        gate.opened.set()
        thread.join()
    assert results[0].status_code == 201
    replay = client.post(f"{BASE}/slow", json={}, headers=headers)
    assert (replay.status_code, replay.headers["Idempotent-Replay"]) == (201, "true")
    assert gate.done(session) == 1


def test_who_lost_the_lease_does_not_commit(
    app: Flask,
    client: FlaskClient,
    town: Town,
    sign_in: SignIn,
    session: Session,
    clock: MovableClock,
) -> None:
    gate, headers = Gate(app), keyed(sign_in("wangge11"))
    thread, results = in_background(
        lambda: app.test_client().post(f"{BASE}/slow", json={}, headers=headers)
    )
    assert gate.arrived.wait(20)
    try:
        clock.move(timedelta(seconds=59))
        early = client.post(f"{BASE}/slow", json={}, headers=headers)
        assert refused(early) == (409, "request_in_progress")
        clock.move(timedelta(seconds=2))
        second = client.post(f"{BASE}/slow", json={}, headers=headers)
        assert (second.status_code, "Idempotent-Replay" in second.headers) == (201, False)
    finally:
        gate.opened.set()
        thread.join()
    assert refused(results[0]) == (409, "request_in_progress")
    assert gate.done(session) == 1
    replay = client.post(f"{BASE}/slow", json={}, headers=headers)
    assert replay.headers["Idempotent-Replay"] == "true"


def test_the_lease_begins_when_the_body_has_come(
    app: Flask, town: Town, sign_in: SignIn, clock: MovableClock, session: Session
) -> None:
    """An upload that took minutes to arrive still has its minute to be worked on."""
    gate = Gate(app)
    headers, began = keyed(sign_in("wangge11")), clock()

    class SlowBody(io.BytesIO):
        """Takes a minute and a half to come."""

        def read(self, size: int | None = -1) -> bytes:
            clock.move(timedelta(seconds=90))
            return super().read(size)

        def readinto(self, buffer: Any) -> int:
            clock.move(timedelta(seconds=90))
            return super().readinto(buffer)

    thread, _ = in_background(
        lambda: app.test_client().post(
            f"{BASE}/slow",
            input_stream=SlowBody(b"{}"),
            content_length=2,
            content_type="application/json",
            headers=headers,
        )
    )
    gate.opened.set()
    thread.join()
    record = session.scalars(select(RequestRecord)).one()
    assert record.leased_until >= began + timedelta(seconds=150)


def test_answers_are_kept_for_thirty_days(
    app: Flask, client: FlaskClient, town: Town, sign_in: SignIn, clock: MovableClock
) -> None:
    key = str(uuid4())
    first = reported_with(client, sign_in("wangge11"), key)
    clock.move(timedelta(days=29, hours=23))
    assert reported_with(client, sign_in("wangge11"), key)["id"] == first["id"]
    clock.move(timedelta(hours=2))
    fresh = token_now(client)
    assert reported_with(client, fresh, key)["id"] != first["id"]


def reported_with(client: FlaskClient, headers: dict[str, str], key: str) -> dict[str, Any]:
    answer = client.post(f"{BASE}/tickets", json=a_report(), headers=keyed(headers, key))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def token_now(client: FlaskClient) -> dict[str, str]:
    body = {"username": "wangge11", "password": PASSWORD}
    token = client.post(f"{BASE}/auth/password", json=body).get_json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def test_housekeeping_forgets_what_is_over(
    app: Flask, client: FlaskClient, town: Town, clock: MovableClock
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(delete(AccessToken))
    client.post(f"{BASE}/tickets", json=a_report(), headers=keyed(token_now(client)))
    run = app.test_cli_runner()

    def rows() -> list[int]:
        with app.app_context(), unit_of_work() as session:
            return [count(session, table) for table in (RequestRecord, AccessToken, RateWindow)]

    before = rows()
    assert all(before)
    assert run.invoke(args=["housekeeping"]).output.strip().endswith("条。")
    assert rows() == before
    clock.move(timedelta(days=31))
    assert "请求记录 1 条" in run.invoke(args=["housekeeping"]).output
    assert rows() == [0, 0, 0]


def test_references_by_key(client: FlaskClient, town: Town, sign_in: SignIn) -> None:
    mine, other, key = sign_in("wangge11"), sign_in("wangge12"), str(uuid4())
    report = {**a_report(), "photo_ids": [f"key:{key}"]}
    unknown = client.post(f"{BASE}/tickets", json=report, headers=keyed(mine))
    assert refused(unknown) == (422, "reference_unknown")
    assert unknown.get_json()["reference"] == f"key:{key}"
    photo = upload(client, keyed(mine, key), a_picture()).get_json()
    theirs = client.post(f"{BASE}/tickets", json=report, headers=keyed(other))
    assert refused(theirs) == (422, "reference_unknown")
    made = client.post(f"{BASE}/tickets", json=report, headers=keyed(mine, key))
    assert made.status_code == 201
    assert [use["photo"]["id"] for use in made.get_json()["photos"]] == [photo["id"]]

    assert client.get(f"{BASE}/photos/key:{key}", headers=mine).get_json()["id"] == photo["id"]
    ticket = client.get(f"{BASE}/tickets/key:{key}", headers=mine).get_json()
    assert ticket["id"] == made.get_json()["id"]
    said = {"version": ticket["version"], "note": "看过"}
    path = f"{BASE}/tickets/key:{key}/comment"
    assert client.post(path, json=said, headers=keyed(mine)).status_code == 200
    for path in (f"/photos/key:{key}", f"/tickets/key:{key}", "/tickets/key:", "/tickets/key:no"):
        assert refused(client.get(BASE + path, headers=other)) == (422, "reference_unknown")


def test_a_refused_work_leaves_nothing(
    app: Flask, client: FlaskClient, town: Town, sign_in: SignIn, session: Session
) -> None:
    routes = Routes("试验")

    @routes.post("/refuses", permission="signed_in")
    def post_refuses(call: Call) -> None:
        """拒绝"""
        call.session.add(DeploymentFact(name="half", value="done"))
        call.session.flush()
        raise Rejected("不行。")

    mount(app, routes)
    answer = client.post(f"{BASE}/refuses", headers=keyed(sign_in("wangge11")))
    assert refused(answer) == (422, "invalid_input")
    assert count(session, DeploymentFact) == 0
    assert count(session, RequestRecord) == 0


def test_a_fresh_claim_is_one_statement(
    app: Flask, client: FlaskClient, town: Town, sign_in: SignIn
) -> None:
    from tests.budgets import counted_queries

    headers = sign_in("wangge11")
    reported(client, headers)
    with counted_queries(app) as statements:
        reported(client, headers)
    assert sum("request_records" in one for one in statements) == 2, "the claim and the answer"


def test_the_same_fields_written_otherwise_are_the_same_body(
    client: FlaskClient, town: Town, sign_in: SignIn
) -> None:
    headers = keyed(sign_in("wangge11"))
    first = client.post(f"{BASE}/tickets", json=a_report(), headers=headers)
    assert first.status_code == 201
    for more in ({"description": ""}, {"condition": None}, {"unheard_of": 1}):
        again = client.post(f"{BASE}/tickets", json=a_report(**more), headers=headers)
        assert again.status_code == 201
        assert again.headers["Idempotent-Replay"] == "true"
    other = client.post(f"{BASE}/tickets", json=a_report(description="另一处"), headers=headers)
    assert refused(other) == (422, "idempotency_key_reused")


def test_the_clock_at_sending_is_not_what_is_asked(
    client: FlaskClient, town: Town, sign_in: SignIn
) -> None:
    me = sign_in("wangge11")
    ticket = reported(client, me)
    comment = f"{BASE}/tickets/{ticket['id']}/comment"
    said = {"version": ticket["version"], "note": "看过"}
    reporting, commenting, uploading = keyed(me), keyed(me), keyed(me)
    times = "2026-11-23T09:20:00+08:00", "2026-11-23T09:25:00+08:00"
    answers = [
        (
            client.post(f"{BASE}/tickets", json=a_report(sent_at=at), headers=reporting),
            client.post(comment, json={**said, "sent_at": at}, headers=commenting),
            upload(client, uploading, a_picture(), sent_at=at),
        )
        for at in times
    ]
    for first, again in zip(*answers, strict=True):
        assert first.status_code in (200, 201), first.get_data(as_text=True)
        assert again.status_code == first.status_code
        assert ("Idempotent-Replay" in first.headers) is False
        assert again.headers["Idempotent-Replay"] == "true"
    other = {**said, "note": "看过了"}
    answer = client.post(comment, json=other, headers=commenting)
    assert refused(answer) == (422, "idempotency_key_reused")


def test_a_form_written_otherwise_is_the_same_form(
    client: FlaskClient, town: Town, sign_in: SignIn, clock: MovableClock
) -> None:
    headers = keyed(sign_in("wangge11"))
    at = clock().replace(microsecond=0) - timedelta(minutes=30)
    utc, here = at.isoformat().replace("+00:00", "Z"), at.astimezone(SHANGHAI).isoformat()
    fields = {"lng": "118.33050", "lat": "30.91", "occurred_at": utc}
    assert upload(client, headers, a_picture(), **fields).status_code == 201
    for written in (
        {"lng": "118.3305"},
        {"datum": "wgs84"},
        {"source": "unknown"},
        {"taken_at": ""},
        {"occurred_at": here},
    ):
        again = upload(client, headers, a_picture(), **{**fields, **written})
        assert (again.status_code, again.headers.get("Idempotent-Replay")) == (201, "true"), written
    other = upload(client, headers, a_picture(), **{**fields, "datum": "gcj02"})
    assert refused(other) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["a/b", "a/b/c", "/", "a//b", "x" * 62 + "/y"])
def test_a_key_with_a_slash_is_named_in_a_path(
    client: FlaskClient, town: Town, sign_in: SignIn, key: str
) -> None:
    me, named = sign_in("wangge11"), "key:" + key.replace("/", "%2F")
    photo = upload(client, keyed(me, key), a_picture()).get_json()
    ticket = client.post(f"{BASE}/tickets", json=a_report(), headers=keyed(me, key)).get_json()
    for path, made in ((f"/photos/{named}", photo), (f"/tickets/{named}", ticket)):
        answer = client.get(BASE + path, headers=me)
        assert (answer.status_code, answer.get_json()["id"]) == (200, made["id"])
    said = {"version": ticket["version"], "note": "看过"}
    answer = client.post(f"{BASE}/tickets/{named}/comment", json=said, headers=keyed(me))
    assert (answer.status_code, answer.get_json()["id"]) == (200, ticket["id"])
    assert client.delete(f"{BASE}/photos/{named}", headers=me).status_code == 204
