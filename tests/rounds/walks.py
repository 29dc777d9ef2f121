"""Walking a township over HTTP, in few words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel.clock import SHANGHAI
from app.kernel.db import db, unit_of_work
from tests.clocks import MovableClock
from tests.towns import Town

T = TypeVar("T")
SignIn = Callable[[str], dict[str, str]]

CHECKPOINTS = ("主出入口", "主干道", "公共环境", "楼道1", "楼道2", "宣传栏", "垃圾分类亭")
"""The checkpoints of a compound that is no settlement, in their order."""


def at(text: str) -> datetime:
    """An instant by the clock of Asia/Shanghai: '2026-11-25 09:00'."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class Walks:
    """A township, its people and its compounds."""

    def __init__(
        self, app: Flask, client: FlaskClient, sign_in: SignIn, town: Town, clock: MovableClock
    ) -> None:
        self.app = app
        self.client = client
        self.sign_in = sign_in
        self.town = town
        self.clock = clock
        self._checkpoints: dict[str, dict[str, str]] = {}

    def code(self, suffix: str = "001", number: int = 1) -> str:
        """The code of a compound."""
        return self.town.compound(suffix, number).code

    def checkpoints(self, compound: str) -> dict[str, str]:
        """The ids of a compound's checkpoints by name."""
        if compound not in self._checkpoints:
            found = self.get("ducha1", f"/compounds/{compound}").get_json()
            self._checkpoints[compound] = {one["name"]: one["id"] for one in found["checkpoints"]}
        return self._checkpoints[compound]

    def check(self, name: str, result: str, compound: str = "", **more: Any) -> dict[str, Any]:
        """One member of `checks`."""
        known = self.checkpoints(compound or self.code())
        return {"checkpoint": known[name], "result": result, **more}

    def post(
        self, who: str, body: dict[str, Any], *, key: str | None = None, path: str = "/rounds"
    ) -> TestResponse:
        """The raw answer to a POST."""
        headers = {**self.sign_in(who), **({"Idempotency-Key": key} if key else {})}
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def walk(self, who: str, compound: str = "", **body: Any) -> dict[str, Any]:
        """The round after somebody added to it; instants may be given as datetimes."""
        said = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in body.items()
        }
        answer = self.post(who, {"compound": compound or self.code(), **said})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        found: dict[str, Any] = answer.get_json()
        return found

    def get(self, who: str, path: str, **query: Any) -> TestResponse:
        """The raw answer to a GET."""
        return self.client.get(f"/api/v1{path}", query_string=query, headers=self.sign_in(who))

    def coverage(self, who: str, **query: Any) -> dict[str, Any]:
        """The coverage as somebody sees it."""
        answer = self.get(who, "/coverage", **query)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: dict[str, Any] = answer.get_json()
        return found

    def write(self, change: Callable[[Session], T]) -> T:
        """Change the database behind the application's back."""
        with self.app.app_context():
            with unit_of_work() as session:
                result = change(session)
            db.session.remove()
        return result


def results(round_: dict[str, Any]) -> dict[str, str]:
    """The results that count by name of checkpoint."""
    return {one["checkpoint"]["name"]: one["result"] for one in round_["checks"]}


def missing(thing: dict[str, Any]) -> list[str]:
    """The names of the checkpoints without a result."""
    return [one["name"] for one in thing["missing"]]
