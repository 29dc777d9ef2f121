"""Who hears of a limit that runs out, when, and once: over HTTP, through the worker."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app.catalogue.service import load_catalogue
from app.escalations import reminding
from app.escalations.models import ToldRung
from app.jobs.worker import Tally
from app.kernel.db import begin_reading, db, unit_of_work
from app.people.models import Post
from tests.catalogue.folders import SHIPPED
from tests.tickets.stories import BODY, Json, Stories, at
from tests.tickets.test_pauses import end, order

Work = Callable[..., Tally]
CLOCKWORK = ("resume_tickets", "remind_of_limits")


def inbox(stories: Stories, who: str) -> list[Json]:
    answer = stories.get(who, "/notices")
    assert answer.status_code == 200, answer.text
    items: list[Json] = answer.get_json()["items"]
    return items


def heard(stories: Stories, *who: str) -> dict[str, list[str]]:
    """The kinds of what people were told; those who heard nothing are left out."""
    kinds = {each: [item["kind"] for item in inbox(stories, each)] for each in who}
    return {each: found for each, found in kinds.items() if found}


EVERYBODY = ("wangge11", "wangge12", "shequ1", "shequ2", "wuye11", "wuye12", "ducha1", "ducha2",
             "zhifa1", "guanli")  # fmt: skip


def heard_each(kind: str, *who: str) -> dict[str, list[str]]:
    """What is heard when each was told one thing."""
    return {each: [kind] for each in who}


COMPANY = ("wuye11", "wuye12")


@pytest.fixture
def begun(work: Work) -> None:
    """Reminding began on Wednesday at nine."""
    work("11-25 09:00")


@pytest.mark.usefixtures("begun")
class TestClimbed:
    """Clutter: a working day, from Wednesday nine to Thursday nine."""

    def test_first_who_has_to_then_the_lead_then_the_supervisors(
        self, stories: Stories, work: Work
    ) -> None:
        ticket = stories.report()
        work("11-25 17:20")
        assert heard(stories, *EVERYBODY) == {}
        work("11-25 17:30")
        assert heard(stories, *EVERYBODY) == {"wuye11": ["due_soon"], "wuye12": ["due_soon"]}
        (told,) = inbox(stories, "wuye11")
        assert told["kind_label"] == "临近期限" and "11月26日 09:00" in told["text"]
        assert ticket["compound"]["name"] in told["text"]
        assert told["ticket"] == {"id": ticket["id"], "number": ticket["number"]}
        assert ticket["reported_by"]["name"] not in told["text"]
        work("11-26 09:10")
        assert heard(stories, *EVERYBODY) == heard_each("overdue", *COMPANY, "shequ1")
        assert ticket["responsible"]["name"] in inbox(stories, "shequ1")[0]["text"]
        work("11-26 15:10")
        late = heard_each("overdue", *COMPANY, "shequ1", "ducha1", "ducha2")
        assert heard(stories, *EVERYBODY) == late

    def test_each_rung_once_whatever_the_worker_does(self, stories: Stories, work: Work) -> None:
        stories.report()
        for when in ("11-26 09:10", "11-26 09:15", "11-26 09:00", "11-25 12:00", "11-26 09:10"):
            work(when)
            stories.post("wuye11", "/notices/read", {})
        assert [one["read_at"] is None for one in inbox(stories, "wuye11")] == [False]
        assert rungs_told(stories) == 3
        work("11-30 09:00", "another")
        assert rungs_told(stories) == 4
        # Nothing new for them.
        assert inbox(stories, "wuye11")[0]["read_at"] is not None

    def test_a_worker_that_was_down_says_it_all_in_one(self, stories: Stories, work: Work) -> None:
        stories.report()
        work("12-02 09:00")
        assert rungs_told(stories) == 4
        late = heard_each("overdue", *COMPANY, "shequ1", "ducha1", "ducha2")
        assert heard(stories, *EVERYBODY) == late

    def test_put_right_in_time_nobody_hears_of_it(self, stories: Stories, work: Work) -> None:
        ticket = stories.act("wuye11", stories.report(), "rectify")
        stories.act("wangge12", ticket, "close")
        work("12-02 09:00")
        assert heard(stories, *EVERYBODY) == {}

    def test_an_extension_and_rework_are_climbed_anew(self, stories: Stories, work: Work) -> None:
        ticket = stories.report()
        work("11-25 17:30")
        said = {"until": at("11-27 09:00"), "note": "缺材料"}
        ticket = stories.act("wuye11", ticket, "request_extension", **said)
        ticket = stories.act("shequ1", ticket, "grant_extension")
        stories.post("wuye11", "/notices/read", {})
        work("11-26 09:10")
        assert inbox(stories, "wuye11")[0]["read_at"] is not None
        work("11-26 17:00")
        assert inbox(stories, "wuye11")[0]["read_at"] is None
        assert "11月27日 09:00" in inbox(stories, "wuye11")[0]["text"]
        ticket = stories.act("wuye11", ticket, "rectify")
        ticket = stories.act("shequ1", ticket, "return", note="没清")
        assert ticket["due_at"] == "2026-11-27T17:00:00+08:00"
        work("11-27 15:30")
        assert "11月27日 17:00" in inbox(stories, "wuye11")[0]["text"]

    def test_to_and_fro_gains_no_second_ladder(self, stories: Stories, work: Work) -> None:
        ticket = stories.report()
        work("11-26 09:10")
        before = rungs_told(stories)
        ticket = stories.act(
            "shequ1",
            stories.see("shequ1", ticket),
            "dispatch",
            organisation="WY299001",
            note="再派",
        )
        work("11-26 09:20")
        assert rungs_told(stories) == before

    def test_a_pause_moves_what_has_not_come(self, stories: Stories, work: Work) -> None:
        stories.report()
        stories.later(minutes=30)
        pause = order(stories, "11-25 10:00", "11-26 10:00")
        work("11-26 09:10")
        assert heard(stories, *EVERYBODY) == {}
        stories.now(at("11-26 09:20"))
        # Ended: it was due at nine after all… 1 h Wednesday and 40 min since it began are counted.
        end(stories, pause, "11-26 09:20")
        work("11-26 17:20")
        assert heard(stories, *EVERYBODY) == {"wuye11": ["due_soon"], "wuye12": ["due_soon"]}

    def test_what_is_suspended_stands_still(self, stories: Stories, work: Work) -> None:
        ticket = stories.report()
        until = at("11-30 08:00")
        stories.act("ducha1", ticket, "suspend", until=until, note="等施工")
        work("11-27 09:00")
        assert rungs_told(stories) == 0
        work("11-30 08:10")
        # Eight hours were left on Monday from ten past eight, when the worker came by.
        work("11-30 15:00")
        assert rungs_told(stories) == 0
        work("11-30 17:00")
        assert rungs_told(stories) == 1

    def test_the_assignee_and_colleagues(self, stories: Stories, work: Work) -> None:
        ticket = stories.report(point=stories.street)
        assert ticket["responsible"]["code"] == stories.town.community()
        stories.act("shequ1", ticket, "assign", person=stories.person("wangge12"))
        work("11-25 17:30")
        told = {"wangge12": ["due_soon"], "shequ1": ["due_soon"]}
        assert heard(stories, *EVERYBODY) == told

    def test_who_is_on_leave_is_spared_and_the_deputy_told(
        self, stories: Stories, work: Work
    ) -> None:
        stories.report()
        body = {"from_on": "2026-11-26", "to_on": "2026-11-28", "deputy": "wangge12"}
        assert stories.post("guanli", "/people/shequ1/leave", body).status_code == 201
        work("11-26 09:10")
        assert heard(stories, "shequ1", "wangge12") == {"wangge12": ["overdue"]}

    def test_nobody_there_the_next_above_is_told(self, stories: Stories, work: Work) -> None:
        stories.report()
        gone = select(Post.id).where(Post.role.in_(["property_staff", "lead"]))
        stories.change(update(Post).where(Post.id.in_(gone)).values(to_on=date(2026, 11, 25)))
        work("11-25 17:30")
        assert heard(stories, "ducha1", "ducha2") == {
            "ducha1": ["due_soon"],
            "ducha2": ["due_soon"],
        }

    def test_danger_is_told_at_night_and_the_rest_in_the_morning(
        self, stories: Stories, work: Work
    ) -> None:
        stories.now(at("11-25 20:30"))
        danger = stories.report(category="04-96")
        work("11-25 22:40")
        assert danger["number"] in inbox(stories, "shequ1")[0]["text"]
        assert heard(stories, "wuye11", "shequ1", "ducha1") == {
            "wuye11": ["overdue"], "shequ1": ["overdue"]
        }  # fmt: skip
        # Put off to six in the evening and looked at after nine.
        stories.now(at("11-26 09:00"))
        ticket = stories.report(category="05-03")
        assert ticket["due_at"] == "2026-11-26T15:00:00+08:00"
        work("11-26 21:30")
        assert len(inbox(stories, "wuye11")) == 1
        work("11-27 07:55")
        assert len(inbox(stories, "wuye11")) == 1
        work("11-27 08:05")
        assert len(inbox(stories, "wuye11")) == 2

    def test_referred_to_a_body_and_outside(self, stories: Stories, work: Work) -> None:
        built, outside = stories.report(category="01-01"), stories.report()
        stories.act("ducha1", built, "refer", organisation=BODY, until=at("11-26 18:00"))
        unit = {"name": "县供电公司", "number": "函〔2026〕3号"}
        stories.act("ducha1", outside, "refer", outside=unit, until=at("11-26 18:00"))
        for who in ("zhifa1", "ducha1", "ducha2"):
            stories.post(who, "/notices/read", {})
        work("11-26 17:50")
        body = [item["kind"] for item in inbox(stories, "zhifa1")]
        assert body == ["due_soon", "illegal_building"]
        (told,) = inbox(stories, "shequ1")
        assert "县供电公司应在 11月26日 18:00 前整改，临近期限" in told["text"]


@pytest.mark.usefixtures("begun")
class TestTheOffice:
    """Filing has two working hours, checking one working day."""

    def test_filing(self, stories: Stories, work: Work) -> None:
        ticket = stories.report(category="99-99")
        work("11-25 11:00")
        assert heard(stories, *EVERYBODY) == {}
        work("11-25 11:05")
        assert heard(stories, *EVERYBODY) == {"shequ1": ["filing_overdue"]}
        assert ticket["number"] in inbox(stories, "shequ1")[0]["text"]
        work("11-25 15:05")
        late = {who: ["filing_overdue"] for who in ("shequ1", "ducha1", "ducha2")}
        assert heard(stories, *EVERYBODY) == late

    def test_checking(self, stories: Stories, work: Work) -> None:
        stories.act("wuye11", stories.report(), "rectify")
        work("11-26 09:05")
        assert heard(stories, *EVERYBODY) == {"shequ1": ["checking_overdue"]}
        work("11-27 09:05")
        late = {who: ["checking_overdue"] for who in ("shequ1", "ducha1", "ducha2")}
        assert heard(stories, *EVERYBODY) == late


def test_what_was_late_before_reminding_began_is_told_to_nobody(
    stories: Stories, work: Work
) -> None:
    stories.report()
    work("11-26 12:00")
    assert heard(stories, *EVERYBODY) == {}
    work("11-26 15:10")
    assert heard(stories, *EVERYBODY) == {"ducha1": ["overdue"], "ducha2": ["overdue"]}


def test_a_part_at_a_time(stories: Stories, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work("11-25 09:00")
    monkeypatch.setattr(reminding, "AT_ONCE", 2)
    photo = stories.photo("wangge11", stories.spot)
    for _ in range(5):
        stories.report(photo_ids=[photo])
    for _ in range(2):
        stories.report(category="99-99", photo_ids=[photo])
    tally = work("11-26 09:10")
    assert len(inbox(stories, "shequ1")) == 7
    assert tally.done >= 4
    # Whoever was looked at is not looked at again: the two slots of the time, and no part more.
    assert work("11-26 09:15").done == 2


def test_rungs_are_rows_that_hold_from_a_day(stories: Stories, work: Work, tmp_path: Path) -> None:
    work("11-25 09:00")
    stories.report()
    stories.now(at("11-26 00:10"))
    shutil.copytree(SHIPPED, tmp_path / "dictionary")
    only = '[[rungs]]\nclock = "rectifying"\npercent = 100\ntell = "responsible"\n'
    (tmp_path / "dictionary" / "reminders.toml").write_text(only, encoding="utf-8")
    with stories.app.app_context(), unit_of_work() as session:
        load_catalogue(session, directory=tmp_path / "dictionary", now=at("11-26 00:10"))
    work("11-26 09:10")
    assert heard(stories, *EVERYBODY) == heard_each("overdue", *COMPANY)


def rungs_told(stories: Stories) -> int:
    with stories.app.app_context():
        try:
            return begin_reading().scalar(select(func.count()).select_from(ToldRung)) or 0
        finally:
            db.session.remove()
