"""Every refusal is application/problem+json, and nothing that is sent makes a 500."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.db import db, unit_of_work
from app.kernel.paging import encode_cursor
from app.people.models import Person
from app.web.edge import mount
from app.web.routing import Call, Routes
from tests.servers import LiveServer
from tests.towns import Town
from tests.web.asking import BASE, a_picture, a_report, keyed, refused, upload

SignIn = Callable[[str], dict[str, str]]

NESTED = 3000 * "[" + 3000 * "]"


@pytest.fixture
def app(new_app: Flask) -> Flask:
    """An application of each test's own: some give it routes."""
    return new_app


def test_unknown_addresses(client: FlaskClient) -> None:
    for path in ("/api/v1", f"{BASE}/nothing", f"{BASE}/me/", f"/{BASE}/me", "/%00"):
        answer = client.get(path)
        assert refused(answer) == (404, "not_found")
        assert "/api/v1/docs" in answer.get_json()["detail"]


def test_wrong_methods_say_the_right_ones(client: FlaskClient) -> None:
    for method, path, allowed in (
        ("POST", f"{BASE}/me", {"GET", "HEAD"}),
        ("GET", f"{BASE}/auth/logout", {"POST"}),
        ("PATCH", f"{BASE}/tickets", {"GET", "HEAD", "POST"}),
        ("OPTIONS", f"{BASE}/tickets", {"GET", "HEAD", "POST"}),
        # Words beside ids are no ids.
        ("GET", f"{BASE}/photos/uploads", {"POST"}),
        ("OPTIONS", f"{BASE}/tickets/rectify", {"POST"}),
        ("DELETE", "/healthz", {"GET", "HEAD"}),
        ("OPTIONS", "/healthz", {"GET", "HEAD"}),
    ):
        answer = client.open(path, method=method)
        assert refused(answer) == (405, "method_not_allowed")
        assert set(answer.headers["Allow"].split(", ")) == allowed
        told = answer.get_json()["detail"]
        assert all(word in told for word in allowed - {"HEAD"})


def test_head(client: FlaskClient, town: Town, sign_in: SignIn) -> None:
    head = client.head(f"{BASE}/me", headers=sign_in("wangge11"))
    assert (head.status_code, head.get_data()) == (200, b"")
    assert head.content_type == "application/json"


def test_the_wrong_kind_of_body(client: FlaskClient, town: Town, sign_in: SignIn) -> None:
    headers = keyed(sign_in("wangge11"))
    as_form = client.post(f"{BASE}/tickets", data={"category": "01-36"}, headers=headers)
    assert refused(as_form) == (415, "unsupported_media_type")
    as_json = client.post(f"{BASE}/photos", json={"lng": 1}, headers=headers)
    assert refused(as_json) == (415, "unsupported_media_type")
    sign_in_form = client.post(f"{BASE}/auth/password", data={"username": "a"})
    assert refused(sign_in_form) == (415, "unsupported_media_type")


def test_too_much(client: FlaskClient, town: Town, sign_in: SignIn) -> None:
    headers = sign_in("wangge11")
    much = a_report(description="字" * 400_000)
    assert refused(client.post(f"{BASE}/tickets", json=much, headers=keyed(headers))) == (
        413,
        "request_too_large",
    )
    long_field = upload(client, keyed(headers), a_picture(), lng="1" * 600_000)
    assert refused(long_field) == (413, "request_too_large")
    many = upload(client, keyed(headers), a_picture(), **{f"f{n}": "1" for n in range(50)})
    assert refused(many) == (413, "request_too_large")
    photo = upload(client, keyed(headers), b"\xff\xd8\xff" + b"0" * (26 << 20))
    assert refused(photo) == (413, "photo_too_large")
    assert photo.get_json()["max_bytes"] == 25 << 20


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "invalid_json"),
        (b"nonsense", "invalid_json"),
        (b"\xff\xfe\xfd", "invalid_json"),
        (b"[]", "invalid_json"),
        (b'"text"', "invalid_json"),
        (b"null", "invalid_json"),
        (b'{"category": NaN}', "invalid_json"),
        (b'{"category": Infinity}', "invalid_json"),
        (b'{"position": {"lng": ' + b"9" * 5000 + b', "lat": 1}}', "invalid_json"),
        (NESTED.encode(), "invalid_json"),
        (b'{"category":' + NESTED.encode() + b"}", "invalid_json"),
        (b'{"category":' + b"[" * 300 + b"]" * 300 + b"}", "invalid_json"),
        (b'{"category": "01-36", "description": "a\\u0000b"}', "invalid_input"),
        (b'{"category": "01-36", "description": "\\ud800"}', "invalid_input"),
        (b'{"category": "01-36", "\\udc00": 1}', "invalid_input"),
        (b'{"category": {"a": "\\u0000"}}', "invalid_input"),
        (b'{"category": "01-36", "position": {"lng": 1e999, "lat": 1}}', "invalid_input"),
        (b'{"category": "01-36", "occurred_at": "2026-11-23T09:30:00"}', "invalid_input"),
        (b'{"category": "01-36", "occurred_at": "1700000000"}', "invalid_input"),
        (b'{"category": "01-36", "occurred_at": 1700000000}', "invalid_input"),
        (b'{"category": "01-36", "occurred_at": "0001-01-01T00:00:00+14:00"}', "invalid_input"),
        (b'{"category": "01-36", "sent_at": "9999-12-31T23:59:59-14:00"}', "invalid_input"),
        (b"{}", "invalid_input"),
        (b"", "invalid_input"),
    ],
)
def test_bodies_that_are_no_report(
    client: FlaskClient, town: Town, sign_in: SignIn, body: bytes, code: str
) -> None:
    headers = keyed(sign_in("wangge11"))
    answer = client.post(
        f"{BASE}/tickets", data=body, content_type="application/json", headers=headers
    )
    assert refused(answer) == (422, code)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=99999999999999999999999",
        "limit=" + "9" * 5000,
        "limit=1.5",
        "limit=nan",
        "cursor=%00",
        "cursor=%ED%A0%80",
        "cursor=not-ours",
        f"cursor={encode_cursor(1, 2, 3)}",
        f"cursor={encode_cursor({'a': 1})}",
        f"cursor={encode_cursor('0001-01-01T00:00:00+14:00', 'x')}",
        f"cursor={encode_cursor('2026-11-23T00:00:00+08:00', 5)}",
        f"cursor={encode_cursor(1e308, None)}",
        "cursor=" + "A" * 401,
        "q=a%00b",
        "compound=%00",
        "reported_from=2026-11-23T09:30:00",
        "reported_from=9999-12-31T23:59:59-14:00",
        "state=nonsense",
        "sort=random",
    ],
)
def test_queries_that_make_no_sense(
    client: FlaskClient, town: Town, sign_in: SignIn, query: str
) -> None:
    status, code = refused(client.get(f"{BASE}/tickets?{query}", headers=sign_in("wangge11")))
    assert status == 422
    assert code in ("invalid_input", "bad_cursor")


@pytest.mark.parametrize("path", ["/cells", "/compounds", "/rounds", "/coverage"])
@pytest.mark.parametrize("values", [(1,), (None, 5), ("\x7f",), ("0001-01-01T00:00:00+14:00", "x")])
def test_cursors_of_other_lists(
    client: FlaskClient, town: Town, sign_in: SignIn, path: str, values: tuple[Any, ...]
) -> None:
    answer = client.get(
        f"{BASE}{path}?cursor={encode_cursor(*values)}", headers=sign_in("wangge11")
    )
    assert refused(answer) == (422, "bad_cursor")


@pytest.mark.parametrize(
    "path", ["/tickets/{}", "/photos/{}", "/compounds/{}", "/rounds/{}", "/photos/{}/thumb"]
)
@pytest.mark.parametrize(
    "name", ["%00", "%ED%A0%80", "a" * 3000, "..%2f..", "key:%00", "%E2%80%AE"]
)
def test_paths_that_name_nothing(
    client: FlaskClient, town: Town, sign_in: SignIn, path: str, name: str
) -> None:
    answer = client.get(BASE + path.format(name), headers=sign_in("wangge11"))
    assert refused(answer)[0] in (403, 404, 422)


@pytest.mark.parametrize("version", [10**30, -1, 0, 2**63, 1.5, True, "1", None])
def test_versions_out_of_this_world(
    client: FlaskClient, town: Town, sign_in: SignIn, version: Any
) -> None:
    headers = sign_in("wangge11")
    ticket = client.post(f"{BASE}/tickets", json=a_report(), headers=keyed(headers)).get_json()
    path = f"{BASE}/tickets/{ticket['id']}/comment"
    answer = client.post(path, json={"version": version, "note": "看过"}, headers=headers)
    assert refused(answer)[0] in (409, 422)


@pytest.mark.parametrize(
    "fields",
    [
        {"lng": "nan", "lat": "1"},
        {"lng": "1e999", "lat": "1"},
        {"lng": "1", "lat": "1\x00"},
        {"lng": "118"},
        {"taken_at": "2026-11-23T09:30:00"},
        {"occurred_at": "0001-01-01T00:00:00+14:00"},
        {"client_sha256": "é" * 64},
        {"datum": "\ud800"},
        {"source": "a\x00"},
    ],
)
def test_forms_that_make_no_sense(
    client: FlaskClient, town: Town, sign_in: SignIn, fields: dict[str, str]
) -> None:
    sent = {k: v.encode("utf-8", "surrogatepass") for k, v in fields.items()}
    headers = keyed(sign_in("wangge11"))
    answer = upload(client, headers, a_picture(), **sent)  # type: ignore[arg-type]
    status, code = refused(answer)
    assert (status, code) in {(422, "invalid_input"), (422, "bad_position")}


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "Basic YTpi"},
        {"Cookie": 'gexun_session="\\355\\240\\200"'},
        {"Cookie": "gexun_session=\x80\xff; a"},
        {"Authorization": "Bearer " + "x" * 10_000},
    ],
)
def test_tokens_that_are_none(
    client: FlaskClient, database_url: str, headers: dict[str, str]
) -> None:
    assert refused(client.get(f"{BASE}/me", headers=headers)) == (401, "not_signed_in")


def test_a_surprise_says_its_number_and_nothing_else(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    routes, written = Routes("试验"), "".join(["13800", "001111"])

    @routes.get("/broken", permission="public")
    def get_broken(call: Call) -> None:
        """坏了"""
        raise RuntimeError(written)

    mount(app, routes)
    with caplog.at_level(logging.INFO):
        answer = client.get(f"{BASE}/broken", headers={"X-Request-ID": "my-request/7"})
    assert refused(answer) == (500, "internal_error")
    assert "my-request/7" in answer.get_json()["detail"]
    assert answer.headers["X-Request-ID"] == "my-request/7"
    assert "13800001111" not in answer.get_data(as_text=True)
    assert "my-request/7" in caplog.text
    assert "get_broken" in caplog.text
    assert "13800001111" not in caplog.text


def test_what_people_wrote_is_in_no_log(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Two rows with one phone number: the database itself quotes it in its message."""
    routes = Routes("试验")

    @routes.post("/twice", permission="public")
    def post_twice(call: Call) -> None:
        """重复"""
        for username in ("a", "b"):
            call.session.add(Person(username=username, name="张三", phone="13800001111"))
        call.session.flush()

    mount(app, routes)
    with caplog.at_level(logging.INFO):
        answer = client.post(f"{BASE}/twice")
    assert refused(answer) == (500, "internal_error")
    assert "IntegrityError" in caplog.text
    assert "13800001111" not in caplog.text
    assert "张三" not in caplog.text


def test_a_database_without_tables_is_unavailable(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), unit_of_work() as session:
        db.metadata.drop_all(session.connection())
    answer = client.get(f"{BASE}/me", headers={"Authorization": "Bearer x"})
    assert refused(answer) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_database_that_is_away_is_unavailable(
    app: Flask, client: FlaskClient, databases: Any, database_url: str
) -> None:
    asks = {"headers": {"Authorization": "Bearer x"}}
    assert client.get(f"{BASE}/me", **asks).status_code == 401
    databases.drop(database_url)
    if database_url.startswith("sqlite"):
        with app.app_context():
            db.engine.dispose()
    for method, path in (("GET", "/me"), ("POST", "/auth/logout"), ("POST", "/tickets")):
        answer = client.open(BASE + path, method=method, **asks)
        assert refused(answer) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
    assert client.get("/healthz").status_code == 200
    assert client.get(f"{BASE}/openapi.json").status_code == 200


def test_a_wrong_statement_is_ours(app: Flask, client: FlaskClient) -> None:
    """SQLite calls it operational as well; the database is not to be blamed for it."""
    from sqlalchemy import text

    routes = Routes("试验")

    @routes.get("/wrong", permission="public")
    def get_wrong(call: Call) -> None:
        """错的语句"""
        call.session.execute(text("SELECT no_such_column FROM people"))

    mount(app, routes)
    assert refused(client.get(f"{BASE}/wrong")) == (500, "internal_error")


def test_too_much_of_unknown_length(server: LiveServer) -> None:
    """A chunked body says nothing about its length beforehand."""

    def pieces() -> Iterator[bytes]:
        yield b'{"username": "a", "password": "'
        for _ in range(40):
            yield b"x" * 65_536
        yield b'"}'

    answer = server.client.post(
        f"{BASE}/auth/password", content=pieces(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")
