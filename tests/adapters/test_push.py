"""What WeChat pushes: the official vectors, both modes and formats, and what is refused."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.adapters.wechat.push import WeChatPushes, decrypted, push_signature
from app.adapters.wechat.xml import BadXml, read_xml
from app.people.hosts.pushes import PushRefused, PushUnreadable
from tests.wechat_pushes import as_json, as_xml, sealed, signed

KEY, APP, TOKEN = "A" * 43, "wxba5fad812f8e6fb9", "AAAAA"
RANDOM, MESSAGE = b"707722b803182950", b'{"demo_resp":"good luck"}'
OFFICIAL = (
    "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
)
NOW = datetime.fromtimestamp(1714036504, UTC)
EVENT = {"FromUserName": "o-mine", "Event": "some_event", "List": [{"A": "1"}, {"A": "2"}]}

SAFE = WeChatPushes(app_id=APP, token=TOKEN, aes_key=KEY)
PLAIN = WeChatPushes(app_id=APP, token=TOKEN, aes_key=None)


def test_the_official_vectors() -> None:
    signature = push_signature(TOKEN, "1714036504", "1514711492")
    assert signature == "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert decrypted(OFFICIAL, base64.b64decode(KEY + "="), APP) == MESSAGE
    assert sealed(MESSAGE, aes_key=KEY, app_id=APP, random=RANDOM) == OFFICIAL


def test_the_echo() -> None:
    query = {**signed(TOKEN, at=NOW.timestamp()), "echostr": "4375120948345356249"}
    for reader in (SAFE, PLAIN):
        assert reader.echo(query, now=NOW) == "4375120948345356249"
    with pytest.raises(PushRefused):
        PLAIN.echo({**query, "nonce": "1"}, now=NOW)


@pytest.mark.parametrize("written", [as_json, as_xml])
def test_both_modes_and_formats(written: Callable[[Any], bytes]) -> None:
    words = written(EVENT)
    plain = PLAIN.read(signed(TOKEN, at=NOW.timestamp()), words, now=NOW)
    cipher = sealed(words, aes_key=KEY, app_id=APP)
    body = written({"ToUserName": "gh_1", "Encrypt": cipher})
    safe = SAFE.read(signed(TOKEN, cipher, at=NOW.timestamp()), body, now=NOW)
    for push in (plain, safe):
        assert (push.event, push.said, push.tenant) == ("some_event", EVENT, APP)
        assert "o-mine" not in repr(push)
    assert plain.content == safe.content


def flipped(cipher: str) -> str:
    data = bytearray(base64.b64decode(cipher))
    data[-1] ^= 1
    return base64.b64encode(data).decode()


OTHER_APP = sealed(MESSAGE, aes_key=KEY, app_id="wx0000000000000000", random=RANDOM)


@pytest.mark.parametrize("cipher", [OTHER_APP, flipped(OFFICIAL), OFFICIAL[:-8], "", "?", "说明"])
def test_ciphers_that_are_signed_but_not_for_us(cipher: str) -> None:
    query = signed(TOKEN, cipher, at=NOW.timestamp())
    with pytest.raises(PushRefused):
        SAFE.read(query, as_json({"Encrypt": cipher}), now=NOW)


def test_what_is_not_signed_timely_or_encrypted() -> None:
    good, body = signed(TOKEN, OFFICIAL, at=NOW.timestamp()), as_json({"Encrypt": OFFICIAL})
    assert SAFE.read(good, body, now=NOW).said == {"demo_resp": "good luck"}
    for query in (
        {},
        {**good, "msg_signature": "0" * 40},
        {**good, "msg_signature": "说明"},
        {**good, "nonce": "2"},
        signed("BBBBB", OFFICIAL, at=NOW.timestamp()),
        signed(TOKEN, OFFICIAL, at=NOW.timestamp() - 301),
        signed(TOKEN, OFFICIAL, at=NOW.timestamp() + 301),
    ):
        with pytest.raises(PushRefused):
            SAFE.read(query, body, now=NOW)
    with pytest.raises(PushRefused):
        SAFE.read(good, body, now=NOW + timedelta(minutes=6))
    with pytest.raises(PushRefused):
        SAFE.read(signed(TOKEN, at=NOW.timestamp()), as_json(EVENT), now=NOW)
    for words in (b"", b"[]", b"{", b"<xml>", b"<a/>", b"\xff"):
        with pytest.raises(PushUnreadable):
            PLAIN.read(signed(TOKEN, at=NOW.timestamp()), words, now=NOW)


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<xml><Event>&b;</Event></xml>"""
FILE = b"""<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Event>&a;</Event></xml>"""


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS,
        FILE,
        b"<xml>" + b"<a>" * 20 + b"</a>" * 20 + b"</xml>",
        b"<xml>" + b"<a/>" * 3000 + b"</xml>",
        b"<xml>&unknown;</xml>",
        b"<xml><a></xml>",
        b"<other/>",
        b"<xml>only text</xml>",
    ],
)
def test_xml_that_is_dangerous_or_none(data: bytes) -> None:
    with pytest.raises(BadXml):
        read_xml(data)


def test_xml_as_it_comes() -> None:
    data = "<xml>\n <A><![CDATA[甲 & 乙]]></A>\n <B>7</B> <L><C>1</C></L> <L><C>2</C></L><E/></xml>"
    assert read_xml(data.encode()) == {
        "A": "甲 & 乙",
        "B": "7",
        "L": [{"C": "1"}, {"C": "2"}],
        "E": "",
    }
