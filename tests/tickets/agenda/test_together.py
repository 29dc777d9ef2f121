"""One repair of neighbouring tickets: all of them, or none and why."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.tickets.stories import OTHER_COMPANY, Json, Stories, north_of

PLANTED = {"category": "01-91", "condition": "planted"}


def try_together(
    stories: Stories, who: str, tickets: list[Json], key: str | None = None, **said: Any
) -> TestResponse:
    """The raw answer; with a photo of the spot unless said."""
    if "photo_ids" not in said:
        said["photo_ids"] = [stories.photo(who, stories.spot)]
    named = [{"id": ticket["id"], "version": ticket["version"]} for ticket in tickets]
    return stories.post(who, "/tickets/rectify", {"tickets": named, **said}, key=key)


def faults(answer: TestResponse) -> dict[str, str]:
    """The code of each ticket that a refusal names."""
    return {fault["id"]: fault["code"] for fault in answer.get_json()["tickets"]}


def unchanged(stories: Stories, *tickets: Json) -> bool:
    """Whether tickets are as they were."""
    return all(stories.see("ducha1", t)["version"] == t["version"] for t in tickets)


def test_one_photo_for_neighbours(stories: Stories) -> None:
    near = north_of(stories.spot, 20)
    tickets = [stories.report(), stories.report(point=near, **PLANTED)]
    stories.later(hours=1)
    photo = stories.photo("wuye11", stories.spot)
    answer = try_together(stories, "wuye11", tickets, photo_ids=[photo], note="一并清理")
    assert answer.status_code == 200, answer.text
    items = answer.get_json()["items"]
    assert [item["id"] for item in items] == [ticket["id"] for ticket in tickets]
    assert {item["state"] for item in items} == {"rectified"}
    assert all(item["cover"] for item in items)
    for ticket in tickets:
        seen = stories.see("ducha1", ticket)
        assert seen["version"] == ticket["version"] + 1
        assert [leg["outcome"] for leg in seen["legs"]] == ["rectified"]
        (after,) = [use for use in seen["photos"] if use["role"] == "after"]
        assert (after["photo"]["id"], after["verdict"]) == (photo, "consistent")
        last = seen["timeline"][-1]
        assert (last["action"], last["note"], last["photo_ids"]) == ("rectify", "一并清理", [photo])
        stories.act("shequ1", seen, "close")


def test_the_same_rules_of_evidence_as_one_by_one(stories: Stories) -> None:
    """A photo older than the tickets, one from far away: the same findings either way."""
    together, one_by_one = (_after_uses(stories, together=way) for way in (True, False))
    assert together == one_by_one
    early, far = together
    assert {verdict for verdict, _ in (*early, *far)} == {"contradicted"}
    assert all("taken_before_ticket" in codes for _, codes in early)
    assert all("position_away_from_place" in codes for _, codes in far)


def _after_uses(stories: Stories, *, together: bool) -> list[list[tuple[str, list[str]]]]:
    """Verdict and findings of the newest after-photo of two tickets, for each of two photos."""
    early = stories.photo("wuye11", stories.spot)
    stories.later(minutes=10)
    tickets = [stories.report(), stories.report(**PLANTED)]
    found = []
    for photo in (early, stories.photo("wuye11", north_of(stories.spot, 3000))):
        if together:
            answer = try_together(stories, "wuye11", tickets, photo_ids=[photo])
            assert answer.status_code == 200, answer.text
        else:
            for ticket in tickets:
                stories.act("wuye11", ticket, "rectify", photo_ids=[photo])
        seen = [stories.see("ducha1", ticket) for ticket in tickets]
        after = [[use for use in t["photos"] if use["role"] == "after"] for t in seen]
        found.append([(uses[-1]["verdict"], _codes(uses[-1])) for uses in after])
        tickets = [stories.act("shequ1", ticket, "return", note="再拍") for ticket in seen]
    return found


def _codes(use: Json) -> list[str]:
    return [finding["code"] for finding in use["findings"]]


def test_tickets_that_are_no_neighbours_are_found_out(stories: Stories) -> None:
    here = stories.report(point=stories.open_ground)
    there = stories.report("wangge21", point=stories.town.cell("002", 4).centre)
    code = stories.town.community()
    there = stories.act("shequ2", there, "dispatch", organisation=code, note="代为整改")
    photo = stories.photo("wangge12", stories.open_ground)
    answer = try_together(stories, "wangge12", [here, there], photo_ids=[photo])
    assert (answer.status_code, answer.get_json()["code"]) == (422, "not_neighbours")
    assert faults(answer) == {there["id"]: "not_neighbours"}
    assert unchanged(stories, here, there)


class TestAllOrNothing:
    """Whatever is in the way of one stops all; each is named with its reason."""

    def test_stale(self, stories: Stories) -> None:
        fresh, old = stories.report(), stories.report()
        stories.act("shequ1", old, "comment", note="请尽快")
        answer = try_together(stories, "wuye11", [fresh, old])
        assert (answer.status_code, answer.get_json()["code"]) == (409, "stale_version")
        assert faults(answer) == {old["id"]: "stale_version"}
        assert answer.get_json()["tickets"][0]["current"]["version"] == old["version"] + 1
        assert unchanged(stories, fresh)

    def test_not_possible(self, stories: Stories) -> None:
        fresh, done = stories.report(), stories.report()
        done = stories.act("wuye11", done, "rectify")
        answer = try_together(stories, "wuye11", [fresh, done])
        assert (answer.status_code, answer.get_json()["code"]) == (409, "action_not_possible")
        (fault,) = answer.get_json()["tickets"]
        assert fault["allowed_actions"] == stories.see("wuye11", done)["allowed_actions"]
        assert unchanged(stories, fresh, done)

    def test_the_first_check_names_the_refusal_and_all_are_told(self, stories: Stories) -> None:
        left, old, fresh = (stories.report() for _ in range(3))
        left = stories.act("shequ1", left, "dispatch", organisation=OTHER_COMPANY, note="换")
        stories.act("shequ1", old, "comment", note="请尽快")
        answer = try_together(stories, "wuye11", [old, fresh, left])
        assert (answer.status_code, answer.get_json()["code"]) == (403, "not_allowed")
        assert faults(answer) == {old["id"]: "stale_version", left["id"]: "not_allowed"}

    def test_not_visible(self, stories: Stories) -> None:
        mine, theirs = stories.report(), stories.report(point=stories.open_ground)
        answer = try_together(stories, "wuye11", [mine, theirs])
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
        assert faults(answer) == {theirs["id"]: "not_found"}
        assert unchanged(stories, mine, theirs)

    def test_evidence(self, stories: Stories) -> None:
        mine = [stories.report(), stories.report()]
        answer = try_together(stories, "wuye11", mine, photo_ids=[])
        assert (answer.status_code, answer.get_json()["code"]) == (422, "evidence_missing")
        assert set(faults(answer)) == {ticket["id"] for ticket in mine}
        strangers = stories.photo("wangge11", stories.spot)
        answer = try_together(stories, "wuye11", mine, photo_ids=[strangers])
        assert (answer.status_code, answer.get_json()["code"]) == (422, "photo_not_yours")
        assert unchanged(stories, *mine)

    def test_before_evidence_of_one_of_them(self, stories: Stories) -> None:
        photo = stories.photo("wangge11", stories.open_ground)
        one = stories.report(point=stories.open_ground, photo_ids=[photo])
        other = stories.report(point=stories.open_ground, **PLANTED)
        answer = try_together(stories, "wangge12", [other, one], photo_ids=[photo])
        assert (answer.status_code, answer.get_json()["code"]) == (422, "photo_reused")
        assert faults(answer) == {one["id"]: "photo_reused"}
        assert unchanged(stories, one, other)

    def test_a_time_before_one_of_them(self, stories: Stories) -> None:
        early = stories.report()
        stories.later(hours=2)
        late = stories.report()
        then = stories.clock() - timedelta(hours=1)
        answer = try_together(stories, "wuye11", [early, late], occurred_at=then.isoformat())
        assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_occurred_at")
        assert faults(answer) == {late["id"]: "bad_occurred_at"}
        assert unchanged(stories, early, late)


def test_named_twice_is_done_once(stories: Stories) -> None:
    ticket = stories.report()
    answer = try_together(stories, "wuye11", [ticket, ticket])
    assert answer.status_code == 200, answer.text
    assert len(answer.get_json()["items"]) == 1
    assert stories.see("ducha1", ticket)["version"] == ticket["version"] + 1


@pytest.mark.parametrize(
    "tickets",
    [[], None, "x", [{"id": "x", "version": 1}], [{"version": 1}], [3]],
)
def test_what_names_no_tickets(stories: Stories, tickets: Any) -> None:
    body = {"tickets": tickets, "photo_ids": [stories.photo("wuye11", stories.spot)]}
    answer = stories.post("wuye11", "/tickets/rectify", body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_input")
    assert "tickets" in str(answer.get_json()["errors"])


def test_twenty_at_most(stories: Stories) -> None:
    ticket = stories.report()
    answer = try_together(stories, "wuye11", [ticket] * 21)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_input")
    assert unchanged(stories, ticket)


def test_by_keys_and_sent_twice(stories: Stories) -> None:
    photo = stories.photo("wangge11", stories.open_ground)
    body = {"category": "01-36", "photo_ids": [photo], "compound": stories.code("001", 2)}
    made = stories.post("wangge11", "/tickets", body, key="report-1").get_json()
    after = stories.photo("wangge11", stories.open_ground, key="after-1")
    said = {
        "tickets": [{"id": "key:report-1", "version": 1}],
        "photo_ids": ["key:after-1"],
    }
    for replayed in (None, "true"):
        answer = stories.post("wangge11", "/tickets/rectify", said, key="together-1")
        assert answer.status_code == 200, answer.text
        assert answer.headers.get("Idempotent-Replay") == replayed
    seen = stories.see("ducha1", made)
    assert (seen["version"], seen["photos"][-1]["photo"]["id"]) == (2, after)
    said["tickets"] = [{"id": "key:report-2", "version": 1}]
    answer = stories.post("wangge11", "/tickets/rectify", said)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "reference_unknown")


def test_nobody_else(stories: Stories) -> None:
    ticket = stories.report()
    for who, status in (("ducha1", 403), ("shequ1", 403), ("wuye21", 404)):
        photos = [stories.photo(who, stories.spot)]
        assert try_together(stories, who, [ticket], photo_ids=photos).status_code == status, who
