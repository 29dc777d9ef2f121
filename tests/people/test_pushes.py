"""Pushes over real HTTP: the echo, each event once, and what is refused and counted."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.people.hosts.pushes import HostPush
from config.settings import Settings
from tests.clocks import MovableClock
from tests.servers import LiveServer
from tests.towns import cheap_settings
from tests.wechat_pushes import as_json, as_xml, sealed, signed
from tests.wechat_server import APP_ID, SECRET

PATH = "/api/v1/wechat/push"
TOKEN, KEY = "pushtoken", "b" * 43
EVENT = {"FromUserName": "o-mine", "CreateTime": "1714036504", "Event": "told"}


@pytest.fixture
def settings(request: Any, database_url: str, photo_folder: Any) -> Settings:
    """The app's pushes are set up, in the plain mode unless a test is about the safe one."""
    set_up = {"wechat_app_id": APP_ID, "wechat_app_secret": SECRET, "wechat_push_token": TOKEN}
    if "aes" in request.fixturenames:
        set_up["wechat_push_aes_key"] = KEY
    usual = cheap_settings(database_url, photo_folder)
    key = usual.secret_key.get_secret_value()
    return Settings(_env_file=None, **{**dict(usual), "secret_key": key, **set_up})


@pytest.fixture
def aes() -> str:
    """The safe mode."""
    return KEY


@pytest.fixture
def told(app: Flask) -> Iterator[list[str]]:
    """What came of the event `told`."""
    seen: list[str] = []

    def react(_session: Session, push: HostPush, _now: object) -> None:
        seen.append(push.content)

    known = app.extensions["gexun_push_reactions"]
    app.extensions["gexun_push_reactions"] = {"told": react}
    yield seen
    app.extensions["gexun_push_reactions"] = known


def refused(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["code"]) == (403, "push_refused")


def test_the_plain_mode(server: LiveServer, told: list[str], clock: MovableClock) -> None:
    client, at = server.client, clock().timestamp()
    query = signed(TOKEN, at=at)
    echo = client.get(PATH, params={**query, "echostr": "43<b>"})
    assert (echo.text, echo.headers["Content-Type"]) == ("43<b>", "text/plain; charset=utf-8")
    for _ in range(2):
        answer = client.post(PATH, params=query, content=as_json(EVENT))
        assert (answer.status_code, answer.text) == (200, "success")
    # WeChat tries again under a new signature; somebody else under an old one with other words.
    again = client.post(PATH, params=signed(TOKEN, at=at, nonce="2"), content=as_json(EVENT))
    assert (again.text, len(told)) == ("success", 1)
    other = as_json({**EVENT, "FromUserName": "o-other"})
    assert refused(client.post(PATH, params=query, content=other))
    assert refused(client.post(PATH, params={**query, "nonce": "3"}, content=other))
    assert refused(client.get(PATH, params={**query, "signature": "0"}))
    unknown = as_xml({"Event": "never_heard_of"})
    answer = client.post(PATH, params=signed(TOKEN, at=at, nonce="4"), content=unknown)
    assert (answer.text, len(told)) == ("success", 1)
    unreadable = client.post(PATH, params=signed(TOKEN, at=at, nonce="5"), content=b"{")
    assert (unreadable.status_code, unreadable.json()["code"]) == (422, "push_unreadable")
    assert 'gexun_refusals_total{code="push_refused"} 3.0' in client.get("/metrics").text


def test_the_safe_mode(aes: str, server: LiveServer, told: list[str], clock: MovableClock) -> None:
    client, at = server.client, clock().timestamp()
    cipher = sealed(as_xml(EVENT), aes_key=aes, app_id=APP_ID)
    sent = {"params": signed(TOKEN, cipher, at=at), "content": as_xml({"Encrypt": cipher})}
    assert client.post(PATH, **sent).text == "success"
    assert refused(client.post(PATH, params=signed(TOKEN, at=at), content=as_json(EVENT)))
    assert len(told) == 1
