"""Who sees which photo, and how much of it: a table of viewers and photos."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.grid.models import CompanyContract
from app.kernel.db import unit_of_work
from app.people.models import Role
from tests.people.posts import add_post, end_post, give
from tests.photos import pictures
from tests.photos.phones import Phone
from tests.towns import Town

Phones = Callable[[str], Phone]

WHOLE, PART, NONE = "whole", "part", "none"
VIEWERS = {
    "wangge11": "the warden who made them",
    "wangge12": "a colleague",
    "shequ1": "the lead",
    "wangge21": "a warden of the next community",
    "shequ2": "the lead of the next community",
    "ducha2": "a supervisor of the town",
    "group_given": "a supervisor of a group that has the community",
    "group_other": "a supervisor of a group that has another",
    "group_empty": "a supervisor of a group that has nothing",
    "town_admin": "an administrator of the town",
    "guanli": "an administrator of the county",
    "wuye11": "the company that was responsible first",
    "wuye12": "a colleague at that company",
    "wuye21": "the company that is responsible now",
    "zhifa1": "the enforcement body",
    "t102wangge11": "a warden of another township",
    "t102ducha1": "a supervisor of another township",
    "other_admin": "an administrator of another township",
}
COLLEAGUES_AND_OFFICE = ("wangge11", "wangge12", "shequ1", "ducha2", "group_given")
OF_THE_PLACE = (*COLLEAGUES_AND_OFFICE, "town_admin", "guanli")
SEEN: dict[str, dict[str, str]] = {
    "a warden's, unused": dict.fromkeys(COLLEAGUES_AND_OFFICE, WHOLE),
    "a warden's, used in a ticket": {
        **dict.fromkeys(OF_THE_PLACE, WHOLE),
        **dict.fromkeys(("wuye11", "wuye12", "wuye21"), PART),
    },
    "a warden's, used after the hand-over": {
        **dict.fromkeys(OF_THE_PLACE, WHOLE),
        "wuye21": PART,
    },
    "a company's, unused": dict.fromkeys(("wuye11", "wuye12", "ducha2", "group_given"), WHOLE),
    "a company's, used in a ticket": {
        **dict.fromkeys((*OF_THE_PLACE, "wuye11", "wuye12"), WHOLE),
        "wuye21": PART,
    },
}


@pytest.fixture
def photos(two_towns: tuple[Town, Town], app: Flask, phone: Phones) -> dict[str, str]:
    """The photos of the table, by name."""
    town, other = two_towns
    with app.app_context(), unit_of_work() as session:
        for group, username in enumerate(("group_given", "group_other", "group_empty"), start=1):
            add_post(session, username, Role.supervisor, f"{town.code}-G{group}")
        give(session, f"{town.code}-G1", town.community("001"))
        give(session, f"{town.code}-G2", town.community("002"))
        add_post(session, "town_admin", Role.administrator, town.code)
        add_post(session, "other_admin", Role.administrator, other.code)
    return story(town, phone)


def story(town: Town, phone: Phones) -> dict[str, str]:
    """Reported, put right by one company, returned, dispatched to another, commented."""
    warden, first = phone("wangge11"), phone("wuye11")
    lng, lat = town.cell().centre

    def taken(by: Phone, name: str) -> str:
        data = pictures.photo(software=name, position=(lng, lat))
        return str(by.send(data, lng=lng, lat=lat, accuracy_m=5)["id"])

    made = {
        "a warden's, unused": taken(warden, "1"),
        "a warden's, used in a ticket": taken(warden, "2"),
        "a warden's, used after the hand-over": taken(warden, "3"),
        "a company's, unused": taken(first, "4"),
        "a company's, used in a ticket": taken(first, "5"),
    }
    ticket = warden.report(made["a warden's, used in a ticket"], compound=town.compound().code)
    assert ticket["responsible"]["code"] == "WY299001"
    path, version = f"/tickets/{ticket['id']}", ticket["version"]
    after = {"version": version, "photo_ids": [made["a company's, used in a ticket"]]}
    version = first.post(f"{path}/rectify", after)["version"]
    returned = {"version": version, "note": "没有清干净"}
    version = phone("shequ1").post(f"{path}/return", returned)["version"]
    again = {"version": version, "note": "换一家", "organisation": "WY299002"}
    version = phone("shequ1").post(f"{path}/dispatch", again)["version"]
    comment = {"version": version, "photo_ids": [made["a warden's, used after the hand-over"]]}
    warden.post(f"{path}/comment", comment)
    return made


def sight_of(viewer: Phone, photo_id: str) -> str:
    """How much of a photo somebody sees."""
    answer = viewer.client.get(f"/api/v1/photos/{photo_id}")
    if answer.status_code == 404:
        assert answer.json()["code"] == "not_found"
        return NONE
    assert answer.status_code == 200, answer.text
    photo = answer.json()
    return PART if is_part(photo) else WHOLE


def sees(viewer: Phone, photo_id: str) -> bool:
    """Whether somebody sees a photo at all."""
    status = viewer.client.get(f"/api/v1/photos/{photo_id}").status_code
    assert status in (200, 404)
    return status == 200


def is_part(photo: dict[str, Any]) -> bool:
    """Whether a photo is shown without anything about its maker's phone; never in between."""
    hidden = [
        photo["positions"]["device"], photo["positions"]["exif"], photo["position"],
        photo["taken_at"]["exif"], photo["urls"]["received"], photo["findings"] or None,
        photo["cell"],
    ]  # fmt: skip
    shown = [value is not None for value in hidden]
    assert photo["urls"]["display"] and photo["urls"]["thumb"]
    nothing = not any(shown) and photo["taken_at"] == {"device": None, "exif": None}
    assert nothing or (shown[0] and shown[1] and shown[2] and shown[4] and shown[5] and shown[6])
    return nothing


def test_every_viewer_sees_what_the_table_says(photos: dict[str, str], phone: Phones) -> None:
    seen = {
        name: {who: sight_of(phone(who), photo_id) for who in VIEWERS}
        for name, photo_id in photos.items()
    }
    wanted = {
        name: {who: sights.get(who, NONE) for who in VIEWERS} for name, sights in SEEN.items()
    }
    assert seen == wanted


def test_a_post_that_ends_takes_its_sight_with_it(
    photos: dict[str, str], phone: Phones, app: Flask
) -> None:
    unused = photos["a warden's, unused"]
    with app.app_context(), unit_of_work() as session:
        post = add_post(session, "guest", Role.warden, "340299101001")
    guest = phone("guest")
    assert sight_of(guest, unused) == WHOLE
    with app.app_context(), unit_of_work() as session:
        end_post(session, post)
    assert sight_of(guest, unused) == NONE


def test_the_maker_sees_a_photo_whatever_became_of_the_post(
    photos: dict[str, str], phone: Phones, app: Flask
) -> None:
    with app.app_context(), unit_of_work() as session:
        post = add_post(session, "guest", Role.warden, "340299101001")
    guest = phone("guest")
    mine = guest.send(pictures.photo(software="guest"))["id"]
    with app.app_context(), unit_of_work() as session:
        end_post(session, post)
        add_post(session, "guest", Role.warden, "340299101002")
    assert guest.get(f"/photos/{mine}")["urls"]["received"]


def test_a_company_is_not_told_where_a_before_photo_came_from_inside_a_ticket_either(
    photos: dict[str, str], phone: Phones
) -> None:
    company = phone("wuye21")
    listed = company.get("/tickets")["items"]
    ticket = company.get(f"/tickets/{listed[0]['id']}")
    assert ticket["reported_by"] is None
    for use in ticket["photos"]:
        assert (is_part(use["photo"]), use["findings"]) == (True, [])
    staff = phone("shequ1").get(f"/tickets/{listed[0]['id']}")
    assert {use["photo"]["id"]: is_part(use["photo"]) for use in staff["photos"]} == {
        use["photo"]["id"]: False for use in staff["photos"]
    }


@pytest.mark.parametrize("place", ["001", "002", None, "outside"])
def test_a_company_s_photo_is_seen_where_it_was_taken_else_where_it_works(
    photos: dict[str, str], two_towns: tuple[Town, Town], phone: Phones, place: str | None
) -> None:
    """The company looks after compounds of both communities, and of the other township."""
    where = {}
    if place == "outside":
        where = {"lng": 110.0, "lat": 30.0}
    elif place is not None:
        lng, lat = two_towns[0].cell(place).centre
        where = {"lng": lng, "lat": lat}
    data = pictures.photo(software=f"company {place}")
    photo_id = str(phone("wuye11").send(data, **where)["id"])
    seen = {who for who in VIEWERS if sees(phone(who), photo_id)}
    groups = {"001": {"group_given"}, "002": {"group_other"}}
    anywhere = {"group_given", "group_other", "t102ducha1"}
    assert seen == {"wuye11", "wuye12", "ducha2"} | groups.get(place or "", anywhere)


def test_a_contract_of_another_day_shows_nothing(
    photos: dict[str, str], phone: Phones, app: Flask
) -> None:
    """What was true on the day stays true: the contract that ends today held yesterday."""
    photo_id = str(phone("wuye11").send(pictures.photo(software="no place"))["id"])
    assert sees(phone("ducha2"), photo_id)
    with app.app_context(), unit_of_work() as session:
        session.execute(update(CompanyContract).values(to_on=CompanyContract.from_on))
    assert not sees(phone("ducha2"), photo_id)
