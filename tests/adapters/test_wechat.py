"""The WeChat adapter over the wire: what each answer of its server means, and one token for all."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.adapters.wechat.platform import WeChatPlatform
from app.adapters.wechat.wire import WeChatRefusal, WeChatWire
from app.kernel.clock import utc_now
from app.kernel.db import begin_reading, db
from app.people.hosts.errors import CodeRefused, HostBlocked, HostUnavailable, TooManyAtHost
from app.people.hosts.models import HostToken
from tests.clocks import MovableClock
from tests.wechat_apps import new_wire
from tests.wechat_server import (
    APP_ID,
    CODE,
    LOGIN,
    PHONE,
    PNG,
    SECRET,
    SESSION_KEY,
    TOKEN,
    Order,
    WeChatServer,
)

NUMBER = "13000001111"


@pytest.fixture
def platform(wechat: WeChatServer) -> WeChatPlatform:
    """The adapter, for what needs no token and so no database."""
    return WeChatPlatform(new_wire(wechat, utc_now))


def test_a_code_says_once_who_somebody_is(wechat: WeChatServer, platform: WeChatPlatform) -> None:
    code = wechat.login_code("o-warden")
    identity = platform.exchange(code)
    assert (identity.host, identity.tenant, identity.subject) == ("wechat", APP_ID, "o-warden")
    assert SESSION_KEY not in repr(vars(platform)) + repr(identity)
    assert "o-warden" not in repr(identity)
    with pytest.raises(CodeRefused):
        platform.exchange(code)


def test_codes_that_are_old_or_made_up(wechat: WeChatServer, platform: WeChatPlatform) -> None:
    code = wechat.login_code("o-warden")
    wechat.state.now = lambda: time.time() + 301
    for each in (code, "made up"):
        with pytest.raises(CodeRefused):
            platform.exchange(each)


def test_a_user_that_wechat_blocks(wechat: WeChatServer, platform: WeChatPlatform) -> None:
    wechat.state.blocked.add("o-bad")
    with pytest.raises(HostBlocked):
        platform.exchange(wechat.login_code("o-bad"))


@pytest.mark.parametrize(
    ("orders", "expected", "asked"),
    [
        ([Order(errcode=45011)], TooManyAtHost, 1),
        ([Order(errcode=-1)], None, 2),
        ([Order(errcode=-1), Order(errcode=-1)], HostUnavailable, 2),
        ([Order(after_s=0.7)], HostUnavailable, 1),
        ([Order(closed=True)], HostUnavailable, 1),
        ([Order(status=502, text="<html>")], HostUnavailable, 1),
        ([Order(text="<html>")], HostUnavailable, 1),
        ([Order(text="[]")], HostUnavailable, 1),
        ([Order(text="{}")], HostUnavailable, 1),
        ([Order(text='{"openid": 7}')], HostUnavailable, 1),
        ([Order(text='{"errcode": "no number"}')] * 2, HostUnavailable, 2),
        ([Order(errcode=40125)], HostUnavailable, 1),
    ],
)
def test_what_else_may_come(
    wechat: WeChatServer,
    platform: WeChatPlatform,
    orders: list[Order],
    expected: type[Exception] | None,
    asked: int,
) -> None:
    wechat.then(LOGIN, *orders)
    code = wechat.login_code("o-warden")
    if expected is None:
        assert platform.exchange(code).subject == "o-warden"
    else:
        with pytest.raises(expected):
            platform.exchange(code)
    assert wechat.count(LOGIN) == asked


def test_no_log_has_a_secret_or_a_person(
    wechat: WeChatServer, platform: WeChatPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        platform.exchange(wechat.login_code("o-warden"))
        wechat.then(LOGIN, Order(errcode=40125), Order(closed=True))
        for _ in range(2):
            with pytest.raises(HostUnavailable):
                platform.exchange("code-of-somebody")
    assert "errcode 40125" in caplog.text
    for secret in (SECRET, APP_ID, "o-warden", "code-of-somebody"):
        assert secret not in caplog.text


@pytest.fixture
def wire(wechat: WeChatServer, app: Flask, clock: MovableClock) -> Iterator[WeChatWire]:
    """A client whose token lies in this test's database."""
    with app.app_context():
        yield new_wire(wechat, clock)


def test_a_number_that_somebody_lets_wechat_tell(wechat: WeChatServer, wire: WeChatWire) -> None:
    platform = WeChatPlatform(wire)
    code = wechat.phone_code(NUMBER)
    assert platform.phone_number(code) == NUMBER
    with pytest.raises(CodeRefused):
        platform.phone_number(code)
    with pytest.raises(CodeRefused):
        platform.phone_number(wechat.phone_code("+852 51234567"))
    assert wechat.count(TOKEN) == 1


def test_the_token_is_kept_sealed_and_fetched_anew_before_it_is_over(
    wechat: WeChatServer, wire: WeChatWire, clock: MovableClock
) -> None:
    wechat.state.now = lambda: clock().timestamp()
    numbers = WeChatPlatform(wire)
    numbers.phone_number(wechat.phone_code(NUMBER))
    kept = begin_reading().scalars(select(HostToken)).one()
    assert wechat.state.token and wechat.state.token not in str(kept.sealed)
    db.session.remove()
    clock.move(timedelta(hours=2, minutes=-6))
    numbers.phone_number(wechat.phone_code(NUMBER))
    assert wechat.count(TOKEN) == 1
    clock.move(timedelta(minutes=2))
    numbers.phone_number(wechat.phone_code(NUMBER))
    assert wechat.count(TOKEN) == 2


@pytest.mark.parametrize("errcode", [40001, 42001])
def test_a_token_that_is_refused_is_replaced_once(
    wechat: WeChatServer, wire: WeChatWire, errcode: int
) -> None:
    numbers = WeChatPlatform(wire)
    numbers.phone_number(wechat.phone_code(NUMBER))
    wechat.then(PHONE, Order(errcode=errcode), Order(errcode=errcode))
    with pytest.raises(HostUnavailable):
        numbers.phone_number(wechat.phone_code(NUMBER))
    forced = [each.body["force_refresh"] for each in wechat.asked if each.path == TOKEN]
    assert (wechat.count(PHONE), forced) == (3, [False, False, True])
    assert numbers.phone_number(wechat.phone_code(NUMBER)) == NUMBER


def test_two_instances_under_load_ask_for_the_token_once_and_once_more_when_it_is_revoked(
    wechat: WeChatServer, app: Flask, clock: MovableClock
) -> None:
    platforms = [WeChatPlatform(new_wire(wechat, clock)) for _ in range(2)]
    together = Barrier(8)

    def ask(number: int) -> str:
        together.wait()
        with app.app_context():
            found = platforms[number % 2].phone_number(wechat.phone_code(NUMBER))
            db.session.remove()
            return found

    with ThreadPoolExecutor(8) as threads:
        wechat.then(TOKEN, Order(after_s=0.2))
        assert set(threads.map(ask, range(8))) == {NUMBER}
        assert wechat.count(TOKEN) == 1
        wechat.revoke_token()
        assert set(threads.map(ask, range(8))) == {NUMBER}
        assert wechat.count(TOKEN) == 2


def test_whoever_waits_for_a_token_that_does_not_come_asks_in_turn(
    wechat: WeChatServer, wire: WeChatWire, clock: MovableClock
) -> None:
    wechat.then(TOKEN, Order(closed=True))
    numbers = WeChatPlatform(wire)
    with pytest.raises(HostUnavailable):
        numbers.phone_number(wechat.phone_code(NUMBER))
    clock.move(timedelta(seconds=3))
    assert numbers.phone_number(wechat.phone_code(NUMBER)) == NUMBER


def test_a_code_for_a_place_is_an_image_or_an_error(wechat: WeChatServer, wire: WeChatWire) -> None:
    assert wire.post_for_image("/wxa/getwxacodeunlimit", {"scene": "c.4fz7"}) == PNG
    with pytest.raises(WeChatRefusal) as refusal:
        wire.post_for_image("/wxa/getwxacodeunlimit", {"scene": "x" * 33})
    assert refusal.value.errcode == 40169
    wechat.then(CODE, Order(text='{"errcode": 0}'))
    with pytest.raises(HostUnavailable):
        wire.post_for_image("/wxa/getwxacodeunlimit", {"scene": "c.4fz7"})
