"""Photos on an S3 store over real HTTP: the whole way, and what a phone meets when it is down."""

import secrets
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.kernel.db import unit_of_work
from app.photos.models import Photo
from app.photos.store import PhotoStore
from config.settings import Settings
from tests.bad_wire import BadWire
from tests.photos import pictures
from tests.photos.phones import Phone
from tests.photos.s3_stores import s3_store
from tests.s3_server import BUCKET, S3Address
from tests.servers import LiveServer
from tests.towns import Town, cheap_settings

Phones = Callable[[str], Phone]


@pytest.fixture
def backend() -> str:
    """What is told here is of the store: one database is enough."""
    return "sqlite"


@pytest.fixture
def wire(s3: S3Address) -> Iterator[BadWire]:
    """A bad connection to the server, good until told otherwise."""
    made = BadWire(s3.port)
    yield made
    made.close()


@pytest.fixture
def prefix() -> str:
    """Where the objects of this test lie."""
    return f"gexun/{secrets.token_hex(8)}"


@pytest.fixture
def settings(
    database_url: str,
    photo_folder: Path,
    s3: S3Address,
    wire: BadWire,
    prefix: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Those of an operator who keeps photos in a bucket, from the environment."""
    bucket = {
        "PHOTO_STORE": f"s3://{BUCKET}/{prefix}",
        "S3_ENDPOINT": wire.url,
        "S3_ACCESS_KEY": s3.access_key,
        "S3_SECRET_KEY": s3.secret_key,
        "S3_ADDRESSING_STYLE": "path",
        "S3_TIMEOUT_S": "1",
    }
    for name, value in bucket.items():
        monkeypatch.setenv(f"GEXUN_{name}", value)
    known = cheap_settings(database_url, photo_folder).model_dump(exclude_unset=True)
    del known["photo_store"]
    return Settings(_env_file=None, **known)


@pytest.fixture
def near(s3: S3Address, prefix: str) -> PhotoStore:
    """The same objects, reached past the bad connection."""
    return s3_store(s3, prefix=prefix)


def photos_in(app: Flask) -> int:
    """How many photos have a row."""
    with app.app_context(), unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(Photo)) or 0


def test_a_photo_from_upload_to_removal(
    town: Town, phone: Phones, server: LiveServer, near: PhotoStore
) -> None:
    warden, anybody, data = phone("wangge11"), server.new_client(), pictures.photo()
    photo = warden.send(data)
    assert {key.rpartition("/")[2] for key, _ in near.entries()} == set(photo["urls"])
    for kind, url in photo["urls"].items():
        whole = anybody.get(url)
        assert (whole.status_code, len(whole.content)) == (200, near.size(key_of(photo, kind)))
        etag = f'"{sha256(whole.content).hexdigest()}"'
        assert whole.headers["ETag"] == etag
        part = anybody.get(url, headers={"Range": "bytes=10-29"})
        assert (part.status_code, part.content) == (206, whole.content[10:30])
        assert part.headers["Content-Range"] == f"bytes 10-29/{len(whole.content)}"
        tail = anybody.get(url, headers={"Range": "bytes=-5", "If-Range": etag})
        assert (tail.status_code, tail.content) == (206, whole.content[-5:])
        known = anybody.get(url, headers={"If-None-Match": etag})
        assert (known.status_code, known.content) == (304, b"")
        beyond = anybody.get(url, headers={"Range": "bytes=99999999-"})
        assert beyond.status_code == 416
    assert anybody.get(photo["urls"]["received"]).content == data
    assert warden.delete(f"/photos/{photo['id']}").status_code == 204
    assert anybody.get(photo["urls"]["thumb"]).status_code == 404


def key_of(photo: dict[str, str], kind: str) -> str:
    """Where a photo's bytes lie."""
    digest = photo["sha256"]
    return f"{digest[:2]}/{digest[2:4]}/{digest}/{kind}"


def unavailable(answer: httpx.Response) -> bool:
    """Whether an answer says that the store is away and when to come again."""
    assert answer.status_code == 503, answer.text
    return (
        answer.json()["code"] == "photo_store_unavailable"
        and int(answer.headers["Retry-After"]) > 0
    )


def readiness(client: httpx.Client) -> tuple[int, str, str]:
    """The status, and what is said of the database and of the store."""
    answer = client.get("/readyz")
    checks = answer.json()["checks"]
    return answer.status_code, checks["database"], checks["photo_store"]


def test_nobody_listens_and_the_same_request_succeeds_later(
    town: Town, phone: Phones, server: LiveServer, app: Flask, wire: BadWire, near: PhotoStore
) -> None:
    warden, key, data = phone("wangge11"), str(uuid4()), pictures.photo()
    earlier = warden.send(pictures.photo(software="earlier"))["urls"]["display"]
    with wire.refusing():
        assert unavailable(warden.upload(data, key=key))
        assert unavailable(server.client.get(earlier))
        assert readiness(server.client) == (
            503,
            "ok",
            "unavailable: 照片存储没有应答，请稍后再试。",
        )
    assert (photos_in(app), len(list(near.entries()))) == (1, 3)
    assert readiness(server.client) == (200, "ok", "ok")
    assert warden.upload(data, key=key).status_code == 201
    assert server.client.get(earlier).status_code == 200
    assert (photos_in(app), len(list(near.entries()))) == (2, 6)


def test_a_silent_store_is_said_too(
    town: Town, phone: Phones, server: LiveServer, app: Flask, wire: BadWire
) -> None:
    warden, key, data = phone("wangge11"), str(uuid4()), pictures.photo()
    wire.silent_after(answered=0)
    assert unavailable(warden.upload(data, key=key))
    assert readiness(server.client)[0] == 503
    wire.mend()
    assert warden.upload(data, key=key).status_code == 201
    assert photos_in(app) == 1


def test_an_upload_cut_on_its_way_to_the_store_leaves_no_row_and_no_half(
    town: Town, phone: Phones, app: Flask, wire: BadWire, near: PhotoStore
) -> None:
    warden, key, data = phone("wangge11"), str(uuid4()), pictures.photo()
    wire.cut_after(sent=1500)
    assert unavailable(warden.upload(data, key=key))
    assert (photos_in(app), list(near.entries())) == (0, [])
    wire.mend()
    assert warden.upload(data, key=key).status_code == 201


def test_a_download_that_breaks_off_is_refused_or_no_whole_file(
    town: Town, phone: Phones, server: LiveServer, wire: BadWire
) -> None:
    picture = pictures.photo() + bytes(1_000_000)
    url = phone("wangge11").send(picture)["urls"]["received"]
    wire.silent_after(answered=100_000)
    assert unavailable(server.client.get(url))
    wire.silent_after(answered=600_000)
    with pytest.raises(httpx.RemoteProtocolError):
        server.client.get(url)
    wire.cut_after(answered=0)
    assert unavailable(server.client.get(url))
    wire.mend()
    assert server.client.get(url).content == picture


@pytest.mark.parametrize(
    "wrong",
    [{"GEXUN_S3_SECRET_KEY": "wrong"}, {"GEXUN_PHOTO_STORE": "s3://gexun-no-such-bucket/a"}],
    ids=["secret", "bucket"],
)
def test_a_store_set_up_wrongly_is_named_by_readiness(
    settings: Settings, wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    kept = settings.model_dump(include={"database_url", "secret_key"})
    answer = create_app(Settings(_env_file=None, **kept)).test_client().get("/readyz")
    checks = answer.get_json()["checks"]
    assert (answer.status_code, checks["database"]) == (503, "ok")
    assert checks["photo_store"].startswith("unavailable: 照片存储")
