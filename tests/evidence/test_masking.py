"""Faces and number plates are covered for whoever looks at a photo, and what is sealed stays so."""

import io
from hashlib import sha256
from pathlib import Path

from PIL import Image
from werkzeug.test import TestResponse

from app.photos.masking.covering import GREY, Box
from tests.evidence.conftest import Office
from tests.photos import pictures
from tests.photos.masking.test_covering import with_noise
from tests.tickets.stories import Json, code_of
from tests.towns import Town

FACE = Box(400, 300, 90, 120)
PLATE = Box(900, 700, 160, 60)


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def masks(office: Office, photo_id: str, who: str = "ducha1") -> Json:
    answer = office.get(who, f"/photos/{photo_id}/masks")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def put(office: Office, photo_id: str, body: Json, who: str = "ducha1") -> TestResponse:
    path = f"/api/v1/photos/{photo_id}/masks"
    return office.client.put(path, json=body, headers=office.headers(who))


def boxes(*each: Box) -> list[Json]:
    return [{"x": b.x, "y": b.y, "width": b.width, "height": b.height} for b in each]


def mask(office: Office, photo_id: str, *each: Box, seen: int = 0, who: str = "ducha1") -> Json:
    """Covers boxes, or says that nothing needs to be covered."""
    body = {"version": seen, "decision": "masked" if each else "clear", "boxes": boxes(*each)}
    answer = put(office, photo_id, body, who)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def data_at(office: Office, url: str) -> bytes:
    answer = office.client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.data


def urls_of(office: Office, who: str, photo_id: str) -> Json:
    return dict(office.get(who, f"/photos/{photo_id}").get_json()["urls"])


def is_covered(data: bytes, box: Box) -> bool:
    seen = Image.open(io.BytesIO(data)).convert("RGB")
    # At the edge a JPEG's colours run in from outside.
    inner = seen.crop((box.x + 2, box.y + 2, box.x + box.width - 2, box.y + box.height - 2))
    return all(abs(edge - GREY) <= 1 for low_high in inner.getextrema() for edge in low_high)


def test_what_is_masked_is_masked_for_everybody_and_the_rest_is_sealed(
    office: Office, photo_folder: Path
) -> None:
    picture = pictures.scene(1, 1440, 1080)
    shot, other = png(picture), png(with_noise(picture, FACE))
    ticket = office.report(photo_ids=[office.photo("wangge11", office.spot, data=shot)])
    photo = ticket["photos"][0]["photo"]
    before = masks(office, photo["id"])
    assert (before["state"], before["version"], before["boxes"]) == ("not_reviewed", 0, [])
    company = urls_of(office, "wuye11", photo["id"])
    assert company["received"] is None
    plain = {kind: data_at(office, company[kind]) for kind in ("thumb", "display")}

    assert mask(office, photo["id"], FACE)["state"] == "masked"
    # By the very addresses that were given out before, and by fresh ones, to whomever.
    served = {kind: data_at(office, company[kind]) for kind in plain}
    assert all(served[kind] != plain[kind] for kind in plain)
    assert is_covered(served["display"], FACE)
    for who in ("wuye11", "wangge11", "shequ1", "ducha1"):
        fresh = urls_of(office, who, photo["id"])
        assert {kind: data_at(office, fresh[kind]) for kind in served} == served
        asked = office.client.get(
            fresh["display"], headers={"If-None-Match": f'"{photo["sha256"]}"'}
        )
        assert asked.status_code == 200
    _nothing_of_what_was_covered_is_in_what_is_served(office, other, served)
    _what_is_sealed_is_for_few_and_each_look_is_noted(office, photo["id"], shot, plain["display"])
    _photos_of_the_same_bytes_are_masked_too(office, shot, served)
    _a_new_decision_stands_beside_the_old_one(office, photo["id"], plain, photo_folder)


def _nothing_of_what_was_covered_is_in_what_is_served(
    office: Office, other: bytes, served: dict[str, bytes]
) -> None:
    """A photo that differs only where the box is comes to the very same bytes."""
    twin = office.photo("wangge11", data=other)
    mask(office, twin, FACE)
    urls = urls_of(office, "wangge11", twin)
    assert {kind: data_at(office, urls[kind]) for kind in served} == served


def _what_is_sealed_is_for_few_and_each_look_is_noted(
    office: Office, photo_id: str, shot: bytes, plain: bytes
) -> None:
    sealed = {
        "received": urls_of(office, "ducha1", photo_id)["received"],
        "unmasked": masks(office, photo_id)["urls"]["unmasked"],
    }
    assert data_at(office, sealed["received"]) == shot
    answer = office.client.get(sealed["unmasked"])
    assert answer.data == plain
    assert answer.headers["Cache-Control"] == "private, no-store"
    me = office.person("ducha1")
    for url in sealed.values():
        assert f"viewer={me}" in url
        for altered in (url.replace(me, office.person("wuye11")), url.replace(f"&viewer={me}", "")):
            assert code_of(office.client.get(altered)) == (403, "bad_signature")
    # An address of what anybody may see does not lead to what is sealed.
    shown = urls_of(office, "wuye11", photo_id)["display"]
    stretched = shown.replace("/display", "/unmasked")
    assert code_of(office.client.get(stretched)) == (403, "bad_signature")
    for who in ("wuye11", "wangge11"):
        assert code_of(office.get(who, f"/photos/{photo_id}/masks")) == (403, "not_allowed")
        assert code_of(office.get(who, f"/photos/{photo_id}/looks")) == (403, "not_allowed")
    looks = office.get("ducha1", f"/photos/{photo_id}/looks").get_json()["items"]
    assert [each["kind"] for each in looks] == ["unmasked", "received"]
    assert len({each["person"] for each in looks}) == 1


def _photos_of_the_same_bytes_are_masked_too(
    office: Office, shot: bytes, served: dict[str, bytes]
) -> None:
    again = office.photo("shequ1", data=shot)
    urls = urls_of(office, "shequ1", again)
    assert {kind: data_at(office, urls[kind]) for kind in served} == served
    assert masks(office, again, "shequ1")["state"] == "masked"


def _a_new_decision_stands_beside_the_old_one(
    office: Office, photo_id: str, plain: dict[str, bytes], folder: Path
) -> None:
    stale = {"version": 0, "decision": "clear", "boxes": []}
    assert code_of(put(office, photo_id, stale)) == (409, "stale_mask")
    beside = {"version": 1, "decision": "masked", "boxes": boxes(Box(5000, 0, 9, 9))}
    assert code_of(put(office, photo_id, beside))[0] == 422
    nothing = {"version": 1, "decision": "masked", "boxes": []}
    assert code_of(put(office, photo_id, nothing))[0] == 422
    both = mask(office, photo_id, FACE, PLATE, seen=1, who="shequ1")
    assert [each["version"] for each in both["items"]] == [2, 1]
    assert [len(each["boxes"]) for each in both["items"]] == [2, 1]
    assert both["items"][0]["made_by"] != both["items"][1]["made_by"]
    display = data_at(office, urls_of(office, "wuye11", photo_id)["display"])
    assert is_covered(display, FACE)
    assert is_covered(display, PLATE)
    assert "没有发现问题" in office.verify("--with-files")
    assert "内容无误" in office.run("photos", "check")
    (folder / _key_of(folder, display)).write_bytes(b"spoilt")
    office.worker()
    assert "遮盖后的大图文件被改动" in office.verify("--with-files", faults=True)
    cleared = mask(office, photo_id, seen=2)
    assert (cleared["state"], cleared["boxes"]) == ("clear", [])
    urls = urls_of(office, "wuye11", photo_id)
    assert {kind: data_at(office, urls[kind]) for kind in plain} == plain


def _key_of(folder: Path, data: bytes) -> Path:
    """Where bytes lie in the store."""
    digest = sha256(data).digest()
    (found,) = (p for p in folder.rglob("display-*") if sha256(p.read_bytes()).digest() == digest)
    return found.relative_to(folder)


def test_masked_renditions_go_with_the_photo(office: Office, photo_folder: Path) -> None:
    photo_id = office.photo("wangge11")
    mask(office, photo_id, Box(4, 4, 8, 8))
    mask(office, photo_id, Box(4, 4, 20, 8), seen=1)
    assert len([*photo_folder.rglob("*-*")]) == 4
    office.later(days=10)
    assert "已清理 2 个文件" in office.run("photos", "sweep")
    office.later(days=90)
    assert "删去文件 5 个" in office.run("photos", "purge")
    assert not any(path.is_file() for path in photo_folder.rglob("*"))
    body = {"version": 2, "decision": "clear", "boxes": []}
    assert code_of(put(office, photo_id, body)) == (409, "photo_purged")
    # Whoever sends the same bytes again has them looked at again.
    assert office.client.get(urls_of(office, "wangge11", photo_id)["thumb"]).status_code == 410


def test_what_another_place_covered_is_not_uncovered_by_a_town(office: Office) -> None:
    photo_id = office.report()["photos"][0]["photo"]["id"]
    first, more = Box(4, 4, 8, 8), Box(20, 4, 8, 8)
    mask(office, photo_id, first, who="guanli")
    for fewer in ((), (more,)):
        body = {
            "version": 1,
            "decision": "masked" if fewer else "clear",
            "boxes": boxes(*fewer),
        }
        assert code_of(put(office, photo_id, body)) == (409, "mask_of_another_town")
    assert masks(office, photo_id)["boxes"] == boxes(first)
    assert mask(office, photo_id, first, more, seen=1)["version"] == 2
    later = {"version": 2, "decision": "clear", "boxes": []}
    assert code_of(put(office, photo_id, later)) == (409, "mask_of_another_town")
    assert mask(office, photo_id, first, seen=2)["version"] == 3
    assert mask(office, photo_id, seen=3, who="guanli")["state"] == "clear"


def test_who_of_another_township_decides_or_waits_is_not_told(
    two_towns: tuple[Town, Town], office: Office
) -> None:
    data, second = pictures.encoded(pictures.scene(7, 1440, 1080)), two_towns[1]
    there = Office(office.app, office.client, second, office.clock)
    warden, theirs = second.who("wangge11"), second.who("ducha1")
    mine = office.photo("wangge11", data=data)
    used = there.report(warden, photo_ids=[there.photo(warden, there.spot, data=data)])
    known = used["photos"][0]["photo"]["id"]
    path = f"/tickets/{used['id']}/package.zip"
    for who in (theirs, "guanli"):
        assert code_of(there.get(who, path, **{"for": "outside"})) == (409, "masks_pending")

    seen = {who: masks(office, known, who) for who in (theirs, "guanli")}
    assert [[one["purpose"] for one in each["wanted"]] for each in seen.values()] == [
        ["package"],
        ["package"],
    ]
    here = masks(office, mine)
    assert (here["state"], here["wanted"]) == ("not_reviewed", [])
    mask(office, known, FACE, who=theirs)
    (decided,) = masks(office, mine)["items"]
    assert (decided["made_by"], decided["boxes"]) == (None, boxes(FACE))
    both = mask(office, mine, FACE, PLATE, seen=1)["items"]
    assert [one["made_by"] is None for one in both] == [False, True]
    for who, named in ((theirs, [False, True]), ("guanli", [True, True])):
        assert [bool(one["made_by"]) for one in masks(office, known, who)["items"]] == named, who
