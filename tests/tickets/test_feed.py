"""The change feed: everything once, in order, and nothing left out whoever commits late."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, text, update

from app.kernel.clock import utc_now
from app.kernel.db import db
from app.tickets.models import Ticket
from tests.budgets import counted_queries
from tests.tickets.stories import COMPANY, OTHER_COMPANY, Json, Stories, at


def asked(stories: Stories, who: str, **query: Any) -> Json:
    answer = stories.get(who, "/tickets/changes", **query)
    assert answer.status_code == 200, answer.text
    found: Json = answer.get_json()
    return found


def told(stories: Stories, who: str, since: str | None = None, limit: int = 2) -> tuple[Any, str]:
    """All that is told from a cursor on, in pages, and where to go on."""
    items: list[Json] = []
    while True:
        page = asked(stories, who, limit=limit, **({"updated_since": since} if since else {}))
        items += page["items"]
        since = page["cursor"]
        if not page["more"]:
            return items, str(since)


def numbers(items: list[Json]) -> list[str]:
    return [one["number"] for one in items]


def test_everything_is_told_once_in_the_order_of_its_last_change(stories: Stories) -> None:
    first, second, third = (stories.report(description=f"第{n}处") for n in range(3))
    stories.later(hours=1)
    changed = stories.act("wuye11", first, "rectify")
    stories.later(hours=1)
    items, cursor = told(stories, "ducha1")
    assert sorted(numbers(items[:2])) == sorted(numbers([second, third]))
    assert numbers(items[2:]) == [first["number"]]
    assert (items[2]["version"], items[2]["state"]) == (changed["version"], "rectified")
    assert "cover" in items[0]
    assert "timeline" not in items[0]
    assert told(stories, "ducha1", cursor)[0] == []


def test_a_change_is_told_again_and_what_ended_is_a_state(stories: Stories) -> None:
    ticket, other = stories.report(), stories.report(category="01-10")
    stories.later(minutes=5)
    items, cursor = told(stories, "ducha1")
    assert len(items) == 2
    stories.act("ducha1", ticket, "void", note="重复")
    stories.later(minutes=5)
    items, cursor = told(stories, "ducha1", cursor)
    assert [(one["number"], one["state"]) for one in items] == [(ticket["number"], "voided")]
    stories.later(minutes=5)
    assert told(stories, "ducha1", cursor)[0] == []
    assert other["number"] in numbers(told(stories, "ducha1")[0])


def test_what_is_younger_than_a_minute_is_told_later(stories: Stories) -> None:
    ticket = stories.report()
    items, cursor = told(stories, "ducha1")
    assert items == []
    stories.later(seconds=61)
    assert numbers(told(stories, "ducha1", cursor)[0]) == [ticket["number"]]


def test_who_commits_late_is_not_left_out(stories: Stories, app: Flask, backend: str) -> None:
    """A slow transaction has written an earlier instant, and is not over when a reader comes.

    PostgreSQL says by its own clock when a transaction began: the story is told today.
    """
    stories.now(utc_now() - timedelta(minutes=5))
    slow, quick = stories.report(), stories.report(category="01-10")
    stories.later(minutes=5)
    cursor = told(stories, "ducha1")[1]
    began = stories.clock()
    if backend == "sqlite":
        # There one writes at a time; who waited for the turn commits within the minute.
        stories.later(seconds=20)
        stories.act("ducha1", quick, "comment", note="已电话催办")
        reads = told(stories, "ducha1", cursor)
        stories.change(update(Ticket).where(Ticket.number == slow["number"])
                       .values(updated_at=began))  # fmt: skip
    else:
        engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
        with engine.connect() as held:
            held.execute(
                text("UPDATE tickets SET updated_at = :at WHERE number = :number"),
                {"at": began, "number": slow["number"]},
            )
            stories.now(utc_now())
            stories.act("ducha1", quick, "comment", note="已电话催办")
            stories.later(hours=1)
            reads = told(stories, "ducha1", cursor)
            assert reads[0] == []
            held.commit()
        engine.dispose()
    stories.later(minutes=5)
    items, _ = told(stories, "ducha1", reads[1])
    known = {*numbers(reads[0]), *numbers(items)}
    assert known == {slow["number"], quick["number"]}
    with app.app_context():
        db.session.remove()


def test_a_limit_that_moved_by_itself_is_told(stories: Stories) -> None:
    """A pause is ordered and ended: nobody did anything to the ticket, and its due time changed."""
    ticket, danger = stories.report(), stories.report(category="04-96")
    stories.later(minutes=5)
    cursor = told(stories, "wuye11")[1]
    place, paper = stories.town.community(), {"document": "镇创建〔2026〕25号", "reason": "寒潮"}
    times = {"from": at("11-25 10:00").isoformat(), "to": at("11-26 10:00").isoformat()}
    order = {"organisation": place, **paper, **times}
    pause = stories.post("guanli", "/pauses", order).get_json()
    ended: Json = {}
    for path, body, due in (
        (None, None, "2026-11-27T09:00:00+08:00"),
        (f"/pauses/{pause['id']}/end", ended, ticket["due_at"]),
    ):
        if path:
            assert stories.post("guanli", path, body).status_code == 200
        moved_at = stories.clock()
        stories.later(minutes=2)
        items, cursor = told(stories, "wuye11", cursor)
        assert [(one["number"], one["version"], one["due_at"]) for one in items] == [
            (ticket["number"], ticket["version"], due)
        ]
        assert stories.ids("wuye11", updated_since=moved_at.isoformat()) == [ticket["id"]]
    assert danger["id"] in stories.ids("wuye11")
    assert stories.act("wuye11", ticket, "rectify")["version"] == ticket["version"] + 1


def test_a_company_is_told_of_its_own_and_of_what_it_handed_over(stories: Stories) -> None:
    ticket = stories.report()
    assert ticket["responsible"]["code"] == COMPANY
    stories.later(minutes=5)
    items, cursor = told(stories, "wuye11")
    assert numbers(items) == [ticket["number"]]
    assert told(stories, "wuye21")[0] == []
    again = stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY, note="合同已变")
    stories.later(minutes=5)
    items, cursor = told(stories, "wuye11", cursor)
    assert [(one["number"], one["state"], one["due_at"]) for one in items] == [
        (ticket["number"], "dispatched", None)
    ]
    assert numbers(told(stories, "wuye21")[0]) == [ticket["number"]]
    stories.act("wuye21", again, "rectify")
    stories.later(minutes=5)
    assert told(stories, "wuye11", cursor)[0] == []


def test_a_cache_that_follows_the_feed_equals_the_list(stories: Stories) -> None:
    cache: dict[str, int] = {}
    cursor: str | None = None
    tickets = [stories.report(category=code) for code in ("01-36", "01-10", "01-91", "02-01")]
    for step, ticket in enumerate(tickets * 2):
        note = {"note": f"第{step}次"}
        fresh = stories.get("ducha1", f"/tickets/{ticket['id']}").get_json()
        stories.act("ducha1", fresh, "comment", **note)
        stories.clock.move(timedelta(seconds=25))
        items, cursor = told(stories, "ducha1", cursor)
        cache |= {one["id"]: one["version"] for one in items}
    stories.later(minutes=2)
    items, cursor = told(stories, "ducha1", cursor)
    cache |= {one["id"]: one["version"] for one in items}
    listed = stories.get("ducha1", "/tickets", limit=100).get_json()["items"]
    assert cache == {one["id"]: one["version"] for one in listed}


def test_what_is_moved_out_of_sight_is_told_to_be_gone(stories: Stories) -> None:
    """The one community loses it from its cache, the other gets it; who reported it keeps it."""
    ticket, other = stories.report("wangge11"), stories.report("wangge11", category="01-10")
    stories.later(minutes=5)
    cursors = {who: told(stories, who)[1] for who in ("shequ1", "wangge12", "wangge11", "shequ2")}
    place = {"compound": stories.code("002", 1), "note": "在隔壁社区"}
    moved = stories.act("ducha1", ticket, "reclassify", **place)
    stories.later(minutes=5)
    for who, gone, seen in (
        ("shequ1", [ticket["id"]], []),
        ("wangge12", [ticket["id"]], []),
        ("wangge11", [], [ticket["id"]]),
        ("shequ2", [], [ticket["id"]]),
        ("ducha1", [], [other["id"], ticket["id"]]),
    ):
        said = {"updated_since": cursors[who]} if who in cursors else {}
        page = asked(stories, who, limit=100, **said)
        assert (page["gone"], [one["id"] for one in page["items"]]) == (gone, seen), who
        again = asked(stories, who, updated_since=page["cursor"])
        assert (again["gone"], again["items"]) == ([], [])
    back = {"compound": stories.code("001", 1), "note": "看错了"}
    stories.act("ducha1", moved, "reclassify", **back)
    stories.later(minutes=5)
    page = asked(stories, "shequ1", updated_since=cursors["shequ1"])
    assert (page["gone"], [one["id"] for one in page["items"]]) == ([], [ticket["id"]])


def test_an_instant_to_begin_with(stories: Stories) -> None:
    stories.report()
    stories.later(hours=1)
    begun, late = stories.clock().isoformat(), stories.report(category="01-10")
    stories.later(minutes=5)
    page = asked(stories, "ducha1", updated_since=begun)
    assert numbers(page["items"]) == [late["number"]]


def test_a_cursor_that_is_not_ours(stories: Stories) -> None:
    answer = stories.get("ducha1", "/tickets/changes", updated_since="W10")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_cursor")


def test_few_queries(stories: Stories, app: Flask) -> None:
    for code in ("01-36", "01-10", "01-91"):
        stories.report(category=code)
    stories.later(minutes=5)
    asked(stories, "ducha1", limit=100)
    with counted_queries(app) as statements:
        assert len(asked(stories, "ducha1", limit=100)["items"]) == 3
    assert len(statements) <= 7, statements
