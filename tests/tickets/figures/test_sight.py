"""Whose figures somebody may read: never a person's, and a company's people only the company's."""

from typing import Any

import pytest

from app.catalogue.snapshots import forget_snapshots
from app.kernel.db import unit_of_work
from app.people.models import Role
from tests.budgets import counted_queries
from tests.people.posts import add_post, give
from tests.tickets.figures.asking import NOVEMBER, figures, followed, group, share
from tests.tickets.stories import BODY, COMPANY, OTHER_COMPANY, Json, Stories, at, code_of

BYS = ("organisation", "category", "responsible", "compound", "source")


@pytest.fixture
def overdue(stories: Stories) -> Stories:
    """Two tickets overdue in the first community, a company's and its own; one in the second."""
    stories.report(category="01-10")
    stories.report(category="01-10", point=stories.street)
    stories.report("wangge21", category="01-10", point=stories.town.cell("002", 1).centre)
    stories.now(at("11-26 09:00"))
    return stories


def due(told: Json) -> int:
    """How many legs were due."""
    return share(told, "rectified")[1]


def test_not_a_wardens_nor_an_enforcement_bodys(stories: Stories) -> None:
    for who in ("wangge11", "zhifa1"):
        for path in ("/kpis", "/kpis/rectified/numerator", "/kpis/freezes"):
            assert code_of(stories.get(who, path)) == (403, "not_allowed")


def test_everybody_reads_their_own(overdue: Stories) -> None:
    own = {"shequ1": 2, "shequ2": 1, "ducha1": 3, "guanli": 3, "wuye11": 1}
    for who, number in own.items():
        told = figures(overdue, who)
        assert due(told) == number
        link = next(i for i in told["items"] if i["code"] == "overdue")["numerator_link"]
        assert len(followed(overdue, link, who)) == number


IN_SIGHT = [
    ("shequ1", "{town}001", 2),
    ("shequ1", "{town}002", None),
    ("shequ1", "{town}", None),
    ("shequ1", COMPANY, 1),
    ("shequ2", COMPANY, 0),
    ("ducha1", "{town}", 3),
    ("ducha1", "{town}002", 1),
    ("ducha1", COMPANY, 1),
    ("ducha1", "340299", None),
    ("guanli", "340299", 3),
    ("guanli", "{town}", 3),
    ("wuye11", COMPANY, 1),
    ("wuye11", OTHER_COMPANY, None),
    ("wuye11", "{town}001", None),
    ("wuye11", BODY, None),
    ("ducha1", "nowhere", None),
]
"""Who asks for which organisation, and how many legs were due; None: it is not there for them."""


def test_an_organisation_out_of_sight_is_not_there(overdue: Stories) -> None:
    for who, organisation, found in IN_SIGHT:
        code = organisation.format(town=overdue.town.code)
        if found is None:
            for path in ("/kpis", "/kpis/rectified/denominator", "/kpis/freezes"):
                answer = overdue.get(who, path, organisation=code)
                assert code_of(answer) == (404, "not_found"), (who, code)
            continue
        told = figures(overdue, who, organisation=code)
        assert (told["organisation"]["code"], due(told)) == (code, found), (who, code)
        link = told["items"][0]["denominator_link"]
        assert len(followed(overdue, link, who)) == found


def test_a_management_group_reads_what_it_is_given(overdue: Stories) -> None:
    group_code = f"{overdue.town.code}-G1"
    with overdue.app.app_context(), unit_of_work() as session:
        add_post(session, "grouped", Role.supervisor, group_code)
        give(session, group_code, overdue.town.community("002"))
    assert due(figures(overdue, "grouped")) == 1
    assert due(figures(overdue, "grouped", organisation=group_code)) == 1
    assert due(figures(overdue, "ducha1", organisation=group_code)) == 1
    town = overdue.get("grouped", "/kpis", organisation=overdue.town.code)
    assert code_of(town) == (404, "not_found")


def test_a_company_reads_of_its_compounds_and_no_reporter(overdue: Stories) -> None:
    told = figures(overdue, "wuye11", by="compound")
    assert [each["code"] for each in told["groups"]] == [overdue.code()]
    (item,) = followed(overdue, told["groups"][0]["items"][0]["denominator_link"], "wuye11")
    assert item["ticket"]["reported_by"] is None
    assert item["leg"]["organisation"]["code"] == COMPANY
    answered_for = {"rectified", "rectified_in_time", "extended", "overdue", "reworked"}
    counted = {each["code"] for each in told["items"] if each["denominator"]}
    assert counted == answered_for


def test_after_a_hand_over_the_company_reads_its_own_leg(overdue: Stories) -> None:
    ticket = overdue.listed("ducha1", responsible=COMPANY)[0]
    again = {"organisation": OTHER_COMPANY, "note": "换一家"}
    overdue.act("shequ1", ticket, "dispatch", **again)
    told = figures(overdue, "wuye11")
    assert due(told) == 1
    (item,) = followed(overdue, told["items"][0]["denominator_link"], "wuye11")
    assert (item["leg"]["outcome"], item["leg"]["in_time"]) == ("dispatched_again", False)
    assert item["ticket"]["responsible"] is None


def test_there_is_no_way_to_tell_persons_apart(overdue: Stories) -> None:
    for by in ("person", "reporter", "assignee", "warden"):
        answer = overdue.get("ducha1", "/kpis", by=by)
        assert code_of(answer) == (422, "invalid_input")


def test_by_organisation_is_towns_for_the_county(overdue: Stories) -> None:
    county = figures(overdue, "guanli", by="organisation")
    assert [each["code"] for each in county["groups"]] == [overdue.town.code]
    town = figures(overdue, by="organisation", organisation=overdue.town.code)
    communities = [overdue.town.community(suffix) for suffix in ("001", "002")]
    assert [each["code"] for each in town["groups"]] == communities
    assert due(group(town, communities[0])) == 2


NONSENSE: list[tuple[dict[str, Any], list[str]]] = [
    ({"from": "2026-11-30", "to": "2026-11-01"}, ["to"]),
    ({"from": "昨天"}, ["from"]),
    ({"from": "昨天", "to": "1999-12-31"}, ["from", "to"]),
    ({"to": "1999-12-31"}, ["to"]),
    ({"by": ""}, ["by"]),
    ({"day": "2026-11-01"}, ["day"]),
]
NONSENSE_BEHIND: list[tuple[dict[str, Any], list[str]]] = [
    *NONSENSE,
    ({"group": "x"}, ["group"]),
    ({"group": "x", "by": "person"}, ["by"]),
]


def test_what_makes_no_sense_is_refused_beside_its_parameter(stories: Stories) -> None:
    for path, queries in (("/kpis", NONSENSE), ("/kpis/closed/numerator", NONSENSE_BEHIND)):
        for query, fields in queries:
            answer = stories.get("ducha1", path, **query)
            assert code_of(answer) == (422, "invalid_input"), query
            assert list(answer.get_json()["errors"]) == fields, query


def test_lists_behind_figures(overdue: Stories) -> None:
    path = "/kpis/rectified/denominator"
    assert code_of(overdue.get("ducha1", "/kpis/speed/numerator")) == (404, "not_found")
    assert code_of(overdue.get("ducha1", path, group="x")) == (422, "invalid_input")
    assert code_of(overdue.get("ducha1", path, cursor="x")) == (422, "bad_cursor")
    for by in BYS:
        answer = overdue.get("ducha1", path, by=by, group="nothing")
        assert answer.get_json()["items"] == []
    first = overdue.get("ducha1", path, limit=2).get_json()
    second = overdue.get("ducha1", path, limit=2, cursor=first["next_cursor"]).get_json()
    seen = [item["leg"]["id"] for page in (first, second) for item in page["items"]]
    assert (len(set(seen)), second["next_cursor"]) == (3, None)


def test_eight_queries_whatever_they_are_told_apart_by(overdue: Stories) -> None:
    for who in ("ducha1", "shequ1", "guanli", "wuye11"):
        code = {"shequ1": overdue.town.community(), "wuye11": COMPANY}.get(who, overdue.town.code)
        for by in (None, *BYS):
            overdue.headers(who)
            forget_snapshots()
            with counted_queries(overdue.app) as statements:
                figures(overdue, who, organisation=code, **({"by": by} if by else {}), **NOVEMBER)
            assert len(statements) <= 8, "\n\n".join(statements)
