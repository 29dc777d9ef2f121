"""People who go on until the server has taken what they do: the client's part of a promise.

They try again what was not answered, or answered with "later", under the same key; what is refused
they leave. All that was acknowledged is written down, to be held against the database afterwards.
"""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from tests.photos import pictures
from tests.towns import PASSWORD, Town

BASE = "/api/v1"
LATER = (408, 425, 429, 502, 503, 504)
PATIENCE_S = 240.0

_numbers = count(1)


class GivenUp(Exception):
    """Somebody waited too long for an answer."""


@dataclass
class Promises:
    """What was acknowledged, and what was refused, by the keys of the requests."""

    photos: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Key → id and SHA-256."""
    tickets: dict[str, str] = field(default_factory=dict)
    """Key → id."""
    actions: Counter[str] = field(default_factory=Counter)
    """Ticket id → how many actions on it were acknowledged."""
    refused: Counter[str] = field(default_factory=Counter)
    """Code → how many requests were refused with it."""
    refused_keys: list[str] = field(default_factory=list)
    retries: Counter[str] = field(default_factory=Counter)
    """Why something was sent again → how often."""
    slowest_503_s: float = 0.0
    without_retry_after: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, change: Any) -> None:
        """Writes something down; one person at a time."""
        with self._lock:
            change()


class Caller:
    """Somebody signed in, who sends each time to one of the instances."""

    def __init__(self, urls: list[str], who: str, promises: Promises, seed: int) -> None:
        self.urls, self.who, self.promises = urls, who, promises
        self.chance = random.Random(seed)
        self.client = httpx.Client(timeout=30, trust_env=False)
        self.headers: dict[str, str] = {}

    def sign_in(self) -> None:
        """Until it succeeds."""
        body = {"username": self.who, "password": PASSWORD}
        answer = self.insist("POST", "/auth/password", json=body)
        self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def insist(self, method: str, path: str, *, key: str | None = None, **sent: Any) -> Any:
        """The answer that is none of the server's difficulties."""
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        give_up = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up:
            url, began = self.chance.choice(self.urls), time.monotonic()
            try:
                answer = self.client.request(method, f"{url}{BASE}{path}", headers=headers, **sent)
            except httpx.TransportError as problem:
                self._again(type(problem).__name__)
                continue
            why = self._why_again(answer, time.monotonic() - began)
            if why is None:
                return answer
            self._again(why)
        raise GivenUp(f"{self.who} {method} {path}")

    def _why_again(self, answer: httpx.Response, seconds: float) -> str | None:
        if answer.status_code in LATER:
            self.promises.note(lambda: self._look_at(answer, seconds))
            return str(answer.status_code)
        if answer.status_code == 409 and answer.json()["code"] == "request_in_progress":
            return "in progress"
        if answer.status_code == 422 and answer.json()["code"] == "reference_unknown":
            return "reference"
        if answer.status_code >= 500:
            raise AssertionError(f"{answer.status_code} {answer.text}")
        return None

    def _look_at(self, answer: httpx.Response, seconds: float) -> None:
        if answer.status_code == 503:
            self.promises.slowest_503_s = max(self.promises.slowest_503_s, seconds)
            self.promises.without_retry_after += "Retry-After" not in answer.headers

    def _again(self, why: str) -> None:
        self.promises.note(lambda: self.promises.retries.update([why]))
        time.sleep(0.05 + self.chance.random() * 0.3)


class Warden(Caller):
    """Sends photos and reports, some of them wrong."""

    def photo(self, town: Town) -> str:
        """The key of a photo that was acknowledged."""
        data = pictures.photo(software=f"chaos {self.who} {next(_numbers)} {uuid4()}")
        lng, lat = town.cell().centre
        key, place = str(uuid4()), {"lng": f"{lng}", "lat": f"{lat}", "accuracy_m": "8"}
        answer = self.insist(
            "POST", "/photos", key=key, files={"file": ("p.jpg", data)}, data=place
        )
        assert answer.status_code in (200, 201), answer.text
        made = (answer.json()["id"], sha256(data).hexdigest())
        self.promises.note(lambda: self.promises.photos.__setitem__(key, made))
        return key

    def report(self, town: Town, photo_key: str) -> dict[str, Any]:
        """A ticket that was acknowledged."""
        key = str(uuid4())
        body = {
            "category": "01-36",
            "photo_ids": [f"key:{photo_key}"],
            "compound": town.compound().code,
        }
        answer = self.insist("POST", "/tickets", key=key, json=body)
        assert answer.status_code == 201, answer.text
        ticket: dict[str, Any] = answer.json()
        self.promises.note(lambda: self.promises.tickets.__setitem__(key, ticket["id"]))
        return ticket

    def report_wrongly(self) -> None:
        """A report that is refused, whatever else goes wrong."""
        key = str(uuid4())
        body = {"category": "no such", "photo_ids": [], "compound": "nowhere"}
        answer = self.insist("POST", "/tickets", key=key, json=body)
        assert answer.status_code == 422, answer.text
        code = answer.json()["code"]

        def write_down() -> None:
            self.promises.refused.update([code])
            self.promises.refused_keys.append(key)

        self.promises.note(write_down)


def act(caller: Caller, ticket: dict[str, Any], action: str, **said: Any) -> dict[str, Any]:
    """The ticket after an action that was acknowledged."""
    body = {"version": ticket["version"], **said}
    answer = caller.insist("POST", f"/tickets/{ticket['id']}/{action}", key=str(uuid4()), json=body)
    assert answer.status_code == 200, answer.text
    caller.promises.note(lambda: caller.promises.actions.update([ticket["id"]]))
    changed: dict[str, Any] = answer.json()
    return changed
