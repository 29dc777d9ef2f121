"""Frozen months: they stay as they were, and say what has come and gone since."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.kernel.db import unit_of_work
from app.people.models import Role
from tests.people.posts import add_post, give
from tests.tickets.figures.asking import figures, share
from tests.tickets.stories import COMPANY, Json, Stories, at, code_of


@pytest.fixture
def december(stories: Stories) -> Stories:
    """A ticket closed in November and one left overdue; now it is the 3rd of December."""
    done = stories.act("wuye11", stories.report(category="01-10"), "rectify")
    stories.act("wangge11", done, "close")
    stories.report(category="01-10", point=stories.street)
    stories.now(at("12-03 09:00"))
    return stories


def asked(stories: Stories, **more: Any) -> Json:
    """November of the town."""
    return {"organisation": stories.town.code, "month": "2026-11", **more}


def frozen(stories: Stories, who: str = "ducha1", **more: Any) -> Json:
    """A freeze that succeeds."""
    answer = stories.post(who, "/kpis/freezes", asked(stories, **more))
    assert answer.status_code == 201, answer.text
    made: Json = answer.get_json()
    return made


def seen(stories: Stories, freeze: Json, who: str = "ducha1") -> Json:
    """A freeze as somebody reads it."""
    answer = stories.get(who, f"/kpis/freezes/{freeze['id']}")
    assert answer.status_code == 200, answer.text
    found: Json = answer.get_json()
    return found


def test_as_it_was_and_as_it_is(december: Stories) -> None:
    month = {"from": "2026-11-01", "to": "2026-11-30", "organisation": december.town.code}
    told = figures(december, **month)
    made = frozen(december, document="创建办〔2026〕11号")
    assert (made["sequence"], made["document"], made["reason"]) == (1, "创建办〔2026〕11号", None)
    for item, now in zip(made["frozen"]["items"], told["items"], strict=True):
        for name in ("code", "numerator", "denominator", "rate"):
            assert item[name] == now[name]
        assert item["numerator_link"] != now["numerator_link"], "it leads to what was counted then"
    assert made["frozen"]["composite"] == told["composite"]
    assert share(made["frozen"], "rectified") == (1, 2)
    whole = seen(december, made)
    assert (whole["changed"], unlinked(whole["now"])) == ([], unlinked(whole["frozen"]))


def unlinked(told: Json) -> Json:
    """Figures without the addresses of what is behind them."""
    links = ("numerator_link", "denominator_link")
    items = [{**one, **dict.fromkeys(links)} for one in told["items"]]
    return {**told, "items": items}


def test_what_was_counted_then_is_still_to_be_read(december: Stories) -> None:
    made = frozen(december)
    late = december.listed("ducha1", state="dispatched")[0]
    december.act("shequ1", late, "void", note="不是问题")
    for figure in made["frozen"]["items"]:
        for part in ("numerator", "denominator"):
            link = figure[f"{part}_link"].removeprefix("/api/v1")
            found, cursor = [], None
            while cursor or not found:
                more = {"cursor": cursor} if cursor else {}
                page = december.get("ducha1", link, limit=1, **more).get_json()
                found += page["items"]
                if not (cursor := page["next_cursor"]):
                    break
            assert len(found) == figure[part], figure["code"]
            if figure["unit"] == "leg":
                assert all(one["leg"] for one in found)
    path = f"/kpis/freezes/{made['id']}/nothing/numerator"
    assert code_of(december.get("ducha1", path)) == (404, "not_found")


def test_what_was_moved_away_is_not_shown_to_who_may_not_see_it(december: Stories) -> None:
    """The number stays as it was; the ticket is another community's by now."""
    town, first = december.town, december.town.community()
    made = frozen(december, organisation=first)
    (moved, kept) = december.listed("ducha1", organisation=first)
    december.act("ducha1", moved, "reclassify", cell=town.cell("002", 1).code, note="在隔壁社区")
    link = f"/kpis/freezes/{made['id']}/filed_in_time/denominator"
    found = december.get("shequ1", link).get_json()["items"]
    assert [one["ticket"]["id"] for one in found] == [kept["id"]]
    for_whole_town = frozen(december)["frozen"]["items"]
    figure = next(one for one in for_whole_town if one["code"] == "filed_in_time")
    link = figure["denominator_link"].removeprefix("/api/v1")
    assert len(december.get("ducha1", link).get_json()["items"]) == figure["denominator"] == 2


def test_what_came_and_went(december: Stories) -> None:
    made = frozen(december)
    closed = december.listed("ducha1", state="closed")[0]
    late = december.listed("ducha1", state="dispatched")[0]
    december.act("wangge11", closed, "reopen", note="又堆上了")
    december.act("shequ1", late, "void", note="不是问题")
    whole = seen(december, made)
    assert whole["frozen"] == made["frozen"]
    assert share(whole["now"], "rectified") == (0, 2)
    changed = {each["code"]: each for each in whole["changed"]}
    named = {"id": closed["id"], "number": closed["number"]}
    gone = {"id": late["id"], "number": late["number"]}
    assert changed["rectified"]["numerator"] == {"came": [], "went": [named]}
    assert changed["rectified"]["denominator"] == {"came": [], "went": []}
    assert changed["overdue"]["numerator"] == {"came": [named], "went": [gone]}
    assert sorted(each["id"] for each in changed["closed"]["denominator"]["went"]) == sorted(
        [closed["id"], late["id"]]
    )
    assert "filed_in_time" not in changed


def test_a_second_time_needs_a_reason_and_stands_beside(december: Stories) -> None:
    first = frozen(december)
    again = december.post("ducha1", "/kpis/freezes", asked(december))
    assert code_of(again) == (409, "already_frozen")
    second = frozen(december, "guanli", reason="更正一张工单")
    assert (second["sequence"], second["reason"]) == (2, "更正一张工单")
    listed = december.get("ducha1", "/kpis/freezes", organisation=december.town.code, limit=1)
    page = listed.get_json()
    assert [each["id"] for each in page["items"]] == [second["id"]]
    listed = december.get(
        "ducha1", "/kpis/freezes", organisation=december.town.code, cursor=page["next_cursor"]
    )
    assert listed.get_json() == {"items": [first], "next_cursor": None}


UNFREEZABLE: list[tuple[Json, tuple[int, str]]] = [
    ({"month": "2026-12"}, (422, "month_not_over")),
    ({"month": "2027-01"}, (422, "month_not_over")),
    ({"month": "2026-10"}, (422, "nothing_to_freeze")),
    ({"month": "2020-01"}, (422, "nothing_to_freeze")),
    ({"month": "2026-13"}, (422, "invalid_input")),
    ({"month": "2026-11-01"}, (422, "invalid_input")),
    ({"organisation": COMPANY}, (403, "not_allowed")),
    ({"organisation": "nowhere"}, (404, "not_found")),
    ({"organisation": "340299"}, (404, "not_found")),
    ({"organisation": ""}, (422, "invalid_input")),
]


def test_what_cannot_be_frozen(december: Stories) -> None:
    for said, refusal in UNFREEZABLE:
        answer = december.post("ducha1", "/kpis/freezes", asked(december, **said))
        assert code_of(answer) == refusal, said


def test_what_had_no_ticket_yet_is_not_frozen(december: Stories) -> None:
    """A freeze can't be taken back. Of the town there is one; of its second community none yet."""
    empty = asked(december, organisation=december.town.community("002"))
    told = december.post("ducha1", "/kpis/freezes", empty)
    assert code_of(told) == (422, "nothing_to_freeze")
    assert told.get_json()["errors"] == {"month": ["示例镇第二社区还没有一张工单。"]}
    told = december.post(
        "guanli", "/kpis/freezes", asked(december, organisation="340299", month="2026-10")
    )
    assert told.get_json()["detail"].endswith("最早的工单是 2026-11-25 上报的，请选择当月或以后。")
    december.now(at("2027-02-01 09:00"))
    frozen(december, month="2026-12")


def test_the_month_is_over_at_midnight_in_shanghai(december: Stories) -> None:
    december.now(at("11-30 23:59"))
    answer = december.post("ducha1", "/kpis/freezes", asked(december))
    assert code_of(answer) == (422, "month_not_over")
    december.now(at("12-01 00:00"))
    frozen(december)


def test_only_areas_are_frozen(december: Stories) -> None:
    body = asked(december, organisation=COMPANY)
    answer = december.post("guanli", "/kpis/freezes", body)
    assert code_of(answer) == (422, "freeze_unsuitable")
    frozen(december, organisation=december.town.community())
    frozen(december, "guanli", organisation="340299")


@pytest.mark.parametrize(
    ("who", "status"), [("wangge11", 404), ("shequ1", 403), ("wuye11", 404), ("grouped", 403)]
)
def test_who_may_not(december: Stories, who: str, status: int) -> None:
    group = f"{december.town.code}-G1"
    with december.app.app_context(), unit_of_work() as session:
        add_post(session, "grouped", Role.supervisor, group)
        give(session, group, december.town.community())
    body = asked(december, organisation=december.town.community())
    assert december.post(who, "/kpis/freezes", body).status_code == status
    made = frozen(december, organisation=december.town.community())
    answer = december.get(who, f"/kpis/freezes/{made['id']}")
    assert answer.status_code == (200 if who in ("shequ1", "grouped") else 404)
    assert december.get("shequ2", f"/kpis/freezes/{made['id']}").status_code == 404


def test_two_at_once_make_one(december: Stories) -> None:
    headers = december.headers("ducha1")

    def ask(_: int) -> int:
        client = december.app.test_client()
        body = asked(december)
        return client.post("/api/v1/kpis/freezes", json=body, headers=headers).status_code

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(ask, range(3))) == [201, 409, 409]


def test_the_same_request_again(december: Stories) -> None:
    first = december.post("ducha1", "/kpis/freezes", asked(december), key="once")
    again = december.post("ducha1", "/kpis/freezes", asked(december), key="once")
    assert again.status_code == 201
    assert again.get_json() == first.get_json()
