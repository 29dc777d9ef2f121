"""The bytes of photos over real HTTP: signed urls, content-hash ETags, ranges, upright pictures."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.clocks import MovableClock
from tests.photos import pictures
from tests.photos.phones import BASE, Phone
from tests.servers import LiveServer
from tests.towns import Town

Phones = Callable[[str], Phone]
KINDS = ("thumb", "display", "received")


@pytest.fixture
def anybody(server: LiveServer) -> httpx.Client:
    """A client that carries no token, as an <img> does."""
    return server.new_client()


def etag_of(data: bytes) -> str:
    return f'"{sha256(data).hexdigest()}"'


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_each_kind_is_served_to_anybody_who_has_the_url(
    town: Town, phone: Phones, anybody: httpx.Client, form: str
) -> None:
    data = pictures.encoded(pictures.quadrants(), form)
    urls = phone("wangge11").send(data)["urls"]
    for kind in KINDS:
        answer = anybody.get(urls[kind])
        assert answer.status_code == 200
        media_type = f"image/{form.lower()}" if kind == "received" else "image/jpeg"
        assert answer.headers["Content-Type"] == media_type
        assert answer.headers["ETag"] == etag_of(answer.content)
        assert int(answer.headers["Content-Length"]) == len(answer.content)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert "private" in answer.headers["Cache-Control"]
    assert anybody.get(urls["received"]).content == data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_renditions_stand_upright_and_tell_nothing_else(
    town: Town, phone: Phones, anybody: httpx.Client, orientation: int
) -> None:
    wanted = pictures.corners(pictures.quadrants())
    turned = lying(pictures.quadrants(), orientation)
    data = pictures.encoded(
        turned,
        exif=pictures.exif(orientation=orientation, position=(118.3, 30.9), software="secret"),
        comment=b"secret",
        quality=95,
    )
    photo = phone("wangge11").send(data)
    assert (photo["width"], photo["height"]) == (320, 240)
    for kind in ("thumb", "display"):
        rendition = anybody.get(photo["urls"][kind]).content
        picture = pictures.decoded(rendition)
        assert picture.size == (320, 240)
        assert pictures.close(pictures.corners(picture), wanted)
        assert not picture.getexif()
        assert not {"exif", "icc_profile", "comment", "photoshop", "xmp"} & set(picture.info)
        assert b"secret" not in rendition


def lying(picture: Image.Image, orientation: int) -> Image.Image:
    """The pixels as a camera held that way stores them."""
    turns = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE",
             6: "ROTATE_90", 7: "TRANSVERSE", 8: "ROTATE_270"}  # fmt: skip
    name = turns.get(orientation)
    return picture.transpose(Image.Transpose[name]) if name else picture


def test_a_thumb_is_small_and_a_display_is_not(
    town: Town, phone: Phones, anybody: httpx.Client
) -> None:
    urls = phone("wangge11").send(pictures.encoded(pictures.quadrants(3000, 4000)))["urls"]
    thumb, display = (pictures.decoded(anybody.get(urls[k]).content) for k in ("thumb", "display"))
    assert max(thumb.size) <= 320
    assert max(display.size) >= 1440


def test_what_is_known_already_is_not_sent_again(
    town: Town, phone: Phones, anybody: httpx.Client
) -> None:
    url = phone("wangge11").send(pictures.photo())["urls"]["display"]
    etag = anybody.get(url).headers["ETag"]
    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        answer = anybody.get(url, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)
    assert anybody.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_ranges(town: Town, phone: Phones, anybody: httpx.Client) -> None:
    data = pictures.photo()
    url, size = phone("wangge11").send(data)["urls"]["received"], len(data)
    for asked, first, last in [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, size - 1),
        ("bytes=-10", size - 10, size - 1),
        (f"bytes={size - 1}-", size - 1, size - 1),
        (f"bytes=10-{size + 500}", 10, size - 1),
        (f"bytes=-{size + 500}", 0, size - 1),
    ]:
        answer = anybody.get(url, headers={"Range": asked})
        assert answer.status_code == 206, asked
        assert answer.content == data[first : last + 1], asked
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert answer.headers["ETag"] == etag_of(data)
    for whole in ("bytes=0-1,4-5", "lines=1-2", "bytes=9-2", "nonsense"):
        answer = anybody.get(url, headers={"Range": whole})
        assert (answer.status_code, answer.content == data) == (200, True), whole
    beyond = anybody.get(url, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "range_not_satisfiable")
    assert beyond.headers["Content-Range"] == f"bytes */{size}"


def test_a_range_of_what_has_changed_is_the_whole(
    town: Town, phone: Phones, anybody: httpx.Client
) -> None:
    data = pictures.photo()
    url = phone("wangge11").send(data)["urls"]["received"]
    for condition, status in [(etag_of(data), 206), ('"other"', 200),
                              ("Mon, 23 Nov 2026 00:00:00 GMT", 200)]:  # fmt: skip
        answer = anybody.get(url, headers={"Range": "bytes=0-9", "If-Range": condition})
        assert answer.status_code == status, condition


def test_head_says_the_same_without_the_bytes(
    town: Town, phone: Phones, anybody: httpx.Client
) -> None:
    data = pictures.photo()
    url = phone("wangge11").send(data)["urls"]["received"]
    answer = anybody.head(url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len(data)
    assert answer.headers["ETag"] == etag_of(data)


def test_an_altered_url_opens_nothing(town: Town, phone: Phones, anybody: httpx.Client) -> None:
    warden = phone("wangge11")
    one, two = warden.send(pictures.photo()), warden.send(pictures.photo(software="two"))
    thumb = one["urls"]["thumb"]
    path, _, query = thumb.partition("?")
    expires, signature = (part.partition("=")[2] for part in query.split("&"))
    later = f"{path}?expires={int(expires) + 3600}&signature={signature}"
    other = ("0" if signature[0] != "0" else "1") + signature[1:]
    altered = [
        path,
        f"{path}?expires={expires}",
        f"{path}?signature={signature}",
        later,
        f"{path}?expires={expires}&signature={other}",
        f"{path}?expires={expires}&signature={signature[:-1]}",
        f"{path}?expires={expires}&signature=",
        f"{path}?expires=never&signature={signature}",
        f"{path}?expires=-1&signature={signature}",
        f"{path}?expires={expires}0000000000&signature={signature}",
        thumb.replace("/thumb?", "/received?"),
        thumb.replace("/thumb?", "/display?"),
        thumb.replace(one["id"], two["id"]),
        thumb.replace(one["id"], one["id"].upper()),
    ]
    for url in altered:
        answer = anybody.get(url)
        assert (answer.status_code, answer.json()["code"]) == (403, "bad_signature"), url
    for url in (thumb.replace("/thumb?", "/original?"), f"{BASE}/photos/{one['id']}/", thumb + "x"):
        assert anybody.get(url).status_code in (403, 404), url
    unknown = anybody.get(f"{BASE}/photos/{one['id']}/original")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


def test_a_token_opens_no_unsigned_url(town: Town, phone: Phones) -> None:
    warden = phone("wangge11")
    photo = warden.send(pictures.photo())
    assert warden.client.get(f"{BASE}/photos/{photo['id']}/received").status_code == 403


def test_a_url_lives_an_hour_or_more_and_not_for_ever(
    town: Town, phone: Phones, anybody: httpx.Client, clock: MovableClock
) -> None:
    warden = phone("wangge11")
    # However late in the hour it was asked for.
    clock.set(clock().replace(minute=59, second=59, microsecond=999_000))
    photo = warden.send(pictures.photo())
    url = photo["urls"]["thumb"]
    clock.move(timedelta(minutes=59, seconds=59))
    assert anybody.get(url).status_code == 200
    clock.move(timedelta(hours=1, seconds=2))
    assert anybody.get(url).json()["code"] == "bad_signature"
    fresh = warden.get(f"/photos/{photo['id']}")["urls"]["thumb"]
    assert fresh != url
    assert anybody.get(fresh).status_code == 200


def test_a_replay_carries_fresh_urls(
    town: Town, phone: Phones, anybody: httpx.Client, clock: MovableClock
) -> None:
    clock.set(clock())
    warden, data = phone("wangge11"), pictures.photo()
    first = warden.upload(data, key="k").json()
    clock.move(timedelta(days=3))
    again = warden.upload(data, key="k").json()
    assert anybody.get(first["urls"]["display"]).status_code == 403
    assert anybody.get(again["urls"]["display"]).status_code == 200


def test_bytes_that_are_gone_are_not_there(
    town: Town, phone: Phones, anybody: httpx.Client, photo_folder: Path
) -> None:
    warden = phone("wangge11")
    removed, lost = warden.send(pictures.photo()), warden.send(pictures.photo(software="x"))
    assert warden.delete(f"/photos/{removed['id']}").status_code == 204
    assert anybody.get(removed["urls"]["thumb"]).status_code == 404
    for path in photo_folder.rglob("thumb"):
        path.unlink()
    answer = anybody.get(lost["urls"]["thumb"])
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert anybody.get(lost["urls"]["display"]).status_code == 200


def test_an_error_is_no_picture_to_keep(town: Town, phone: Phones, anybody: httpx.Client) -> None:
    photo = phone("wangge11").send(pictures.photo())
    answer = anybody.get(photo["urls"]["thumb"].replace("/thumb?", "/received?"))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/problem+json"
