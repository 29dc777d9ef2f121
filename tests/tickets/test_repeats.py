"""Possible duplicates among the open, recurrence of the closed, and what lies near by."""

from datetime import timedelta

import pytest

from tests.tickets.stories import OTHER_COMPANY, Json, Stories, code_of, north_of, position


def closed(stories: Stories, **said: object) -> Json:
    """A ticket that was closed just now."""
    ticket = stories.act("wuye11", stories.report(**said), "rectify")
    return stories.act("wangge11", ticket, "close")


@pytest.mark.parametrize(("metres", "alike"), [(0, True), (29, True), (29.99, True), (31, False)])
def test_thirty_metres(stories: Stories, metres: float, alike: bool) -> None:
    first = stories.report()
    second = stories.report(point=north_of(stories.spot, metres))
    assert second["possible_duplicate_of"] == ([first["id"]] if alike else [])
    assert stories.see("ducha1", first)["possible_duplicate_of"] == []
    shown = stories.see("wangge12", second)
    assert shown["possible_duplicate_of"] == second["possible_duplicate_of"]


def test_all_open_ones_are_named_and_no_others(stories: Stories) -> None:
    waiting = stories.report()
    rectified = stories.act("wuye11", stories.report(), "rectify")
    closed(stories)
    stories.act("wangge11", stories.report(), "withdraw")
    stories.report(category="05-03")
    other = stories.report(category="99-99")
    stories.act("shequ1", other, "reject", note="不归我们管")
    ticket = stories.report()
    assert set(ticket["possible_duplicate_of"]) == {waiting["id"], rectified["id"]}


@pytest.mark.parametrize(
    ("area", "compound", "alike"),
    [("stairwell", 1, True), ("main_road", 1, False), ("stairwell", 2, False), (None, 1, False)],
)
def test_the_same_compound_and_area(
    stories: Stories, area: str | None, compound: int, alike: bool
) -> None:
    photo = stories.photo("wangge11")
    said = {"point": None, "photo_ids": [photo]}
    first = stories.report(compound=stories.code(), area="stairwell", **said)
    second = stories.report(compound=stories.code("001", compound), area=area, **said)
    assert second["possible_duplicate_of"] == ([first["id"]] if alike else [])


@pytest.mark.parametrize(
    ("passed", "recurs"),
    [
        (timedelta(), True),
        (timedelta(days=30), True),
        (timedelta(days=30, seconds=1), False),
        (timedelta(days=31), False),
    ],
)
def test_thirty_days(stories: Stories, passed: timedelta, recurs: bool) -> None:
    first = closed(stories)
    stories.later(seconds=passed.total_seconds())
    ticket = stories.report(point=north_of(stories.spot, 29))
    assert ticket["recurrence_of"] == (first["id"] if recurs else None)
    assert ticket["possible_duplicate_of"] == []
    assert stories.report(category="05-03")["recurrence_of"] is None
    assert stories.report(point=north_of(stories.spot, 31))["recurrence_of"] is None


def test_the_one_closed_last_recurs(stories: Stories) -> None:
    closed(stories)
    stories.later(hours=1)
    second = closed(stories)
    stories.later(hours=1)
    assert stories.report()["recurrence_of"] == second["id"]


def test_what_was_found_before_the_closure_is_no_recurrence(stories: Stories) -> None:
    closed(stories)
    stories.later(hours=1)
    found = stories.clock() - timedelta(hours=2)
    assert stories.report(occurred_at=found)["recurrence_of"] is None


def test_a_new_category_is_compared_anew(stories: Stories) -> None:
    first = stories.report()
    other = stories.report(category="99-99")
    assert other["possible_duplicate_of"] == []
    ticket = stories.act("shequ1", other, "reclassify", category="01-36", note="是堆物")
    assert ticket["possible_duplicate_of"] == [first["id"]]
    back = stories.act("shequ1", ticket, "reclassify", category="99-99", note="不是")
    assert back["possible_duplicate_of"] == []


class TestNearby:
    """What the asker sees within 30 m and is still open, the nearest first."""

    @staticmethod
    def near(stories: Stories, who: str, **query: object) -> list[Json]:
        """The items near the spot."""
        asked = {"lng": stories.spot[0], "lat": stories.spot[1], **query}
        answer = stories.get(who, "/tickets/nearby", **asked)
        assert answer.status_code == 200, answer.text
        items: list[Json] = answer.get_json()["items"]
        return items

    def test_distance_and_category(self, stories: Stories) -> None:
        far = stories.report(point=north_of(stories.spot, 29))
        near = stories.report(point=north_of(stories.spot, -10), category="05-03")
        stories.report(point=north_of(stories.spot, 31))
        closed(stories)
        items = self.near(stories, "wangge12")
        assert [item["id"] for item in items] == [near["id"], far["id"]]
        assert [item["distance_m"] for item in items] == [10.0, 29.0]
        assert items[0]["cover"].startswith("/api/v1/photos/")
        (only,) = self.near(stories, "wangge12", category="01-36")
        assert only["id"] == far["id"]
        assert self.near(stories, "wangge12", category="77-77") == []

    def test_a_chinese_position(self, stories: Stories) -> None:
        stories.report()
        assert self.near(stories, "wangge12", datum="gcj02") == []

    def test_only_what_the_asker_sees(self, stories: Stories) -> None:
        ticket = stories.report()
        assert [item["id"] for item in self.near(stories, "wuye11")] == [ticket["id"]]
        for who in ("wangge21", "wuye21", "zhifa1"):
            assert self.near(stories, who) == []
        stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY, note="换公司")
        assert self.near(stories, "wuye11") == []
        assert len(self.near(stories, "wuye21")) == 1

    @pytest.mark.parametrize("query", [{"lng": 181}, {"lat": "nan"}, {"lng": ""}, {"datum": "utm"}])
    def test_bad_positions(self, stories: Stories, query: Json) -> None:
        asked = {"lng": stories.spot[0], "lat": stories.spot[1], **query}
        answer = stories.get("wangge11", "/tickets/nearby", **asked)
        assert code_of(answer) == (422, "invalid_input")
        assert code_of(stories.get("wangge11", "/tickets/nearby")) == (422, "invalid_input")

    def test_at_the_edge_of_the_world(self, stories: Stories) -> None:
        assert position((180, 90))
        for lng, lat in ((180, 90), (-180, -90), (0, 0)):
            assert self.near(stories, "wangge11", lng=lng, lat=lat) == []
