"""Who is told of illegal building, and what becomes of an inbox."""

from datetime import date
from typing import Any

from sqlalchemy import update

from app.kernel.db import unit_of_work
from app.people.models import GroupScope, Post, Role
from tests.budgets import counted_queries
from tests.people.posts import add_post, give
from tests.tickets.stories import BODY, Json, Stories, at, code_of

TOLD = ("ducha1", "ducha2", "zhifa1")


def inbox(stories: Stories, who: str, **query: Any) -> Json:
    answer = stories.get(who, "/notices", **query)
    assert answer.status_code == 200, answer.text
    found: Json = answer.get_json()
    return found


def test_illegal_building_is_told_at_once(stories: Stories) -> None:
    ticket = stories.report(category="01-01", compound=stories.code())
    for who in TOLD:
        (told,) = inbox(stories, who)["items"]
        assert (told["kind"], told["kind_label"]) == ("illegal_building", "违法建设上报")
        assert ticket["number"] in told["text"] and ticket["compound"]["name"] in told["text"]
        assert ticket["reported_by"]["name"] not in told["text"]
        assert told["created_at"] == ticket["reported_at"]
    for who in ("wangge11", "wangge12", "shequ1", "wuye11", "guanli"):
        assert inbox(stories, who) == {"items": [], "next_cursor": None, "unread": 0}


def test_a_report_that_is_told_keeps_to_its_budget(stories: Stories) -> None:
    photo = stories.photo("wangge11", stories.spot)
    stories.headers("wangge11")
    with counted_queries(stories.app) as statements:
        stories.report(category="01-01", photo_ids=[photo])
    assert len(statements) <= 18, "\n\n".join(statements)
    assert inbox(stories, "zhifa1")["unread"] == 1


def test_who_sees_the_ticket_has_its_link(stories: Stories) -> None:
    ticket = stories.report(category="01-01")
    link = {"id": ticket["id"], "number": ticket["number"]}
    assert inbox(stories, "ducha1")["items"][0]["ticket"] == link
    assert inbox(stories, "zhifa1")["items"][0]["ticket"] is None
    until = at("12-10 18:00")
    stories.act("ducha1", ticket, "refer", organisation=BODY, until=until)
    assert inbox(stories, "zhifa1")["items"][0]["ticket"] == link


def test_what_turns_out_to_be_illegal_building_is_told_then(stories: Stories) -> None:
    ticket = stories.report(category="99-99")
    assert inbox(stories, "zhifa1")["unread"] == 0
    known = stories.act("ducha1", ticket, "reclassify", category="01-01", note="是违建")
    assert [inbox(stories, who)["unread"] for who in TOLD] == [0, 1, 1]
    back = stories.act("ducha2", known, "reclassify", category="99-99", note="又像不是")
    stories.act("ducha1", back, "reclassify", category="01-01", note="还是")
    assert [inbox(stories, who)["unread"] for who in TOLD] == [0, 1, 1]


def test_a_group_is_told_of_what_it_is_given(stories: Stories) -> None:
    first, second = f"{stories.town.code}-G1", f"{stories.town.code}-G2"
    with stories.app.app_context(), unit_of_work() as session:
        add_post(session, "group_given", Role.supervisor, first)
        add_post(session, "group_other", Role.supervisor, second)
        give(session, first, stories.town.community())
        give(session, second, stories.town.community("002"))
    since = {"from_on": date(2020, 1, 1)}
    stories.change(update(Post).values(since), update(GroupScope).values(since))
    stories.report(category="01-01", compound=stories.code())
    assert inbox(stories, "group_given")["unread"] == 1
    assert inbox(stories, "group_other")["unread"] == 0


def test_nobody_is_told_what_they_did(stories: Stories) -> None:
    stories.report("ducha1", category="01-01")
    assert inbox(stories, "ducha1")["items"] == []
    assert inbox(stories, "ducha2")["unread"] == 1


def test_fixed_on_the_spot_too(stories: Stories) -> None:
    after = stories.photo("wangge11", stories.spot)
    stories.report(category="01-01", fixed_on_spot={"photo_ids": [after]})
    assert inbox(stories, "zhifa1")["unread"] == 1


def test_nothing_else_is_told(stories: Stories) -> None:
    stories.report(category="01-36")
    assert inbox(stories, "ducha1")["items"] == []


def test_a_report_sent_again_is_told_once(stories: Stories) -> None:
    photo = stories.photo("wangge11", stories.spot)
    body = {"category": "01-01", "photo_ids": [photo]}
    first, again = (stories.post("wangge11", "/tickets", body, key="one") for _ in range(2))
    assert first.get_json()["id"] == again.get_json()["id"]
    assert inbox(stories, "ducha1")["unread"] == 1


def test_a_refused_report_tells_nobody(stories: Stories) -> None:
    answer = stories.try_report(category="01-01", photo_ids=[])
    assert code_of(answer) == (422, "evidence_missing")
    assert inbox(stories, "ducha1")["items"] == []


def test_read_one_by_one_or_all(stories: Stories) -> None:
    for _ in range(3):
        stories.report(category="01-01")
    first = inbox(stories, "ducha1", limit=2)
    assert (len(first["items"]), first["unread"]) == (2, 3)
    rest = inbox(stories, "ducha1", limit=2, cursor=first["next_cursor"])
    assert (len(rest["items"]), rest["next_cursor"]) == (1, None)
    ids = [each["id"] for each in (*first["items"], *rest["items"])]
    assert len(set(ids)) == 3
    read = stories.post("ducha1", "/notices/read", {"ids": ids[:1]})
    assert read.get_json() == {"unread": 2}
    # Somebody else's are not touched.
    assert stories.post("ducha2", "/notices/read", {"ids": ids}).get_json() == {"unread": 3}
    assert [one["id"] for one in inbox(stories, "ducha1", unread=1)["items"]] == ids[1:]
    assert stories.post("ducha1", "/notices/read", {}).get_json() == {"unread": 0}
    assert all(one["read_at"] for one in inbox(stories, "ducha1")["items"])
