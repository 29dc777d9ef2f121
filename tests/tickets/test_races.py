"""Two people act at once on one ticket: exactly one of them does it."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest

from tests.servers import LiveServer
from tests.tickets.stories import COMPANY, OTHER_COMPANY, Json, picture
from tests.towns import Town

SignIn = Callable[[str], httpx.Client]


class People:
    """The township's people over real HTTP."""

    def __init__(self, town: Town, sign_in: SignIn) -> None:
        self.town = town
        self._sign_in = sign_in
        self._known: dict[str, httpx.Client] = {}

    def __getitem__(self, who: str) -> httpx.Client:
        if who not in self._known:
            self._known[who] = self._sign_in(who)
        return self._known[who]

    def photo(self, who: str) -> str:
        """A photo that somebody sent."""
        answer = self[who].post("/api/v1/photos", files={"file": ("p.jpg", io.BytesIO(picture()))})
        return str(answer.raise_for_status().json()["id"])

    def report(self) -> Json:
        """A ticket at the company."""
        body = {
            "category": "01-36",
            "photo_ids": [self.photo("wangge11")],
            "compound": self.town.compound().code,
        }
        made: Json = self["wangge11"].post("/api/v1/tickets", json=body).raise_for_status().json()
        return made

    def send(self, who: str, ticket: Json, action: str, **said: Any) -> httpx.Response:
        """An action on the version that was seen."""
        path = f"/api/v1/tickets/{ticket['id']}/{action}"
        return self[who].post(path, json={"version": ticket["version"], **said})

    def rectify(self, ticket: Json) -> Json:
        """The ticket put right by the company."""
        answer = self.send("wuye11", ticket, "rectify", photo_ids=[self.photo("wuye11")])
        done: Json = answer.raise_for_status().json()
        return done

    def at_once(self, ticket: Json, *moves: tuple[str, str, Json]) -> list[httpx.Response]:
        """The answers to several actions sent at the same moment, in their order."""
        for who, _, _ in moves:
            self[who].get("/api/v1/me").raise_for_status()
        together = Barrier(len(moves))

        def send(move: tuple[str, str, Json]) -> httpx.Response:
            together.wait()
            return self.send(move[0], ticket, move[1], **move[2])

        with ThreadPoolExecutor(len(moves)) as pool:
            return list(pool.map(send, moves))


@pytest.fixture
def people(server: LiveServer, town: Town, sign_in_over_http: SignIn) -> People:
    """The township's people."""
    return People(town, sign_in_over_http)


def one_winner(people: People, ticket: Json, answers: list[httpx.Response]) -> httpx.Response:
    """The only answer that succeeded; every other is told what the ticket is now."""
    won = [answer for answer in answers if answer.status_code == 200]
    assert len(won) == 1, [answer.text for answer in answers]
    after = people["ducha1"].get(f"/api/v1/tickets/{ticket['id']}").json()
    assert after["version"] == ticket["version"] + 1
    for answer in answers:
        if answer is not won[0]:
            assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")
            current = answer.json()["current"]
            for name in ("version", "state", "responsible", "legs", "updated_at"):
                assert current[name] == after[name], name
            assert [event["action"] for event in current["timeline"]] == [
                event["action"] for event in after["timeline"]
            ]
    return won[0]


@pytest.mark.parametrize("turn", range(3))
def test_close_and_return(people: People, turn: int) -> None:
    ticket = people.rectify(people.report())
    answers = people.at_once(
        ticket,
        ("wangge12", "close", {}),
        ("shequ1", "return", {"note": "没清"}),
        ("ducha1", "close", {}),
        ("wuye11", "recall", {}),
    )
    one_winner(people, ticket, answers)


@pytest.mark.parametrize("turn", range(3))
def test_two_dispatches(people: People, turn: int) -> None:
    ticket = people.report()
    moves = [
        (who, "dispatch", {"organisation": code, "note": "再派"})
        for who, code in (
            ("shequ1", OTHER_COMPANY),
            ("ducha1", people.town.community()),
            ("ducha2", COMPANY),
        )
    ]
    answers = people.at_once(ticket, *moves)
    won = one_winner(people, ticket, answers)
    after = won.json()
    assert len(after["legs"]) == 2
    assert after["responsible"]["code"] == moves[answers.index(won)][2]["organisation"]


@pytest.mark.parametrize("turn", range(3))
def test_two_colleagues_rectify(people: People, turn: int) -> None:
    ticket = people.report()
    moves = [(who, "rectify", {"photo_ids": [people.photo(who)]}) for who in ("wuye11", "wuye12")]
    one_winner(people, ticket, people.at_once(ticket, *moves))


@pytest.mark.parametrize("turn", range(3))
def test_rectify_and_dispatch_again(people: People, turn: int) -> None:
    ticket = people.report()
    rectify, dispatch = people.at_once(
        ticket,
        ("wuye11", "rectify", {"photo_ids": [people.photo("wuye11")]}),
        ("shequ1", "dispatch", {"organisation": OTHER_COMPANY, "note": "再派"}),
    )
    after = people["ducha1"].get(f"/api/v1/tickets/{ticket['id']}").json()
    assert after["version"] == 2
    if rectify.status_code == 200:
        assert dispatch.json()["code"] == "stale_version"
        assert dispatch.json()["current"]["state"] == "rectified"
        assert [leg["outcome"] for leg in after["legs"]] == ["rectified"]
    else:
        # It is no longer theirs: that is said before anything about versions.
        assert (rectify.status_code, rectify.json()["code"]) == (403, "not_allowed")
        assert dispatch.status_code == 200
        assert [leg["outcome"] for leg in after["legs"]] == ["dispatched_again", None]


def test_the_same_key_at_once_is_done_once(people: People) -> None:
    ticket = people.report()
    client, photo = people["wuye11"], people.photo("wuye11")
    together = Barrier(4)

    def send(_: int) -> httpx.Response:
        together.wait()
        return client.post(
            f"/api/v1/tickets/{ticket['id']}/rectify",
            json={"version": 1, "photo_ids": [photo]},
            headers={"Idempotency-Key": "once"},
        )

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert 200 in {answer.status_code for answer in answers}
    refused = [answer.json()["code"] for answer in answers if answer.status_code == 409]
    assert set(refused) <= {"request_in_progress"}
    after = people["ducha1"].get(f"/api/v1/tickets/{ticket['id']}").json()
    assert (after["version"], len(after["photos"])) == (2, 2)
