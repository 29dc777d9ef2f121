"""The OpenAPI document is valid, whole, and says the same as the routes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from app import create_app
from app.people.access import PERMISSIONS
from app.web.routing import BASE
from tests.contract import Contract, ContractBroken
from tests.towns import cheap_settings


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An application whose database is not needed."""
    return create_app(cheap_settings(f"sqlite:///{tmp_path}/none.db", tmp_path / "photos"))


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    """The document as it is served."""
    answer = client.get(f"{BASE}/openapi.json")
    assert answer.content_type == "application/json"
    found: dict[str, Any] = answer.get_json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation of everything documented."""
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()


def test_every_address_of_the_api_is_in_it(app: Flask, document: dict[str, Any]) -> None:
    served = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(BASE)
    }
    assert served == {(method, path) for method, path, _ in operations(document)}


def test_what_is_wrong_with_a_query_is_told_beside_a_parameter(app: Flask) -> None:
    """A rule over the whole of a query would be told of a body that it does not have."""
    for route in app.extensions["gexun_routes"]:
        if route.query is not None:
            assert not route.query.__pydantic_decorators__.model_validators, route.endpoint


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        what = f"{method} {path}"
        assert re.search(r"[\u4e00-\u9fff]", operation["summary"]), what
        assert operation["x-permission"] in PERMISSIONS, what
        assert bool(operation["security"]) == (operation["x-permission"] != "public"), what
        assert {"500", "503"} <= operation["responses"].keys(), what
        if operation["security"]:
            assert {"401", "403", "429"} <= operation["responses"].keys(), what
        if "requestBody" in operation:
            assert {"413", "415", "422"} <= operation["responses"].keys(), what
        for status in {"429", "503"} & operation["responses"].keys():
            assert "Retry-After" in operation["responses"][status]["headers"], what


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_every_member_has_a_meaning_in_chinese(document: dict[str, Any]) -> None:
    """A new member gets its word in app/web/glossary.py, or a description of its own."""
    nameless = [
        f"{name}.{member}"
        for name, schema in document["components"]["schemas"].items()
        for member, said in schema.get("properties", {}).items()
        if not said.get("description")
    ]
    nameless += [
        f"{method} {path}: {parameter['name']}"
        for method, path, operation in operations(document)
        for parameter in operation["parameters"]
        if not parameter.get("description")
    ]
    assert nameless == []


def test_nothing_in_it_is_for_us_only(document: dict[str, Any]) -> None:
    said = re.findall(r'"(?:description|summary|title)": "([^"]+)"', json.dumps(document))
    words = [json.loads(f'"{text}"') for text in said]
    assert [text for text in words if not re.search(r"[\u4e00-\u9fff]", text)] == []


def test_the_change_feed_says_that_it_lags(document: dict[str, Any]) -> None:
    """Whoever builds a cache reads the document, not our decisions."""
    feed = document["paths"][f"{BASE}/tickets/changes"]["get"]
    assert "满 1 分钟" in feed["description"]
    assert "version 相同" in feed["description"]
    assert "满 1 分钟" not in feed["summary"]


def test_a_photo_is_a_binary_part(document: dict[str, Any]) -> None:
    content = document["paths"][f"{BASE}/photos"]["post"]["requestBody"]["content"]
    name = content["multipart/form-data"]["schema"]["$ref"].rsplit("/", 1)[-1]
    upload = document["components"]["schemas"][name]
    assert upload["properties"]["file"]["format"] == "binary"
    assert upload["required"] == ["file"]


GOOD = {"id": "1", "name": "甲", "username": "a", "posts": [], "csrf_token": None, "unread": 0}


class TestTheCheckOfAnswers:
    """A check that never fails checks nothing."""

    def check(self, app: Flask, body: Any, **more: Any) -> None:
        """Holds an answer of GET /me against the document."""
        asked = {"method": "GET", "path": f"{BASE}/me", "status": 200, **more}
        media_type = asked.pop("media_type", "application/json")
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        Contract(app).check(**asked, headers={"Content-Type": media_type}, body=data)

    def test_a_right_answer_passes(self, app: Flask) -> None:
        self.check(app, GOOD)
        self.check(app, b"", method="HEAD")

    @pytest.mark.parametrize(
        ("body", "more"),
        [
            ({**GOOD, "phone": "138"}, {}),
            ({**GOOD, "posts": None}, {}),
            ({"id": "1"}, {}),
            (GOOD, {"status": 201}),
            (GOOD, {"media_type": "text/html"}),
            ({"code": "x"}, {"status": 401, "media_type": "application/problem+json"}),
            ({}, {"path": "/nothing", "status": 404, "media_type": "text/html"}),
        ],
    )
    def test_a_wrong_one_does_not(self, app: Flask, body: Any, more: dict[str, Any]) -> None:
        with pytest.raises(ContractBroken):
            self.check(app, body, **more)


def test_a_body_in_which_nothing_is_needed_may_be_left_out(document: dict[str, Any]) -> None:
    bodies = {
        path.removeprefix(BASE): operation["requestBody"]["required"]
        for method, path, operation in operations(document)
        if method == "post" and "requestBody" in operation
    }
    assert not bodies["/notices/read"]
    assert not bodies["/photos/uploads/{upload}/complete"]
    assert bodies["/tickets"] and bodies["/photos"] and bodies["/rounds"]


def test_a_field_of_a_photo_that_is_left_out_may_be_sent_empty(document: dict[str, Any]) -> None:
    fields = document["components"]["schemas"]["PhotoUpload"]["properties"]
    empty = {"enum": [""]}
    assert {n for n, f in fields.items() if empty not in f.get("anyOf", [])} == {"file"}
    assert {"type": "null"} not in fields["lng"]["anyOf"]
