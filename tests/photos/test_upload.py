"""Uploads over HTTP: the answer, the same bytes again, times, what a phone says beside the file."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from flask import Flask

from app.kernel.clock import SHANGHAI, rfc3339, shanghai_day, utc_now
from app.photos.schemas import PhotoOut
from tests.budgets import counted_queries
from tests.clocks import MovableClock
from tests.photos import pictures
from tests.photos.phones import BASE, Phone, codes
from tests.towns import Town

Phones = Callable[[str], Phone]
DAY = shanghai_day(utc_now()) + timedelta(days=1)
NOW = datetime.combine(DAY, time(10), SHANGHAI)


def at(clock_time: str, offset: str = "+08:00", *, days: int = 0) -> str:
    """A time of that day (or of one near it) as RFC 3339."""
    return f"{DAY + timedelta(days=days)}T{clock_time}{offset}"


def shown(photo: dict[str, Any]) -> dict[str, Any]:
    """A photo without its urls, which are signed anew in every answer."""
    return {name: value for name, value in photo.items() if name != "urls"}


def test_an_upload_answers_with_the_whole_photo(
    town: Town, phone: Phones, clock: MovableClock
) -> None:
    clock.set(NOW)
    lng, lat = town.cell().centre
    data = pictures.photo(position=(lng, lat), taken_at=f"{DAY:%Y:%m:%d} 09:58:30", orientation=6)
    photo = phone("wangge11").send(
        data, lng=lng, lat=lat, accuracy_m=12.5, taken_at=at("09:59:00"),
        fixed_at=at("09:58:50"), source="camera",
    )  # fmt: skip
    PhotoOut.model_validate(photo)
    exif = photo["positions"]["exif"]
    assert (exif["lng"], exif["lat"]) == pytest.approx((lng, lat), abs=1e-6)
    cell = {"code": town.cell().code, "name": town.cell().name}
    assert shown(photo) == {
        "id": str(UUID(photo["id"])),
        "sha256": sha256(data).hexdigest(),
        "bytes": len(data),
        "media_type": "image/jpeg",
        "width": 240,
        "height": 320,
        "received_at": at("10:00:00"),
        "taken_at": {"device": at("09:59:00"), "exif": at("09:58:30")},
        "positions": {
            "device": {
                "lng": lng, "lat": lat, "datum": "wgs84", "accuracy_m": 12.5,
                "fixed_at": at("09:58:50"),
            },
            "exif": {**exif, "datum": "wgs84"},
        },
        "position": {
            "lng": lng, "lat": lat, "datum": "wgs84", "accuracy_m": 12.5, "source": "device",
        },
        "cell": {**cell, "match": "inside", "candidates": []},
        "verdict": "consistent",
        "verdict_label": "相符",
        "findings": photo["findings"],
        "purged_at": None,
    }  # fmt: skip
    assert codes(photo) == [
        "photo_low_detail", "positions_agree", "time_plausible", "times_agree",
    ]  # fmt: skip
    assert {finding["photo_id"] for finding in photo["findings"]} == {None}
    assert set(photo["urls"]) == {"thumb", "display", "received"}
    assert shown(phone("wangge11").get(f"/photos/{photo['id']}")) == shown(photo)


def test_a_bare_file_is_enough(town: Town, phone: Phones) -> None:
    photo = phone("wangge11").send(pictures.encoded(pictures.quadrants()))
    assert photo["taken_at"] == {"device": None, "exif": None}
    assert photo["positions"] == {"device": None, "exif": None}
    assert (photo["position"], photo["cell"]) == (None, None)
    assert photo["verdict"] == "consistent"
    assert codes(photo) == ["exif_missing", "photo_low_detail", "position_missing", "time_missing"]
    assert {finding["direction"] for finding in photo["findings"]} == {"unknown"}


@pytest.mark.parametrize("form", ["PNG", "WEBP", "HEIC"])
def test_what_a_file_is_comes_from_its_bytes_and_never_from_its_name(
    town: Town, phone: Phones, form: str
) -> None:
    data = pictures.encoded(pictures.quadrants(), form)
    photo = phone("wangge11").send(data, name="photo.jpg")
    assert photo["media_type"] == f"image/{form.lower()}"


def test_the_same_bytes_again_are_the_first_photo_with_its_first_metadata(
    town: Town, phone: Phones, clock: MovableClock, left: Callable[[], dict[str, int]]
) -> None:
    clock.set(NOW)
    data = pictures.photo()
    lng, lat = town.cell().centre
    warden = phone("wangge11")
    first = warden.send(data, lng=lng, lat=lat, source="camera", taken_at=rfc3339(NOW))
    clock.move(timedelta(hours=2))
    again = warden.send(
        data, status=200, lng=lng + 0.003, lat=lat, source="album", client_sha256="ab" * 32,
        taken_at=rfc3339(NOW - timedelta(hours=9)),
    )  # fmt: skip
    assert shown(again) == shown(first)
    assert left() == {"photos": 1, "blobs": 1, "files": 3}


def test_a_position_that_comes_later_is_added_and_judged(
    town: Town, phone: Phones, clock: MovableClock
) -> None:
    clock.set(NOW)
    here, away = town.cell().centre, town.cell("002").centre
    data = pictures.photo(position=away)
    warden, other = phone("wangge11"), phone("wangge12")
    first = warden.send(data)
    assert (first["position"]["source"], first["cell"]["code"]) == ("exif", town.cell("002").code)
    other.send(data)
    clock.move(timedelta(minutes=1))
    lng, lat = here
    added = warden.send(data, status=200, lng=lng, lat=lat, accuracy_m=9)
    assert added["id"] == first["id"]
    assert added["received_at"] == first["received_at"]
    assert added["position"]["source"] == "device"
    assert added["positions"]["exif"] == first["positions"]["exif"]
    assert added["cell"]["code"] == town.cell().code
    assert added["verdict"] == "needs_review"
    assert "positions_apart" in codes(added)
    # The copy that somebody else made of it afterwards is held against the copy alone.
    assert "photo_same_bytes" not in codes(added)
    assert shown(warden.get(f"/photos/{first['id']}")) == shown(added)


def test_the_same_bytes_of_another_person_are_their_own_photo_to_be_looked_at(
    two_towns: tuple[Town, Town], phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    data = pictures.photo()
    first = phone("wangge11").send(data)
    assert first["verdict"] == "consistent"
    seen = {}
    stranger = two_towns[1].who("wangge11")
    for who in ("wangge12", "wangge21", stranger):
        photo = phone(who).send(data)
        assert photo["id"] != first["id"]
        assert (photo["verdict"], photo["sha256"]) == ("needs_review", first["sha256"])
        seen[who] = {f["photo_id"] for f in photo["findings"] if f["code"] == "photo_same_bytes"}
    # A colleague sees the other photo; a neighbouring community and another township do not.
    assert first["id"] in seen["wangge12"]
    assert seen["wangge21"] == seen[stranger] == {None}
    assert left() == {"photos": 4, "blobs": 1, "files": 3}
    supervisor = phone("ducha1").get(f"/photos/{first['id']}")
    assert supervisor["verdict"] == "consistent"


def test_a_replayed_answer_hides_no_less_than_the_first(town: Town, phone: Phones) -> None:
    warden, key, data = phone("wangge11"), str(uuid4()), pictures.photo()
    first = warden.upload(data, key=key)
    again = warden.upload(data, key=key)
    assert (again.status_code, again.headers["Idempotent-Replay"]) == (201, "true")
    assert shown(again.json()) == shown(first.json())
    assert warden.get(f"/photos/key:{key}")["id"] == first.json()["id"]


@pytest.mark.parametrize(
    ("clock_time", "offset", "days"),
    [("09:00:00", "+08:00", 0), ("01:00:00", "Z", 0), ("20:00:00", "-05:00", -1)],
)
def test_a_time_is_the_same_instant_in_any_offset(
    town: Town, phone: Phones, clock: MovableClock, clock_time: str, offset: str, days: int
) -> None:
    clock.set(NOW)
    photo = phone("wangge11").send(pictures.photo(), taken_at=at(clock_time, offset, days=days))
    assert photo["taken_at"]["device"] == at("09:00:00")


@pytest.mark.parametrize("name", ["taken_at", "fixed_at", "occurred_at", "sent_at"])
def test_a_time_without_offset_is_refused(
    town: Town, phone: Phones, name: str, left: Callable[[], dict[str, int]]
) -> None:
    for value in (f"{DAY}T09:00:00", f"{DAY}", "1763863200", "1.8e9", "yesterday"):
        problem = phone("wangge11").send(pictures.photo(), status=422, **{name: value})
        assert (problem["code"], list(problem["errors"])) == ("invalid_input", [name]), value
    assert left() == {"photos": 0, "blobs": 0, "files": 0}


def test_empty_fields_count_as_left_out(town: Town, phone: Phones) -> None:
    names = ("lng", "lat", "datum", "accuracy_m", "fixed_at", "taken_at", "source",
             "client_sha256", "occurred_at", "sent_at")  # fmt: skip
    photo = phone("wangge11").send(pictures.photo(), **dict.fromkeys(names, ""))
    assert photo["positions"]["device"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("source", "gallery"), ("client_sha256", "abc"), ("client_sha256", "zz" * 32)],
)
def test_a_field_that_says_nothing_known_is_refused(
    town: Town, phone: Phones, field: str, value: str
) -> None:
    problem = phone("wangge11").send(pictures.photo(), status=422, **{field: value})
    assert (problem["code"], list(problem["errors"])) == ("invalid_input", [field])


@pytest.mark.parametrize(
    ("occurred_at", "sent_at", "status"),
    [
        (timedelta(hours=-71), None, 201),
        (timedelta(hours=-73), None, 422),
        (timedelta(minutes=4), None, 201),
        (timedelta(minutes=6), None, 422),
        # A phone whose clock is a day ahead: what it says is corrected before it is judged.
        (timedelta(hours=23), timedelta(hours=24), 201),
    ],
)
def test_offline_work_has_its_window(
    town: Town, phone: Phones, clock: MovableClock, occurred_at: timedelta,
    sent_at: timedelta | None, status: int,
) -> None:  # fmt: skip
    clock.set(NOW)
    said = {"occurred_at": rfc3339(NOW + occurred_at)}
    if sent_at is not None:
        said["sent_at"] = rfc3339(NOW + sent_at)
    answer = phone("wangge11").send(pictures.photo(), status=status, **said)
    assert status == 201 or answer["code"] == "bad_occurred_at"


def test_the_phones_clock_is_corrected_before_its_times_are_judged(
    town: Town, phone: Phones, clock: MovableClock
) -> None:
    clock.set(NOW)
    ahead = NOW + timedelta(days=1)
    wrong = phone("wangge11").send(pictures.photo(), taken_at=rfc3339(ahead))
    assert "taken_in_future_device" in codes(wrong)
    corrected = phone("wangge12").send(
        pictures.photo(software="x"), taken_at=rfc3339(ahead), sent_at=rfc3339(ahead)
    )
    assert "time_plausible" in codes(corrected)


def test_who_holds_no_post_that_needs_photos_sends_none(town: Town, phone: Phones) -> None:
    problem = phone("guanli").send(pictures.photo(), status=403)
    assert problem["code"] == "not_allowed"


def test_without_a_token_nothing_is_taken(
    town: Town, phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    client = phone("wangge11").client
    answer = client.post(
        f"{BASE}/photos", files={"file": ("a", b"x")}, headers={"Authorization": "Bearer no"}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert left() == {"photos": 0, "blobs": 0, "files": 0}


@pytest.mark.parametrize("who", ["wangge11", "wuye11"])
def test_an_upload_stays_within_its_queries(
    town: Town, phone: Phones, app: Flask, who: str
) -> None:
    lng, lat = town.cell().centre
    sender = phone(who)
    sender.send(pictures.photo(software="the index is built"), lng=lng, lat=lat)
    with counted_queries(app) as seen:
        photo = sender.send(pictures.encoded(pictures.scene(8)), lng=lng, lat=lat)
    assert "photo_low_detail" not in codes(photo), "it is held against earlier pictures"
    assert len(seen) <= 10, seen


@pytest.mark.parametrize("who", ["wangge12", "wangge21", "wuye11", "ducha1"])
def test_bytes_that_are_known_stay_within_its_queries(
    town: Town, phone: Phones, app: Flask, who: str
) -> None:
    """Reuse is noticed, and the other photo shown to whoever sees it, at no further cost."""
    lng, lat = town.cell().centre
    known = pictures.photo()
    for other in ("wangge11", "shequ1", "shequ2"):
        phone(other).send(known, lng=lng, lat=lat)
    sender = phone(who)
    sender.send(pictures.photo(software="the index is built"), lng=lng, lat=lat)
    with counted_queries(app) as seen:
        photo = sender.send(known, lng=lng, lat=lat)
    assert "photo_same_bytes" in codes(photo)
    assert len(seen) <= 10, seen


@pytest.mark.parametrize("who", ["wangge12", "wangge21", "wuye11", "ducha1"])
def test_a_picture_like_an_earlier_one_takes_four_more(
    town: Town, phone: Phones, app: Flask, who: str
) -> None:
    """How far apart the two are, who took the other, whether it may be shown, and the pair kept."""
    lng, lat = town.cell().centre
    picture = pictures.scene(7)
    for other in ("wangge11", "shequ1", "shequ2"):
        phone(other).send(pictures.encoded(picture, quality=85), lng=lng, lat=lat)
    sender = phone(who)
    sender.send(pictures.photo(software="the index is built"), lng=lng, lat=lat)
    with counted_queries(app) as seen:
        photo = sender.send(pictures.encoded(picture, quality=60), lng=lng, lat=lat)
    assert "photo_near_identical" in codes(photo)
    assert len(seen) <= 14, seen


def test_an_upload_is_one_multipart_request(town: Town, phone: Phones) -> None:
    warden = phone("wangge11")
    headers = {"Idempotency-Key": str(uuid4())}
    for sent in ({"json": {"file": "x"}}, {"content": pictures.photo()}, {"data": {"lng": "1"}}):
        answer: httpx.Response = warden.client.post(f"{BASE}/photos", headers=headers, **sent)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
