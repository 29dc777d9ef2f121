"""What somebody is told who sends a picture that looks like an earlier one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from PIL import Image, ImageEnhance

from tests.budgets import counted_queries
from tests.photos.phones import Phone, codes
from tests.photos.pictures import encoded, quadrants, scene
from tests.towns import Town

Phones = Callable[[str], Phone]
LIKE = {"photo_same_bytes", "photo_near_identical", "photo_similar"}


def sent(number: int = 1, *, quality: int = 90) -> bytes:
    """A scene as a file."""
    return encoded(scene(number), quality=quality)


def likes(photo: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """Code, direction and other photo of the findings about likeness."""
    found = photo["findings"]
    return [(f["code"], f["direction"], f["photo_id"]) for f in found if f["code"] in LIKE]


def test_a_picture_that_was_there_before_is_recognised(town: Town, phone: Phones) -> None:
    first = phone("wangge11").send(sent())
    assert (first["verdict"], likes(first)) == ("consistent", [])
    again = phone("wangge12").send(sent(quality=60))
    assert again["verdict"] == "needs_review"
    assert likes(again) == [("photo_near_identical", "contradicts", first["id"])]
    found = next(f for f in again["findings"] if f["code"] == "photo_near_identical")
    assert found["threshold"] == "6/64 48/256"
    assert "几乎相同" in found["message"]
    stranger = phone("wuye11").send(encoded(ImageEnhance.Brightness(scene()).enhance(0.8)))
    named = {code: other for code, _, other in likes(stranger)}
    assert named == {"photo_near_identical": None}, "they do not see the wardens' photos"
    mirrored = phone("wangge11").send(encoded(scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    assert mirrored["verdict"] == "consistent"
    assert ("photo_similar", "unknown", first["id"]) in likes(mirrored)
    part = phone("wangge11").send(encoded(scene().crop((50, 38, 590, 442))))
    assert ("photo_similar", "unknown", first["id"]) in likes(part)
    whole = phone("wangge12").send(encoded(Image.composite(
        scene(2), scene(1), Image.new("L", (640, 480)),
    ).resize((1280, 960))))  # fmt: skip
    assert ("photo_near_identical", "contradicts", first["id"]) in likes(whole)
    other = phone("wangge12").send(sent(3))
    assert (other["verdict"], likes(other)) == ("consistent", [])


def test_a_part_sent_first_is_recognised_in_the_whole(town: Town, phone: Phones) -> None:
    part = phone("wangge11").send(encoded(scene().crop((50, 38, 590, 442))))
    whole = phone("wangge12").send(sent())
    assert likes(whole) == [("photo_similar", "unknown", part["id"])]
    assert whole["verdict"] == "consistent"


def test_the_same_bytes_again_are_held_against_what_came_since(town: Town, phone: Phones) -> None:
    first = phone("wangge11").send(sent())
    second = phone("wangge12").send(sent(quality=60))
    third = phone("wangge21").send(sent())
    assert {code for code, *_ in likes(third)} == {"photo_same_bytes", "photo_near_identical"}
    seen = phone("ducha1").get(f"/photos/{third['id']}")
    assert {other for *_, other in likes(seen)} == {first["id"], second["id"]}
    assert likes(phone("ducha1").get(f"/photos/{first['id']}")) == []


def test_a_phone_that_made_one_file_smaller_twice_sends_it_again(town: Town, phone: Phones) -> None:
    original = {"client_sha256": "ab" * 32}
    warden = phone("wangge11")
    warden.send(sent(), **original)
    again = warden.send(sent(quality=60), **original)
    assert (again["verdict"], likes(again)) == ("consistent", [])
    theirs = phone("wangge12").send(sent(quality=50), **original)
    assert {code for code, *_ in likes(theirs)} == {"photo_near_identical"}


def test_what_shows_too_little_is_said_and_not_compared(town: Town, phone: Phones) -> None:
    for who, quality in (("wangge11", 90), ("wangge12", 60)):
        photo = phone(who).send(encoded(quadrants(), quality=quality))
        assert "photo_low_detail" in codes(photo)
        assert (photo["verdict"], likes(photo)) == ("consistent", [])


def test_a_position_that_comes_later_leaves_what_was_noticed(town: Town, phone: Phones) -> None:
    first = phone("wangge11").send(sent())
    warden = phone("wangge12")
    again = warden.send(sent(quality=60))
    lng, lat = town.cell().centre
    placed = warden.send(sent(quality=60), status=200, lng=lng, lat=lat)
    assert placed["id"] == again["id"]
    assert likes(placed) == [("photo_near_identical", "contradicts", first["id"])]


def test_a_removed_photo_is_like_nothing_any_more(town: Town, phone: Phones) -> None:
    warden = phone("wangge11")
    first = warden.send(sent())
    assert warden.delete(f"/photos/{first['id']}").status_code == 204
    assert likes(phone("wangge12").send(sent(quality=60))) == []


def test_of_pictures_sent_at_once_each_later_one_names_all_earlier_ones(
    town: Town, phone: Phones
) -> None:
    people = ["wangge11", "wangge12", "wangge21", "shequ1", "ducha1", "wangge41"]
    phones = [phone(who) for who in people]
    files = [sent(quality=60 + 5 * number) for number in range(len(people))]
    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(Phone.send, phones, files))
    made = sorted(answer["id"] for answer in answers)
    for number, photo_id in enumerate(made):
        seen = phone("ducha1").get(f"/photos/{photo_id}")
        assert {other for *_, other in likes(seen)} == set(made[:number])


def test_comparing_costs_two_statements_and_a_likeness_four_more(
    town: Town, phone: Phones, app: Flask
) -> None:
    lng, lat = town.cell().centre
    for who in ("wangge11", "wuye11"):
        sender = phone(who)
        sender.send(encoded(quadrants(), comment=who), lng=lng, lat=lat)
        for picture, most in ((sent(len(who)), 10), (sent(len(who), quality=60), 15)):
            with counted_queries(app) as seen:
                sender.send(picture, lng=lng, lat=lat)
            assert len(seen) <= most, "\n\n".join(seen)
