"""Telling the story of a ticket over HTTP, in few words."""

import io
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.kernel.clock import SHANGHAI
from app.kernel.db import db, unit_of_work
from tests.clocks import MovableClock
from tests.towns import PASSWORD, Town, standing_token

WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
COMPANY, OTHER_COMPANY = "WY299001", "WY299002"
BODY = "340299-CWB"
NORTH_M = 1 / 111_195.08
"""Degrees of latitude in a metre."""

Json = dict[str, Any]
Point = tuple[float, float]

_numbers = count(1)


def at(text: str) -> datetime:
    """The instant written "11-25 09:00" (of 2026) or in full, Asia/Shanghai."""
    full = text if text[:2] == "20" else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=SHANGHAI)


def picture() -> bytes:
    """A small JPEG unlike any other of this run."""
    number = next(_numbers)
    image = Image.new("RGB", (48, 32), (number % 256, number // 256 % 256, 90))
    image.paste((255 - number % 256, 40, 40), (0, 0, 1 + number % 40, 16))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, comment=str(number).encode())
    return out.getvalue()


def north_of(point: Point, metres: float) -> Point:
    """A point so many metres to the north."""
    return point[0], point[1] + metres * NORTH_M


def position(point: Point, accuracy_m: float = 5) -> Json:
    """A position as a report gives it."""
    return {"lng": point[0], "lat": point[1], "datum": "wgs84", "accuracy_m": accuracy_m}


class Stories:
    """A township, its people, and what they do with tickets."""

    def __init__(self, app: Flask, client: FlaskClient, town: Town, clock: MovableClock) -> None:
        self.app, self.client, self.town, self.clock = app, client, town, clock
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self.spot: Point = town.cell("001", 1).centre
        """A place in compound 1 of community 001, which a company looks after."""
        self.street: Point = town.cell("001", 2).centre
        """A place in compound 2 of community 001, which has no company."""
        self.open_ground: Point = town.cell("001", 4).centre
        """A place of community 001 in no compound."""

    def code(self, suffix: str = "001", number: int = 1) -> str:
        """The code of a compound."""
        return self.town.compound(suffix, number).code

    def headers(self, who: str) -> dict[str, str]:
        """What a signed-in person sends; signed in again when the clock has run past the token."""
        if standing := standing_token(who):
            return {"Authorization": f"Bearer {standing}"}
        token, expires_at = self._tokens.get(who, ("", None))
        if expires_at is None or expires_at <= self.clock():
            body = {"username": who, "password": PASSWORD}
            answer = self.client.post("/api/v1/auth/password", json=body)
            assert answer.status_code == 200, answer.text
            token = answer.get_json()["access_token"]
            expires_at = datetime.fromisoformat(answer.get_json()["expires_at"])
            self._tokens[who] = token, expires_at
        return {"Authorization": f"Bearer {token}"}

    def later(self, **span: float) -> None:
        """Turn the clock forward."""
        self.clock.move(timedelta(**span))

    def now(self, instant: datetime) -> None:
        """Turn the clock to an instant."""
        self.clock.set(instant)

    def post(self, who: str, path: str, body: Json, key: str | None = None) -> TestResponse:
        """The raw answer to a POST."""
        headers = self.headers(who) | ({"Idempotency-Key": key} if key else {})
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def put(self, who: str, path: str, body: Json) -> TestResponse:
        """The raw answer to a PUT."""
        return self.client.put(f"/api/v1{path}", json=body, headers=self.headers(who))

    def get(self, who: str, path: str, **query: Any) -> TestResponse:
        """The raw answer to a GET."""
        return self.client.get(f"/api/v1{path}", query_string=query, headers=self.headers(who))

    def person(self, who: str) -> str:
        """The id of somebody."""
        return str(self.get(who, "/me").get_json()["id"])

    def photo(
        self,
        who: str,
        point: Point | None = None,
        *,
        data: bytes | None = None,
        key: str | None = None,
        **fields: Any,
    ) -> str:
        """The id of a photo that somebody sent."""
        said = {"accuracy_m": "5", **fields}
        if point is not None:
            said |= {"lng": repr(point[0]), "lat": repr(point[1])}
        said = {name: _text(value) for name, value in said.items()}
        if point is None:
            said.pop("accuracy_m")
        answer = self.client.post(
            "/api/v1/photos",
            data={"file": (io.BytesIO(data or picture()), "p.jpg"), **said},
            headers=self.headers(who) | ({"Idempotency-Key": key} if key else {}),
        )
        assert answer.status_code in (200, 201), answer.text
        return str(answer.get_json()["id"])

    def try_report(self, who: str = "wangge11", **said: Any) -> TestResponse:
        """The raw answer to a report: of clutter at the spot, with a photo, unless said."""
        point = said.pop("point", self.spot)
        body: Json = {"category": "01-36", **said}
        if point is not None and not {"position", "compound", "cell"} & said.keys():
            body["position"] = position(point)
        if "photo_ids" not in said:
            body["photo_ids"] = [self.photo(who, point)]
        return self.post(who, "/tickets", _plain(body))

    def report(self, who: str = "wangge11", **said: Any) -> Json:
        """The ticket that a report made."""
        answer = self.try_report(who, **said)
        assert answer.status_code == 201, answer.text
        made: Json = answer.get_json()
        return made

    def try_act(self, who: str, ticket: Json, action: str, /, **said: Any) -> TestResponse:
        """The raw answer to an action on the ticket as it was last seen."""
        body = {"version": ticket["version"], **said}
        return self.post(who, f"/tickets/{ticket['id']}/{action}", _plain(body))

    def act(self, who: str, ticket: Json, action: str, /, **said: Any) -> Json:
        """The ticket after an action; a rectification brings a photo of the spot unless said."""
        if action == "rectify" and "photo_ids" not in said:
            said["photo_ids"] = [self.photo(who, self.point_of(ticket))]
        answer = self.try_act(who, ticket, action, **said)
        assert answer.status_code == 200, answer.text
        done: Json = answer.get_json()
        return done

    def see(self, who: str, ticket: Json) -> Json:
        """The ticket as somebody sees it."""
        answer = self.get(who, f"/tickets/{ticket['id']}")
        assert answer.status_code == 200, answer.text
        seen: Json = answer.get_json()
        return seen

    def look_over(self, ticket: Json, who: str = "ducha1") -> None:
        """Somebody finds that nothing must be covered on the ticket's photos."""
        for use in self.see(who, ticket)["photos"]:
            path = f"/photos/{use['photo']['id']}/masks"
            seen = self.get(who, path).get_json()["version"]
            body = {"version": seen, "decision": "clear", "boxes": []}
            assert self.put(who, path, body).status_code == 200

    def listed(self, who: str, **query: Any) -> list[Json]:
        """All items of a list, page by page."""
        items: list[Json] = []
        cursor: Json = {}
        while True:
            answer = self.get(who, "/tickets", **query, **cursor)
            assert answer.status_code == 200, answer.text
            page = answer.get_json()
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}

    def ids(self, who: str, **query: Any) -> list[str]:
        """The ids of a list."""
        return [item["id"] for item in self.listed(who, **query)]

    def point_of(self, ticket: Json) -> Point:
        """Where a ticket is, as far as it says."""
        found = ticket["position"]
        return (found["lng"], found["lat"]) if found else self.spot

    def change(self, *statements: Any) -> None:
        """Change rows behind the application's back."""
        with self.app.app_context():
            with unit_of_work() as session:
                for statement in statements:
                    session.execute(statement)
            db.session.remove()


def code_of(answer: TestResponse) -> tuple[int, str]:
    """The status of a refusal and its code."""
    return answer.status_code, answer.get_json()["code"]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    return value.isoformat() if isinstance(value, datetime) else value


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
