"""Deputies on leave: they act in the absent person's place for that time and no longer."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from app.demo.files import write_township
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
    for name in ("shequ1", "wangge11"):
        (entry,) = desk.changes(MINE, f"&kind=leave&subject={name}")
        assert (entry["subject"], entry["before"]) == (name, None)
        said = entry["after"]["person"], entry["after"]["deputy"]
        assert said == ("shequ1", "wangge11")


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


def lent(desk: Desk, who: str = "wangge11") -> list[tuple[str, str, str, str]]:
    """Role, place and days of the posts that somebody has as a deputy, cancelled ones left out."""
    posts = desk.get(COUNTY, f"/people/{who}")["posts"]
    return [
        (one["role"], one["organisation"]["code"], one["from_on"], one["to_on"])
        for one in posts
        if one["deputises"] and one["from_on"] != one["to_on"]
    ]


def test_a_post_that_comes_during_a_leave_comes_for_the_deputy(desk: Desk) -> None:
    desk.post(MINE, "/people/shequ1/leave", **leave(desk, 0, 9))
    first, second = desk.town.community(), desk.town.community("002")
    body = {"role": "lead", "organisation": second, "from_on": desk.day(2)}
    posts = desk.post(MINE, "/people/shequ1/posts", **body)["posts"]
    known = ("lead", first, desk.day(), desk.day(9))
    assert lent(desk) == [known, ("lead", second, desk.day(2), desk.day(9))]
    given = next(one["id"] for one in posts if one["organisation"]["code"] == second)
    desk.post(MINE, f"/people/shequ1/posts/{given}/end", on=desk.day(5))
    assert lent(desk) == [known, ("lead", second, desk.day(2), desk.day(5))]
    desk.post(MINE, f"/people/shequ1/posts/{given}/end")
    assert lent(desk) == [known]
    desk.post(MINE, "/people/shequ1/posts", **body)
    assert lent(desk) == [known, ("lead", second, desk.day(2), desk.day(9))]


def test_a_deputys_own_post_that_ends_goes_on_for_the_leave(desk: Desk) -> None:
    place = {"role": "lead", "organisation": desk.town.community()}
    own = desk.post(MINE, "/people/wangge11/posts", **place)["posts"][-1]["id"]
    desk.post(MINE, "/people/shequ1/leave", **leave(desk, 0, 9))
    assert lent(desk) == []
    desk.post(MINE, f"/people/wangge11/posts/{own}/end", on=desk.day(4))
    assert lent(desk) == [("lead", desk.town.community(), desk.day(4), desk.day(9))]


def test_who_stands_in_for_two_goes_on_for_the_other(desk: Desk) -> None:
    place = desk.town.community()
    desk.post(MINE, "/people/wangge12/posts", role="lead", organisation=place)
    first = desk.post(MINE, "/people/shequ1/leave", **leave(desk, 0, 5))["leaves"][0]["id"]
    desk.post(MINE, "/people/wangge12/leave", **leave(desk, 0, 9))
    desk.clock.move(timedelta(days=1))
    desk.post(MINE, f"/people/shequ1/leave/{first}/end")
    held = [one for one in lent(desk) if one[0] == "lead"]
    for ahead in range(8):
        day = desk.day(ahead)
        assert len([one for one in held if one[2] <= day < one[3]]) == 1
    assert dispatches(desk, "wangge11") == 200


def test_who_stands_in_is_not_closed_nor_a_lent_post_ended(desk: Desk) -> None:
    """The leave is ended first, or somebody else stands in."""
    away = desk.post(MINE, "/people/shequ1/leave", **leave(desk, 1, 9))["leaves"][0]["id"]
    posts = desk.get(MINE, "/people/wangge11")["posts"]
    borrowed = next(one["id"] for one in posts if one["deputises"])
    for path in ("/people/wangge11/deactivate", f"/people/wangge11/posts/{borrowed}/end"):
        refused = desk.ask("POST", MINE, path, {})
        assert (refused.status_code, refused.get_json()["code"]) == (409, "deputising")
        told = refused.get_json()["detail"]
        assert f"从 {desk.day(1)} 到 {desk.day(9)} 代理" in told and "shequ1" in told
    assert desk.get(MINE, "/people/wangge11")["active"] is True
    desk.post(MINE, f"/people/shequ1/leave/{away}/end")
    desk.post(MINE, "/people/wangge11/deactivate")


def test_a_load_leaves_the_deputy_and_tells_of_new_posts(desk: Desk, tmp_path: Path) -> None:
    """No file can name a lent post; what it gives to or takes from the absent, the deputy has."""
    desk.post(MINE, "/people/shequ1/leave", **leave(desk, 0, 9))
    first, second = desk.town.community(), desk.town.community("002")
    known = ("lead", first, desk.day(), desk.day(9))
    write_township(tmp_path)
    table = tmp_path / "people.csv"
    as_written = table.read_text(encoding="utf-8-sig")
    row = next(line for line in as_written.splitlines() if line.startswith("shequ1,"))

    def loaded(text: str) -> str:
        table.write_text(text, encoding="utf-8")
        arguments = ["township", "load", str(tmp_path), "--retire-missing"]
        done = desk.app.test_cli_runner().invoke(args=arguments)
        assert done.exit_code == 0, done.output
        return done.output

    assert "wangge11" not in loaded(as_written)
    assert lent(desk) == [known]
    loaded(f"{as_written}{row.replace(first, second)}\r\n")
    assert lent(desk) == [known, ("lead", second, desk.day(), desk.day(9))]
    loaded(as_written)
    assert lent(desk) == [known]


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
    by_the_judged = leave(desk, 0, 3, "wuye11")
    answer = desk.refused("POST", COUNTY, "/people/shequ1/leave", **by_the_judged)
    assert answer == (422, "leave_impossible")
    desk.post(COUNTY, "/people/wangge11/deactivate")
    assert asked(leave(desk, 0, 3)) == (422, "leave_impossible")
    desk.post(MINE, "/people/wangge12/leave", **leave(desk, 2, 4, "shequ2"))
    assert asked(leave(desk, 3, 5, "wangge12")) == (422, "leave_impossible")
    desk.post(MINE, "/people/shequ1/leave", **leave(desk, 4, 6, "wangge12"))
    assert asked(leave(desk, 5, 7, "shequ2")) == (409, "leave_overlaps")
