"""Removing a photo: its maker, while nothing uses it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx

from tests.photos import pictures
from tests.photos.phones import Phone
from tests.towns import Town

Phones = Callable[[str], Phone]


def outcome(answer: httpx.Response) -> tuple[int, str | None]:
    """The status, and the code of a problem."""
    return answer.status_code, answer.json()["code"] if answer.content else None


def test_its_maker_removes_a_photo_that_nothing_uses(
    town: Town, phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    warden = phone("wangge11")
    path = f"/photos/{warden.send(pictures.photo())['id']}"
    assert outcome(phone("wangge12").delete(path)) == (403, "not_allowed")
    assert outcome(phone("ducha1").delete(path)) == (403, "not_allowed")
    for stranger in ("guanli", "wangge21", "wuye11", "zhifa1"):
        assert outcome(phone(stranger).delete(path)) == (404, "not_found")
    assert warden.get(path)["id"]
    assert outcome(warden.delete(path)) == (204, None)
    assert outcome(warden.delete(path)) == (404, "not_found")
    warden.get(path, status=404)
    assert left()["photos"] == 0


def test_by_its_key_too(town: Town, phone: Phones) -> None:
    warden, key = phone("wangge11"), str(uuid4())
    warden.upload(pictures.photo(), key=key)
    assert warden.delete(f"/photos/key:{key}").status_code == 204
    assert outcome(warden.delete("/photos/key:unheard-of")) == (422, "reference_unknown")


def test_what_a_ticket_uses_stays(town: Town, phone: Phones) -> None:
    warden = phone("wangge11")
    lng, lat = town.cell().centre
    used = warden.send(pictures.photo(), lng=lng, lat=lat)
    warden.report(used["id"])
    assert outcome(warden.delete(f"/photos/{used['id']}")) == (409, "photo_in_use")
    assert warden.get(f"/photos/{used['id']}")["id"] == used["id"]


def test_a_photo_sent_again_after_its_removal_is_a_new_one(
    town: Town, phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    warden, data = phone("wangge11"), pictures.photo()
    first = warden.send(data, source="album")
    warden.delete(f"/photos/{first['id']}")
    second = warden.send(data, source="camera")
    assert second["id"] != first["id"]
    assert "source_album" not in [finding["code"] for finding in second["findings"]]
    assert left() == {"photos": 1, "blobs": 1, "files": 3}


def test_removed_and_used_at_once_only_one_of_the_two_happens(town: Town, phone: Phones) -> None:
    warden = phone("wangge11")
    lng, lat = town.cell().centre
    for number in range(4):
        photo = warden.send(pictures.photo(software=f"{number}"), lng=lng, lat=lat)
        body = {"category": "01-36", "photo_ids": [photo["id"]]}
        with ThreadPoolExecutor(2) as pool:
            report = pool.submit(
                warden.client.post,
                "/api/v1/tickets",
                json=body,
                headers={"Idempotency-Key": str(uuid4())},
            )
            removal = pool.submit(warden.delete, f"/photos/{photo['id']}")
        seen = (report.result().status_code, removal.result().status_code)
        assert seen in {(201, 409), (422, 204)}, (seen, report.result().text)


def test_a_late_repetition_does_not_bring_a_removed_photo_back(
    town: Town, phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    warden, data, key = phone("wangge11"), pictures.photo(), str(uuid4())
    first = warden.upload(data, key=key).json()["id"]
    assert warden.delete(f"/photos/{first}").status_code == 204
    again = warden.upload(data, key=key)
    assert (again.status_code, again.json()["id"]) == (201, first)
    assert again.headers["Idempotent-Replay"] == "true"
    assert left()["photos"] == 0
    for reference in (first, f"key:{key}"):
        warden.get(f"/photos/{reference}", status=404)
