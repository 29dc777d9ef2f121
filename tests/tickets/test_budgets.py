"""How many statements the database is asked over HTTP, the sign-in check included."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.kernel.ids import new_id
from app.people.models import Organisation, Person, Post, Role
from tests.budgets import counted_queries
from tests.tickets.stories import OTHER_COMPANY, Json, Stories, position


def asked(stories: Stories, most: int, who: str, path: str, **query: Any) -> Json:
    """The answer, which took at most so many statements."""
    stories.headers(who)
    with counted_queries(stories.app) as statements:
        answer = stories.get(who, path, **query)
    assert answer.status_code == 200, answer.text
    assert len(statements) <= most, "\n\n".join(statements)
    found: Json = answer.get_json()
    return found


def posted(stories: Stories, most: int, who: str, path: str, body: Json, key: str) -> Json:
    """The answer to a keyed write, which took at most so many statements."""
    stories.headers(who)
    with counted_queries(stories.app) as statements:
        answer = stories.post(who, path, body, key=key)
    assert answer.status_code in (200, 201), answer.text
    assert len(statements) <= most, "\n\n".join(statements)
    made: Json = answer.get_json()
    return made


@pytest.fixture
def many(stories: Stories) -> Stories:
    """A hundred tickets in many hands, and people with several posts."""
    places = [
        ("wangge11", stories.spot),
        ("wangge11", stories.street),
        ("wangge11", stories.open_ground),
        ("wangge21", stories.town.cell("002", 1).centre),
        ("wangge41", stories.town.cell("202", 1).centre),
    ]
    photos = {who: stories.photo(who, point) for who, point in places}
    for number in range(102):
        who, point = places[number % len(places)]
        ticket = stories.report(who, point=point, photo_ids=[photos[who]])
        if number % 10 == 0:
            ticket = stories.act(
                "ducha1", ticket, "dispatch", organisation=OTHER_COMPANY, note="再派"
            )
    homes = [stories.town.community(suffix) for suffix in ("001", "002", "202")]
    for who in ("wuye11", "wangge21"):
        for code in homes:
            stories.change(
                insert(Post).values(
                    id=new_id(),
                    person_id=select(Person.id).where(Person.username == who).scalar_subquery(),
                    role=Role.lead,
                    organisation_id=select(Organisation.id)
                    .where(Organisation.code == code)
                    .scalar_subquery(),
                    from_on=date(2020, 1, 1),
                )
            )
    return stories


def test_a_list_takes_six_whatever_the_page_holds(many: Stories) -> None:
    for who in ("wangge11", "shequ1", "ducha1", "wuye12", "wuye11", "wangge21", "guanli"):
        for limit in (20, 100):
            page = asked(many, 6, who, "/tickets", limit=limit)
            assert len(page["items"]) <= limit
    page = asked(many, 6, "ducha1", "/tickets", limit=100)
    assert len(page["items"]) == 100
    assert len({item["responsible"]["code"] for item in page["items"]}) >= 4
    for query in (
        {"organisation": many.town.code, "state": "dispatched", "light": "green"},
        {"organisation": OTHER_COMPANY, "sort": "due", "cursor": page["next_cursor"]},
        {"q": "花园", "category": "01-36", "updated_since": "2026-01-01T00:00:00Z"},
    ):
        for who in ("ducha1", "wuye12", "wangge11"):
            asked(many, 6, who, "/tickets", limit=100, **query)
    spot = {"lng": many.spot[0], "lat": many.spot[1]}
    for who in ("ducha1", "wuye12"):
        assert len(asked(many, 6, who, "/tickets/nearby", **spot)["items"]) >= 10


def test_a_report_takes_eighteen(stories: Stories) -> None:
    for number in range(3):
        key = f"photo-{number}"
        who = "wangge11"
        answer = stories.post(
            who, "/rounds", {"compound": stories.code(), "all_fine": True}, key=f"round-{number}"
        )
        assert answer.status_code == 201
        photo = stories.photo(who, stories.spot)
        body = {
            "category": "01-36",
            "photo_ids": [photo],
            "position": position(stories.spot),
            "description": "纸箱",
        }
        posted(stories, 18, who, "/tickets", body, key)
        after = stories.photo(who, stories.spot)
        spot_fix = body | {"fixed_on_spot": {"photo_ids": [after]}, "area": "stairwell"}
        posted(stories, 20, who, "/tickets", spot_fix, f"fix-{number}")
        walked = body | {"round": f"key:round-{number}", "compound": stories.code()}
        posted(stories, 20, who, "/tickets", walked, f"walk-{number}")


def test_one_ticket_takes_ten_and_an_action_twenty_five(stories: Stories) -> None:
    ticket = stories.report(photo_ids=[stories.photo("wangge11", stories.spot) for _ in range(4)])

    def act(who: str, action: str, **said: Any) -> None:
        nonlocal ticket
        body = {"version": ticket["version"], **said}
        path = f"/tickets/{ticket['id']}/{action}"
        ticket = posted(stories, 25, who, path, body, f"{action}-{ticket['version']}")
        for viewer in ("wangge11", "wuye11", "ducha1", "guanli"):
            asked(stories, 10, viewer, f"/tickets/{ticket['id']}")

    for _ in range(2):
        photos = [stories.photo("wuye11", stories.spot) for _ in range(3)]
        act("wuye11", "rectify", photo_ids=photos)
        act("shequ1", "return", note="没清", photo_ids=[stories.photo("shequ1", stories.spot)])
        act("shequ1", "reclassify", category="01-91", compound=stories.code("001", 2), note="改")
        act("shequ1", "dispatch", organisation="WY299001", note="改", condition="planted")
        act("shequ1", "reclassify", category="01-36", compound=stories.code(), note="改回")
        act("wuye11", "comment", note="已约")
    act("wuye11", "rectify", photo_ids=[stories.photo("wuye11", stories.spot)])
    act("wuye11", "recall")
    act("wuye11", "rectify", photo_ids=[stories.photo("wuye11", stories.spot)])
    act("wangge11", "close")
