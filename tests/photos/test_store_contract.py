"""One contract for every photo store: in a folder, in memory, and on a real S3 server."""

import io
import os
import resource
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.adapters import open_store
from app.adapters.local_store import LocalPhotoStore
from app.photos.errors import BytesMissing, StoreUnavailable
from app.photos.store import BlobKind, PhotoStore, blob_key, blob_of_key
from tests.photos.memory_store import MemoryPhotoStore
from tests.photos.s3_stores import s3_store

KEY = blob_key("ab" * 32, BlobKind.RECEIVED)
OTHER = blob_key("cd" * 32, BlobKind.THUMB)


@pytest.fixture(params=["local", "memory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> PhotoStore:
    if request.param == "local":
        return open_store((tmp_path / "photos").as_uri())
    if request.param == "memory":
        return MemoryPhotoStore()
    return s3_store(request.getfixturevalue("s3"))


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


@pytest.mark.parametrize(
    ("umask", "file", "folder"), [(0o022, 0o640, 0o750), (0o077, 0o600, 0o700)]
)
def test_photos_are_for_the_service_and_its_group(tmp_path, umask, file, folder):
    before = os.umask(umask)
    try:
        put(LocalPhotoStore(tmp_path / "photos"), KEY, b"x")
    finally:
        os.umask(before)
    below = list((tmp_path / "photos").rglob("*"))
    assert {path.stat().st_mode & 0o777 for path in below if path.is_file()} == {file}
    assert {path.stat().st_mode & 0o777 for path in below if path.is_dir()} == {folder}
