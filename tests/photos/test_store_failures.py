"""Bytes first, then the row: what a failing store or database leaves; nobody waits meanwhile."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.clock import utc_now
from app.kernel.db import db, unit_of_work
from app.kernel.ids import new_id
from app.kernel.moments import moment_of
from app.people.access import Actor
from app.photos.errors import StoreUnavailable
from app.photos.service import KeptBytes, PhotoClaims, PhotoJustRemoved, take_in_photo
from tests.photos import pictures
from tests.photos.memory_store import MemoryPhotoStore
from tests.photos.phones import Phone
from tests.towns import Town

Phones = Callable[[str], Phone]


class FullStore(MemoryPhotoStore):
    """Answers every question and has no room for a further put after the first `room`."""

    room = 0

    def put(self, key: str, source: BinaryIO, *, media_type: str) -> None:
        """Keep the bytes while there is room."""
        if self.room <= 0:
            raise StoreUnavailable("照片存储空间不足。")
        self.room -= 1
        super().put(key, source, media_type=media_type)


class GatedStore(MemoryPhotoStore):
    """Says when a put has begun, and lets it go on only when told."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def put(self, key: str, source: BinaryIO, *, media_type: str) -> None:
        """Keep the bytes once the gate is open."""
        self.begun.set()
        assert self.go_on.wait(30)
        super().put(key, source, media_type=media_type)


@pytest.mark.parametrize("room", [0, 1, 2])
def test_a_full_store_is_said_and_the_same_request_succeeds_later(
    town: Town, phone: Phones, app: Flask, left: Callable[[], dict[str, int]], room: int
) -> None:
    store = app.extensions["gexun_store"] = FullStore()
    store.room = room
    warden, key, data = phone("wangge11"), str(uuid4()), pictures.photo()
    refused = warden.upload(data, key=key)
    assert (refused.status_code, refused.json()["code"]) == (503, "photo_store_unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert left() == {"photos": 0, "blobs": 0, "files": 0}
    store.room = 3
    assert warden.upload(data, key=key).status_code == 201
    assert len(store.blobs) == 3


def test_a_store_that_is_down_gives_no_bytes_and_loses_none(
    town: Town, phone: Phones, app: Flask
) -> None:
    store = app.extensions["gexun_store"] = MemoryPhotoStore()
    warden = phone("wangge11")
    url = warden.send(pictures.photo())["urls"]["thumb"]
    store.down = True
    answer = warden.client.get(url)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    store.down = False
    assert warden.client.get(url).status_code == 200


@pytest.fixture
def no_rows(app: Flask, backend: str) -> Iterator[Callable[[], None]]:
    """Makes the database itself refuse every photo's row; gives what ends that."""
    make, end = TRIGGERS[backend]

    def run(statements: tuple[str, ...]) -> None:
        with app.app_context(), unit_of_work() as session:
            for statement in statements:
                session.execute(text(statement))

    run(make)
    yield lambda: run(end)


TRIGGERS = {
    "sqlite": (
        (
            "CREATE TRIGGER no_photos BEFORE INSERT ON photos "
            "BEGIN SELECT RAISE(ABORT, 'no photos today'); END",
        ),
        ("DROP TRIGGER no_photos",),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION no_photos() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no photos today'; END $$",
            "CREATE TRIGGER no_photos BEFORE INSERT ON photos "
            "FOR EACH ROW EXECUTE FUNCTION no_photos()",
        ),
        ("DROP TRIGGER no_photos ON photos",),
    ),
}


def test_a_database_that_fails_after_the_bytes_leaves_bytes_and_never_a_row(
    town: Town, phone: Phones, no_rows: Callable[[], None], left: Callable[[], dict[str, int]]
) -> None:
    warden, key, data = phone("wangge11"), str(uuid4()), pictures.photo()
    failed = warden.upload(data, key=key)
    assert failed.status_code >= 500
    assert failed.headers["Content-Type"] == "application/problem+json"
    assert left() == {"photos": 0, "blobs": 0, "files": 3}
    no_rows()
    assert warden.upload(data, key=key).status_code == 201
    assert left() == {"photos": 1, "blobs": 1, "files": 3}


def test_nobody_waits_for_a_photo_that_is_being_stored(
    town: Town, phone: Phones, app: Flask
) -> None:
    store = app.extensions["gexun_store"] = MemoryPhotoStore()
    lead, warden = phone("shequ1"), phone("wangge11")
    old = lead.send(pictures.photo(software="old"))
    gate = app.extensions["gexun_store"] = GatedStore()
    gate.blobs = store.blobs
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(warden.upload, pictures.photo())
        try:
            assert gate.begun.wait(30)
            # Another writer commits while the photo is under way: no transaction is held for it.
            assert lead.delete(f"/photos/{old['id']}").status_code == 204
            assert not slow.done()
        finally:
            gate.go_on.set()
        assert slow.result().status_code == 201


def test_no_connection_is_held_while_a_photo_is_being_stored(
    town: Town, phone: Phones, app: Flask
) -> None:
    gate = app.extensions["gexun_store"] = GatedStore()
    warden = phone("wangge11")
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(warden.upload, pictures.photo())
        try:
            assert gate.begun.wait(30)
            with app.app_context():
                assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        finally:
            gate.go_on.set()
        assert slow.result().status_code == 201


def test_a_photo_removed_while_its_bytes_arrive_again_is_to_be_sent_once_more(
    session: Session,
) -> None:
    """The bytes were known when they came and are not any more when the row is looked for."""
    known_when_they_came = KeptBytes("ab" * 32, 10, None)
    somebody = Actor(new_id(), "", "", ())
    with pytest.raises(PhotoJustRemoved):
        take_in_photo(
            session, known_when_they_came, PhotoClaims(moment_of(utc_now())), actor=somebody
        )
