"""How many statements the database is asked over HTTP, the sign-in check included."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.catalogue.snapshots import forget_snapshots
from app.grid.indexes import forget_indexes
from app.kernel.db import unit_of_work
from app.kernel.ids import new_id
from app.people.models import Organisation, Person, Post, Role
from tests.budgets import counted_queries
from tests.people.posts import add_post, give
from tests.tickets.stories import (
    OTHER_COMPANY,
    Json,
    Stories,
    picture,
    position,
)


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
        {"organisation": OTHER_COMPANY, "cursor": page["next_cursor"]},
        {"organisation": OTHER_COMPANY, "sort": "due"},
        {"q": "花园", "category": "01-36", "updated_since": "2026-01-01T00:00:00Z"},
    ):
        for who in ("ducha1", "wuye12", "wangge11"):
            asked(many, 6, who, "/tickets", limit=100, **query)
    spot = {"lng": many.spot[0], "lat": many.spot[1]}
    for who in ("ducha1", "wuye12"):
        assert len(asked(many, 6, who, "/tickets/nearby", **spot)["items"]) >= 10


def fresh_process() -> None:
    """Forget what a process has read, as if it had just started."""
    forget_snapshots()
    forget_indexes()


def keyed_photos(stories: Stories, who: str, name: str, point: Any = None) -> list[str]:
    """References to two photos that somebody sent under keys."""
    for number in range(2):
        stories.photo(who, point, key=f"{name}-{number}")
    return [f"key:{name}-{number}" for number in range(2)]


def fullest_reports(stories: Stories, who: str, name: str) -> dict[str, Json]:
    """Reports that name all that can be named, by keys wherever keys will do."""
    answer = stories.post(
        who, "/rounds", {"compound": stories.code(), "all_fine": True}, key=f"{name}-round"
    )
    assert answer.status_code == 201
    detail = stories.get(who, f"/compounds/{stories.code()}").get_json()
    walked = {
        "category": "01-36",
        "description": "纸箱",
        "photo_ids": keyed_photos(stories, who, f"{name}-before", stories.spot),
        "round": f"key:{name}-round",
        "checkpoint": detail["checkpoints"][0]["id"],
    }
    after = keyed_photos(stories, who, f"{name}-after", stories.spot)
    fixed = {"fixed_on_spot": {"photo_ids": after}}
    named = {"compound": stories.code(), "cell": detail["cells"][0]["code"], "area": "stairwell"}
    here, there = position(stories.spot), position(stories.town.cell("002", 1).centre)
    without = keyed_photos(stories, who, f"{name}-nowhere")
    return {
        "walked": walked,
        "walked, the phone says elsewhere": walked | {"position": there},
        "walked, no position at all": walked | {"photo_ids": without},
        "walked and fixed": walked | fixed,
        "all of it": walked | named | fixed | {"position": here},
        "all of it, to be dispatched": walked | named | {"position": here},
        "fixed, the phone says elsewhere": walked | fixed | {"position": there},
    }


@pytest.mark.parametrize("cold", [True, False], ids=["cold", "warm"])
def test_a_report_takes_eighteen_whatever_it_says(stories: Stories, cold: bool) -> None:
    plain = {
        "category": "01-36",
        "photo_ids": [stories.photo("wangge11", stories.spot)],
        "position": position(stories.spot),
    }
    reports = {"plain": plain, **fullest_reports(stories, "wangge11", "a")}
    for number, (name, body) in enumerate(reports.items()):
        if cold:
            fresh_process()
        posted(stories, 18, "wangge11", "/tickets", body, f"{name.split(',')[0]}-{number}")


def test_a_report_of_illegal_building_tells_within_eighteen(stories: Stories) -> None:
    for who in ("wangge11", "shequ1"):
        reports = fullest_reports(stories, who, f"illegal-{who}")
        for number, (name, body) in enumerate(reports.items()):
            fresh_process()
            illegal = {**body, "category": "01-01"}
            posted(stories, 18, who, "/tickets", illegal, f"{name.split(',')[0]}-{who}-{number}")


def test_a_report_takes_eighteen_whoever_makes_it(stories: Stories) -> None:
    """A neighbour fixes on the spot; a supervisor of a management group; copies of a photo."""
    data = picture()
    stories.photo("wangge11", stories.spot, data=data)
    after = stories.photo("wangge21", stories.spot)
    body: Json = {"category": "01-36", "position": position(stories.spot)}
    mine = [stories.photo("wangge21", stories.spot, data=data)]
    fixed = body | {"photo_ids": mine, "fixed_on_spot": {"photo_ids": [after]}}
    posted(stories, 18, "wangge21", "/tickets", fixed, "neighbour")
    fresh_process()
    other = stories.photo("wangge21", stories.spot)
    last = stories.photo("wangge21", stories.spot)
    fixed = body | {"photo_ids": [other], "fixed_on_spot": {"photo_ids": [last]}}
    posted(stories, 18, "wangge21", "/tickets", fixed, "neighbour-cold")
    group = f"{stories.town.code}-G1"
    with stories.app.app_context(), unit_of_work() as session:
        add_post(session, "zuzhang", Role.supervisor, group)
        for community in ("001", "002"):
            give(session, group, stories.town.community(community))
    fresh_process()
    theirs = body | {"photo_ids": [stories.photo("zuzhang", stories.spot)]}
    fresh_process()
    ticket = posted(stories, 18, "zuzhang", "/tickets", theirs, "group")
    assert ticket["reported_by"]["id"] == stories.person("zuzhang")


def test_the_answer_to_a_report_is_the_ticket(stories: Stories) -> None:
    """What is at hand is not read again, and says the same."""
    after = stories.photo("wangge11", stories.spot)
    for more in ({}, {"fixed_on_spot": {"photo_ids": [after]}}, {"category": "99-99"}):
        made = stories.report(**more)
        for urls in (made, seen := stories.see("wangge11", made)):
            for use in urls["photos"]:
                use["photo"].pop("urls")
        assert made == seen


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
