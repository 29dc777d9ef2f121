"""Spot checks over HTTP: drawn from clean rounds, walked once, shown by place and not by person."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.jobs.worker import Worker
from app.kernel.db import db, unit_of_work
from app.kernel.ids import new_id
from app.people.models import Person, Post, Role
from app.rounds.spot_checks.drawing import MADE_UP, draw_spot_checks, drawn, weeks_to_draw
from tests.people.posts import add_post, end_post
from tests.rounds.test_pauses import order
from tests.rounds.walks import Walks, at

SECRET = "a secret that is known to everybody who reads the tests"
AFTER_THE_WEEK = at("2026-11-30 12:30")
Draw = Callable[..., int]


@pytest.fixture
def draw(app: Flask, walks: Walks) -> Draw:
    """Draws on Monday after noon, half an hour after the week took its last late arrivals."""

    def make(percent: int = 100) -> int:
        walks.clock.set(max(walks.clock(), AFTER_THE_WEEK))
        with app.app_context():
            with unit_of_work() as session:
                made = draw_spot_checks(session, percent=percent, secret=SECRET, now=walks.clock())
            db.session.remove()
        return made

    return make


def listed(walks: Walks, who: str, **query: Any) -> list[dict[str, Any]]:
    answer = walks.get(who, "/spot-checks", **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


def record(walks: Walks, who: str, check: dict[str, Any], **body: Any) -> Any:
    return walks.post(who, body, path=f"/spot-checks/{check['id']}/result")


def beside_coverage(walks: Walks, who: str = "ducha1") -> tuple[int, int, int]:
    found = walks.coverage(who, week="2026-W48")["spot_checks"]
    return found["drawn"], found["walked"], found["with_problems"]


class TestDrawing:
    """Which rounds are drawn."""

    def test_only_complete_rounds_that_are_all_fine(self, walks: Walks, draw: Draw) -> None:
        clean, dirty, open_ = walks.code("001", 1), walks.code("001", 2), walks.code("001", 3)
        walks.walk("wangge11", clean, all_fine=True)
        walks.walk("wangge11", dirty, all_fine=True,
                   checks=[walks.check("楼道1", "problem", dirty)])  # fmt: skip
        walks.walk("wangge11", open_, checks=[walks.check("楼道1", "fine", open_)])
        assert draw() == 1
        (only,) = listed(walks, "ducha1")
        assert only["compound"]["code"] == clean
        assert (only["state"], only["result"], only["checks"]) == ("waiting", None, [])

    def test_a_problem_that_was_seen_to_be_fine_later_is_clean(
        self, walks: Walks, draw: Draw
    ) -> None:
        walks.walk("wangge11", all_fine=True, checks=[walks.check("楼道1", "problem")])
        walks.clock.move(timedelta(hours=1))
        walks.walk("wangge12", checks=[walks.check("楼道1", "fine")])
        assert draw() == 1

    def test_not_before_the_week_takes_nothing_any_more(self, walks: Walks, draw: Draw) -> None:
        assert weeks_to_draw(at("2026-11-30 12:00"), ()) == ["2026-W47"]
        assert weeks_to_draw(at("2026-11-30 12:01"), ()) == ["2026-W48"]
        assert weeks_to_draw(at("2026-12-06 23:59"), ()) == ["2026-W48"]
        assert weeks_to_draw(at("2026-12-07 11:00"), ()) == ["2026-W48"]
        assert weeks_to_draw(at("2027-01-04 13:00"), ()) == ["2026-W53"]

    def test_the_weeks_in_which_nobody_drew_are_made_up_for(self) -> None:
        monday = at("2027-01-04 13:00")
        assert weeks_to_draw(monday, ["2026-W51"]) == ["2026-W52", "2026-W53"]
        assert weeks_to_draw(monday, ["2026-W51", "2026-W53"]) == ["2026-W52"]
        assert weeks_to_draw(monday, ["2026-W53"]) == []
        after_long = weeks_to_draw(monday, ["2026-W02"])
        assert (len(after_long), after_long[0]) == (MADE_UP, "2026-W46")
        assert weeks_to_draw(at("2027-01-04 11:00"), ["2026-W02"])[0] == "2026-W45"

    def test_a_drawing_is_not_repeated(self, walks: Walks, draw: Draw) -> None:
        for number in (1, 2, 3):
            walks.walk("wangge11", walks.code("001", number), all_fine=True)
        assert draw(percent=30) == 1
        before = [one["id"] for one in listed(walks, "ducha1")]
        walks.clock.move(timedelta(days=1))
        assert draw(percent=100) == 0
        assert [one["id"] for one in listed(walks, "ducha1")] == before

    def test_nothing_is_drawn_where_the_share_is_zero(self, walks: Walks, draw: Draw) -> None:
        walks.walk("wangge11", all_fine=True)
        assert draw(percent=0) == 0

    def test_a_week_of_which_nothing_was_drawn_on_purpose_stays_so(
        self, walks: Walks, draw: Draw
    ) -> None:
        walks.walk("wangge11", all_fine=True)
        assert draw(percent=0) == 0
        walks.walk("wangge11", all_fine=True)
        walks.clock.move(timedelta(weeks=1))
        assert draw(percent=100) == 1
        (only,) = listed(walks, "ducha1")
        assert only["week"] == "2026-W49"

    def test_what_nobody_had_to_walk_is_not_drawn(self, walks: Walks, draw: Draw) -> None:
        """Its week is in no coverage, so the check would stand beside nothing."""
        walks.walk("wangge11", all_fine=True)
        walks.walk("wangge21", walks.code("002"), all_fine=True)
        order(walks, "2026-11-23 00:00", "2026-11-30 00:00")
        assert draw() == 1
        assert beside_coverage(walks) == (1, 0, 0)

    def test_the_worker_draws_by_itself(self, app: Flask, walks: Walks) -> None:
        walks.walk("wangge11", all_fine=True)
        walks.clock.set(AFTER_THE_WEEK)
        with app.app_context():
            Worker(walks.clock, name="one").work_once()
        assert len(listed(walks, "ducha1")) == 1

    def test_a_worker_that_was_down_for_weeks_draws_them_all(
        self, app: Flask, walks: Walks
    ) -> None:
        """It ran on the 2nd of December, and again only on the 23rd."""
        for day in ("11-25 09:00", "12-02 09:00", "12-09 09:00", "12-16 09:00"):
            walks.clock.set(at(f"2026-{day}"))
            walks.walk("wangge11", all_fine=True)
            if day.startswith("12-02"):
                with app.app_context():
                    Worker(walks.clock, name="one").work_once()
        walks.clock.set(at("2026-12-23 13:00"))
        with app.app_context():
            Worker(walks.clock, name="one").work_once()
        weeks = ["2026-W51", "2026-W50", "2026-W49", "2026-W48"]
        assert [one["week"] for one in listed(walks, "ducha1")] == weeks

    @given(st.integers(0, 200), st.integers(0, 100))
    def test_the_share(self, rounds: int, percent: int) -> None:
        ids = [new_id() for _ in range(rounds)]
        chosen = drawn(ids, percent=percent, key=b"one")
        assert len(set(chosen)) == len(chosen)
        assert set(chosen) <= set(ids)
        expected = round(rounds * percent / 100)
        assert len(chosen) == (max(1, expected) if rounds and percent else 0)
        assert chosen == drawn(reversed(ids), percent=percent, key=b"one")

    def test_nobody_without_the_key_can_foretell_it(self) -> None:
        ids = [UUID(int=number) for number in range(1, 101)]
        ours = drawn(ids, percent=10, key=b"one")
        others = drawn(ids, percent=10, key=b"other")
        assert ours != others
        assert ours != ids[:10]


class TestWalking:
    """What a supervisor writes down."""

    @pytest.fixture
    def check(self, walks: Walks, draw: Draw) -> dict[str, Any]:
        walks.walk("wangge11", all_fine=True)
        assert draw() == 1
        (only,) = listed(walks, "ducha1")
        walks.clock.move(timedelta(hours=2))
        return only

    def test_found_fine(self, walks: Walks, check: dict[str, Any]) -> None:
        assert beside_coverage(walks) == (1, 0, 0)
        answer = record(walks, "ducha1", check, all_fine=True, note="与上报一致")
        assert answer.status_code == 200, answer.text
        found = answer.get_json()
        assert (found["state"], found["result_label"]) == ("walked", "正常")
        assert (found["walked_at"], found["note"]) == ("2026-11-30T14:30:00+08:00", "与上报一致")
        assert beside_coverage(walks) == (1, 1, 0)

    def test_found_with_a_problem(self, walks: Walks, check: dict[str, Any]) -> None:
        said = [walks.check("楼道2", "problem", note="堆着纸箱"), walks.check("楼道1", "fine")]
        found = record(walks, "ducha1", check, checks=said).get_json()
        assert found["result"] == "problem"
        assert [(one["checkpoint"]["name"], one["result"], one["note"])
                for one in found["checks"]] == [
            ("楼道1", "fine", None), ("楼道2", "problem", "堆着纸箱"),
        ]  # fmt: skip
        assert beside_coverage(walks) == (1, 1, 1)
        # The round stays as it was reported, and the coverage with it.
        assert walks.coverage("ducha1", week="2026-W48")["covered"] == 1

    def test_the_figures_stand_by_unit_and_week(self, walks: Walks, check: dict[str, Any]) -> None:
        record(walks, "ducha1", check, checks=[walks.check("楼道2", "problem")])
        summary = walks.get("ducha1", "/coverage/summary", weeks=2).get_json()
        figures = {
            (line["organisation"]["code"], week["week"]): week["spot_checks"]
            for line in summary["items"]
            for week in line["weeks"]
        }
        nothing = {"drawn": 0, "walked": 0, "with_problems": 0}
        walked = {"drawn": 1, "walked": 1, "with_problems": 1}
        assert figures.pop((walks.town.community("001"), "2026-W48")) == walked
        assert all(each == nothing for each in figures.values())

    def test_nobody_is_named(self, walks: Walks, check: dict[str, Any]) -> None:
        record(walks, "ducha1", check, all_fine=True)
        text = walks.get("shequ1", "/spot-checks").text
        for who in ("wangge11", "ducha1"):
            name = walks.get(who, "/me").get_json()["name"]
            assert name not in text
        assert len(listed(walks, "shequ1")) == 1

    def test_only_once(self, walks: Walks, check: dict[str, Any]) -> None:
        assert record(walks, "ducha1", check, all_fine=True).status_code == 200
        again = record(walks, "ducha1", check, checks=[walks.check("楼道2", "problem")])
        assert (again.status_code, again.get_json()["code"]) == (409, "spot_check_walked")
        # Even an empty body is told so first.
        assert record(walks, "ducha1", check).status_code == 409
        assert beside_coverage(walks) == (1, 1, 0)

    def test_not_before_it_was_drawn(self, walks: Walks, check: dict[str, Any]) -> None:
        early = record(walks, "ducha1", check, all_fine=True,
                       occurred_at=at("2026-11-30 12:00").isoformat())  # fmt: skip
        assert (early.status_code, early.get_json()["code"]) == (422, "spot_check_too_early")
        assert beside_coverage(walks) == (1, 0, 0)

    def test_with_nothing_said(self, walks: Walks, check: dict[str, Any]) -> None:
        assert record(walks, "ducha1", check).status_code == 422

    def test_a_checkpoint_of_another_compound(self, walks: Walks, check: dict[str, Any]) -> None:
        foreign = walks.check("楼道1", "fine", walks.code("002", 1))
        answer = record(walks, "ducha1", check, checks=[foreign])
        assert (answer.status_code, answer.get_json()["code"]) == (422, "checkpoint_unknown")

    def test_not_by_who_walked_the_round(
        self, app: Flask, walks: Walks, check: dict[str, Any]
    ) -> None:
        with app.app_context(), unit_of_work() as session:
            add_post(session, "wangge11", Role.supervisor, walks.town.code)
        # While still the warden of the place, not even that it waits.
        assert record(walks, "wangge11", check, all_fine=True).status_code == 404
        with app.app_context(), unit_of_work() as session:
            warden = session.scalars(select(Post).join(Person).where(Person.username == "wangge11"))
            ended = next(one.id for one in warden if one.role is Role.warden)
            end_post(session, ended, walks.clock())
        answer = record(walks, "wangge11", check, all_fine=True)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "own_round")

    def test_who_answers_for_the_place_does_not_know_what_waits(
        self, walks: Walks, check: dict[str, Any]
    ) -> None:
        assert listed(walks, "shequ1") == []
        assert walks.get("wangge11", "/spot-checks").status_code == 403
        assert walks.get("wuye11", "/spot-checks").status_code == 403
        assert record(walks, "shequ1", check, all_fine=True).status_code == 404

    def test_lists_are_narrowed(self, walks: Walks, check: dict[str, Any]) -> None:
        assert len(listed(walks, "ducha1", state="waiting")) == 1
        assert listed(walks, "ducha1", state="walked") == []
        assert listed(walks, "ducha1", week="2026-W47") == []
        assert listed(walks, "ducha1", organisation=walks.town.community("002")) == []
        assert len(listed(walks, "ducha1", organisation=walks.town.community("001"))) == 1

    def test_two_at_once_leave_one_result(
        self, server: Any, sign_in_over_http: Any, walks: Walks, check: dict[str, Any]
    ) -> None:
        path = f"/api/v1/spot-checks/{check['id']}/result"
        people = [sign_in_over_http("ducha1"), sign_in_over_http("ducha1")]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda one: one.post(path, json={"all_fine": True}), people))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
