"""The side paths of a ticket: disputes, standstill, referral, merging, the second look."""

from datetime import UTC, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select, update

from app.kernel.db import begin_reading, db, unit_of_work
from app.people.models import Organisation, Person, Post, Role
from app.tickets.handling.afterwards import is_chosen
from app.tickets.handling.turns import one_year_after
from app.tickets.models import Leg, Ticket
from app.tickets.returning import resume_due_tickets
from config.settings import Settings
from tests.people.posts import add_post
from tests.tickets.stories import (
    BODY,
    COMPANY,
    OTHER_COMPANY,
    WEDNESDAY,
    Json,
    Stories,
    at,
    code_of,
    north_of,
)
from tests.towns import cheap_settings


def extension(text: str = "11-30 18:00") -> Json:
    """A request for more time."""
    return {"until": at(text), "note": "等材料"}


def legs_of(stories: Stories, ticket: Json) -> list[Leg]:
    """The legs as they are stored."""
    with stories.app.app_context():
        asked = select(Leg).where(Leg.ticket_id == UUID(ticket["id"])).order_by(Leg.sequence)
        found = list(begin_reading().scalars(asked))
        db.session.remove()
    return found


class TestAssign:
    """To one of the responsible organisation's own people."""

    def test_a_colleague(self, stories: Stories) -> None:
        done = stories.act("wuye11", stories.report(), "assign", person=stories.person("wuye12"))
        assert done["assignee"]["id"] == stories.person("wuye12")
        again = stories.act("shequ1", done, "dispatch", organisation=OTHER_COMPANY, note="换人")
        assert again["assignee"] is None

    @pytest.mark.parametrize("who", ["wuye21", "wangge11", "nobody"])
    def test_nobody_else(self, stories: Stories, who: str) -> None:
        unknown = {"nobody": "0190a0a0-0000-7000-8000-000000000000"}
        person = unknown.get(who) or stories.person(who)
        answer = stories.try_act("wuye11", stories.report(), "assign", person=person)
        assert code_of(answer) == (422, "person_unsuitable")

    def test_it_stays_through_rework(self, stories: Stories) -> None:
        ticket = stories.act("wuye11", stories.report(), "assign", person=stories.person("wuye12"))
        back = stories.act(
            "wangge11", stories.act("wuye12", ticket, "rectify"), "return", note="没清完"
        )
        assert back["assignee"]["id"] == stories.person("wuye12")


class TestSendBack:
    """Not ours: asked once per leg, answered by the lead or a supervisor."""

    def test_accepted(self, stories: Stories) -> None:
        asked = stories.act("wuye11", stories.report(), "send_back", note="不在合同范围")
        assert (asked["pending"]["kind"], asked["pending"]["reason"]) == (
            "send_back",
            "不在合同范围",
        )
        assert asked["light"] == "green"
        stories.later(hours=1)
        done = stories.act("shequ1", asked, "accept_send_back")
        assert (done["state"], done["responsible"], done["due_at"]) == ("reported", None, None)
        assert (done["pending"], done["dispatched_at"]) == (None, None)
        assert done["filing_due_at"] == "2026-11-25T12:00:00+08:00"
        assert done["legs"][0]["outcome"] == "sent_back"
        assert [leg.exempt for leg in legs_of(stories, done)] == [True]
        left = stories.see("wuye11", done)
        assert (left["state"], left["allowed_actions"], left["pending"]) == ("dispatched", [], None)
        assert left["timeline"][-1]["action"] == "accept_send_back"

    def test_refused_and_used_up(self, stories: Stories) -> None:
        ticket = stories.report()
        asked = stories.act("wuye11", ticket, "send_back", note="不归我们")
        done = stories.act("ducha1", asked, "refuse_send_back", note="在合同范围")
        assert (done["pending"], done["due_at"]) == (None, ticket["due_at"])
        assert "send_back" not in stories.see("wuye11", done)["allowed_actions"]
        answer = stories.try_act("wuye11", done, "send_back", note="再说一次")
        assert code_of(answer) == (409, "action_not_possible")
        back = stories.act(
            "wangge11", stories.act("wuye11", done, "rectify"), "return", note="没清完"
        )
        assert "send_back" in stories.see("wuye11", back)["allowed_actions"]

    def test_dispatched_again_it_is_the_same_limit(self, stories: Stories) -> None:
        """What was used up in it stays used up: going to and fro gains nothing."""
        asked = stories.act("wuye11", stories.report(), "send_back", note="不归我们")
        ticket = stories.act("ducha1", asked, "refuse_send_back", note="在合同范围")
        for days in (1, 2):
            until = at("11-27 12:00") + timedelta(days=days)
            ticket = stories.act("wuye11", ticket, "request_extension", until=until, note="等配件")
            ticket = stories.act("shequ1", ticket, "grant_extension")
        again = {"organisation": COMPANY, "note": "还是你们"}
        ticket = stories.act("shequ1", ticket, "dispatch", **again)
        can = set(stories.see("wuye11", ticket)["allowed_actions"])
        assert can & {"rectify", "send_back", "request_extension"} == {"rectify"}
        assert [leg.extension_count for leg in legs_of(stories, ticket)] == [2, 2]

    @pytest.mark.parametrize("moot", ["recalled", "suspended", "dispatched again"])
    def test_what_nobody_answered_can_be_asked_again(self, stories: Stories, moot: str) -> None:
        ticket = stories.act("wuye11", stories.report(), "send_back", note="不归我们")
        if moot == "recalled":
            ticket = stories.act("wuye11", stories.act("wuye11", ticket, "rectify"), "recall")
        elif moot == "suspended":
            said = {"until": at("11-30 09:00"), "note": "等审批"}
            ticket = stories.act("ducha1", ticket, "suspend", **said)
            ticket = stories.act("ducha1", ticket, "resume")
        else:
            said = {"organisation": COMPANY, "note": "请再看看"}
            ticket = stories.act("shequ1", ticket, "dispatch", **said)
        assert ticket["pending"] is None
        asked = stories.act("wuye11", ticket, "send_back", note="不归我们")
        assert asked["pending"]["kind"] == "send_back"

    def test_rectified_meanwhile(self, stories: Stories) -> None:
        asked = stories.act("wuye11", stories.report(), "send_back", note="不归我们")
        done = stories.act("wuye11", asked, "rectify")
        assert (done["state"], done["pending"]) == ("rectified", None)

    def test_nobody_answers_their_own_request(self, stories: Stories) -> None:
        ticket = stories.report(point=stories.street)
        mine = stories.act("shequ1", ticket, "send_back", note="不归社区")
        assert code_of(stories.try_act("shequ1", mine, "accept_send_back")) == (403, "not_allowed")
        assert "accept_send_back" not in stories.see("shequ1", mine)["allowed_actions"]
        assert stories.act("ducha1", mine, "accept_send_back")["state"] == "reported"


class TestExtension:
    """A new due time, granted at most twice in a leg."""

    def test_granted(self, stories: Stories) -> None:
        asked = stories.act("wuye11", stories.report(), "request_extension", **extension())
        assert asked["pending"]["until"] == "2026-11-30T18:00:00+08:00"
        done = stories.act("shequ1", asked, "grant_extension")
        assert (done["due_at"], done["extension_count"]) == ("2026-11-30T18:00:00+08:00", 1)
        assert done["legs"][0]["due_at"] == done["due_at"]
        stories.now(at("11-30 11:00"))
        assert stories.see("wuye11", done)["light"] == "yellow"
        assert stories.act("wuye11", done, "rectify")["state"] == "rectified"
        assert [leg.in_time for leg in legs_of(stories, done)] == [True]

    def test_a_year_at_most(self, stories: Stories) -> None:
        """What is never due is missed in no figure."""
        ticket = stories.report()
        far = at("11-30 18:00") + timedelta(days=365)
        answer = stories.try_act("wuye11", ticket, "request_extension", until=far, note="等审批")
        assert code_of(answer) == (422, "time_unsuitable")
        outside = {"name": "供电公司", "number": "1", "on": "2026-11-25"}
        answer = stories.try_act("ducha1", ticket, "refer", until=far, outside=outside, note="移交")
        assert code_of(answer) == (422, "time_unsuitable")

    def test_twice_and_no_more(self, stories: Stories) -> None:
        ticket = stories.report()
        for text in ("11-30 18:00", "12-01 18:00"):
            asked = stories.act("wuye11", ticket, "request_extension", **extension(text))
            ticket = stories.act("shequ1", asked, "grant_extension")
        answer = stories.try_act("wuye11", ticket, "request_extension", **extension("12-03 18:00"))
        assert code_of(answer) == (409, "action_not_possible")
        assert "request_extension" not in stories.see("wuye11", ticket)["allowed_actions"]

    def test_refused(self, stories: Stories) -> None:
        ticket = stories.report()
        asked = stories.act("wuye11", ticket, "request_extension", **extension())
        answer = stories.try_act("wuye11", asked, "request_extension", **extension())
        assert code_of(answer) == (409, "action_not_possible")
        done = stories.act("shequ1", asked, "refuse_extension", note="来得及")
        assert (done["due_at"], done["extension_count"]) == (ticket["due_at"], 0)

    @pytest.mark.parametrize("text", ["11-24 18:00", "11-25 18:00"])
    def test_a_time_past_or_no_later_than_the_limit(self, stories: Stories, text: str) -> None:
        answer = stories.try_act("wuye11", stories.report(), "request_extension", **extension(text))
        assert code_of(answer) == (422, "time_unsuitable")


class TestSuspend:
    """The limit stands still."""

    def suspended(self, stories: Stories, until: str = "12-25 09:00") -> Json:
        """Suspended after an hour of its eight."""
        ticket = stories.report()
        stories.later(hours=1)
        return stories.act("ducha1", ticket, "suspend", until=at(until), note="等审批")

    def test_what_is_left_runs_on(self, stories: Stories) -> None:
        ticket = self.suspended(stories)
        assert (ticket["light"], ticket["suspended_until"]) == (None, "2026-12-25T09:00:00+08:00")
        stories.now(at("12-01 09:00"))
        done = stories.act("ducha1", ticket, "resume")
        assert (done["state"], done["due_at"]) == ("dispatched", "2026-12-01T18:00:00+08:00")
        assert (done["light"], done["suspended_until"]) == ("green", None)
        assert len(done["legs"]) == 1
        stories.now(at("12-01 16:00"))
        assert stories.see("wuye11", done)["light"] == "green"
        stories.now(at("12-01 16:30"))
        assert stories.see("wuye11", done)["light"] == "yellow"

    def test_urgent_time_stands_still_as_well(self, stories: Stories) -> None:
        ticket = stories.report(category="04-96")
        stories.later(hours=1)
        held = stories.act("ducha1", ticket, "suspend", until=at("12-25 09:00"), note="等审批")
        stories.now(at("12-01 20:00"))
        assert stories.act("ducha1", held, "resume")["due_at"] == "2026-12-01T21:00:00+08:00"

    def test_what_was_overdue_stays_so(self, stories: Stories) -> None:
        ticket = stories.report()
        stories.later(days=5)
        held = stories.act("ducha1", ticket, "suspend", until=at("12-25 09:00"), note="等审批")
        stories.later(days=1)
        done = stories.act("ducha1", held, "resume")
        assert (done["due_at"], done["light"]) == (ticket["due_at"], "red")

    def test_recall_after_a_standstill(self, stories: Stories) -> None:
        ticket = self.suspended(stories)
        stories.now(at("12-01 09:00"))
        back = stories.act("ducha1", ticket, "resume")
        done = stories.act("wuye11", stories.act("wuye11", back, "rectify"), "recall")
        assert done["due_at"] == back["due_at"]
        assert done["light"] == "green"

    def test_by_itself_at_the_date(self, stories: Stories) -> None:
        ticket = self.suspended(stories, "12-01 09:00")
        for instant, count in (("12-01 08:59", 0), ("12-01 09:00", 1), ("12-01 09:10", 0)):
            stories.now(at(instant))
            with stories.app.app_context(), unit_of_work() as session:
                assert resume_due_tickets(session, at(instant).astimezone(UTC)) == count
        done = stories.see("ducha1", ticket)
        assert (done["state"], done["version"]) == ("dispatched", ticket["version"] + 1)
        assert done["due_at"] == "2026-12-01T18:00:00+08:00"
        last = done["timeline"][-1]
        assert (last["action"], last["actor"], last["organisation"]) == ("resume", None, None)

    def test_at_the_date_nobody_waits_for_the_worker(self, stories: Stories) -> None:
        """Whoever does something to it from then on finds it at work again, and resumes it."""
        tickets = [self.suspended(stories, "12-01 09:00") for _ in range(3)]
        stories.now(at("12-01 08:59"))
        assert "rectify" not in stories.see("wuye11", tickets[0])["allowed_actions"]
        answer = stories.try_act("wuye11", tickets[0], "rectify")
        assert code_of(answer) == (409, "action_not_possible")
        stories.now(at("12-01 10:00"))
        seen = stories.see("wuye11", tickets[0])
        assert (seen["state"], seen["version"]) == ("suspended", tickets[0]["version"])
        assert {"rectify", "send_back", "request_extension"} <= set(seen["allowed_actions"])
        assert code_of(stories.try_act("wuye11", seen, "rectify")) == (422, "evidence_missing")
        assert stories.see("wuye11", seen)["state"] == "suspended"
        done = stories.act("wuye11", seen, "rectify")
        assert (done["state"], done["version"]) == ("rectified", seen["version"] + 2)
        back, rectified = done["timeline"][-2:]
        assert (back["action"], back["to"], back["actor"]) == ("resume", "dispatched", None)
        # Seven hours were left: six that Tuesday from ten, one on Wednesday.
        assert back["changes"] == {"due_at": "2026-12-02T09:00:00+08:00"}
        assert (rectified["action"], rectified["from"]) == ("rectify", "dispatched")
        noted = stories.act("wangge11", tickets[1], "comment", note="到期了")
        assert (noted["state"], noted["suspended_until"]) == ("dispatched", None)
        assert "resume" in stories.see("ducha1", tickets[2])["allowed_actions"]
        by_hand = stories.act("ducha1", tickets[2], "resume")
        assert (by_hand["state"], by_hand["version"]) == ("dispatched", tickets[2]["version"] + 1)
        assert by_hand["timeline"][-1]["actor"]["id"] == stories.person("ducha1")
        again = stories.act("ducha1", by_hand, "suspend", until=at("12-05 09:00"), note="还要等")
        assert stories.act("ducha1", again, "resume")["state"] == "dispatched"

    @pytest.mark.parametrize("until", ["11-25 09:00", "2027-11-25 09:01"])
    def test_a_time_past_or_more_than_a_year_ahead(self, stories: Stories, until: str) -> None:
        said = {"until": at(until), "note": "等审批"}
        answer = stories.try_act("ducha1", stories.report(), "suspend", **said)
        assert code_of(answer) == (422, "time_unsuitable")

    def test_a_year(self) -> None:
        assert one_year_after(at("2028-02-29 10:00")) == at("2029-02-28 10:00")
        assert one_year_after(at("2026-11-25 09:00")) == at("2027-11-25 09:00")


class TestRefer:
    """To a body with accounts, or outside."""

    def test_to_a_body(self, stories: Stories) -> None:
        ticket = stories.report()
        stories.later(days=5)
        said = {"organisation": BODY, "until": at("12-10 18:00")}
        done = stories.act("shequ1", ticket, "refer", **said)
        assert (done["state"], done["responsible"]["code"]) == ("referred", BODY)
        assert done["due_at"] == "2026-12-10T18:00:00+08:00"
        first, second = legs_of(stories, done)
        assert (first.outcome, first.in_time) == ("referred", True)
        assert (second.to_at, second.due_at) == (None, at("12-10 18:00"))
        stories.now(at("12-10 18:01"))
        assert stories.see("shequ1", done)["light"] == "red"
        for who in ("shequ1", "ducha1", "zhifa1", "guanli"):
            assert stories.ids(who, light="red") == [done["id"]], who
        assert stories.see("wuye11", done)["allowed_actions"] == []
        fixed = stories.act("zhifa1", stories.see("zhifa1", done), "rectify")
        assert fixed["reported_by"] is None
        assert code_of(stories.try_act("zhifa1", fixed, "close")) == (403, "own_work")
        assert stories.act("shequ1", fixed, "close")["state"] == "closed"

    def test_illegal_building_is_the_body_s_when_referred(self, stories: Stories) -> None:
        """The town sees it at once; the body sees what is referred to it, and nothing before."""
        ticket = stories.report(category="01-01")
        assert "refer" in stories.see("ducha1", ticket)["allowed_actions"]
        assert stories.get("zhifa1", f"/tickets/{ticket['id']}").status_code == 404
        said = {"organisation": BODY, "until": at("12-10 18:00")}
        stories.act("ducha1", ticket, "refer", **said)
        assert "rectify" in stories.see("zhifa1", ticket)["allowed_actions"]

    def test_outside_and_answered(self, stories: Stories) -> None:
        outside = {"name": "县供电公司", "number": "函〔2026〕8号"}
        ticket = stories.report(category="99-99")
        done = stories.act("shequ1", ticket, "refer", outside=outside, until=at("12-10 18:00"))
        assert (done["state"], done["responsible"], done["legs"]) == ("referred", None, [])
        until = "2026-12-10T18:00:00+08:00"
        assert done["outside"] == {**outside, "on": "2026-11-25", "until": until, "answer": None}
        said = {"organisation": COMPANY}
        assert code_of(stories.try_act("shequ1", done, "dispatch", **said)) == (
            422,
            "reason_missing",
        )
        assert (done["due_at"], done["light"]) == (until, "green")
        stories.now(at("12-08 18:00"))
        assert stories.see("shequ1", done)["light"] == "yellow"
        stories.now(at("12-10 18:01"))
        assert stories.see("shequ1", done)["light"] == "red"
        assert stories.ids("shequ1", light="red") == [done["id"]]
        assert stories.ids("ducha1", light="red", state="referred") == [done["id"]]
        back = stories.act("shequ1", done, "dispatch", **said, note="不归供电公司")
        assert (back["light"], back["due_at"]) == ("green", "2026-12-11T18:00:00+08:00")
        assert (back["state"], back["outside"]["answer"]) == ("dispatched", "不归供电公司")

    def test_the_letter_has_its_own_date(self, stories: Stories) -> None:
        outside = {"name": "县供电公司", "number": "函〔2026〕8号", "on": "2026-11-23"}
        ticket, said = stories.report(), {"until": at("12-10 18:00")}
        late = {**outside, "on": "2026-11-26"}
        answer = stories.try_act("shequ1", ticket, "refer", outside=late, **said)
        assert code_of(answer) == (422, "time_unsuitable")
        assert set(answer.get_json()["errors"]) == {"outside.on"}
        done = stories.act("shequ1", ticket, "refer", outside=outside, **said)
        assert done["outside"]["on"] == "2026-11-23"

    def test_not_to_the_body_that_has_it(self, stories: Stories) -> None:
        """Its own returned work would count as done in time."""
        said = {"organisation": BODY, "until": at("12-10 18:00")}
        ticket = stories.act("shequ1", stories.report(), "refer", **said)
        back = stories.act(
            "shequ1", stories.act("zhifa1", ticket, "rectify"), "return", note="没拆"
        )
        assert (back["state"], back["responsible"]["code"]) == ("dispatched", BODY)
        answer = stories.try_act("shequ1", back, "refer", **said)
        assert code_of(answer) == (422, "organisation_unsuitable")
        assert stories.see("shequ1", back) == back

    @pytest.mark.parametrize(
        "said", [{}, {"organisation": BODY, "outside": {"name": "甲", "number": "1"}}]
    )
    def test_one_of_the_two(self, stories: Stories, said: Json) -> None:
        answer = stories.try_act(
            "shequ1", stories.report(), "refer", until=at("12-10 18:00"), **said
        )
        assert code_of(answer) == (422, "organisation_missing")

    @pytest.mark.parametrize("code", [COMPANY, "NOBODY"])
    def test_only_to_an_enforcement_body(self, stories: Stories, code: str) -> None:
        said = {"organisation": code, "until": at("12-10 18:00")}
        answer = stories.try_act("shequ1", stories.report(), "refer", **said)
        assert code_of(answer) == (422, "organisation_unsuitable")


def closed(stories: Stories, *, doubtful: bool = False) -> Json:
    """Closed by the supervisor, with an after-photo of here or of elsewhere."""
    point = north_of(stories.spot, 5_000) if doubtful else stories.spot
    photo = stories.photo("wuye11", point)
    done = stories.act("wuye11", stories.report(), "rectify", photo_ids=[photo])
    return stories.act("ducha1", done, "close", note="到过现场")


class TestReworkOfTheRetired:
    """Who has nobody any more cannot be given work: the community has it until it is dispatched."""

    @pytest.mark.parametrize("again", ["return", "reopen"])
    def test_the_community_has_it(self, stories: Stories, again: str) -> None:
        ticket = stories.act("wuye11", stories.report(), "rectify")
        if again == "reopen":
            ticket = stories.act("ducha1", ticket, "close")
        company = update(Organisation).where(Organisation.code == COMPANY)
        stories.change(company.values(retired_on=at("11-25 00:00").date()))
        done = stories.act("shequ1", ticket, again, note="没清干净")
        community = stories.town.community()
        assert (done["state"], done["responsible"]["code"]) == ("dispatched", community)
        assert (done["rework_count"], done["light"]) == (1, "green")
        assert done["timeline"][-1]["changes"]["responsible"] == community
        said = {"organisation": OTHER_COMPANY, "note": "新物业来做"}
        assert stories.act("shequ1", done, "dispatch", **said)["state"] == "dispatched"


class TestAfterwards:
    """Reopening, and the second look."""

    def test_reopened(self, stories: Stories) -> None:
        done = closed(stories, doubtful=True)
        stories.later(days=30)
        back = stories.act("wangge12", done, "reopen", note="又堆上了")
        assert (back["state"], back["rework_count"], back["second_look"]) == ("dispatched", 1, None)
        assert (back["closed_at"], back["rectified_at"]) == (None, None)
        assert [leg["outcome"] for leg in back["legs"]] == ["rectified", None]
        assert back["responsible"]["code"] == COMPANY

    def test_thirty_days_and_no_more(self, stories: Stories) -> None:
        done = closed(stories)
        stories.later(days=30, microseconds=1)
        assert "reopen" not in stories.see("ducha1", done)["allowed_actions"]
        answer = stories.try_act("ducha1", done, "reopen", note="又堆上了")
        assert code_of(answer) == (409, "action_not_possible")

    def test_too_late_to_reopen_a_new_report_follows_it_up(self, stories: Stories) -> None:
        """Past thirty days it is no recurrence, and still known to be the same problem."""
        done = closed(stories)
        stories.later(days=31)
        told = stories.try_act("wangge11", done, "reopen", note="又堆上了").get_json()["detail"]
        assert "注明原工单" in told
        assert stories.report()["follow_up_of"] is None
        said = {"follow_up_of": done["id"]}
        back = stories.report(**said)
        assert (back["follow_up_of"], back["recurrence_of"]) == (done["id"], None)
        assert (back["state"], back["rework_count"]) == ("dispatched", 0)
        assert stories.see("shequ1", back)["follow_up_of"] == done["id"]
        assert stories.see("wuye11", back)["follow_up_of"] is None
        elsewhere = stories.town.cell("002", 1).centre
        for who, former, detail in (
            ("wangge11", back["id"], "原工单是“待整改”，只有已结案的才能接着上报。"),
            ("wangge21", done["id"], "没有原工单，或不在您的范围内。"),
        ):
            answer = stories.try_report(who, point=elsewhere, follow_up_of=former)
            assert code_of(answer) == (422, "follow_up_unsuitable")
            assert answer.get_json()["errors"] == {"follow_up_of": [detail]}

    def test_what_is_doubtful_waits(self, stories: Stories) -> None:
        done, plain = closed(stories, doubtful=True), closed(stories)
        assert (done["second_look"], plain["second_look"]) == ("waiting", None)
        assert stories.ids("ducha1", second_look="waiting") == [done["id"]]
        assert code_of(stories.try_act("ducha1", plain, "confirm")) == (409, "action_not_possible")
        looked = stories.act("ducha2", done, "confirm")
        assert (looked["state"], looked["second_look"]) == ("closed", "ok")
        assert code_of(stories.try_act("ducha1", looked, "confirm")) == (409, "action_not_possible")
        assert stories.ids("ducha1", second_look="waiting") == []

    def test_the_share_is_chosen_by_the_id(self) -> None:
        ids = [UUID(int=number) for number in range(5_000)]
        chosen = [each for each in ids if is_chosen(each, percent=20)]
        assert 900 < len(chosen) < 1_100
        assert all(is_chosen(each, percent=21) for each in chosen)
        assert not any(is_chosen(each, percent=0) for each in ids)
        assert all(is_chosen(each, percent=100) for each in ids)

    def test_an_explanation_needs_words(self, stories: Stories) -> None:
        done = closed(stories, doubtful=True)
        answer = stories.try_act("wuye11", done, "explain")
        assert code_of(answer) == (422, "reason_missing")
        assert stories.act("wuye11", done, "explain", note="定位漂移")["state"] == "closed"


class TestTheSecondLook:
    """Where every closure waits for one: somebody else than who closed it."""

    @pytest.fixture
    def settings(self, database_url: str, photo_folder: Path) -> Settings:
        """All of them, not a share."""
        cheap = cheap_settings(database_url, photo_folder)
        return cheap.model_copy(update={"second_look_percent": 100})

    def closed_by(self, stories: Stories, who: str, begun: Json | None = None) -> Json:
        """Rectified by the company, closed by somebody."""
        done = stories.act("wuye11", begun or stories.report(), "rectify")
        return stories.act(who, done, "close")

    def test_nobody_looks_again_at_their_own_closing(self, stories: Stories) -> None:
        """In whichever post they closed it: the lead has become a supervisor, too."""
        by_the_lead = self.closed_by(stories, "shequ1")
        with stories.app.app_context():
            with unit_of_work() as session:
                since = at("2020-01-01 00:00").date()
                add_post(session, "shequ1", Role.supervisor, stories.town.code, from_on=since)
            db.session.remove()
        mine = self.closed_by(stories, "ducha1")
        for who, done, other in (("shequ1", by_the_lead, "ducha1"), ("ducha1", mine, "shequ1")):
            assert "confirm" not in stories.see(who, done)["allowed_actions"]
            answer = stories.try_act(who, done, "confirm")
            assert code_of(answer) == (403, "own_work")
            assert answer.get_json()["detail"] == "这张工单是您结案的，请由其他督查员复核。"
            assert "reopen" in stories.see(who, done)["allowed_actions"]
            assert "confirm" in stories.see(other, done)["allowed_actions"]
            assert stories.act(other, done, "confirm")["second_look"] == "ok"

    def test_who_closed_it_the_last_time_counts(self, stories: Stories) -> None:
        done = self.closed_by(stories, "ducha1")
        back = stories.act("ducha2", done, "reopen", note="没有清走")
        again = self.closed_by(stories, "ducha2", back)
        assert code_of(stories.try_act("ducha2", again, "confirm")) == (403, "own_work")
        assert stories.act("ducha1", again, "confirm")["second_look"] == "ok"

    def test_the_only_supervisor_s_own_closings_wait(self, stories: Stories) -> None:
        """Nobody has looked at them again, and so nobody says so."""
        others = select(Person.id).where(Person.username == "ducha2").scalar_subquery()
        stories.change(update(Post).where(Post.person_id == others).values(to_on=WEDNESDAY.date()))
        mine, theirs = self.closed_by(stories, "ducha1"), self.closed_by(stories, "wangge11")
        assert stories.act("ducha1", theirs, "confirm")["second_look"] == "ok"
        assert code_of(stories.try_act("ducha1", mine, "confirm")) == (403, "own_work")
        stories.later(days=29)
        assert stories.ids("ducha1", second_look="waiting") == [mine["id"]]


class TestMerge:
    """Two reports of one problem."""

    def test_the_second_reporter_is_a_witness(self, stories: Stories) -> None:
        first = stories.report("wangge11")
        second = stories.report("wangge21")
        assert stories.get("wangge21", f"/tickets/{first['id']}").status_code == 404
        merged = stories.act("shequ1", second, "merge_into", ticket=first["id"], note="同一堆")
        assert (merged["state"], merged["merged_into"]) == ("voided", first["id"])
        assert merged["legs"][-1]["outcome"] == "voided"
        seen = stories.see("wangge21", first)
        assert [one["id"] for one in seen["witnesses"]] == [stories.person("wangge21")]
        assert seen["version"] == first["version"] + 1
        told = seen["timeline"][-1]
        assert (told["action"], told["action_label"]) == ("merged_in", "并入了另一张")
        assert (told["from"], told["to"], told["note"]) == ("dispatched", "dispatched", "同一堆")
        assert told["actor"]["id"] == stories.person("shequ1")
        assert told["changes"] == {"merged": second["number"]}
        stale = stories.try_act("wuye11", first, "rectify", photo_ids=[])
        assert code_of(stale) == (409, "stale_version")
        assert "comment" in seen["allowed_actions"]
        assert "withdraw" not in seen["allowed_actions"]
        # What another saw too does not vanish with the first report.
        answer = stories.try_act("wangge11", seen, "withdraw")
        assert code_of(answer) == (409, "action_not_possible")
        assert set(stories.ids("wangge21", mine=1)) == {first["id"], second["id"]}
        assert stories.see("wuye11", first)["witnesses"] == []
        assert len(seen["photos"]) == 1

    def test_witnesses_move_on(self, stories: Stories) -> None:
        first, second, third = (stories.report(w) for w in ("wangge11", "wangge21", "wangge12"))
        stories.act("shequ1", third, "merge_into", ticket=second["id"])
        second = stories.see("shequ1", second)
        stories.act("shequ1", second, "merge_into", ticket=first["id"])
        names = {one["id"] for one in stories.see("ducha1", first)["witnesses"]}
        assert names == {stories.person("wangge21"), stories.person("wangge12")}

    def test_into_what_it_cannot_be(self, stories: Stories) -> None:
        """Each thing in the way has its own sentence, and what is not seen says nothing."""
        ticket = stories.report()
        voided = stories.act("shequ1", stories.report(), "void", note="误报")
        elsewhere = stories.town.cell("002", 1).centre
        unseen = stories.report("wangge21", point=elsewhere)
        away = stories.report("shequ1", point=elsewhere)
        town = select(Organisation.id).where(Organisation.code == "340299").scalar_subquery()
        stories.change(update(Ticket).where(Ticket.number == away["number"]).values(town_id=town))
        said = {
            ticket["id"]: "不能并入它自己，请选另一张工单。",
            voided["id"]: "那张工单已是“作废”，请并入仍然有效的一张。",
            unseen["id"]: "没有那张工单，或不在您的范围内。",
            "0190a0a0-0000-7000-8000-000000000000": "没有那张工单，或不在您的范围内。",
            away["id"]: "那张工单不是本镇的，只能并入本镇的工单。",
        }
        for other, sentence in said.items():
            answer = stories.try_act("shequ1", ticket, "merge_into", ticket=other)
            assert code_of(answer) == (422, "merge_unsuitable")
            assert answer.get_json()["errors"] == {"ticket": [sentence]}
            assert answer.get_json()["detail"] == sentence

    def test_into_a_closed_one_only_what_was_seen_before(self, stories: Stories) -> None:
        """A phone that was offline tells of what is put right by now; what is back is not that."""
        first = stories.report()
        seen_before = stories.clock()
        stories.later(hours=1)
        first = stories.act("wuye11", first, "rectify")
        first = stories.act("ducha1", first, "close")
        stories.later(hours=1)
        late = stories.report("wangge21", occurred_at=seen_before.isoformat())
        again = stories.report("wangge21")
        done = stories.act("shequ1", late, "merge_into", ticket=first["id"], note="同一堆")
        assert (done["state"], done["merged_into"]) == ("voided", first["id"])
        assert stories.see("shequ1", first)["state"] == "closed"
        answer = stories.try_act("shequ1", again, "merge_into", ticket=first["id"], note="同一堆")
        assert code_of(answer) == (422, "merge_unsuitable")
        assert stories.see("shequ1", again)["light"] == "green"

    @pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
    def test_into_what_somebody_is_working_on(self, stories: Stories) -> None:
        """SQLite has one writer at a time, who is waited for."""
        ticket, other = stories.report(), stories.report()
        engine = create_engine(stories.app.config["SQLALCHEMY_DATABASE_URI"])
        with engine.begin() as held:
            held.execute(select(Ticket.id).where(Ticket.id == UUID(other["id"])).with_for_update())
            answer = stories.try_act("shequ1", ticket, "merge_into", ticket=other["id"])
        engine.dispose()
        assert code_of(answer) == (409, "other_ticket_busy"), "a phone tries again by itself"
        stories.act("shequ1", ticket, "merge_into", ticket=other["id"])

    def test_supervised(self, stories: Stories) -> None:
        done = stories.act("ducha1", stories.report(), "supervise", note="三天内办好")
        assert done["supervised_at"] == "2026-11-25T09:00:00+08:00"
        assert stories.act("ducha1", done, "supervise")["timeline"][-1]["note"] is None

    def test_voided_while_suspended_ends_the_standstill(self, stories: Stories) -> None:
        until = at("12-25 09:00")
        held = stories.act("ducha1", stories.report(), "suspend", until=until, note="等审批")
        stories.later(days=9)
        done = stories.act("shequ1", held, "void", note="误报")
        (leg,) = legs_of(stories, done)
        assert (leg.outcome, leg.in_time) == ("voided", True)
        assert leg.to_at is not None
        assert leg.to_at - leg.from_at == timedelta(days=9)
        assert all(to for _, to in leg.standstills)


def test_what_was_put_right_is_not_withdrawn(stories: Stories) -> None:
    """Work that was done and returned would vanish from every figure with the report."""
    ticket = stories.act("wuye11", stories.report(), "rectify")
    recalled = stories.act("wuye11", ticket, "recall")
    assert "withdraw" in stories.see("wangge11", recalled)["allowed_actions"]
    again = stories.act("wuye11", recalled, "rectify")
    returned = stories.act("shequ1", again, "return", note="没有清完")
    assert "withdraw" not in stories.see("wangge11", returned)["allowed_actions"]
    body = {"version": returned["version"]}
    answer = stories.post("wangge11", f"/tickets/{returned['id']}/withdraw", body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "action_not_possible")
    assert "已经整改过" in answer.get_json()["detail"]


def test_a_standstill_takes_nothing_of_what_was_granted(stories: Stories) -> None:
    """The granted time lies on a Sunday evening, outside working time."""
    ticket = stories.report(category="01-91", condition="planted")
    until = "2026-12-13T22:00:00+08:00"
    asked = stories.act("wuye11", ticket, "request_extension", until=until, note="要买土")
    granted = stories.act("shequ1", asked, "grant_extension")
    assert granted["due_at"] == until
    held = stories.act("ducha1", granted, "suspend", until="2026-12-20T09:00:00+08:00", note="等")
    resumed = stories.act("ducha1", held, "resume")
    assert resumed["due_at"] == until


@pytest.mark.parametrize("note", ["  ", "\u200b", " \u200b\u3000\ufeff", "\t\n"])
def test_a_reason_that_cannot_be_read_is_none(stories: Stories, note: str) -> None:
    ticket = stories.report()
    body = {"version": ticket["version"], "note": note}
    answer = stories.post("wuye11", f"/tickets/{ticket['id']}/send_back", body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "reason_missing")
