"""Signed days are stamped by a third party where one is set up; nothing waits for it."""

import gzip
import random
import socket
import subprocess
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.adapters.timestamps import HttpAuthority
from app.evidence.timestamps.port import AuthorityUnavailable
from app.evidence.timestamps.tokens import (
    MOST_BYTES,
    StampRefused,
    query_for,
    roots_in,
    stamped_at,
)
from config.settings import Settings
from tests.clocks import MovableClock
from tests.evidence.authority import Authority, honest, serving
from tests.evidence.conftest import Office
from tests.evidence.test_package import check, unpacked
from tests.tickets.stories import Json
from tests.towns import Town, cheap_settings

STATEMENT = "gexun-record-1\nchain 1\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with serving(tmp_path_factory.mktemp("tsa")) as served:
        yield served


@pytest.fixture(autouse=True)
def behaving(authority: Authority) -> None:
    authority.reply, authority.asked, authority.packed = honest, 0, ""


@pytest.fixture
def settings(
    database_url: str, photo_folder: Path, key_file: Path, authority: Authority
) -> Settings:
    made = cheap_settings(database_url, photo_folder)
    return made.model_copy(
        update={
            "evidence_key_file": str(key_file),
            "timestamp_url": authority.url,
            "timestamp_ca_file": str(authority.ca),
        }
    )


@pytest.fixture
def office(app: Flask, client: FlaskClient, town: Town, clock: MovableClock) -> Office:
    """Yesterday, by the clock that the authority goes by too."""
    clock.set(datetime.now(UTC) - timedelta(days=1))
    return Office(app, client, town, clock)


def stamps(office: Office) -> list[bytes]:
    rows = office.sql("SELECT answer FROM record_timestamps ORDER BY chain_id, day")
    return [bytes(row.answer) for row in rows]


def a_day_over(office: Office) -> Json:
    ticket = office.report()
    office.worker()
    office.later(days=1)
    office.worker()
    return ticket


def test_a_day_is_stamped_and_anybody_can_check_it(
    office: Office, authority: Authority, tmp_path: Path
) -> None:
    authority.reply = lambda _authority, _query: (503, b"later")
    ticket = a_day_over(office)
    office.worker()
    assert office.sql("SELECT 1 FROM record_days") and not stamps(office), "the head waits not"
    authority.reply = honest
    office.later(minutes=10)
    office.worker()
    (kept,) = stamps(office)
    asked = authority.asked
    office.later(minutes=10)
    office.worker()
    assert (stamps(office), authority.asked) == ([kept], asked), "what is stamped is not again"
    assert "没有发现问题" in office.verify()

    bag = unpacked(office, "ducha1", ticket, tmp_path)
    check(bag)
    (stamp,) = (bag / "data" / "record").glob("*/*.tsr")
    statement = stamp.with_suffix(".statement.txt")
    command = ("openssl", "ts", "-verify", "-data", str(statement), "-in", str(stamp), "-CAfile")
    said = subprocess.run([*command, str(authority.ca)], capture_output=True, text=True, check=True)
    assert "Verification: OK" in said.stdout
    _what_is_altered_is_found(office, kept, authority)


def _what_is_altered_is_found(office: Office, kept: bytes, authority: Authority) -> None:
    other = authority.stamp(authority.query(b"something else"))
    for answer in (other, kept[:-40] + bytes(40), b"garbage", b""):
        _put(office, answer)
        assert "时间戳不对" in office.verify(faults=True), answer[:20]
    _put(office, kept)
    office.sql("UPDATE record_timestamps SET stamped_at = :at", at=_text("2020-01-01"))
    assert "时间戳的时间被改动" in office.verify(faults=True)
    office.sql("DELETE FROM record_timestamps")
    office.later(days=4)
    assert "还没有取到时间戳" in office.verify()


def _text(day: str) -> str:
    return f"{day} 00:00:00.000000"


def _put(office: Office, answer: bytes) -> None:
    office.sql("UPDATE record_timestamps SET answer = :answer", answer=answer)


def wrong_nonce(authority: Authority, _query: bytes) -> tuple[int, bytes]:
    return 200, authority.stamp(query_for(STATEMENT).data)


def wrong_hash(authority: Authority, _query: bytes) -> tuple[int, bytes]:
    return 200, authority.stamp(authority.query(b"something else"))


def refused(authority: Authority, _query: bytes) -> tuple[int, bytes]:
    # What openssl answers to what is no query: a status of rejection and no token.
    return 200, authority.stamp(b"no query")


BAD: list[Callable[[Authority, bytes], tuple[int, bytes]]] = [
    wrong_nonce,
    wrong_hash,
    refused,
    lambda _authority, _query: (200, b"<html>login</html>"),
    lambda _authority, _query: (200, b""),
]


@pytest.mark.parametrize("reply", BAD)
def test_an_answer_that_is_no_stamp_of_what_was_asked_is_refused(
    authority: Authority, reply: Callable[[Authority, bytes], tuple[int, bytes]]
) -> None:
    authority.reply = reply
    roots = roots_in(authority.ca.read_bytes())
    query = query_for(STATEMENT)
    answer = HttpAuthority(authority.url).answer(query.data)
    with pytest.raises(StampRefused):
        stamped_at(answer, STATEMENT, roots, query.nonce)


def test_a_stamp_of_another_authority_is_refused(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority(tmp_path)
    query = query_for(STATEMENT)
    answer = stranger.stamp(query.data)
    at = stamped_at(answer, STATEMENT, roots_in(stranger.ca.read_bytes()), query.nonce)
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=5)
    with pytest.raises(StampRefused):
        stamped_at(answer, STATEMENT, roots_in(authority.ca.read_bytes()), query.nonce)


def test_whatever_bytes_come_are_refused_or_are_a_stamp(authority: Authority) -> None:
    roots = roots_in(authority.ca.read_bytes())
    query = query_for(STATEMENT)
    good = authority.stamp(query.data)
    chance, refusals = random.Random(3161), 0
    for _ in range(400):
        bad = bytearray(good[: chance.randrange(1, len(good) + 1)])
        for _ in range(chance.randrange(3)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        try:
            stamped_at(bytes(bad), STATEMENT, roots, query.nonce)
        except StampRefused:
            refusals += 1
    assert refusals > 300


def test_a_service_that_is_down_slow_or_endless_is_given_up(authority: Authority) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        with pytest.raises(AuthorityUnavailable):
            HttpAuthority(nobody).answer(b"query")
    released = threading.Event()

    def slow(_authority: Authority, _query: bytes) -> tuple[int, bytes]:
        released.wait(30)
        return 200, b""

    authority.reply = slow
    with pytest.raises(AuthorityUnavailable):
        HttpAuthority(authority.url, timeout_s=0.2).answer(b"query")
    released.set()
    authority.reply = lambda _authority, _query: (200, bytes(MOST_BYTES + 1))
    with pytest.raises(AuthorityUnavailable):
        HttpAuthority(authority.url).answer(b"query")


def test_what_is_packed_is_not_unpacked(authority: Authority) -> None:
    """A few bytes may stand for as many as fill the memory."""
    bomb = gzip.compress(gzip.compress(bytes(50_000_000)))
    authority.reply, authority.packed = lambda *_: (200, bomb), "gzip, gzip"
    tracemalloc.start()
    with pytest.raises(AuthorityUnavailable):
        HttpAuthority(authority.url).answer(b"a query")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
