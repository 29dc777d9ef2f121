"""What the OpenAPI document promises, held against every answer that a test gets.

A client that checks: the status is documented for the route, so is the type of the content, and
the body fits its schema, in which no member is unknown. What no route stands for is a problem.
"""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote

from flask import Flask, json
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator, Registry
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.kernel.version import VERSION
from app.web.openapi import document, documented_path
from app.web.routing import BASE, Route

PROBLEM = "application/problem+json"
PLACE = "urn:gexun:document"


class ContractBroken(AssertionError):
    """An answer that the document does not promise."""


class Promises:
    """The document of some routes, and the validators of its schemas, each made at its first use.

    A document takes a quarter of a second and says the same for the same routes: applications
    share it.
    """

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self.document: dict[str, Any] = document(list(routes), version=VERSION)
        self._registry = Registry([(PLACE, self.document)])
        self._validators: dict[str, Draft202012Validator] = {}

    def validator(self, pointer: str) -> Draft202012Validator:
        """What holds a value against the schema at a place of the document."""
        if pointer not in self._validators:
            schema = {"$ref": f"{PLACE}#{quote(pointer)}"}
            self._validators[pointer] = Draft202012Validator(schema, registry=self._registry)
        return self._validators[pointer]


promises_of = lru_cache(maxsize=4)(Promises)


class Contract:
    """The promises of one application."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _promises(self) -> Promises:
        return promises_of(tuple(self._routes.values()))

    @cached_property
    def _routes(self) -> dict[str, Route]:
        declared: list[Route] = self._app.extensions["gexun_routes"]
        return {route.endpoint: route for route in declared}

    def check(
        self, method: str, path: str, status: int, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Raises ContractBroken unless an answer keeps what the document says of its route."""
        what = f"{method} {path} → {status}"
        route = self._route(method, path)
        media_type = headers.get("Content-Type", "").partition(";")[0]
        if route is None:
            if status >= 400 and path != "/readyz" and not path.startswith("/say"):
                self._fits(what, "/components/schemas/Problem", body)
                _expect(media_type == PROBLEM, what, f"is {media_type}")
            return
        pointer = ["paths", documented_path(route), route.method.lower(), "responses", str(status)]
        answer = self._at(pointer)
        _expect(answer is not None, what, "has no such status in the document")
        contents = (answer or {}).get("content", {})
        if not contents:
            _expect(not body, what, "has a body that the document does not know")
            return
        known = {media_type, media_type.partition("/")[0] + "/*"} & contents.keys()
        _expect(bool(known), what, f"is {media_type}, documented are {sorted(contents)}")
        if method != "HEAD" and "schema" in contents[next(iter(known))]:
            self._fits(what, _pointer([*pointer, "content", media_type, "schema"]), body)

    def _route(self, method: str, path: str) -> Route | None:
        if not path.startswith(BASE) or method == "OPTIONS":
            return None
        wanted = "GET" if method == "HEAD" else method
        try:
            endpoint, _ = self._app.url_map.bind("").match(path, wanted)
        except HTTPException:
            return None
        return self._routes.get(endpoint)

    def _at(self, pointer: list[str]) -> dict[str, Any] | None:
        found: Any = self._promises.document
        for part in pointer:
            found = found.get(part) if found else None
        return found if isinstance(found, dict) else None

    def _fits(self, what: str, pointer: str, body: bytes) -> None:
        fault = next(self._promises.validator(pointer).iter_errors(json.loads(body)), None)
        if fault is not None:
            place = "/".join(str(part) for part in fault.instance_path)
            raise ContractBroken(f"{what}: {place or 'body'}: {fault.message}")


def contract_of(app: Flask) -> Contract:
    """The promises of an application, read once."""
    if "tests_contract" not in app.extensions:
        app.extensions["tests_contract"] = Contract(app)
    found: Contract = app.extensions["tests_contract"]
    return found


class CheckedClient(FlaskClient):
    """Flask's client, with every answer held against the document."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; raises ContractBroken for an answer that is not promised."""
        answer = super().open(*args, **kwargs)
        request = answer.request
        contract_of(self.application).check(
            request.method, request.path, answer.status_code, answer.headers, answer.get_data()
        )
        return answer


def _expect(holds: bool, what: str, fault: str) -> None:
    if not holds:
        raise ContractBroken(f"{what} {fault}")


def _pointer(parts: list[str]) -> str:
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
