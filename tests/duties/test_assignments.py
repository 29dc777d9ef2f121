"""Who answers for what: given, taken over, handed over, and what has no one."""

from typing import Any

import pytest

from app.administration.models import SubjectKind
from tests.administration.desks import COUNTY, MINE, OTHER, Desk
from tests.budgets import counted_queries

Json = dict[str, Any]


def give(desk: Desk, who: str = "shequ1", **said: Any) -> list[Json]:
    """Assignments in the first community; its first compound led by a warden unless said else."""
    wanted = {
        "organisation": desk.town.community(),
        "subjects": [{"kind": "compound", "code": desk.town.compound().code}],
        "part": "lead",
        "person": "wangge11",
    }
    items: list[Json] = desk.post(who, "/assignments", **(wanted | said))["items"]
    return items


def listed(desk: Desk, query: str = "", who: str = "shequ1") -> list[tuple[str, str, str]]:
    """Subject, part and person of the assignments of a day, the newest first."""
    items = desk.get(who, f"/assignments?limit=100{query}")["items"]
    return [(i["subject"]["code"], i["part"], (i["person"] or i)["name"]) for i in items]


def vacant(desk: Desk, query: str, who: str = "ducha1") -> list[Json]:
    """All of what has no one, page by page."""
    found, cursor = [], ""
    while True:
        page = desk.get(who, f"/assignments/vacant?limit=7&{query}{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def name_of(desk: Desk, username: str) -> str:
    return str(desk.get(COUNTY, f"/people/{username}")["name"])


def test_a_new_lead_takes_over_and_the_past_stays(desk: Desk) -> None:
    code = desk.town.compound().code
    first, second = name_of(desk, "wangge11"), name_of(desk, "wangge12")
    (given,) = give(desk)
    assert (given["from_on"], given["to_on"], given["assists_as"]) == (desk.day(), None, None)
    assert given["subject"]["name"] == desk.town.compound().name
    assert give(desk)[0]["id"] == given["id"], "who leads already keeps it"
    people = desk.get(
        "shequ1", f"/assignments/people?limit=100&organisation={given['organisation']['code']}"
    )
    known = {(one["person"]["username"], one["role"]) for one in people["items"]}
    assert {("wangge11", "warden"), ("shequ2", "lead"), ("ducha1", "supervisor")} <= known
    assert not {"wuye11", "guanli"} & {username for username, _ in known}
    (planned,) = give(desk, person="wangge12", from_on=desk.day(3))
    assert listed(desk) == [(code, "lead", first)]
    assert listed(desk, f"&on={desk.day(3)}") == [(code, "lead", second)]
    assert listed(desk, f"&on={desk.day(2)}&person=wangge11") == [(code, "lead", first)]
    assert desk.refused("POST", "shequ1", "/assignments", **_again(desk, "shequ1")) == (
        409, "change_planned",
    )  # fmt: skip
    ended = desk.post("shequ1", f"/assignments/{planned['id']}/end", on=desk.day(3))
    assert ended["to_on"] == ended["from_on"]
    kinds = {one["kind"] for one in desk.changes(MINE)}
    assert SubjectKind.assignment in kinds


def _again(desk: Desk, person: str) -> Json:
    subjects = [{"kind": "compound", "code": desk.town.compound().code}]
    unit = {"organisation": desk.town.community(), "subjects": subjects}
    return {**unit, "part": "lead", "person": person}


def test_who_assists_may_have_no_account(desk: Desk) -> None:
    assists: Json = {"part": "assistant", "person": None}
    (party,) = give(desk, **assists, name="王建国", assists_as="party_member")
    (head,) = give(desk, part="assistant", person="wuye11", assists_as="company_head")
    assert (party["name"], party["person"], party["assists_as_label"]) == ("王建国", None, "党员")
    assert head["person"]["username"] == "wuye11"
    give(desk, person="wangge12")
    assert len(listed(desk)) == 3
    assert [one[1] for one in listed(desk, "&part=lead")] == ["lead"]

    def wrong(**said: Any) -> tuple[int, str]:
        return desk.refused("POST", "shequ1", "/assignments", **(_again(desk, "shequ1") | said))

    unsuitable = (422, "assignee_unsuitable")
    assert wrong(person=None, name="王建国") == unsuitable
    assert wrong(part="assistant", name="王建国") == unsuitable
    assert wrong(part="assistant", person=None) == unsuitable
    assert wrong(person="wuye11") == wrong(person="t102shequ1") == unsuitable
    assert wrong(part="assistant", person=None, name="王建国13800000000") == (422, "invalid_input")
    assert wrong(to_on=desk.day()) == wrong(from_on=desk.day(-1)) == (422, "bad_dates")


def test_only_subjects_of_the_unit(desk: Desk) -> None:
    unknown = (422, "subject_unknown")
    other = desk.town.compound("002").code
    for subject in (
        {"kind": "compound", "code": other},
        {"kind": "cell", "code": other},
        {"kind": "checkpoint", "code": "x"},
        {"kind": "line", "code": "publicity"},
    ):
        body = {**_again(desk, "shequ1"), "subjects": [subject]}
        assert desk.refused("POST", "shequ1", "/assignments", **body) == unknown, subject
    town = {**_again(desk, "shequ1"), "organisation": desk.town.code}
    assert desk.refused("POST", "ducha1", "/assignments", **town) == (422, "organisation_misplaced")


def test_what_has_no_one_empties(desk: Desk) -> None:
    unit = f"organisation={desk.town.community()}"
    cells, points = vacant(desk, f"{unit}&kind=cell"), vacant(desk, f"{unit}&kind=checkpoint")
    assert cells == [], "wardens walk them"
    assert len({one["subject"]["code"] for one in points}) == len(points) > 7
    assert {one["organisation"]["code"] for one in points} == {desk.town.community()}
    codes = [one.code for one in desk.town.township.compounds if one.code.startswith(unit[-12:])]
    give(desk, subjects=[{"kind": "compound", "code": code} for code in codes[1:]])
    left = vacant(desk, f"{unit}&kind=checkpoint")
    assert {one["place"] for one in left} == {desk.town.compound().name}
    point = {"kind": "checkpoint", "code": left[0]["subject"]["code"]}
    give(desk, subjects=[point])
    assert [one["subject"] for one in vacant(desk, f"{unit}&kind=checkpoint")] == [
        one["subject"] for one in left[1:]
    ]
    lines = desk.get("ducha1", "/assignments/vacant/summary")["items"]
    first = next(one for one in lines if one["organisation"]["code"] == desk.town.community())
    assert (first["cells"], first["checkpoints"], first["lines"]) == (0, len(left) - 1, 0)
    assert first["vacant"] == first["duties"] + len(left) - 1 > len(left)
    whole = desk.get(COUNTY, "/assignments/vacant/summary")["items"]
    assert {one["organisation"]["code"] for one in whole} == {desk.town.code, desk.other.code}


def test_a_village_divides_its_work_into_lines(desk: Desk) -> None:
    village = next(o for o in desk.town.township.organisations if o.type == "村").code
    of_it = f"organisation={village}"
    assert [one["subject"]["name"] for one in vacant(desk, of_it)] == [
        "环境", "软件", "宣传", "场所",
    ]  # fmt: skip
    lead = next(p for p in desk.town.township.posts if p.organisation == village)
    lines = ("publicity", "paperwork", "venues", "environment")
    subjects = [{"kind": "line", "code": one} for one in lines]
    give(desk, "ducha1", organisation=village, subjects=subjects, person=lead.username)
    assert vacant(desk, of_it) == []
    ended = desk.post(COUNTY, f"/people/{lead.username}/deactivate")
    assert ended["active"] is False
    assert len(vacant(desk, of_it)) == 4, "who has no account any more leads nothing"


def test_handing_over_is_one_action(desk: Desk) -> None:
    mine = desk.town.cell().code
    give(desk)
    give(desk, part="assistant", person="wangge11", assists_as="cadre", subjects=[
        {"kind": "cell", "code": mine},
    ])  # fmt: skip
    give(desk, "shequ1", person="wangge12", subjects=[{"kind": "cell", "code": mine}])
    body = {"organisation": desk.town.code, "person": "wangge11", "to": "wangge12"}
    passed = desk.post("ducha1", "/assignments/hand-over", **body)
    assert {one["person"]["username"] for one in passed["items"]} == {"wangge12"}
    assert mine in {cell["code"] for cell in passed["cells"]}
    left = name_of(desk, "wangge11")
    assert all(one[2] != left for one in listed(desk))
    cells = desk.get("shequ1", f"/cells?organisation={desk.town.community()}&limit=100")["items"]
    assert all(left not in [one["name"] for one in cell["wardens"]] for cell in cells)
    assert desk.post("ducha1", "/assignments/hand-over", **body) == {"items": [], "cells": []}
    assert desk.get("shequ1", f"/assignments?on={desk.day(-1)}")["items"] == []


def test_a_hand_over_that_cannot_be_whole_does_nothing(desk: Desk) -> None:
    give(desk)
    body = {"organisation": desk.town.community(), "person": "wangge11", "to": "wangge21"}
    path = "/assignments/hand-over"
    assert desk.refused("POST", "shequ1", path, **body) == (422, "assignee_unsuitable")
    assert [one[2] for one in listed(desk)] == [name_of(desk, "wangge11")]
    same = {**body, "to": "wangge11"}
    assert desk.refused("POST", "shequ1", path, **same) == (422, "assignee_unsuitable")


def test_who_gives_and_who_sees(desk: Desk) -> None:
    (given,) = give(desk)
    path = f"/assignments/{given['id']}/end"
    for who in ("wangge12", "wuye11", "zhifa1", "shequ2", "t102ducha1", OTHER):
        answer = desk.refused("POST", who, "/assignments", **_again(desk, "wangge12"))
        assert answer in ((403, "not_allowed"), (422, "organisation_unknown")), who
        hidden = (404, "not_found") if who != "wangge12" else (403, "not_allowed")
        assert desk.refused("POST", who, path) == hidden, who
    for who in ("wangge12", "ducha1", MINE, COUNTY):
        assert len(listed(desk, who=who)) == 1, who
    for who in ("wangge21", "t102shequ1", OTHER):
        assert listed(desk, who=who) == []
    for who in ("wuye11", "zhifa1"):
        assert desk.refused("GET", who, "/assignments") == (403, "not_allowed")
    assert desk.post(MINE, path)["to_on"] == desk.day()
    assert desk.refused("POST", MINE, path) == (409, "already_retired")


@pytest.mark.parametrize(("path", "most"), [
    ("/assignments", 4), ("/assignments/vacant", 6), ("/assignments/vacant/summary", 5),
])  # fmt: skip
def test_budgets(desk: Desk, path: str, most: int) -> None:
    give(desk)
    desk.get("ducha1", path)
    with counted_queries(desk.app) as said:
        desk.get("ducha1", path)
    assert len(said) <= most, said
