"""One contract for every photo store; S3 against a real server when one is named."""

import io
import os
import resource
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.adapters import StoreOptions, open_store
from app.adapters.local_store import LocalPhotoStore
from app.photos.errors import BytesMissing, StoreUnavailable
from app.photos.store import BlobKind, PhotoStore, blob_key, blob_of_key
from tests.photos.memory_store import MemoryPhotoStore

KEY = blob_key("ab" * 32, BlobKind.RECEIVED)
OTHER = blob_key("cd" * 32, BlobKind.THUMB)
ENDPOINT = os.environ.get("GEXUN_TEST_S3_ENDPOINT")
KINDS = ["local", "memory", *(["s3"] if ENDPOINT else [])]


def s3_store() -> PhotoStore:
    """A fresh prefix in the bucket of the named server."""
    from app.adapters.s3_store import S3Options

    options = S3Options(
        endpoint_url=ENDPOINT,
        access_key=os.environ.get("GEXUN_TEST_S3_ACCESS_KEY"),
        secret_key=os.environ.get("GEXUN_TEST_S3_SECRET_KEY"),
        addressing_style="path",
    )
    bucket = os.environ.get("GEXUN_TEST_S3_BUCKET", "gexun-test")
    return open_store(f"s3://{bucket}/{secrets.token_hex(8)}", StoreOptions(s3=options))


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> PhotoStore:
    if request.param == "local":
        return open_store((tmp_path / "photos").as_uri())
    return MemoryPhotoStore() if request.param == "memory" else s3_store()


def put(store: PhotoStore, key: str, data: bytes) -> None:
    store.put(key, io.BytesIO(data), media_type="image/jpeg")


def read(store: PhotoStore, key: str, *reach: int) -> bytes:
    with store.open(key, *reach) as blob:
        return b"".join(blob)


def test_what_was_put_is_read_back(store):
    data = secrets.token_bytes(700_001)
    put(store, KEY, data)
    assert read(store, KEY) == data
    assert store.size(KEY) == len(data)


def test_an_empty_file_is_a_file(store):
    put(store, KEY, b"")
    assert (read(store, KEY), store.size(KEY)) == (b"", 0)


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 4), (3, 7), (5, None), (0, None), (9, 10), (8, 99), (4, 4), (6, 2), (10, 12), (99, None)],
)
def test_ranges_are_half_open_and_stop_at_the_last_byte(store, start, end):
    put(store, KEY, b"0123456789")
    assert read(store, KEY, start, end) == b"0123456789"[start:end]


def test_a_blob_is_read_piece_by_piece_within_its_range(store):
    put(store, KEY, b"0123456789")
    with store.open(KEY, 2, 8) as blob:
        assert [blob.read(4), blob.read(4), blob.read(4)] == [b"2345", b"67", b""]
    with store.open(KEY, 2, 8) as blob:
        assert blob.read() == b"234567"


def test_nothing_there_is_said(store):
    assert store.size(KEY) is None
    with pytest.raises(BytesMissing):
        store.open(KEY)
    with pytest.raises(BytesMissing):
        store.open(KEY, 5, 5)


def test_putting_again_is_no_error_and_replaces(store):
    put(store, KEY, b"first")
    put(store, KEY, b"again")
    assert read(store, KEY) == b"again"
    assert [key for key, _ in store.entries()] == [KEY]


def test_deleting_is_idempotent_and_touches_nothing_else(store):
    put(store, KEY, b"one")
    put(store, OTHER, b"two")
    store.delete(KEY)
    store.delete(KEY)
    assert store.size(KEY) is None
    assert read(store, OTHER) == b"two"


def test_only_what_was_put_before_an_instant_is_deleted(store):
    put(store, KEY, b"one")
    put(store, OTHER, b"two")
    assert not store.delete_if_older(KEY, datetime.now(UTC) - timedelta(hours=1))
    assert read(store, KEY) == b"one"
    assert store.delete_if_older(KEY, datetime.now(UTC) + timedelta(hours=1))
    assert not store.delete_if_older(KEY, datetime.now(UTC) + timedelta(hours=1))
    assert [key for key, _ in store.entries()] == [OTHER]


def test_keys_are_listed_with_the_time_they_were_put(store):
    put(store, KEY, b"one")
    put(store, OTHER, b"two")
    listed = dict(store.entries())
    assert set(listed) == {KEY, OTHER}
    for at in listed.values():
        assert abs(at - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../up", "a/../../up", "a//b", "a/./b", "a/", "A", "a\\b", "a\x00b",
     "a\n", "。", "a" * 600],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["put", "open", "size", "delete", "delete_if_older"])
def test_no_key_leads_out_of_the_store(store, key, verb):
    with pytest.raises(ValueError, match="not a key"):
        more = {"put": (io.BytesIO(),), "delete_if_older": (datetime.now(UTC),)}.get(verb, ())
        named = {"media_type": "image/jpeg"} if verb == "put" else {}
        getattr(store, verb)(key, *more, **named)


def test_a_healthy_store_answers(store):
    put(store, KEY, b"")
    store.ping()


def test_a_dead_bucket_is_unavailable():
    from app.adapters.s3_store import S3Options

    nobody = S3Options("http://127.0.0.1:9", "key", "secret", connect_timeout_s=1)
    store = open_store("s3://bucket/prefix", StoreOptions(s3=nobody))
    with pytest.raises(StoreUnavailable):
        store.ping()
    with pytest.raises(StoreUnavailable):
        put(store, KEY, b"")


class Dying(io.BytesIO):
    """A source that fails half way."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 0:
            raise OSError("no space left on device")
        return super().read(10)


def test_a_put_that_fails_leaves_nothing(tmp_path):
    store = LocalPhotoStore(tmp_path)
    put(store, KEY, b"kept")
    with pytest.raises(StoreUnavailable):
        store.put(KEY, Dying(bytes(100)), media_type="image/jpeg")
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [b"kept"]


def test_a_disk_without_room_is_unavailable_and_keeps_nothing(tmp_path):
    store = LocalPhotoStore(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StoreUnavailable):
            put(store, KEY, bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_root_that_is_not_there_yet_is_made(tmp_path):
    store = LocalPhotoStore(tmp_path / "not" / "yet")
    assert list(store.entries()) == []
    store.ping()
    assert (tmp_path / "not" / "yet").is_dir()


def test_a_root_that_cannot_be_made_is_unavailable(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable):
        LocalPhotoStore(tmp_path / "file" / "below").ping()


def test_a_root_that_is_a_file_is_unavailable(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    store = LocalPhotoStore(tmp_path / "file")
    with pytest.raises(StoreUnavailable):
        put(store, KEY, b"")


def test_left_over_parts_are_listed_and_strangers_are_not(tmp_path):
    store = LocalPhotoStore(tmp_path)
    put(store, KEY, b"one")
    part = f"{KEY}.part-0011223344556677"
    (tmp_path / part).write_bytes(b"half")
    (tmp_path / ".gitkeep").write_bytes(b"")
    assert {key for key, _ in store.entries()} == {KEY, part}
    store.delete(part)
    assert {key for key, _ in store.entries()} == {KEY}


def test_a_folder_is_no_blob(tmp_path):
    store = LocalPhotoStore(tmp_path)
    put(store, KEY, b"one")
    assert store.size(KEY.rpartition("/")[0]) is None
    with pytest.raises(BytesMissing):
        store.open(KEY.rpartition("/")[0])


def test_keys_of_ours_are_told_from_others():
    sha = "ab" * 32
    assert blob_key(sha, BlobKind.DISPLAY) == f"ab/ab/{sha}/display"
    assert blob_of_key(KEY) == (sha, "received")
    assert blob_of_key(f"{KEY}.part-00") == (sha, "received.part-00")
    for stranger in ("readme.txt", f"ab/cd/{sha}/thumb", f"ab/ab/{sha}", f"ab/ab/{sha}/a/b"):
        assert blob_of_key(stranger) is None


@pytest.mark.parametrize("sha256", ["", "ab", "AB" * 32, "zz" * 32, "ab" * 32 + "\n", "../" * 21])
def test_only_a_hash_makes_a_key(sha256):
    with pytest.raises(ValueError, match="SHA-256"):
        blob_key(sha256, BlobKind.THUMB)


@pytest.mark.parametrize(
    "url", ["", "file://", "file:///", "file://host/path", "s3://", "ftp://a/b"]
)
def test_an_address_of_no_store_is_refused(url):
    with pytest.raises(ValueError, match="照片存储地址"):
        open_store(url)
