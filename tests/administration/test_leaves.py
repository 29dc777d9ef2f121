"""Deputies on leave: they act in the absent person's place for that time and no longer."""

from datetime import timedelta
from typing import Any

from tests.administration.desks import COUNTY, MINE, OTHER, Desk


def leave(desk: Desk, first: int, back: int, deputy: str = "wangge11") -> dict[str, Any]:
    """A leave by days from today."""
    return {"from_on": desk.day(first), "to_on": desk.day(back), "deputy": deputy}


def unsorted_ticket(desk: Desk) -> dict[str, Any]:
    """A ticket that waits for the lead to dispatch it."""
    body = {
        "category": "99-99",
        "source": "resident",
        "compound": desk.town.compound().code,
        "description": "说不清",
    }
    ticket: dict[str, Any] = desk.post("wangge12", "/tickets", **body)
    return ticket


def dispatches(desk: Desk, who: str) -> int:
    """The status of an attempt to dispatch a fresh ticket."""
    ticket = unsorted_ticket(desk)
    body = {"version": ticket["version"], "organisation": "WY299001"}
    return desk.ask("POST", who, f"/tickets/{ticket['id']}/dispatch", body).status_code


def test_the_deputy_acts_during_the_leave_and_not_after(desk: Desk) -> None:
    assert dispatches(desk, "wangge11") == 403
    away = desk.post(MINE, "/people/shequ1/leave", **leave(desk, 0, 2))
    assert away["leaves"][0]["deputy"]["username"] == "wangge11"
    assert dispatches(desk, "wangge11") == 200
    assert dispatches(desk, "shequ1") == 200
    deputy = desk.get(MINE, "/people/wangge11")["posts"]
    lent = next(one for one in deputy if one["deputises"])
    assert (lent["role"], lent["deputises"]["username"]) == ("lead", "shequ1")
    assert (lent["from_on"], lent["to_on"]) == (desk.day(), desk.day(2))
    desk.clock.move(timedelta(days=2))
    assert dispatches(desk, "wangge11") == 403
    assert dispatches(desk, "shequ1") == 200
    entry = desk.changes(MINE, "&kind=leave")[0]
    assert (entry["subject"], entry["before"]) == ("shequ1", None)
    assert entry["after"]["deputy"] == "wangge11"


def test_a_leave_ended_early_ends_the_deputys_posts(desk: Desk) -> None:
    away = desk.post(MINE, "/people/shequ1/leave", **leave(desk, 0, 9))
    desk.clock.move(timedelta(days=1))
    path = f"/people/shequ1/leave/{away['leaves'][0]['id']}/end"
    assert desk.refused("POST", OTHER, path) == (404, "not_found")
    assert desk.post(MINE, path)["leaves"] == []
    assert dispatches(desk, "wangge11") == 403
    assert desk.refused("POST", MINE, path) == (409, "already_retired")
    entry = desk.changes(MINE, "&kind=leave")[0]
    assert (entry["before"]["to_on"], entry["after"]["to_on"]) == (desk.day(8), desk.day())


def test_a_leave_cancelled_on_its_first_day_can_be_made_again(desk: Desk) -> None:
    for _ in range(2):
        away = desk.post(MINE, "/people/shequ1/leave", **leave(desk, 0, 3))
        assert dispatches(desk, "wangge11") == 200
        desk.post(MINE, f"/people/shequ1/leave/{away['leaves'][0]['id']}/end")
        assert dispatches(desk, "wangge11") == 403


def test_who_has_the_post_anyway_keeps_it_after_the_leave(desk: Desk) -> None:
    desk.post(MINE, "/people/wangge11/posts", role="lead", organisation=desk.town.community())
    away = desk.post(MINE, "/people/shequ1/leave", **leave(desk, 0, 3))
    desk.post(MINE, f"/people/shequ1/leave/{away['leaves'][0]['id']}/end")
    assert dispatches(desk, "wangge11") == 200


def test_a_post_that_ends_ends_for_the_deputy(desk: Desk) -> None:
    desk.post(MINE, "/people/shequ1/leave", **leave(desk, 0, 5))
    post = desk.get(MINE, "/people/shequ1")["posts"][0]["id"]
    desk.post(MINE, f"/people/shequ1/posts/{post}/end")
    assert dispatches(desk, "wangge11") == 403


def test_what_is_deputised_is_not_passed_on(desk: Desk) -> None:
    desk.post(MINE, "/people/shequ1/leave", **leave(desk, 0, 5))
    desk.post(MINE, "/people/wangge11/leave", **leave(desk, 1, 3, "wangge12"))
    roles = [one["role"] for one in desk.get(MINE, "/people/wangge12")["posts"]]
    assert "lead" not in roles


def test_what_cannot_be(desk: Desk) -> None:
    def asked(body: dict[str, Any]) -> tuple[int, str]:
        return desk.refused("POST", MINE, "/people/shequ1/leave", **body)

    assert asked(leave(desk, 0, 3, "shequ1")) == (422, "leave_impossible")
    assert asked(leave(desk, 0, 3, "t102shequ1")) == (422, "invalid_input")
    assert asked(leave(desk, -1, 3)) == (422, "bad_dates")
    assert asked(leave(desk, 3, 3)) == (422, "bad_dates")
    desk.post(COUNTY, "/people/wangge11/deactivate")
    assert asked(leave(desk, 0, 3)) == (422, "leave_impossible")
    desk.post(MINE, "/people/wangge12/leave", **leave(desk, 2, 4, "shequ2"))
    assert asked(leave(desk, 3, 5, "wangge12")) == (422, "leave_impossible")
    desk.post(MINE, "/people/shequ1/leave", **leave(desk, 4, 6, "wangge12"))
    assert asked(leave(desk, 5, 7, "shequ2")) == (409, "leave_overlaps")
