"""A phone asks for an address, posts the photo there and says so: the same photo as ever.

Told on a folder, where the address is ours, and on a real S3 server, where it is the bucket's.
"""

import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from flask import Flask
from sqlalchemy import func, select

from app.kernel.clock import rfc3339, utc_now
from app.kernel.db import unit_of_work
from app.photos.direct.models import PhotoUpload
from app.photos.direct.service import forget_old_uploads
from app.photos.models import Photo
from app.photos.store import PhotoStore, staged_key
from config.settings import Settings
from tests.clocks import MovableClock
from tests.photos import pictures
from tests.photos.hostile import REFUSED
from tests.photos.phones import BASE, Phone
from tests.s3_server import BUCKET, S3Address
from tests.servers import LiveServer
from tests.towns import Town, cheap_settings

Phones = Callable[[str], Phone]
MOST_BYTES = 300_000


@pytest.fixture(params=["folder", "bucket"])
def kind(request: pytest.FixtureRequest) -> str:
    """Where photos lie."""
    return str(request.param)


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, kind: str, database_url: str, photo_folder: Path
) -> Settings:
    """Those of an operator of either store, who takes small photos only."""
    known = cheap_settings(database_url, photo_folder).model_dump(exclude_unset=True)
    known["photo_max_bytes"] = MOST_BYTES
    if kind == "bucket":
        s3: S3Address = request.getfixturevalue("s3")
        known |= {
            "photo_store": f"s3://{BUCKET}/gexun/{secrets.token_hex(8)}",
            "s3_endpoint": s3.endpoint,
            "s3_access_key": s3.access_key,
            "s3_secret_key": s3.secret_key,
            "s3_addressing_style": "path",
        }
    return Settings(_env_file=None, **known)


@pytest.fixture
def store(app: Flask) -> PhotoStore:
    """What the application keeps photos in."""
    found: PhotoStore = app.extensions["gexun_store"]
    return found


def begun(phone: Phone, key: str | None = None) -> Any:
    """An address for a photo."""
    headers = {"Idempotency-Key": key or str(uuid4())}
    answer = phone.client.post(f"{BASE}/photos/uploads", json={}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def posted(server: LiveServer, upload: Any, data: bytes, **changed: str) -> httpx.Response:
    """The file sent to its address by a client that carries no token."""
    with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as anybody:
        return anybody.post(
            changed.pop("url", upload["url"]),
            data={**upload["fields"], **changed},
            files={upload["file_field"]: ("a.jpg", data, "image/jpeg")},
        )


def completed(phone: Phone, upload: Any, *, key: str | None = None, **said: Any) -> httpx.Response:
    """What the phone is told when it says that the file is there."""
    path = f"{BASE}/photos/uploads/{upload['photo_upload_id']}/complete"
    headers = {"Idempotency-Key": key or str(uuid4())}
    return phone.client.post(path, json=said, headers=headers)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def keys(store: PhotoStore) -> list[str]:
    """What lies in the store, by the last part of its name; what was posted, by the first."""
    names = [key for key, _ in store.entries()]
    return sorted(n.partition("/")[0] if "uploads/" in n else n.rpartition("/")[2] for n in names)


def rows(app: Flask, kind: type[Photo] | type[PhotoUpload]) -> int:
    with app.app_context(), unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_either_way_comes_to_the_same_photo(
    town: Town, phone: Phones, server: LiveServer, store: PhotoStore, kind: str
) -> None:
    lng, lat = town.cell().centre
    said = {
        "lng": lng, "lat": lat, "accuracy_m": 8, "source": "camera",
        "taken_at": rfc3339(utc_now() - timedelta(minutes=2)),
    }  # fmt: skip
    data = pictures.photo(position=(lng, lat))
    warden, other = phone("wangge11"), phone("wangge12")
    upload = begun(warden)
    assert (upload["max_bytes"], upload["file_field"]) == (MOST_BYTES, "file")
    assert upload["url"].startswith("/" if kind == "folder" else "http://")
    assert posted(server, upload, data).status_code == 204
    assert keys(store) == ["uploads"]
    answer = completed(warden, upload, **said)
    assert answer.status_code == 201, answer.text
    assert keys(store) == ["display", "received", "thumb"]
    photo, straight = answer.json(), other.send(data, **said)
    own = ("id", "received_at", "urls", "findings", "verdict", "verdict_label")
    assert {n: v for n, v in photo.items() if n not in own} == {
        n: v for n, v in straight.items() if n not in own
    }
    assert photo["verdict"] == "consistent"
    assert server.new_client().get(photo["urls"]["received"]).content == data
    assert warden.send(data, status=200)["id"] == photo["id"]


def test_a_photo_sent_in_two_steps_is_evidence_by_the_key_of_its_completion(
    town: Town, phone: Phones, server: LiveServer
) -> None:
    warden, key = phone("wangge11"), str(uuid4())
    upload = begun(warden)
    posted(server, upload, pictures.photo())
    lng, lat = town.cell().centre
    photo = completed(warden, upload, key=key, lng=lng, lat=lat).json()
    ticket = warden.report(f"key:{key}")
    assert [each["photo"]["id"] for each in ticket["photos"]] == [photo["id"]]


def test_what_is_repeated_is_done_once(
    town: Town, phone: Phones, server: LiveServer, app: Flask, store: PhotoStore
) -> None:
    warden, asked, key = phone("wangge11"), str(uuid4()), str(uuid4())
    upload, again = begun(warden, asked), begun(warden, asked)
    assert again["photo_upload_id"] == upload["photo_upload_id"]
    data = pictures.photo()
    assert posted(server, upload, pictures.photo(software="first try")).status_code == 204
    assert posted(server, again, data).status_code == 204
    first = completed(warden, upload, key=key)
    same = completed(warden, upload, key=key)
    assert same.headers["Idempotent-Replay"] == "true"
    once_more = completed(warden, upload)
    assert [a.status_code for a in (first, same, once_more)] == [201, 201, 200]
    assert {a.json()["id"] for a in (first, same, once_more)} == {first.json()["id"]}
    assert (rows(app, Photo), rows(app, PhotoUpload)) == (1, 1)
    # A position that comes with a repetition is added, as with the same bytes again.
    lng, lat = town.cell().centre
    assert completed(warden, upload, lng=lng, lat=lat).json()["cell"]["match"] == "inside"
    second = begun(warden)
    posted(server, second, data)
    known = completed(warden, second)
    assert (known.status_code, known.json()["id"]) == (200, first.json()["id"])
    assert keys(store) == ["display", "received", "thumb"]


def test_nothing_there_yet_is_said_and_bad_fields_lose_nothing(
    town: Town, phone: Phones, server: LiveServer, store: PhotoStore
) -> None:
    warden = phone("wangge11")
    upload = begun(warden)
    assert refusal(completed(warden, upload)) == (409, "photo_not_uploaded")
    posted(server, upload, pictures.photo())
    assert refusal(completed(warden, upload, lng=500, lat=1)) == (422, "bad_position")
    assert refusal(completed(warden, upload, taken_at="昨天")) == (422, "invalid_input")
    assert keys(store) == ["uploads"]
    assert completed(warden, upload).status_code == 201


def test_an_upload_is_its_persons_alone(town: Town, phone: Phones, server: LiveServer) -> None:
    upload = begun(phone("wangge11"))
    posted(server, upload, pictures.photo())
    assert refusal(completed(phone("wangge12"), upload)) == (404, "not_found")
    nobody = {"photo_upload_id": str(uuid4())}
    assert refusal(completed(phone("wangge11"), nobody)) == (404, "not_found")
    path = f"{BASE}/photos/uploads/{upload['photo_upload_id']}/complete"
    assert refusal(server.new_client().post(path, json={})) == (401, "not_signed_in")
    assert completed(phone("wangge11"), upload).status_code == 201


def altered(text: str) -> str:
    """The same with its last letter changed."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def test_a_link_that_was_tampered_with_is_refused_and_stores_nothing(
    town: Town, phone: Phones, server: LiveServer, store: PhotoStore, kind: str
) -> None:
    warden, data = phone("wangge11"), pictures.photo()
    upload = begun(warden)
    if kind == "folder":
        other = begun(warden)
        moved = upload["url"].replace(upload["photo_upload_id"], other["photo_upload_id"])
        later = re.sub(r"expires=\d+", "expires=99999999999", upload["url"])
        bare = upload["url"].partition("?")[0]
        for url in (altered(upload["url"]), moved, later, bare):
            assert refusal(posted(server, upload, data, url=url)) == (403, "bad_signature")
    else:
        fields = upload["fields"]
        elsewhere = fields["key"].replace(upload["photo_upload_id"], str(uuid4()))
        for changed in (
            {"x-amz-signature": altered(fields["x-amz-signature"])},
            {"policy": fields["policy"][:20] + "A" + fields["policy"][21:]},
            {"key": elsewhere},
        ):
            assert posted(server, upload, data, **changed).status_code == 403
    assert keys(store) == []
    assert posted(server, upload, data).status_code == 204


def test_a_link_that_has_expired_is_refused_and_a_replay_gives_a_fresh_one(
    town: Town, phone: Phones, server: LiveServer, app: Flask, store: PhotoStore,
    clock: MovableClock, kind: str,
) -> None:  # fmt: skip
    warden, key, data = phone("wangge11"), str(uuid4()), pictures.photo()
    if kind == "bucket":
        # The bucket reads the machine's clock and not ours: an address of five seconds ago.
        signer, ago = app.extensions["gexun_upload_signer"], timedelta(seconds=-5)
        address = signer.sign(staged_key(uuid4()), max_bytes=MOST_BYTES, lives=ago)
        upload = {"url": address.url, "fields": dict(address.fields), "file_field": "file"}
        assert posted(server, upload, data).status_code == 403
    else:
        upload = begun(warden, key)
        clock.move(timedelta(hours=1))
        assert refusal(posted(server, upload, data)) == (403, "bad_signature")
        fresh = begun(warden, key)
        assert fresh["photo_upload_id"] == upload["photo_upload_id"]
        assert posted(server, fresh, data).status_code == 204
        assert completed(warden, fresh).status_code == 201
    assert "uploads" not in keys(store)


def test_too_many_bytes_are_refused_at_the_address_and_again_on_completion(
    town: Town, phone: Phones, server: LiveServer, store: PhotoStore, app: Flask, kind: str
) -> None:
    warden, upload = phone("wangge11"), begun(phone("wangge11"))
    heavy = pictures.photo() + bytes(MOST_BYTES)
    answer = posted(server, upload, heavy)
    assert 400 <= answer.status_code < 500
    if kind == "folder":
        assert refusal(answer) == (413, "photo_too_large")
    assert keys(store) == []
    # Some other way into the store.
    app.extensions["gexun_store"].put(
        staged_key(UUID(upload["photo_upload_id"])), BytesIO(heavy), media_type="image/jpeg"
    )
    assert refusal(completed(warden, upload)) == (413, "photo_too_large")
    assert (keys(store), rows(app, Photo)) == ([], 0)
    assert refusal(completed(warden, upload)) == (409, "photo_not_uploaded")


def test_what_is_no_photo_is_refused_like_any_and_leaves_nothing(
    town: Town, phone: Phones, server: LiveServer, store: PhotoStore, app: Flask
) -> None:
    warden = phone("wangge11")
    upload = begun(warden)
    for name in ("truncated", "scan bomb", "webp of noise", "gif"):
        made, code = REFUSED[name]
        assert posted(server, upload, made()).status_code == 204
        assert completed(warden, upload).json()["code"] == code
        assert (keys(store), rows(app, Photo)) == ([], 0)
    # The same address takes the right file afterwards.
    assert posted(server, upload, pictures.photo()).status_code == 204
    assert completed(warden, upload).status_code == 201


def test_what_nobody_completes_is_swept_after_a_day(
    town: Town, phone: Phones, server: LiveServer, store: PhotoStore, app: Flask,
    clock: MovableClock,
) -> None:  # fmt: skip
    warden = phone("wangge11")
    abandoned, done = begun(warden), begun(warden)
    posted(server, abandoned, pictures.photo())
    posted(server, done, pictures.photo(software="done"))
    assert completed(warden, done).status_code == 201
    sweep = ["photos", "sweep"]
    app.test_cli_runner().invoke(args=sweep)
    assert "uploads" in keys(store)
    clock.move(timedelta(hours=25))
    assert app.test_cli_runner().invoke(args=sweep).exit_code == 0
    assert keys(store) == ["display", "received", "thumb"]
    assert refusal(completed(warden, abandoned)) == (409, "photo_not_uploaded")
    with app.app_context(), unit_of_work() as session:
        later = utc_now() + timedelta(days=31)
        assert forget_old_uploads(session, now=later, at_most=10) == 2


def test_an_address_that_has_done_its_work_takes_no_more(
    town: Town, phone: Phones, server: LiveServer, store: PhotoStore, app: Flask, kind: str
) -> None:
    warden, data = phone("wangge11"), pictures.photo()
    upload = begun(warden)
    posted(server, upload, data)
    photo = completed(warden, upload).json()
    again = posted(server, upload, data)
    if kind == "folder":
        assert refusal(again) == (409, "photo_upload_completed")
    assert completed(warden, upload).json()["id"] == photo["id"]
    assert warden.delete(f"/photos/{photo['id']}").status_code == 204
    assert refusal(completed(warden, upload)) == (404, "not_found")
    assert rows(app, PhotoUpload) == 0
