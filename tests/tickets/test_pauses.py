"""What a pause does to tickets, over HTTP: due times counted by hand in working time of 2026.

25 November is a Wednesday. A working day is 08:00–12:00 and 14:00–18:00.
"""

from typing import Any

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from app.kernel.db import begin_reading, db
from app.tickets.handling import recounting
from app.tickets.models import Leg, Ticket
from tests.tickets.stories import BODY, Json, Stories, at, code_of

COUNTY = "340299"


def order(stories: Stories, from_: str, to: str, **said: Any) -> Json:
    """A pause in community 001, unless said, that the county's administrator enters now."""
    body = {
        "organisation": stories.town.community(),
        "document": "镇创建〔2026〕25号",
        "reason": "寒潮红色预警",
        "from": at(from_),
        "to": at(to),
        **said,
    }
    plain = {k: v.isoformat() if k in ("from", "to") else v for k, v in body.items()}
    answer = stories.post("guanli", "/pauses", plain)
    assert answer.status_code == 201, answer.text
    made: Json = answer.get_json()
    return made


def end(stories: Stories, pause: Json, when: str | None = None) -> Json:
    """The pause ended early."""
    body = {"at": at(when).isoformat()} if when else {}
    answer = stories.post("guanli", f"/pauses/{pause['id']}/end", body)
    assert answer.status_code == 200, answer.text
    ended: Json = answer.get_json()
    return ended


def seen(stories: Stories, ticket: Json) -> Json:
    """The ticket as the town's supervisor sees it."""
    return stories.see("ducha1", ticket)


def due(stories: Stories, ticket: Json, name: str = "due_at") -> str:
    """A due time as "11-26 09:00"."""
    return str(seen(stories, ticket)[name])[5:16].replace("T", " ")


@pytest.fixture
def made(stories: Stories) -> dict[str, Json]:
    """Reported on Wednesday at nine; what each is about is in its name."""
    tickets = {
        "a day": stories.report(),
        "to be filed": stories.report(category="99-99"),
        "to be checked": stories.act("wuye11", stories.report(), "rectify"),
        "danger": stories.report(category="04-96"),
        "elsewhere": stories.report("wangge21", point=stories.town.cell("002", 1).centre),
    }
    stories.later(minutes=30)
    return tickets


CLOCK = {"a day": "due_at", "to be filed": "filing_due_at", "to be checked": "check_due_at",
         "danger": "due_at", "elsewhere": "due_at"}  # fmt: skip


def dues(stories: Stories, made: dict[str, Json]) -> dict[str, str]:
    return {name: due(stories, ticket, CLOCK[name]) for name, ticket in made.items()}


class TestOrderedAndEnded:
    """From Wednesday ten to Thursday ten."""

    BEFORE = {  # noqa: RUF012
        "a day": "11-26 09:00", "to be filed": "11-25 11:00", "to be checked": "11-26 09:00",
        "danger": "11-25 11:00", "elsewhere": "11-26 09:00",
    }  # fmt: skip
    # A day: 1 h Wed, 6 h Thu from ten, 1 h Fri. Filing: 1 h Wed, 1 h Thu.
    PAUSED = BEFORE | {
        "a day": "11-27 09:00", "to be filed": "11-26 11:00", "to be checked": "11-27 09:00",
    }  # fmt: skip
    # Ended on Wednesday at three. A day: 1 h, 3 h (15–18), 4 h Thu. Filing: 1 h, 1 h (15–16).
    ENDED = BEFORE | {
        "a day": "11-26 12:00", "to be filed": "11-25 16:00", "to be checked": "11-26 12:00",
    }  # fmt: skip

    def test_due_moves_and_moves_back(self, stories: Stories, made: dict[str, Json]) -> None:
        assert dues(stories, made) == self.BEFORE
        pause = order(stories, "11-25 10:00", "11-26 10:00")
        assert dues(stories, made) == self.PAUSED
        stories.now(at("11-25 15:00"))
        end(stories, pause)
        assert dues(stories, made) == self.ENDED

    def test_nobody_did_anything_to_the_ticket(
        self, stories: Stories, made: dict[str, Json]
    ) -> None:
        order(stories, "11-25 10:00", "11-26 10:00")
        for name, ticket in made.items():
            now = seen(stories, ticket)
            moved = self.PAUSED[name] != self.BEFORE[name]
            assert (now["version"], now["timeline"]) == (ticket["version"], now["timeline"])
            assert (now["updated_at"] == "2026-11-25T09:30:00+08:00") is moved, name
        assert seen(stories, made["a day"])["legs"][0]["due_at"] == "2026-11-27T09:00:00+08:00"
        done = stories.act("wuye11", made["a day"], "rectify")
        assert done["version"] == made["a day"]["version"] + 1

    def test_what_is_reported_meanwhile(self, stories: Stories) -> None:
        order(stories, "11-25 10:00", "11-26 10:00")
        stories.now(at("11-25 20:00"))
        # 6 h Thu from ten, 2 h Fri; 2 h to file; a rectified one a working day to check.
        assert due(stories, stories.report()) == "11-27 10:00"
        assert due(stories, stories.report(category="99-99"), "filing_due_at") == "11-26 12:00"
        done = stories.act("wuye11", stories.report(), "rectify")
        assert due(stories, done, "check_due_at") == "11-27 10:00"
        assert due(stories, stories.report(category="04-96")) == "11-25 22:00"

    def test_the_light_stands_still_and_the_age_does_not(
        self, stories: Stories, made: dict[str, Json]
    ) -> None:
        order(stories, "11-25 10:00", "11-26 10:00")
        ticket = made["a day"]
        for when, light, age in (
            ("11-25 09:45", "green", 0),
            ("11-25 17:59", "green", 8),
            ("11-26 09:59", "green", 24),
            ("11-26 17:30", "yellow", 32),  # 80 % of 8 h are used at 17:24
            ("11-27 09:01", "red", 48),
        ):
            stories.now(at(when))
            now = seen(stories, ticket)
            assert (now["light"], now["age_hours"]) == (light, age), when
        assert {one["age_hours"] for one in stories.listed("ducha1")} == {48}

    def test_the_ticket_says_so(self, stories: Stories, made: dict[str, Json]) -> None:
        order(stories, "11-25 10:00", "11-26 10:00")
        assert {seen(stories, ticket)["paused"] is None for ticket in made.values()} == {True}
        stories.now(at("11-25 10:00"))
        said = {"document": "镇创建〔2026〕25号", "until": "2026-11-26T10:00:00+08:00"}
        paused = {name for name, one in made.items() if seen(stories, one)["paused"] == said}
        assert paused == {"a day", "to be filed", "to be checked"}
        stories.now(at("11-26 10:00"))
        assert {seen(stories, ticket)["paused"] is None for ticket in made.values()} == {True}

    def test_cancelled_before_it_began(self, stories: Stories, made: dict[str, Json]) -> None:
        pause = order(stories, "11-25 10:00", "11-26 10:00")
        ended = end(stories, pause)
        assert ended["from"] == ended["to"] == "2026-11-25T10:00:00+08:00"
        assert dues(stories, made) == self.BEFORE

    def test_of_the_town_and_of_the_county(self, stories: Stories, made: dict[str, Json]) -> None:
        order(stories, "11-25 10:00", "11-25 18:00", organisation=stories.town.code)
        order(stories, "11-25 18:00", "11-26 10:00", organisation=COUNTY)
        assert dues(stories, made) == self.PAUSED | {"elsewhere": "11-27 09:00"}


def test_only_the_categories_named(stories: Stories) -> None:
    clutter, drain = stories.report(), stories.report(category="05-03")
    waiting = stories.report(category="99-99")
    stories.later(minutes=30)
    order(stories, "11-25 10:00", "11-26 08:00", categories=["99-99", "01-36"])
    # 1 h Wed and 7 h Thu; 4 h that go on; 1 h Wed and 1 h Thu.
    assert due(stories, clutter) == "11-26 17:00"
    assert due(stories, drain) == "11-25 15:00"
    assert due(stories, waiting, "filing_due_at") == "11-26 09:00"
    waiting = stories.act("shequ1", waiting, "reclassify", category="05-03", note="堵了")
    assert due(stories, waiting, "filing_due_at") == "11-25 11:00"
    drain = stories.act("shequ1", drain, "reclassify", category="01-36", note="堆物")
    # Begun anew at 09:30: half an hour Wed, 7.5 h Thu.
    assert due(stories, drain) == "11-26 17:30"


def test_entered_late_what_was_judged_stays(stories: Stories) -> None:
    """Due at three, put right at four; at five a pause since ten is entered."""
    ticket = stories.report(category="05-03")
    stories.now(at("11-25 16:00"))
    ticket = stories.act("wuye11", ticket, "rectify")
    stories.now(at("11-25 17:00"))
    order(stories, "11-25 10:00", "11-25 17:30")
    now = seen(stories, ticket)
    assert now["legs"][0]["due_at"] == "2026-11-25T15:00:00+08:00"
    # Checking since four: half an hour Wed, 7.5 h Thu.
    assert due(stories, ticket, "check_due_at") == "11-26 17:30"
    back = stories.act("wuye11", now, "recall")
    # The leg runs on: 1 h and half an hour Wed, 2.5 h Thu.
    assert due(stories, back) == "11-26 10:30"


class TestExtended:
    """A day due on Thursday at nine, and three hours more: to Thursday noon."""

    def asked(self, stories: Stories, ticket: Json, until: str) -> Json:
        said = {"until": at(until), "note": "缺材料"}
        return stories.act("wuye11", ticket, "request_extension", **said)

    def extended(self, stories: Stories, ticket: Json, until: str) -> Json:
        asked = self.asked(stories, ticket, until)
        return stories.act("shequ1", asked, "grant_extension")

    def test_it_moves_like_any_limit_and_back(self, stories: Stories) -> None:
        ticket = self.extended(stories, stories.report(), "11-26 12:00")
        assert ticket["due_at"] == "2026-11-26T12:00:00+08:00"
        stories.later(minutes=30)
        # Eleven hours: 7 h Wed, 1.5 h and 2.5 h Thu.
        pause = order(stories, "11-26 08:00", "11-26 10:30")
        assert due(stories, ticket) == "11-26 16:30"
        end(stories, pause)
        assert due(stories, ticket) == "11-26 12:00"
        # 7 h Wed, 2 h Thu, 2 h Fri; and the light stands still in between.
        pause = order(stories, "11-26 10:00", "11-27 10:00")
        assert due(stories, ticket) == "11-27 12:00"
        for when in ("11-26 10:01", "11-26 15:00", "11-27 10:00"):
            stories.now(at(when))
            assert seen(stories, ticket)["light"] == "yellow", when
        stories.now(at("11-26 11:00"))
        end(stories, pause)
        # 7 h Wed, 3 h and 1 h Thu.
        assert due(stories, ticket) == "11-26 15:00"

    def test_granted_while_a_pause_runs(self, stories: Stories) -> None:
        """What was granted is working time, and not the pause in which it was granted."""
        ticket = stories.report()
        stories.later(minutes=30)
        pause = order(stories, "11-25 10:00", "11-30 08:00")
        stories.now(at("11-25 15:00"))
        ticket = seen(stories, ticket)
        # 1 h Wed, 7 h Mon; asked for: 1 h more on Monday and 4 h on Tuesday.
        assert ticket["due_at"] == "2026-11-30T17:00:00+08:00"
        ticket = self.extended(stories, ticket, "12-01 12:00")
        assert ticket["due_at"] == "2026-12-01T12:00:00+08:00"
        stories.now(at("11-26 09:00"))
        end(stories, pause)
        # Thirteen hours: 1 h Wed, 7 h Thu, 5 h Fri.
        assert due(stories, ticket) == "11-27 15:00"

    def test_paused_between_the_request_and_the_answer(self, stories: Stories) -> None:
        ticket = self.asked(stories, stories.report(), "11-26 12:00")
        stories.later(minutes=30)
        pause = order(stories, "11-25 10:00", "11-30 08:00")
        ticket = stories.act("shequ1", ticket, "grant_extension")
        # 1 h Wed, 8 h Mon, 2 h Tue.
        assert ticket["due_at"] == "2026-12-01T10:00:00+08:00"
        assert ticket["timeline"][-1]["changes"] == {"due_at": "2026-12-01T10:00:00+08:00"}
        end(stories, pause)
        assert due(stories, ticket) == "11-26 12:00"

    def test_no_time_is_given_within_a_pause(self, stories: Stories) -> None:
        ticket = stories.report()
        order(stories, "11-27 08:00", "11-30 08:00")
        told = ["这时暂停计时，请改为 2026-11-30 08:00 以后。"]
        for who, action, more in (
            ("wuye11", "request_extension", {"note": "缺材料"}),
            ("shequ1", "refer", {"organisation": BODY}),
        ):
            answer = stories.try_act(who, ticket, action, until=at("11-27 12:00"), **more)
            assert code_of(answer) == (422, "time_unsuitable")
            assert answer.get_json()["errors"] == {"until": told}
        ticket = self.extended(stories, ticket, "11-27 08:00")
        assert ticket["due_at"] == "2026-11-27T08:00:00+08:00"

    def test_a_limit_begun_anew_has_nothing_granted(self, stories: Stories) -> None:
        ticket = self.extended(stories, stories.report(), "12-04 12:00")
        ticket = self.asked(stories, ticket, "12-09 12:00")
        ticket = stories.act("shequ1", ticket, "reclassify", category="05-03", note="堵了")
        assert (ticket["due_at"], ticket["pending"]) == ("2026-11-25T15:00:00+08:00", None)
        assert ticket["extension_count"] == 1
        order(stories, "11-25 10:00", "11-26 08:00")
        assert due(stories, ticket) == "11-26 11:00"


def test_the_day_of_a_referral_moves_as_well(stories: Stories) -> None:
    """Until Friday noon: 7 h Wed, 8 h Thu, 4 h Fri."""
    said = {"organisation": BODY, "until": at("11-27 12:00")}
    ticket = stories.act("shequ1", stories.report(), "refer", **said)
    assert ticket["due_at"] == "2026-11-27T12:00:00+08:00"
    stories.later(minutes=30)
    pause = order(stories, "11-26 08:00", "11-27 08:00")
    # 7 h Wed, 8 h Fri, 4 h Mon.
    assert due(stories, ticket) == "11-30 12:00"
    end(stories, pause)
    assert due(stories, ticket) == "11-27 12:00"


def test_what_was_granted_before_is_counted_when_the_database_is_brought_up(
    stories: Stories,
) -> None:
    """One extension was given, another asked for; an urgent one stood still; one is paused."""
    made = [stories.report(), stories.report(category="04-96"), stories.report()]
    asked = {"until": at("11-30 15:00"), "note": "缺材料"}
    held = stories.act("ducha1", made[1], "suspend", until=at("11-26 09:00"), note="等")
    stories.later(hours=5)
    made[1] = stories.act("ducha1", held, "resume")
    order(stories, "11-26 08:00", "11-27 08:00", categories=["01-36"])
    for ticket in made[:2]:
        ticket |= stories.act("wuye11", seen(stories, ticket), "request_extension", **asked)
        ticket |= stories.act("shequ1", ticket, "grant_extension")
    later = {"until": at("12-02 11:00"), "note": "还缺"}
    for ticket in (made[0], seen(stories, made[2])):
        stories.act("wuye11", ticket, "request_extension", **later)
    facts = select(Leg.id, Leg.granted_s, Ticket.pending_time_s).join(Leg.ticket)

    def kept() -> list[tuple[Any, ...]]:
        with stories.app.app_context():
            found = [tuple(row) for row in begin_reading().execute(facts.order_by(Leg.id))]
            db.session.remove()
        return found

    known = kept()
    assert sum(granted > 0 for _, granted, _ in known) == 2
    assert sum((wanted or 0) > 0 for _, _, wanted in known) == 2
    with stories.app.app_context():
        downgrade(revision="0009")
        upgrade()
    assert kept() == known


@pytest.mark.parametrize("pause_first", [True, False], ids=["before", "meanwhile"])
def test_a_pause_and_a_suspension(stories: Stories, pause_first: bool) -> None:
    """Suspended from Wednesday ten to Thursday ten, paused from Wednesday three to Thursday three:
    1 h Wed, 3 h Thu, 4 h Fri."""
    ticket = stories.report()
    if pause_first:
        order(stories, "11-25 15:00", "11-26 15:00")
    stories.now(at("11-25 10:00"))
    until = at("12-01 09:00")
    ticket = stories.act("ducha1", ticket, "suspend", until=until, note="等材料")
    if not pause_first:
        order(stories, "11-25 15:00", "11-26 15:00")
    stories.now(at("11-26 10:00"))
    ticket = stories.act("ducha1", ticket, "resume")
    assert due(stories, ticket) == "11-27 12:00"


def test_many_tickets_move_within_a_minute(
    stories: Stories, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    tickets = [stories.report() for _ in range(5)]
    order(stories, "11-25 10:00", "11-26 10:00")
    moved = [due(stories, ticket) for ticket in tickets]
    assert moved == ["11-27 09:00"] * 2 + ["11-26 09:00"] * 3
    stories.later(minutes=1)
    work = stories.app.test_cli_runner().invoke(args=["worker", "--once"])
    assert work.exit_code == 0, work.output
    assert {due(stories, ticket) for ticket in tickets} == {"11-27 09:00"}


def test_times_that_cannot_be(stories: Stories) -> None:
    def said(from_: str, to: str) -> tuple[int, str]:
        body = {"organisation": stories.town.community(), "document": "1号", "reason": "雪"}
        times = {"from": at(from_).isoformat(), "to": at(to).isoformat()}
        return code_of(stories.post("guanli", "/pauses", body | times))

    bad = (422, "bad_dates")
    assert said("11-26 10:00", "11-26 10:00") == bad
    assert said("11-24 10:00", "11-25 09:00") == bad
    assert said("11-22 08:59", "11-26 10:00") == bad
    assert said("11-26 00:00", "2027-11-28 00:00") == bad
    pause = order(stories, "11-22 09:00", "11-26 10:00")
    path = f"/pauses/{pause['id']}/end"
    for when in ("11-25 08:59", "11-26 10:00", "11-27 10:00"):
        refused = stories.post("guanli", path, {"at": at(when).isoformat()})
        assert code_of(refused) == bad, when
    assert end(stories, pause, "11-25 18:00")["to"] == "2026-11-25T18:00:00+08:00"
    stories.now(at("11-25 18:00"))
    assert code_of(stories.post("guanli", path, {})) == (409, "pause_over")
