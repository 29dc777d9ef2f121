"""The same photo from several threads at once: one photo, whoever comes first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import httpx
from flask import Flask
from sqlalchemy import event

from app.kernel.db import db
from tests.photos import pictures
from tests.photos.phones import Phone
from tests.towns import Town

Phones = Callable[[str], Phone]


def at_once(uploads: list[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    """Starts all uploads at the same moment."""
    barrier = Barrier(len(uploads))

    def run(upload: Callable[[], httpx.Response]) -> httpx.Response:
        barrier.wait(30)
        return upload()

    with ThreadPoolExecutor(len(uploads)) as pool:
        return list(pool.map(run, uploads))


def test_the_same_bytes_by_one_person_under_different_keys_are_one_photo(
    town: Town, phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    warden, data = phone("wangge11"), pictures.photo()
    lng, lat = town.cell().centre
    answers = at_once([lambda: warden.upload(data, lng=lng, lat=lat)] * 8)
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert left() == {"photos": 1, "blobs": 1, "files": 3}


def test_the_same_bytes_by_two_persons_are_two_photos_of_one_blob(
    town: Town, phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    data = pictures.photo()
    phones = [phone(who) for who in ("wangge11", "wangge12", "wangge21", "shequ1")]
    answers = at_once([lambda one=one: one.upload(data) for one in phones])  # type: ignore[misc]
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 4
    assert left() == {"photos": 4, "blobs": 1, "files": 3}


def test_one_key_at_once_is_done_once(
    town: Town, phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    warden, data, key = phone("wangge11"), pictures.photo(), str(uuid4())
    answers = at_once([lambda: warden.upload(data, key=key)] * 6)
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "request_in_progress"
            assert int(answer.headers["Retry-After"]) > 0
        else:
            assert answer.status_code == 201
    assert any(answer.status_code == 201 for answer in answers)
    assert warden.upload(data, key=key).headers["Idempotent-Replay"] == "true"
    assert left() == {"photos": 1, "blobs": 1, "files": 3}


def test_different_photos_at_once_are_all_taken(
    town: Town, phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    warden = phone("wangge11")
    photos = [pictures.photo(software=f"{number}") for number in range(8)]
    answers = at_once([lambda data=data: warden.upload(data) for data in photos])  # type: ignore[misc]
    assert [answer.status_code for answer in answers] == [201] * 8
    assert left() == {"photos": 8, "blobs": 8, "files": 24}


def test_removed_while_it_arrives_again_it_is_taken_as_new(
    app: Flask, town: Town, phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    """The maker's second phone removes the photo between the look whether it is known and the
    work: the first never hears of it."""
    warden, data = phone("wangge11"), pictures.photo()
    first = warden.send(data)
    removals: list[int] = []

    def remove(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        looks = "photos.maker_id = " in statement and statement.startswith("SELECT photos.id")
        if looks and "ORDER BY" not in statement and not removals:
            removals.append(0)
            removals[0] = warden.delete(f"/photos/{first['id']}").status_code

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", remove)
    try:
        answer = warden.upload(data)
    finally:
        event.remove(engine, "after_cursor_execute", remove)
    assert removals == [204]
    assert answer.status_code == 201, answer.text
    assert answer.json()["id"] != first["id"]
    assert warden.client.get(answer.json()["urls"]["received"]).content == data
    assert left() == {"photos": 1, "blobs": 1, "files": 3}
