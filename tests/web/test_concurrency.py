"""Many at once, over real HTTP against a threaded server."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.photos.models import Photo
from app.tickets.models import Ticket, TicketEvent
from tests.servers import LiveServer
from tests.towns import PASSWORD, Town
from tests.web.asking import BASE, a_picture, a_report

AT_ONCE = 12


def all_at_once(clients: list[httpx.Client], ask: Callable[[httpx.Client], Any]) -> list[Any]:
    """What each client gets when all ask in the same moment."""
    barrier = Barrier(len(clients))

    def one(client: httpx.Client) -> Any:
        barrier.wait()
        return ask(client)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(one, clients))


def phones(server: LiveServer, username: str) -> list[httpx.Client]:
    """One person's token on many connections."""
    token = dict(server.signed_in(username, PASSWORD).headers)["authorization"]
    return [server.new_client({"Authorization": token}) for _ in range(AT_ONCE)]


def check_duplicates(
    clients: list[httpx.Client], ask: Callable[[httpx.Client], httpx.Response], status: int
) -> str:
    """Exactly one is done; the others are its replay or wait, and a retry succeeds: the id."""
    answers = all_at_once(clients, ask)
    done = [a for a in answers if a.status_code == status]
    waiting = [a for a in answers if a.status_code != status]
    assert sum("Idempotent-Replay" not in a.headers for a in done) == 1
    for answer in waiting:
        assert (answer.status_code, answer.json()["code"]) == (409, "request_in_progress")
        assert int(answer.headers["Retry-After"]) >= 1
    retry = ask(clients[0])
    assert (retry.status_code, retry.headers["Idempotent-Replay"]) == (status, "true")
    ids = {answer.json()["id"] for answer in [*done, retry]}
    assert len(ids) == 1
    return ids.pop()


def test_one_photo(server: LiveServer, town: Town, session: Session) -> None:
    key, data = str(uuid4()), a_picture(1200, 900)

    def ask(client: httpx.Client) -> httpx.Response:
        files = {"file": ("a.jpg", data, "image/jpeg")}
        return client.post(f"{BASE}/photos", files=files, headers={"Idempotency-Key": key})

    check_duplicates(phones(server, "wangge11"), ask, 201)
    assert session.scalar(select(func.count()).select_from(Photo)) == 1


def test_one_ticket(server: LiveServer, town: Town, session: Session) -> None:
    headers = {"Idempotency-Key": str(uuid4())}

    def ask(client: httpx.Client) -> httpx.Response:
        return client.post(f"{BASE}/tickets", json=a_report(), headers=headers)

    check_duplicates(phones(server, "wangge11"), ask, 201)
    assert session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_one_action(server: LiveServer, town: Town, session: Session) -> None:
    clients = phones(server, "shequ1")
    key = {"Idempotency-Key": str(uuid4())}
    ticket = clients[0].post(f"{BASE}/tickets", json=a_report(), headers=key).json()
    said = {"version": ticket["version"], "note": "看过"}

    def ask(client: httpx.Client) -> httpx.Response:
        return client.post(f"{BASE}/tickets/{ticket['id']}/comment", json=said, headers=key)

    check_duplicates(clients, ask, 200)
    assert clients[0].get(f"{BASE}/tickets/{ticket['id']}").json()["version"] == said["version"] + 1
    comments = select(func.count()).where(TicketEvent.action == "comment")
    assert session.scalar(comments) == 1


def test_two_people_leave_one_winner(server: LiveServer, town: Town) -> None:
    """Different keys, one version: one acts, every other is told what the ticket has become."""
    clients = phones(server, "shequ1")
    ticket = clients[0].post(f"{BASE}/tickets", json=a_report()).json()
    said = {"version": ticket["version"], "note": "撤销"}

    def ask(client: httpx.Client) -> httpx.Response:
        headers = {"Idempotency-Key": str(uuid4())}
        return client.post(f"{BASE}/tickets/{ticket['id']}/comment", json=said, headers=headers)

    answers = all_at_once(clients, ask)
    assert sorted(a.status_code for a in answers) == [200] + [409] * (AT_ONCE - 1)
    for answer in (a for a in answers if a.status_code == 409):
        assert answer.json()["code"] == "stale_version"
        assert answer.json()["current"]["version"] == said["version"] + 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_readers_and_writers_get_along(server: LiveServer, town: Town, session: Session) -> None:
    """Nobody ever hears that the database is locked."""
    clients = phones(server, "wangge11")[:8]

    def ask(client: httpx.Client) -> list[int]:
        statuses = []
        for turn in range(6):
            made = client.post(
                f"{BASE}/tickets", json=a_report(), headers={"Idempotency-Key": str(uuid4())}
            )
            said = {"version": 1, "note": f"第 {turn} 次"}
            path = f"{BASE}/tickets/{made.json()['id']}"
            statuses += [made.status_code, client.get(f"{BASE}/tickets").status_code]
            statuses += [client.post(f"{path}/comment", json=said).status_code]
            statuses += [client.get(path).status_code, client.get(f"{BASE}/me").status_code]
        return statuses

    for statuses in all_at_once(clients, ask):
        assert set(statuses) <= {200, 201}, statuses
    assert session.scalar(select(func.count()).select_from(Ticket)) == 48
