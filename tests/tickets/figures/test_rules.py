"""Each rule of the KPIs in a story that anybody can count on their fingers."""

from typing import Any

import pytest
from sqlalchemy import update

from app.tickets.models import Leg
from tests.tickets.figures.asking import NOVEMBER, figures, group, share, shares
from tests.tickets.stories import (
    BODY,
    COMPANY,
    OTHER_COMPANY,
    Json,
    Stories,
    at,
    north_of,
)

LEGS = ("rectified", "rectified_in_time", "overdue")
POWER_COMPANY = {"name": "县供电公司", "number": "函〔2026〕8号"}
DUE_TODAY = "01-10"
"""Four working hours: reported on Wednesday at 9:00, due at 15:00."""


def legs(stories: Stories, **query: Any) -> dict[str, tuple[int, int]]:
    """Rectified, rectified in time, overdue; of November unless said."""
    return shares(figures(stories, **(query or NOVEMBER)), *LEGS)


def counts(done: int, in_time: int, overdue: int, due: int) -> dict[str, tuple[int, int]]:
    """What `legs` should tell."""
    return {
        "rectified": (done, due),
        "rectified_in_time": (in_time, due),
        "overdue": (overdue, due),
    }


def reported(stories: Stories, **said: Any) -> Json:
    """A ticket of company A, due the same day at 15:00."""
    return stories.report(category=DUE_TODAY, **said)


class TestDueToBeRectified:
    """Legs whose limit falls in the period and is past, and those done before it."""

    def test_what_is_due_later_today_is_not_due_yet(self, stories: Stories) -> None:
        reported(stories)
        stories.now(at("11-25 15:00"))
        assert legs(stories) == counts(0, 0, 0, 0)
        stories.later(seconds=1)
        assert legs(stories) == counts(0, 0, 1, 1)

    def test_what_is_done_early_counts_at_once(self, stories: Stories) -> None:
        stories.act("wuye11", reported(stories), "rectify")
        assert legs(stories) == counts(1, 1, 0, 1)

    def test_done_late_is_done(self, stories: Stories) -> None:
        ticket = reported(stories)
        stories.now(at("11-25 15:01"))
        stories.act("wuye11", ticket, "rectify")
        assert legs(stories) == counts(1, 0, 0, 1)

    def test_it_belongs_to_the_day_of_its_limit(self, stories: Stories) -> None:
        stories.now(at("11-30 17:00"))
        stories.act("wuye11", reported(stories), "rectify")
        assert legs(stories) == counts(0, 0, 0, 0)
        december = {"from": "2026-12-01", "to": "2026-12-01"}
        assert legs(stories, **december) == counts(1, 1, 0, 1)

    def test_days_are_shanghais(self, stories: Stories) -> None:
        """Urgent time runs on: reported at 22:30, due at half past midnight."""
        stories.now(at("11-29 22:30"))
        stories.act("wuye11", stories.report(category="04-96"), "rectify")
        for day, due in (("2026-11-29", 0), ("2026-11-30", 1)):
            assert share(figures(stories, **{"from": day, "to": day}), "rectified")[1] == due

    def test_dispatched_again_before_the_limit(self, stories: Stories) -> None:
        again = {"organisation": OTHER_COMPANY, "note": "换一家"}
        ticket = stories.act("shequ1", reported(stories), "dispatch", **again)
        assert legs(stories) == counts(0, 0, 0, 0)
        stories.act("wuye21", ticket, "rectify")
        assert legs(stories) == counts(1, 1, 0, 1)

    def test_dispatched_again_after_the_limit(self, stories: Stories) -> None:
        """It was missed, and stays overdue until somebody puts it right."""
        ticket = reported(stories)
        stories.now(at("11-25 15:01"))
        again = {"organisation": OTHER_COMPANY, "note": "换一家"}
        ticket = stories.act("shequ1", ticket, "dispatch", **again)
        assert legs(stories) == counts(0, 0, 1, 1)
        stories.act("wuye21", ticket, "rectify")
        assert legs(stories) == counts(1, 1, 0, 2)
        told = figures(stories, by="responsible", **NOVEMBER)
        assert share(group(told, COMPANY), "rectified") == (0, 1)
        assert share(group(told, OTHER_COMPANY), "rectified") == (1, 1)

    @pytest.mark.parametrize(("hour", "due"), [("14:00", 0), ("15:01", 1)])
    def test_voided(self, stories: Stories, hour: str, due: int) -> None:
        """Before the limit it never came due; after it the miss stays, but nothing waits."""
        ticket = reported(stories)
        stories.now(at(f"11-25 {hour}"))
        stories.act("shequ1", ticket, "void", note="不是问题")
        assert legs(stories) == counts(0, 0, 0, due)

    def test_a_send_back_that_was_accepted_counts_nowhere(self, stories: Stories) -> None:
        ticket = reported(stories)
        stories.now(at("11-25 15:01"))
        ticket = stories.act("wuye11", ticket, "send_back", note="不归我们")
        assert legs(stories) == counts(0, 0, 1, 1)
        stories.act("shequ1", ticket, "accept_send_back")
        assert legs(stories) == counts(0, 0, 0, 0)
        assert share(figures(stories, **NOVEMBER), "closed") == (0, 0)

    def test_an_exempted_leg_counts_nowhere(self, stories: Stories) -> None:
        reported(stories)
        stories.now(at("11-25 15:01"))
        assert legs(stories) == counts(0, 0, 1, 1)
        stories.change(update(Leg).values(exempt=True))
        assert legs(stories) == counts(0, 0, 0, 0)

    def test_referred_counts_as_done_in_time(self, stories: Stories) -> None:
        ticket = reported(stories)
        stories.now(at("11-25 15:01"))
        stories.act("shequ1", ticket, "refer", organisation=BODY, until=at("11-27 18:00"))
        assert legs(stories) == counts(1, 1, 0, 1)
        stories.now(at("11-27 18:01"))
        assert legs(stories) == counts(1, 1, 1, 2)

    @pytest.mark.parametrize("unit", [{"organisation": BODY}, {"outside": POWER_COMPANY}])
    def test_referred_and_sent_back_to_whoever_had_it(self, stories: Stories, unit: Json) -> None:
        """The limit goes on where it was, the time away not counted: a miss is not washed off."""
        ticket = reported(stories)
        stories.now(at("11-25 15:01"))
        ticket = stories.act("shequ1", ticket, "refer", **unit, until=at("11-27 18:00"))
        stories.now(at("11-26 09:00"))
        again = {"organisation": COMPANY, "note": "不归他们"}
        ticket = stories.act("shequ1", ticket, "dispatch", **again)
        assert ticket["light"] == "red"
        assert legs(stories) == counts(0, 0, 1, 1)
        stories.act("wuye11", ticket, "rectify")
        assert legs(stories) == counts(1, 0, 0, 1)

    def test_a_limit_that_stands_still_does_not_pass(self, stories: Stories) -> None:
        ticket = stories.act(
            "ducha1", reported(stories), "suspend", until=at("11-30 09:00"), note="等材料"
        )
        stories.now(at("11-27 09:00"))
        assert legs(stories) == counts(0, 0, 0, 0)
        stories.act("ducha1", ticket, "resume")
        stories.now(at("11-28 09:00"))
        assert legs(stories) == counts(0, 0, 1, 1)

    def test_suspended_too_late(self, stories: Stories) -> None:
        ticket = reported(stories)
        stories.now(at("11-25 15:01"))
        stories.act("ducha1", ticket, "suspend", until=at("11-30 09:00"), note="等材料")
        assert legs(stories) == counts(0, 0, 1, 1)

    def test_extended(self, stories: Stories) -> None:
        ticket = stories.act(
            "wuye11", reported(stories), "request_extension", until=at("11-27 18:00"), note="等"
        )
        ticket = stories.act("shequ1", ticket, "grant_extension")
        stories.now(at("11-26 09:00"))
        assert share(figures(stories, **NOVEMBER), "extended") == (0, 0)
        stories.act("wuye11", ticket, "rectify")
        assert legs(stories) == counts(1, 1, 0, 1)
        assert share(figures(stories, **NOVEMBER), "extended") == (1, 1)


class TestRework:
    """Work that is returned was none; who pretends gains nothing."""

    @pytest.mark.parametrize(("hour", "due"), [("11:00", 0), ("15:01", 1)])
    def test_returned(self, stories: Stories, hour: str, due: int) -> None:
        done = stories.act("wuye11", reported(stories), "rectify")
        stories.now(at(f"11-25 {hour}"))
        back = stories.act("wangge11", done, "return", note="没清完")
        assert legs(stories) == counts(0, 0, due, due)
        stories.act("wuye11", back, "rectify")
        assert legs(stories) == counts(1, 1, 0, 1 + due)

    def test_returned_too_late_is_the_checkers(self, stories: Stories) -> None:
        """In time, due at 15:00, to be checked until 9:00 of the next day."""
        done = stories.act("wuye11", reported(stories), "rectify")
        stories.now(at("11-26 09:01"))
        back = stories.act("wangge11", done, "return", note="没清完")
        assert legs(stories) == counts(0, 0, 0, 0)
        stories.act("wuye11", back, "rectify")
        assert legs(stories) == counts(1, 1, 0, 1)

    def test_late_work_is_missed_whoever_checked_late(self, stories: Stories) -> None:
        """Due at 15:00 of the 25th, done the next day, and not looked at for days."""
        ticket = reported(stories)
        stories.now(at("11-26 09:01"))
        done = stories.act("wuye11", ticket, "rectify")
        stories.now(at("12-01 09:01"))
        stories.act("wangge11", done, "return", note="没清完")
        told = figures(stories, **{"from": "2026-11-01", "to": "2026-12-31"})
        assert share(told, "rectified") == (0, 1)

    def test_reopened_is_as_before(self, stories: Stories) -> None:
        done = stories.act("wuye11", reported(stories), "rectify")
        stories.now(at("11-26 09:01"))
        closed = stories.act("wangge11", done, "close")
        stories.act("wangge11", closed, "reopen", note="又堆上了")
        assert legs(stories) == counts(0, 0, 1, 1)

    def test_pretending_again_and_again_earns_less_than_doing(self, stories: Stories) -> None:
        reported(stories, point=north_of(stories.spot, -60))
        ticket = reported(stories)
        for _ in range(3):
            stories.later(hours=24)
            ticket = stories.act("wuye11", ticket, "rectify")
            stories.later(hours=24)
            ticket = stories.act("wangge11", ticket, "return", note="没清")
        stories.later(hours=24)
        told = figures(stories, **{"from": "2026-11-01", "to": "2026-12-31"})
        assert share(told, "rectified") == (0, 5)
        assert share(told, "reworked") == (1, 2)
        assert told["composite"]["score"] == 20

    def test_reopened_next_month_takes_it_out_of_this_one(self, stories: Stories) -> None:
        done = stories.act("wuye11", reported(stories), "rectify")
        closed = stories.act("wangge11", done, "close")
        november = figures(stories, **NOVEMBER)
        assert share(november, "rectified_in_time") == share(november, "closed") == (1, 1)
        stories.now(at("12-03 09:00"))
        stories.act("wangge11", closed, "reopen", note="又堆上了")
        november = figures(stories, **NOVEMBER)
        assert share(november, "rectified_in_time") == (0, 1)
        assert share(november, "closed") == (0, 0)
        stories.now(at("12-04 09:00"))
        assert shares(figures(stories), "closed", "reworked") == {
            "closed": (0, 1),
            "reworked": (1, 1),
        }

    def test_rework_is_charged_to_whose_work_it_was(self, stories: Stories) -> None:
        done = stories.act("wuye11", reported(stories), "rectify")
        back = stories.act("wangge11", done, "return", note="没清完")
        other = {"organisation": OTHER_COMPANY, "note": "换一家"}
        done = stories.act("wuye21", stories.act("shequ1", back, "dispatch", **other), "rectify")
        stories.act("wangge11", done, "close")
        told = figures(stories, by="responsible", **NOVEMBER)
        assert share(group(told, COMPANY), "reworked") == (1, 1)
        assert share(group(told, OTHER_COMPANY), "reworked") == (0, 0)


class TestDispatchedAgain:
    """To whoever has it: one limit, missed once."""

    def test_a_limit_that_was_missed_stays_missed(self, stories: Stories) -> None:
        ticket = reported(stories)
        stories.now(at("11-25 16:00"))
        again = stories.act("shequ1", ticket, "dispatch", organisation=COMPANY, note="催办")
        assert (again["due_at"], again["light"]) == (ticket["due_at"], "red")
        assert legs(stories) == counts(0, 0, 1, 1)
        stories.act("wuye11", again, "rectify")
        assert legs(stories) == counts(1, 0, 0, 1)

    def test_after_an_accepted_send_back_too(self, stories: Stories) -> None:
        """Sent back at 14:00 with an hour left, accepted at 16:00 when it was late, and given back
        at 17:00: late it stays, less the hour that nobody had it."""
        ticket = reported(stories)
        stories.now(at("11-25 14:00"))
        asked = stories.act("wuye11", ticket, "send_back", note="不归我们")
        stories.now(at("11-25 16:00"))
        back = stories.act("shequ1", asked, "accept_send_back")
        stories.now(at("11-25 17:00"))
        again = stories.act("shequ1", back, "dispatch", organisation=COMPANY)
        assert (again["due_at"], again["light"]) == (ticket["due_at"], "red")
        assert legs(stories) == counts(0, 0, 1, 1)

    def test_a_limit_that_runs_runs_on(self, stories: Stories) -> None:
        ticket = reported(stories)
        stories.now(at("11-25 14:00"))
        again = stories.act("shequ1", ticket, "dispatch", organisation=COMPANY, note="催办")
        stories.now(at("11-25 15:01"))
        assert stories.see("shequ1", again)["light"] == "red"
        assert legs(stories) == counts(0, 0, 1, 1)


class TestReferredOutside:
    """A unit that has no accounts is nobody's here."""

    def test_its_lateness_is_in_no_figure(self, stories: Stories) -> None:
        outside = {"name": "县供电公司", "number": "函〔2026〕8号"}
        ticket = stories.report(category="99-99")
        stories.act("shequ1", ticket, "refer", outside=outside, until=at("11-27 18:00"))
        stories.now(at("11-29 09:00"))
        assert shares(figures(stories, **NOVEMBER), "rectified", "closed") == {
            "rectified": (0, 0),
            "closed": (0, 0),
        }


class TestChecking:
    """Late checking is the checker's."""

    def test_late(self, stories: Stories) -> None:
        done = stories.act("wuye11", reported(stories), "rectify")
        stories.now(at("11-26 09:01"))
        told = figures(stories, **NOVEMBER)
        assert shares(told, "closed", "closed_in_time") == {
            "closed": (0, 1),
            "closed_in_time": (0, 1),
        }
        stories.act("wangge11", done, "close")
        told = figures(stories, by="responsible", **NOVEMBER)
        community = group(told, stories.town.community())
        assert share(community, "closed") == (1, 1)
        assert share(community, "closed_in_time") == (0, 1)
        company = group(told, COMPANY)
        assert share(company, "rectified_in_time") == (1, 1)
        assert share(company, "closed_in_time") == (0, 0)

    def test_waiting_within_the_limit_is_not_due(self, stories: Stories) -> None:
        stories.act("wuye11", reported(stories), "rectify")
        assert share(figures(stories, **NOVEMBER), "closed") == (0, 0)

    def test_what_was_never_rectified_is_due_to_close(self, stories: Stories) -> None:
        reported(stories)
        stories.now(at("11-25 15:01"))
        assert share(figures(stories, **NOVEMBER), "closed") == (0, 1)


class TestFiling:
    """The first decision against its clock; what is left lying is late."""

    def test_in_time(self, stories: Stories) -> None:
        ticket = stories.report(category="99-99")
        assert share(figures(stories), "filed_in_time") == (0, 0)
        stories.later(hours=1)
        stories.act("shequ1", ticket, "dispatch", organisation=COMPANY)
        told = figures(stories)
        assert shares(told, "filed_in_time", "filed_accurately", "valid_reports") == {
            "filed_in_time": (1, 1),
            "filed_accurately": (1, 1),
            "valid_reports": (1, 1),
        }

    def test_left_lying(self, stories: Stories) -> None:
        ticket = stories.report(category="99-99")
        stories.now(at("11-25 11:01"))
        assert share(figures(stories), "filed_in_time") == (0, 1)
        assert share(figures(stories), "valid_reports") == (0, 1)
        stories.act("shequ1", ticket, "dispatch", organisation=COMPANY)
        assert share(figures(stories), "filed_in_time") == (0, 1)
        assert share(figures(stories), "valid_reports") == (1, 1)

    @pytest.mark.parametrize("action", ["reject", "void"])
    def test_refused_in_time(self, stories: Stories, action: str) -> None:
        ticket = stories.report(category="99-99")
        stories.act("shequ1", ticket, action, note="不属实")
        assert shares(figures(stories), "filed_in_time", "filed_accurately", "valid_reports") == {
            "filed_in_time": (0, 0),
            "filed_accurately": (0, 0),
            "valid_reports": (0, 1),
        }

    def test_what_became_another_ticket_is_filed_once(self, stories: Stories) -> None:
        first, second = stories.report("wangge11"), stories.report("wangge21")
        stories.act("shequ1", second, "merge_into", ticket=first["id"], note="同一堆")
        assert shares(figures(stories), "filed_in_time", "filed_accurately", "valid_reports") == {
            "filed_in_time": (1, 1),
            "filed_accurately": (1, 1),
            "valid_reports": (2, 2),
        }

    def test_a_restarted_clock_does_not_judge_the_first_filing(self, stories: Stories) -> None:
        ticket = stories.report(category="99-99")
        stories.now(at("11-25 15:00"))
        ticket = stories.act("shequ1", ticket, "dispatch", organisation=COMPANY)
        ticket = stories.act("wuye11", ticket, "send_back", note="不归我们")
        ticket = stories.act("shequ1", ticket, "accept_send_back")
        stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY)
        assert share(figures(stories), "filed_in_time") == (0, 1)

    def test_sent_back_and_left_lying(self, stories: Stories) -> None:
        ticket = stories.act("wuye11", stories.report(), "send_back", note="不归我们")
        stories.act("shequ1", ticket, "accept_send_back")
        assert share(figures(stories), "filed_in_time") == (1, 1)
        stories.now(at("11-25 11:01"))
        assert share(figures(stories), "filed_in_time") == (0, 1)

    def test_voided_after_filing(self, stories: Stories) -> None:
        stories.act("shequ1", stories.report(), "void", note="不是问题")
        assert shares(figures(stories), "filed_accurately", "valid_reports") == {
            "filed_accurately": (0, 1),
            "valid_reports": (0, 1),
        }

    def test_merged_reports_are_credited_both(self, stories: Stories) -> None:
        first, second = stories.report(), stories.report("wangge12")
        stories.act("shequ1", second, "merge_into", ticket=first["id"])
        assert shares(figures(stories), "filed_accurately", "valid_reports") == {
            "filed_accurately": (1, 1),
            "valid_reports": (2, 2),
        }

    def test_withdrawn_was_never_reported(self, stories: Stories) -> None:
        stories.act("wangge11", stories.report(), "withdraw")
        stories.now(at("11-30 09:00"))
        told = figures(stories, **NOVEMBER)
        assert {item["denominator"] for item in told["items"]} == {0}
        assert {item["rate"] for item in told["items"]} == {None}


@pytest.mark.parametrize(("moment", "same"), [("11-25 23:59", 1), ("11-26 00:01", 0)])
def test_closed_the_same_day(stories: Stories, moment: str, same: int) -> None:
    done = stories.act("wuye11", reported(stories), "rectify")
    stories.now(at(moment))
    stories.act("wangge11", done, "close")
    assert share(figures(stories, **NOVEMBER), "closed_same_day") == (same, 1)


def test_a_month_is_asked_for_unless_days_are(stories: Stories) -> None:
    told = figures(stories)
    assert (told["from"], told["to"], told["organisation"]) == ("2026-11-01", "2026-11-30", None)
    for query, days in (
        ({"from": "2026-02-10"}, ("2026-02-10", "2026-02-28")),
        ({"to": "2026-02-10"}, ("2026-02-01", "2026-02-10")),
    ):
        told = figures(stories, **query)
        assert (told["from"], told["to"]) == days
