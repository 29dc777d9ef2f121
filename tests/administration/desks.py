"""An administrator's desk over HTTP, in few words."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.kernel.clock import shanghai_day
from app.kernel.db import db, unit_of_work
from app.people.models import Role
from tests.clocks import MovableClock
from tests.people.posts import add_post
from tests.towns import Town

SignIn = Callable[[str], dict[str, str]]
BASE = "/api/v1"
COUNTY = "guanli"
MINE = "town_admin"
OTHER = "other_admin"


class Desk:
    """Two townships of a county, an administrator of each and one of the county."""

    def __init__(
        self,
        app: Flask,
        client: FlaskClient,
        sign_in: SignIn,
        towns: tuple[Town, Town],
        clock: MovableClock,
    ) -> None:
        self.app, self.client, self.sign_in, self.clock = app, client, sign_in, clock
        self.town, self.other = towns
        with app.app_context():
            with unit_of_work() as session:
                add_post(session, MINE, Role.administrator, self.town.code)
                add_post(session, OTHER, Role.administrator, self.other.code)
            db.session.remove()

    def day(self, offset: int = 0) -> str:
        """A day counted from today in Asia/Shanghai."""
        return (shanghai_day(self.clock()) + timedelta(days=offset)).isoformat()

    def ask(
        self, method: str, who: str, path: str, body: Any = None, *, key: str | None = None
    ) -> TestResponse:
        """Any request."""
        headers = dict(self.sign_in(who))
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid4())
        options = {} if body is None else {"json": body}
        return self.client.open(BASE + path, method=method, headers=headers, **options)

    def get(self, who: str, path: str) -> Any:
        """What is read."""
        answer = self.ask("GET", who, path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def post(self, who: str, path: str, **body: Any) -> Any:
        """What a write that succeeds answers."""
        answer = self.ask("POST", who, path, body)
        assert answer.status_code in (200, 201), answer.get_data(as_text=True)
        return answer.get_json()

    def put(self, who: str, path: str, **body: Any) -> Any:
        """What a change that succeeds answers."""
        answer = self.ask("PUT", who, path, body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def refused(self, method: str, who: str, path: str, **body: Any) -> tuple[int, str]:
        """Status and code of a refusal."""
        answer = self.ask(method, who, path, None if method == "GET" else body)
        assert answer.content_type == "application/problem+json", answer.get_data(as_text=True)
        return answer.status_code, answer.get_json()["code"]

    def changes(self, who: str, query: str = "") -> list[dict[str, Any]]:
        """The log, the newest first."""
        items: list[dict[str, Any]] = self.get(who, f"/audit?limit=100{query}")["items"]
        return items

    def located(self, who: str, point: Sequence[float]) -> str | None:
        """The code of the cell that holds a point today."""
        found = self.get(who, f"/cells/locate?lng={point[0]}&lat={point[1]}")["cell"]
        return found["code"] if found else None
