"""Codes for places: what they say, the sheet to print, and what a scan opens."""

import io
import string
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pypdf
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.grid.codes.scenes import Spot, place_of, scene_of
from config.settings import Settings
from tests.adapters.conftest import wechat as wechat
from tests.adapters.conftest import wechat_server as wechat_server
from tests.towns import Town, cheap_settings
from tests.wechat_apps import with_wechat
from tests.wechat_server import CODE, SCENE, Order, WeChatServer

SignIn = Callable[[str], dict[str, str]]
BASE = "/api/v1"


@given(spot=st.sampled_from(Spot), place=st.uuids())
def test_a_scene_means_its_place_and_fits_a_code(spot: Spot, place: UUID) -> None:
    scene = scene_of(spot, place)
    assert place_of(scene) == (spot, place)
    assert len(scene) <= 32 and set(scene) <= SCENE


@given(st.text(alphabet=string.printable + "码＿", max_size=40))
def test_what_is_no_scene_means_nothing(text: str) -> None:
    found = place_of(text)
    assert found is None or scene_of(*found) == text


@pytest.fixture
def settings(database_url: str, photo_folder: Any, wechat: WeChatServer) -> Settings:
    """Known at WeChat, and behind a proxy under a path."""
    usual = cheap_settings(database_url, photo_folder)
    return with_wechat(usual, wechat, public_url="https://county.example/gexun")


def test_the_sheet_and_what_a_scan_opens(
    town: Town, client: FlaskClient, sign_in: SignIn, wechat: WeChatServer
) -> None:
    code = town.compound().code
    warden = sign_in("wangge11")
    known: Any = client.get(f"{BASE}/compounds/{code}", headers=warden).get_json()
    path = f"{BASE}/compounds/{code}/codes.pdf"
    answer = client.get(path, headers=warden)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    for name in (known["name"], *(one["name"] for one in known["checkpoints"])):
        assert name in text
    asked = [one.body for one in wechat.asked if one.path == CODE]
    scenes = [scene_of(Spot.compound, UUID(known["id"]))]
    scenes += [scene_of(Spot.checkpoint, UUID(one["id"])) for one in known["checkpoints"]]
    assert [(one["scene"], one["page"]) for one in asked] == [
        (scene, "pages/place/index") for scene in scenes
    ]
    # WeChat is away: the sheet waits, or comes with plain codes alone.
    wechat.then(CODE, Order(closed=True), Order(errcode=45009))
    assert client.get(path, headers=warden).get_json()["code"] == "host_unavailable"
    assert client.get(path, headers=warden).get_json()["code"] == "host_too_many"
    plain = client.get(f"{path}?wechat=false", headers=warden)
    assert (plain.status_code, wechat.count(CODE)) == (200, len(scenes) + 2)

    unit = f"{BASE}/places/codes.pdf?wechat=false&organisation={town.community()}"
    answer = client.get(unit, headers=warden)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    for name in ("示例花园", "示例老街小区", *(one["name"] for one in known["checkpoints"])):
        assert name in text

    whole = client.get(f"{BASE}/places/at/{scenes[0]}", headers=warden).get_json()
    named = {"code": code, "name": known["name"]}
    assert whole == {"compound": named, "checkpoint": None, "in_service": True}
    spot = client.get(f"{BASE}/places/at/{scenes[1]}", headers=sign_in("wuye11")).get_json()
    assert spot == {**whole, "checkpoint": known["checkpoints"][0]}
    for unknown in ("x", scene_of(Spot.compound, uuid4()), scene_of(Spot.checkpoint, uuid4())):
        assert client.get(f"{BASE}/places/at/{unknown}", headers=warden).status_code == 404
        assert client.get(f"/at/{unknown}").headers["Location"] == "/gexun/m"
    for scene, at in zip(scenes[:2], ("", f"#{known['checkpoints'][0]['id']}"), strict=True):
        led = client.get(f"/at/{scene}")
        assert (led.status_code, led.headers["Location"]) == (302, f"/gexun/m/rounds/{code}{at}")
