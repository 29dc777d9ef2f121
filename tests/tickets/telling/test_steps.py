"""Who hears of the steps of a ticket: over HTTP, through the worker, at moved clocks."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.jobs.handlers import CONTINUAL
from app.jobs.worker import Worker
from app.kernel.db import db, unit_of_work
from app.tickets.models import UNTOLD, TicketEvent
from app.tickets.telling import steps
from app.tickets.telling.steps import steps_to_tell, tell_steps
from tests.budgets import counted_queries
from tests.tickets.stories import BODY, OTHER_COMPANY, Json, Stories, at

Told = Callable[..., dict[str, list[str]]]

EVERYBODY = ("wangge11", "wangge12", "wangge21", "shequ1", "wuye11", "wuye12", "wuye21",
             "ducha1", "ducha2", "zhifa1", "guanli")  # fmt: skip
COMPANY = ("wuye11", "wuye12")


def worked(stories: Stories, name: str = "one") -> None:
    """A worker tells what there is."""
    with stories.app.app_context():
        mine = [each for each in CONTINUAL if each.kind == "tell_steps"]
        Worker(stories.clock, name=name, periodic=(), continual=mine).do_continual()


def inbox(stories: Stories, who: str) -> list[Json]:
    answer = stories.get(who, "/notices")
    assert answer.status_code == 200, answer.text
    items: list[Json] = answer.get_json()["items"]
    return items


def unread(stories: Stories, *who: str) -> dict[str, list[str]]:
    """The kinds of what people have not read, after the worker came by; then it is read."""
    worked(stories)
    found = {}
    for each in who or EVERYBODY:
        new = [item["kind"] for item in inbox(stories, each) if item["read_at"] is None]
        assert stories.get(each, "/me").get_json()["unread"] == len(new)
        if new:
            found[each] = new
            stories.post(each, "/notices/read", {})
    return found


def each(kind: str, *who: str) -> dict[str, list[str]]:
    return {one: [kind] for one in who}


def test_a_ticket_from_report_to_closure(stories: Stories) -> None:
    ticket = stories.report()
    assert unread(stories) == each("dispatched", *COMPANY)
    (told,) = inbox(stories, "wuye11")
    assert told["kind_label"] == "新派的工单" and told["created_at"] == ticket["reported_at"]
    assert told["ticket"] == {"id": ticket["id"], "number": ticket["number"]}
    assert "请在 11月26日 09:00 前整改。" in told["text"]
    assert ticket["reported_by"]["name"] not in told["text"]
    ticket = stories.act("wuye11", ticket, "rectify")
    assert unread(stories) == {}
    ticket = stories.act("wangge12", ticket, "return", note="没清")
    assert unread(stories) == each("returned", *COMPANY)
    ticket = stories.act("ducha1", ticket, "supervise")
    assert unread(stories) == each("supervised", *COMPANY)
    ticket = stories.act("wuye11", ticket, "rectify")
    ticket = stories.act("wangge12", ticket, "close")
    assert unread(stories) == each("closed", "wangge11")
    ticket = stories.act("shequ1", ticket, "reopen", note="又有了")
    assert unread(stories) == each("returned", *COMPANY)
    assert [len(inbox(stories, who)) for who in EVERYBODY] == [1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_a_limit_that_is_over_is_not_asked_to_be_kept(stories: Stories) -> None:
    ticket = stories.report()
    stories.now(at("11-27 09:00"))
    stories.act("ducha1", ticket, "supervise")
    assert unread(stories, "wuye11") == each("supervised", "wuye11")
    (told,) = inbox(stories, "wuye11")
    assert "已督办，期限 11月26日 09:00 已过，请立即整改。" in told["text"]


def test_many_steps_are_one_message(stories: Stories) -> None:
    ticket = stories.report()
    ticket = stories.act("wuye11", ticket, "rectify")
    ticket = stories.act("shequ1", ticket, "return", note="没清")
    assert unread(stories) == each("returned", *COMPANY)
    assert len(inbox(stories, "wuye11")) == 1


def test_who_does_it_is_not_told_of_it(stories: Stories) -> None:
    ticket = stories.act("wuye11", stories.report(), "rectify")
    unread(stories)
    stories.act("wangge11", ticket, "close")
    assert unread(stories) == {}
    stories.report("shequ1", point=stories.street)
    assert unread(stories) == {}
    stories.report("wangge11", point=stories.street)
    assert unread(stories) == each("dispatched", "shequ1")


def test_who_asked_hears_the_answer(stories: Stories) -> None:
    ticket = stories.report()
    unread(stories)
    said = {"until": at("11-27 09:00"), "note": "缺材料"}
    ticket = stories.act("wuye12", ticket, "request_extension", **said)
    ticket = stories.act("shequ1", ticket, "grant_extension")
    assert unread(stories) == each("answered", "wuye12")
    assert "延期已同意，期限改为 11月27日 09:00。" in inbox(stories, "wuye12")[0]["text"]
    said = {"until": at("11-30 09:00"), "note": "还缺"}
    ticket = stories.act("wuye11", ticket, "request_extension", **said)
    ticket = stories.act("shequ1", ticket, "refuse_extension")
    assert unread(stories) == each("answered", "wuye11")
    assert "延期没有同意，请在 11月27日 09:00 前整改" in inbox(stories, "wuye11")[0]["text"]
    ticket = stories.act("wuye12", ticket, "send_back", note="不归我们")
    ticket = stories.act("shequ1", ticket, "refuse_send_back")
    assert unread(stories) == each("answered", "wuye12")


def test_a_send_back_that_is_accepted_and_goes_elsewhere(stories: Stories) -> None:
    ticket = stories.report()
    ticket = stories.act("wuye11", ticket, "send_back", note="不归我们")
    ticket = stories.act("shequ1", ticket, "accept_send_back")
    stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY)
    assert unread(stories) == each("answered", "wuye11") | each("dispatched", "wuye21")
    assert "回退已同意，不用再办理。" in inbox(stories, "wuye11")[0]["text"]


def test_what_is_not_so_any_more_is_not_told(stories: Stories) -> None:
    ticket = stories.report()
    stories.act("wangge11", ticket, "withdraw")
    assert unread(stories) == {}


def test_a_referral_is_told_to_the_body(stories: Stories) -> None:
    ticket = stories.report()
    unread(stories)
    stories.act("ducha1", ticket, "refer", organisation=BODY, until=at("12-10 18:00"))
    assert unread(stories) == each("dispatched", "zhifa1")


def test_a_suspension_that_ended(stories: Stories) -> None:
    ticket = stories.report()
    stories.act("ducha1", ticket, "suspend", until=at("11-30 08:00"), note="等施工")
    unread(stories)
    stories.now(at("11-30 08:10"))
    with stories.app.app_context():
        Worker(stories.clock, name="one").work_once()
    assert unread(stories) == each("resumed", *COMPANY)


def test_the_assignee_alone_is_told_of_rework(stories: Stories) -> None:
    ticket = stories.report()
    ticket = stories.act("wuye11", ticket, "assign", person=stories.person("wuye12"))
    ticket = stories.act("wuye11", ticket, "rectify")
    unread(stories)
    stories.act("shequ1", ticket, "return", note="没清")
    assert unread(stories) == each("returned", "wuye12")


def test_who_reported_hears_of_a_refusal(stories: Stories) -> None:
    ticket = stories.report(category="99-99")
    stories.act("shequ1", ticket, "reject", note="不是问题")
    void = stories.report()
    stories.act("ducha1", void, "void", note="误报")
    assert unread(stories, "wangge11") == {"wangge11": ["voided", "rejected"]}


def test_on_leave_the_deputy_hears_of_it(stories: Stories) -> None:
    ticket = stories.act("wuye11", stories.report(), "rectify")
    body = {"from_on": "2026-11-25", "to_on": "2026-11-28", "deputy": "wangge12"}
    assert stories.post("guanli", "/people/wangge11/leave", body).status_code == 201
    unread(stories)
    stories.act("shequ1", ticket, "close")
    assert unread(stories) == each("closed", "wangge12")


def test_the_night_is_quiet_but_for_danger(stories: Stories) -> None:
    stories.now(at("11-25 21:10"))
    stories.report()
    danger = stories.report(category="04-96")
    assert unread(stories) == each("dispatched", *COMPANY)
    assert danger["number"] in inbox(stories, "wuye11")[0]["text"]
    stories.now(at("11-26 07:59"))
    assert unread(stories) == {}
    stories.now(at("11-26 08:00"))
    assert unread(stories) == each("dispatched", *COMPANY)


def test_nothing_is_told_twice_and_old_news_not_at_all(stories: Stories) -> None:
    stories.report()
    unread(stories)
    for when in ("11-25 09:05", "11-24 12:00", "12-01 12:00"):
        stories.now(at(when))
        worked(stories, name=when)
    assert unread(stories) == {}
    stories.now(at("12-02 09:00"))
    stories.report()
    stories.now(at("12-10 09:00"))
    assert unread(stories) == {}
    with stories.app.app_context(), unit_of_work() as session:
        untold = select(func.count()).select_from(TicketEvent).where(UNTOLD)
        assert session.scalar(untold) == 0


def test_what_is_undone_halfway_is_told_then(stories: Stories) -> None:
    """A worker that dies in the middle has told nobody; the next one tells everything once."""
    stories.report()
    with stories.app.app_context():
        with pytest.raises(KeyError), unit_of_work() as session:
            assert tell_steps(session, stories.clock()) == 1
            raise KeyError
        with unit_of_work() as session:
            assert steps_to_tell(session, stories.clock())
        db.session.remove()
    assert unread(stories) == each("dispatched", *COMPANY)


def test_a_part_at_a_time(stories: Stories, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "AT_ONCE", 2)
    photo = stories.photo("wangge11", stories.spot)
    for _ in range(5):
        stories.report(photo_ids=[photo])
    assert unread(stories, "wuye11") == {"wuye11": ["dispatched"] * 5}


def plan(stories: Stories, statement: str) -> list[str]:
    """What SQLite does for a statement, step by step."""
    with stories.app.app_context(), db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        nothing = [None] * statement.count("?")
        rows = driver.execute(f"EXPLAIN QUERY PLAN {statement}", nothing).fetchall()
    return [row[3] for row in rows]


def test_an_idle_look_is_one_statement_that_finds_its_index(stories: Stories) -> None:
    stories.report()
    worked(stories)
    for when in ("11-25 10:00", "11-25 22:00"):
        stories.now(at(when))
        with counted_queries(stories.app) as statements:
            worked(stories)
        assert len(statements) == 1
        if stories.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
            steps = plan(stories, statements[0])
            assert any("ix_ticket_events_untold" in step for step in steps), steps
            assert not [step for step in steps if "SCAN tickets" in step], steps
