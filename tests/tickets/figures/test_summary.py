"""A list summed up says what walking the list says, and leads to exactly those tickets."""

from collections import Counter
from typing import Any

import pytest

from tests.budgets import counted_queries
from tests.tickets.figures.asking import followed
from tests.tickets.figures.worlds import lived
from tests.tickets.stories import COMPANY, OTHER_COMPANY, Json, Stories, code_of

OPEN = {"reported", "dispatched", "rectified", "referred", "suspended"}
BYS = ("state", "category", "organisation", "cell", "responsible", "compound")
VIEWERS = ("ducha1", "shequ1", "wangge21", "wuye11", "wuye21", "zhifa1", "guanli")


def is_open(item: Json) -> bool:
    """Whether somebody waits for it; what was handed over (待整改, by nobody) is others' to do."""
    handed_over = item["state"] == "dispatched" and item["responsible"] is None
    return item["state"] in OPEN and not handed_over


def summary(stories: Stories, who: str, by: str, **query: Any) -> Json:
    """What somebody is told."""
    answer = stories.get(who, "/tickets/summary", by=by, **query)
    assert answer.status_code == 200, answer.text
    told: Json = answer.get_json()
    return told


def code_in(item: Json, by: str) -> str:
    """The group of a ticket in a list."""
    if by == "state":
        return str(item["state"])
    named = item["community" if by == "organisation" else by]
    return named["code"] if named else "-"


def lights_of(items: list[Json]) -> dict[str, int]:
    """How many are under each light."""
    found = Counter(item["light"] for item in items)
    return {light: found[light] for light in ("green", "yellow", "red")}


def check(stories: Stories, who: str, by: str, **query: Any) -> None:
    """Every group, against the list and against where it leads."""
    told, listed = summary(stories, who, by, **query), stories.listed(who, limit=100, **query)
    assert told["total"] == len(listed)
    assert told["open"] == sum(is_open(item) for item in listed)
    wanted = Counter(code_in(item, by) for item in listed)
    assert {each["code"]: each["total"] for each in told["items"]} == wanted
    for each in told["items"]:
        items = followed(stories, each["tickets"], who)
        assert sorted(item["id"] for item in items) == sorted(
            item["id"] for item in listed if code_in(item, by) == each["code"]
        )
        assert each["open"] == sum(is_open(item) for item in items)
        assert each["lights"] == lights_of(items)


def test_it_is_the_list_whoever_asks(stories: Stories) -> None:
    lived(stories, 7, 110)
    for who in VIEWERS:
        for by in BYS:
            check(stories, who, by)
    town, community = stories.town.code, stories.town.community()
    for query in (
        {"organisation": community, "state": ["dispatched", "rectified"]},
        {"organisation": COMPANY},
        {"organisation": town, "light": "red"},
        {"responsible": OTHER_COMPANY, "category": "01-36"},
        {"mine": "1", "reported_from": "2026-10-28"},
        {"compound": "-"},
        {"updated_since": "2026-11-01T00:00:00+08:00"},
    ):
        for who in ("ducha1", "wuye11", "wangge21"):
            for by in ("state", "organisation", "responsible", "compound"):
                check(stories, who, by, **query)


def test_what_was_handed_over_is_not_open_for_who_had_it(stories: Stories) -> None:
    ticket = stories.report()
    stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY, note="合同已变")
    for who, opened in (("wuye11", 0), ("wuye21", 1), ("ducha1", 1)):
        told = summary(stories, who, "state")
        assert (told["total"], told["open"]) == (1, opened)


def test_names(stories: Stories) -> None:
    stories.report(point=stories.open_ground)
    stories.report(category="99-99")
    for by, names in (
        ("state", ["待受理", "待整改"]),
        ("category", ["乱堆物堆料", "其他"]),
        ("compound", ["示例花园", "不在小区内"]),
    ):
        found = [each["name"] for each in summary(stories, "ducha1", by)["items"]]
        assert len(found) == 2
        if by != "compound":
            assert found == names
        else:
            assert found[1] == names[1]
    none = summary(stories, "ducha1", "responsible")["items"][-1]
    assert (none["code"], none["name"], none["total"]) == ("-", "还没有责任单位", 1)


@pytest.mark.parametrize("query", [{}, {"by": "person"}, {"by": "state", "limit": "5"}])
def test_what_it_does_not_take(stories: Stories, query: dict[str, str]) -> None:
    answer = stories.get("ducha1", "/tickets/summary", **query)
    assert code_of(answer) == (422, "invalid_input")


def test_an_organisation_out_of_sight(stories: Stories) -> None:
    answer = stories.get("ducha1", "/tickets/summary", by="state", organisation="nowhere")
    assert code_of(answer) == (404, "not_found")


def test_six_queries(stories: Stories) -> None:
    stories.report()
    for who in ("ducha1", "wuye11", "wangge11"):
        for by in BYS:
            stories.headers(who)
            with counted_queries(stories.app) as statements:
                summary(stories, who, by, organisation=stories.town.code, q="花园")
            assert len(statements) <= 6, "\n\n".join(statements)
