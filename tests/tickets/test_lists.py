"""The list of tickets: filters, words, order and pages."""

from base64 import urlsafe_b64encode
from datetime import date
from itertools import combinations
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.kernel.ids import new_id
from app.people.models import GroupScope, Organisation
from tests.tickets.stories import COMPANY, OTHER_COMPANY, Json, Stories, at, code_of


@pytest.fixture
def made(stories: Stories) -> dict[str, Json]:
    """A handful of tickets that differ in everything a filter asks for, an hour apart."""
    second = stories.town.cell("002", 1).centre
    group = select(Organisation.id).where(Organisation.code == f"{stories.town.code}-G1")
    community = select(Organisation.id).where(Organisation.code == stories.town.community("002"))
    stories.change(
        insert(GroupScope).values(
            id=new_id(),
            group_id=group.scalar_subquery(),
            organisation_id=community.scalar_subquery(),
            from_on=date(2020, 1, 1),
        )
    )
    told = {}

    def tell(name: str, ticket: Json) -> None:
        told[name] = ticket
        stories.later(hours=1)

    tell("clutter", stories.report(description="楼道里100%堆满_纸箱 Cartons"))
    tell("waiting", stories.report(category="99-99", description="一百纸箱"))
    tell("drain", stories.report("wangge21", category="05-03", point=second))
    tell("open ground", stories.report(point=stories.open_ground, description="绿地纸屑"))
    tell("rectified", stories.act("wuye11", stories.report(category="01-91"), "rectify"))
    tell("closed", stories.act("wangge11", stories.act("wuye11", stories.report(), "rectify"),
                               "close"))  # fmt: skip
    stories.later(minutes=90)
    return told


def named(made: dict[str, Json], ids: list[str]) -> list[str]:
    """The names of tickets, in the order of their ids."""
    names = {ticket["id"]: name for name, ticket in made.items()}
    return [names[found] for found in ids]


FILTERS: dict[str, tuple[Json, set[str]]] = {
    "state": ({"state": "dispatched"}, {"clutter", "drain", "open ground"}),
    "states": ({"state": ["reported", "closed"]}, {"waiting", "closed"}),
    "category": ({"category": "05-03"}, {"drain"}),
    "unknown category": ({"category": "77-77"}, set()),
    "company": ({"responsible": COMPANY}, {"clutter", "rectified", "closed"}),
    "community responsible": ({"responsible": "340299101001"}, {"open ground"}),
    "unknown responsible": ({"responsible": "NOBODY"}, set()),
    "compound": ({"compound": "340299101002C01"}, {"drain"}),
    "unknown compound": ({"compound": "340299101002C99"}, set()),
    "cell": ({"cell": "340299101001004"}, {"open ground"}),
    "unknown cell": ({"cell": "999999999999999"}, set()),
    "community": ({"organisation": "340299101002"}, {"drain"}),
    "group": ({"organisation": "340299101-G1"}, {"drain"}),
    "group without communities": ({"organisation": "340299101-G2"}, set()),
    "organisation company": ({"organisation": OTHER_COMPANY}, {"drain"}),
    "body": ({"organisation": "340299-CWB"}, set()),
    "mine": ({"mine": 1}, set()),
    "reported from": (
        {"reported_from": "2026-11-25T12:00:00+08:00"}, {"open ground", "rectified", "closed"}
    ),
    "reported to": ({"reported_to": "2026-11-25T02:00:00Z"}, {"clutter", "waiting"}),
    "on a day": ({"reported_from": "2026-11-26", "reported_to": "2026-11-26"}, set()),
    "green": ({"light": "green"}, {"clutter", "open ground"}),
    "yellow": ({"light": "yellow"}, {"drain"}),
    "red": ({"light": "red"}, set()),
    "word": ({"q": "纸箱"}, {"clutter", "waiting"}),
    "percent": ({"q": "0%"}, {"clutter"}),
    "underscore": ({"q": "_纸"}, {"clutter"}),
    "either case": ({"q": "cARTONs"}, {"clutter"}),
    "compound's name": ({"q": "雅苑"}, {"drain"}),
    "two words": ({"q": "花园 纸箱"}, {"clutter", "waiting"}),
    "words that do not meet": ({"q": "雅苑 纸箱"}, set()),
    "number prefix": ({"q": "340299101-20261125-0002"}, {"waiting"}),
    "number's middle": ({"q": "20261125-0002"}, set()),
    "backslash": ({"q": "\\\\"}, set()),
    "quote": ({"q": "';--"}, set()),
}  # fmt: skip


def test_each_filter(stories: Stories, made: dict[str, Json]) -> None:
    for name, (query, wanted) in FILTERS.items():
        assert set(named(made, stories.ids("ducha1", **query))) == wanted, name
    everything = list(made)[::-1]
    for query in ({}, {"organisation": "340299101"}, {"organisation": "340299"}):
        assert named(made, stories.ids("ducha1", **query)) == everything
    assert set(named(made, stories.ids("wangge21", mine=1))) == {"drain"}
    assert named(made, stories.ids("wangge11", mine="true")) == [
        name for name in everything if name != "drain"
    ]


def test_filters_narrow_each_other(stories: Stories, made: dict[str, Json]) -> None:
    pairs = [
        pair
        for pair in combinations(FILTERS, 2)
        if not FILTERS[pair[0]][0].keys() & FILTERS[pair[1]][0].keys()
        and FILTERS[pair[0]][1]
        and FILTERS[pair[1]][1]
    ]
    for one, two in Random(1).sample(pairs, 80):
        (query, wanted), (other, also) = FILTERS[one], FILTERS[two]
        found = set(named(made, stories.ids("ducha1", **query, **other)))
        assert found == wanted & also, (one, two)


def test_updated_since(stories: Stories, made: dict[str, Json]) -> None:
    since = stories.clock().isoformat()
    assert stories.ids("ducha1", updated_since=since) == []
    stories.act("wangge12", made["clutter"], "comment", note="还在")
    assert named(made, stories.ids("ducha1", updated_since=since)) == ["clutter"]


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        ("wangge11", "340299101002", 200),
        ("wangge11", "340299", 200),
        ("wangge11", "NOBODY", 404),
        ("wuye11", "340299101001", 200),
        ("wuye11", "340299102", 404),
    ],
)
def test_an_organisation_that_is_not_there(
    stories: Stories, who: str, code: str, status: int
) -> None:
    assert stories.get(who, "/tickets", organisation=code).status_code == status


BAD_QUERIES: list[Json] = [
    {"state": "open"},
    {"state": ["dispatched", "x"]},
    {"light": "blue"},
    {"q": "长"},
    {"q": " 长 "},
    {"q": "长" * 51},
    {"sort": "oldest"},
    {"limit": 0},
    {"limit": 101},
    {"limit": "ten"},
    {"limit": 1.5},
    {"reported_from": "2026-11-25T09:00:00"},
    {"reported_from": "1764000000"},
    {"reported_to": "2026-02-30"},
    {"updated_since": "yesterday"},
    {"updated_since": "0001-01-01T00:00:00+14:00"},
    {"mine": "perhaps"},
    {"organisation": ""},
]


def test_bad_queries(stories: Stories) -> None:
    for query in BAD_QUERIES:
        answer = stories.get("ducha1", "/tickets", **query)
        assert code_of(answer) == (422, "invalid_input"), query
        assert {name.split(".")[0] for name in answer.get_json()["errors"]} == query.keys()


def test_days_that_run_backwards_are_no_empty_list(stories: Stories) -> None:
    query = {"reported_from": "2026-11-25", "reported_to": "2026-11-24"}
    for path in ("/tickets", "/tickets/export.csv"):
        answer = stories.get("ducha1", path, **query)
        assert code_of(answer) == (422, "invalid_input"), path
        assert set(answer.get_json()["errors"]) == {"reported_to"}


def cursor_of(text: str) -> str:
    """Some text as a cursor."""
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


FORGED = [
    "x", "é", "=", "a" * 400,
    *map(cursor_of, [
        " ", "[]", "{}", "null", "1", '["a"]', "[1,2]", "[null,null]", '["2026-11-25","x"]',
        '["2026-11-25T09:00:00+08:00",1]', '["2026-11-25T09:00:00+08:00",null]',
        '["2026-11-25T09:00:00","01a209c3-14ea-7013-8b79-eb8833a7c7cc"]',
        '["0001-01-01T00:00:00+14:00","01a209c3-14ea-7013-8b79-eb8833a7c7cc"]',
        '["9999-12-31T23:59:59-14:00","01a209c3-14ea-7013-8b79-eb8833a7c7cc"]',
        '["2026-11-25T09:00:00+08:00","01a209c3-14ea-7013-8b79-eb8833a7c7cc",1]',
        "[" * 150 + "]" * 150, '["\\u0000","x"]', '[1e999,"x"]', "[NaN,1]",
    ]),
]  # fmt: skip


@pytest.mark.parametrize("sort", ["newest", "due"])
def test_forged_cursors(stories: Stories, sort: str) -> None:
    for cursor in FORGED:
        answer = stories.get("ducha1", "/tickets", cursor=cursor, sort=sort)
        assert code_of(answer) == (422, "bad_cursor"), cursor
    assert stories.get("ducha1", "/tickets", cursor="", sort=sort).status_code == 200
    answer = stories.get("ducha1", "/tickets", cursor="a" * 401, sort=sort)
    assert code_of(answer) == (422, "invalid_input")


@pytest.mark.parametrize("who", ["ducha1", "wangge11", "wuye11"])
def test_pages_hold_everything_once_in_order(
    stories: Stories, made: dict[str, Json], who: str
) -> None:
    whole = stories.ids(who, limit=100)
    for limit in (1, 2, 5, 6):
        assert stories.ids(who, limit=limit) == whole
        times = [item["reported_at"] for item in stories.listed(who, limit=limit)]
        assert times == sorted(times, reverse=True)
        due = [item["due_at"] for item in stories.listed(who, limit=limit, sort="due")]
        known = [instant for instant in due if instant]
        assert due == sorted(known) + [None] * (len(due) - len(known))
        assert set(stories.ids(who, limit=limit, sort="due")) == set(whole)


def test_many_of_one_instant(stories: Stories) -> None:
    for _ in range(7):
        stories.report(source="hotline", photo_ids=[])
    for _ in range(3):
        stories.report(category="99-99", source="hotline", photo_ids=[])
    for sort in ("newest", "due"):
        found = stories.ids("ducha1", limit=3, sort=sort)
        assert len(found) == len(set(found)) == 10


def test_what_comes_in_between_does_not_move_the_pages(stories: Stories) -> None:
    first = [stories.report(source="hotline", photo_ids=[])["id"] for _ in range(4)]
    page = stories.get("ducha1", "/tickets", limit=2).get_json()
    assert [item["id"] for item in page["items"]] == first[:1:-1]
    for _ in range(3):
        stories.report(source="hotline", photo_ids=[])
    rest = stories.get("ducha1", "/tickets", limit=2, cursor=page["next_cursor"]).get_json()
    assert [item["id"] for item in rest["items"]] == first[1::-1]
    assert rest["next_cursor"] is None


def test_items(stories: Stories, made: dict[str, Json]) -> None:
    items = {item["id"]: item for item in stories.listed("ducha1")}
    clutter = items[made["clutter"]["id"]]
    assert not clutter.keys() & {"photos", "timeline", "legs"}
    assert clutter["allowed_actions"] == stories.see("ducha1", clutter)["allowed_actions"]
    thumb = stories.client.get(clutter["cover"])
    assert (thumb.status_code, thumb.mimetype) == (200, "image/jpeg")
    without = stories.report(source="hotline", photo_ids=[])
    items = {item["id"]: item for item in stories.listed("ducha1")}
    assert items[without["id"]]["cover"] is None
    afters = {item["state"]: item["after_cover"] for item in items.values()}
    assert {state for state, after in afters.items() if after} == {"rectified", "closed"}
    assert stories.client.get(afters["closed"]).status_code == 200


def test_reported_days_are_shanghai_s(stories: Stories) -> None:
    made: dict[str, str] = {}
    for when in ("11-24 23:59", "11-25 00:00", "11-25 23:59", "11-26 00:00"):
        stories.now(at(when))
        made[stories.report(source="hotline", photo_ids=[])["id"]] = when
    day: dict[str, Any] = {"reported_from": "2026-11-25", "reported_to": "2026-11-25"}
    found = [made[each] for each in stories.ids("ducha1", **day)]
    assert found == ["11-25 23:59", "11-25 00:00"]


def test_a_cursor_belongs_to_its_order(stories: Stories, made: dict[str, Json]) -> None:
    first = stories.get("ducha1", "/tickets", limit=2).get_json()
    cursor = first["next_cursor"]
    assert stories.get("ducha1", "/tickets", limit=2, cursor=cursor).status_code == 200
    other = stories.get("ducha1", "/tickets", limit=2, cursor=cursor, sort="due")
    assert (other.status_code, other.get_json()["code"]) == (422, "bad_cursor")
