"""A photo is put to use in the very moment in which it is purged: one of the two wins."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.kernel.db import db
from tests.evidence.conftest import Office
from tests.tickets.stories import code_of

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
"""On SQLite there is one writer at a time."""

WAITING = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"


def until_so_many_wait(connection: Connection, count: int) -> None:
    """Goes on as soon as so many connections wait for a lock."""
    deadline = time.monotonic() + 60
    while connection.scalar(text(WAITING)) < count:
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.01)


class Doing:
    """Something that is done meanwhile; `result` waits for what it comes to."""

    def __init__(self, do: Callable[[], Any]) -> None:
        self._found: list[Any] = []
        self._thread = threading.Thread(target=lambda: self._found.append(do()))
        self._thread.start()

    def result(self) -> Any:
        self._thread.join()
        return self._found[0]


@contextmanager
def kept_from_writing(office: Office, table: str) -> Iterator[Connection]:
    """Nobody writes to a table meanwhile; whoever would, waits in the middle of its work."""
    with office.app.app_context(), db.engine.connect() as connection, connection.begin():
        connection.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
        yield connection


def report(office: Office, photo_id: str) -> Doing:
    office.headers("wangge11")
    return Doing(lambda: office.try_report(photo_ids=[photo_id]))


def purge(office: Office) -> Doing:
    return Doing(lambda: office.run("photos", "purge"))


def test_what_is_being_purged_cannot_be_used(office: Office) -> None:
    photo_id = office.photo("wangge11", office.spot)
    office.later(days=100)
    with kept_from_writing(office, "photo_removals") as connection:
        purging = purge(office)
        until_so_many_wait(connection, 1)
        reporting = report(office, photo_id)
        until_so_many_wait(connection, 2)
    assert "已清除 1 张" in purging.result()
    assert code_of(reporting.result()) == (409, "photo_purged")


def test_what_is_being_used_is_not_purged(office: Office) -> None:
    photo_id = office.photo("wangge11", office.spot)
    office.later(days=100)
    with kept_from_writing(office, "ticket_events") as connection:
        reporting = report(office, photo_id)
        until_so_many_wait(connection, 1)
        purging = purge(office)
        until_so_many_wait(connection, 2)
    answer = reporting.result()
    assert answer.status_code == 201, answer.text
    assert "已清除 0 张" in purging.result()
    photo = answer.get_json()["photos"][0]["photo"]
    assert photo["purged_at"] is None
    assert office.client.get(photo["urls"]["received"]).status_code == 200


def test_what_is_being_held_is_not_purged(office: Office) -> None:
    photo_id = office.photo("wangge11", office.spot)
    office.later(days=100)
    office.headers("ducha1")
    with kept_from_writing(office, "photo_holds") as connection:
        path = f"/photos/{photo_id}/holds"
        holding = Doing(lambda: office.post("ducha1", path, {"reason": "信访"}))
        until_so_many_wait(connection, 1)
        purging = purge(office)
        until_so_many_wait(connection, 2)
    assert holding.result().status_code == 201
    assert "因保全留下 1 张" in purging.result()
