"""Who may do what: the map, the routes and docs/permissions.md say the same, and it is so."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.people.access import PERMISSIONS
from app.tickets.workflow import MOVES
from app.web.routing import Route
from tests.permissions import (
    VIEWERS,
    Place,
    Row,
    documented_outcomes,
    documented_permissions,
    table_headed,
)
from tests.towns import Town, cheap_settings

APP = Path(__file__).parent.parent / "app"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, only to be asked for its routes."""
    folder = tmp_path_factory.mktemp("routes")
    return create_app(cheap_settings(f"sqlite:///{folder / 'none.db'}", folder))


@pytest.fixture(scope="module")
def routes(served: Flask) -> list[Route]:
    """Every declared route."""
    found: list[Route] = served.extensions["gexun_routes"]
    return found


def in_braces(path: str) -> str:
    """A path as the document writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)


def test_every_route_names_a_permission_of_the_map(routes: list[Route]) -> None:
    assert {route.permission for route in routes} <= set(PERMISSIONS)


def test_every_address_is_a_declared_route_or_openly_public(
    served: Flask, routes: list[Route]
) -> None:
    declared = {route.endpoint for route in routes}
    others = {rule.rule for rule in served.url_map.iter_rules() if rule.endpoint not in declared}
    assert others == {row[0] for row in table_headed("地址")}


def test_what_asks_for_no_post_is_a_short_list(routes: list[Route]) -> None:
    open_to_all = {
        f"{route.method} {in_braces(route.path)}"
        for route in routes
        if route.permission in ("public", "signed_in")
    }
    assert open_to_all == {
        "POST /auth/password",
        "POST /auth/wechat",
        "POST /auth/wechat/bind",
        "GET /wechat/push",
        "POST /wechat/push",
        "POST /auth/logout",
        "GET /me",
        "GET /me/sign-ins",
        "DELETE /me/sign-ins",
        "DELETE /me/sign-ins/{sign_in}",
        "PUT /me/password",
        "DELETE /me/wechat",
        "GET /notices",
        "POST /notices/read",
        "GET /notices/subscriptions",
        "POST /notices/subscriptions",
        "GET /photos/{photo}/{kind}",
        "POST /photos/uploads/{upload}/file",
        "GET /openapi.json",
        "GET /evidence/keys",
        "GET /docs",
        "GET /complaints/at/{scene}",
        "POST /complaints/at/{scene}",
        "POST /complaints/receipts",
        "GET /docs/style.css",
    }


def test_every_permission_is_explained_once_and_none_that_is_not_there() -> None:
    assert sorted(documented_permissions()) == sorted(PERMISSIONS)


def test_every_permission_is_asked_for_somewhere(routes: list[Route]) -> None:
    asked = {route.permission for route in routes}
    asked |= {move.permission for move in MOVES.values()}
    asked |= {text for path in APP.rglob("*.py") for text in literals(path)}
    assert set(PERMISSIONS) - asked == set()


def literals(path: Path) -> set[str]:
    """The texts written in a module; the map itself asks for nothing."""
    if path.name == "access.py" and path.parent.name == "people":
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) is str}


def test_every_route_and_every_move_has_its_line(routes: list[Route]) -> None:
    rows = {(row.route, row.case) for row in documented_outcomes()}
    wanted = {f"{route.method} {in_braces(route.path)}" for route in routes}
    assert {route for route, _ in rows} == wanted
    states = {
        "reported": "待受理",
        "dispatched": "待整改",
        "rectified": "待核查",
        "closed": "已结案",
        "suspended": "挂账",
        "referred": "已移交",
    }
    moves = {
        (f"POST /tickets/{{ticket}}/{action.value}", states[state.value])
        for state, action in MOVES
        if state.value in states
    }
    assert moves - rows == set()


def test_every_line_says_something_of_every_viewer() -> None:
    assert [row[0] for row in table_headed("列")] == list(VIEWERS)
    for row, outcomes in documented_outcomes().items():
        assert list(outcomes) == list(VIEWERS), row
        assert set(outcomes.values()) <= {"可", "401", "403", "404", "409", "422"}, row


def test_every_route_does_for_every_viewer_what_the_document_says(
    app: Flask, client: FlaskClient, two_towns: tuple[Town, Town], backend: str
) -> None:
    """Half of the lines on either database: who may do what does not hang on it."""
    place = Place(app, client, *two_towns)
    place.prepare()
    wrong: dict[Row, dict[str, tuple[str, str]]] = {}
    lines = list(documented_outcomes().items())
    half = len(lines) // 2
    for row, outcomes in lines[:half] if backend == "sqlite" else lines[half:]:
        for viewer, wanted in outcomes.items():
            seen = place.outcome(row, VIEWERS[viewer])
            if seen != wanted:
                wrong.setdefault(row, {})[viewer] = (wanted, seen)
    assert wrong == {}
