"""One digest a day at most: from Thursday to wardens, on Monday to leads, over HTTP."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import insert, select, update

from app.grid.models import CellWarden
from app.jobs.worker import Tally
from app.kernel.ids import new_id
from app.people.models import Organisation, Person, Post, Role
from tests.tickets.stories import Json, Stories, at
from tests.tickets.test_pauses import order

Work = Callable[..., Tally]
CLOCKWORK = ("daily_digests",)

WARDENS = ("wangge11", "wangge12")


def digests(stories: Stories, who: str) -> list[Json]:
    items = stories.get(who, "/notices").get_json()["items"]
    return [item for item in items if item["kind"] == "digest"]


def text(stories: Stories, who: str) -> str:
    """The one digest of somebody, not read yet; then it is read."""
    (told,) = digests(stories, who)
    assert told["read_at"] is None and told["ticket"] is None
    assert stories.get(who, "/me").get_json()["unread"] >= 1
    stories.post(who, "/notices/read", {})
    return str(told["text"])


def nothing_new(stories: Stories, *who: str) -> None:
    assert [one for each in who for one in digests(stories, each) if one["read_at"] is None] == []


def walk(stories: Stories, number: int = 1, who: str = "wangge11") -> None:
    """A compound of community 001 walked, with nothing wrong."""
    body = {"compound": stories.code("001", number), "all_fine": True}
    answer = stories.post(who, "/rounds", body)
    assert answer.status_code == 201, answer.text


def named(stories: Stories) -> list[str]:
    """The compounds of community 001 due every week."""
    due = stories.get("shequ1", "/coverage").get_json()["items"]
    return [item["compound"]["name"] for item in due]


def test_from_thursday_wardens_hear_what_is_left(stories: Stories, work: Work) -> None:
    work("11-25 13:00")
    nothing_new(stories, *WARDENS, "shequ1")
    every = named(stories)
    walk(stories, 1)
    work("11-26 12:10")
    nothing_new(stories, *WARDENS, "shequ1")
    work("11-26 12:25")
    said = text(stories, "wangge11") + text(stories, "wangge12")
    assert "第 48 周（11月23日至11月29日）还有" in said
    assert every[0] not in said and all(name in said for name in every[1:])
    nothing_new(stories, "shequ1", "wuye11", "ducha1", "guanli")
    for when in ("11-26 12:30", "11-26 20:00", "11-26 12:25", "11-27 09:00"):
        work(when, when)
        nothing_new(stories, *WARDENS)
    for number in range(2, len(every) + 1):
        walk(stories, number)
    work("11-27 12:25")
    nothing_new(stories, *WARDENS)
    assert "第 48 周" in text(stories, "wangge21")
    work("11-28 12:25")
    nothing_new(stories, "wangge21")


def test_a_cell_s_wardens_hear_of_their_own(stories: Stories, work: Work) -> None:
    work("11-26 12:25")
    cells = {}
    for who in WARDENS:
        cells[who] = {
            item["compound"]["code"]
            for item in stories.get("shequ1", "/coverage").get_json()["items"]
            if who in _wardens_of(stories, item["compound"]["code"])
        }
        said = text(stories, who)
        assert f"还有 {len(cells[who])} 个小区" in said
    assert cells["wangge11"] and cells["wangge12"]


def _wardens_of(stories: Stories, compound: str) -> list[str]:
    """By the cells that a compound lies in; without any, all of the community."""
    detail = stories.get("shequ1", f"/compounds/{compound}").get_json()
    codes = {cell["code"] for cell in detail["cells"]}
    found = [
        who for cell in stories.town.township.cells if cell.code in codes for who in cell.wardens
    ]
    return found or list(WARDENS)


def test_on_monday_leads_hear_of_the_week_before(stories: Stories, work: Work) -> None:
    every = named(stories)
    walk(stories, 1)
    work("11-30 12:25")
    said = text(stories, "shequ1")
    count = len(every)
    assert f"第 48 周（11月23日至11月29日）应巡查 {count} 个小区，走完 1 个" in said
    assert f"覆盖率 {100 // count}%" in said and every[0] not in said.split("没有走完的")[1]
    assert "走完 0 个" in text(stories, "shequ2")
    nothing_new(stories, *WARDENS, "ducha1", "guanli")
    work("12-01 12:25")
    nothing_new(stories, "shequ1")


def test_all_walked_is_said_too(stories: Stories, work: Work) -> None:
    for number in range(1, len(named(stories)) + 1):
        walk(stories, number)
    work("11-30 12:25")
    assert "覆盖率 100%，全部走完。" in text(stories, "shequ1")


def test_on_leave_the_deputy_hears_of_it(stories: Stories, work: Work) -> None:
    for who, deputy in (("shequ1", "shequ2"), ("wangge11", "wangge12")):
        body = {"from_on": "2026-11-26", "to_on": "2026-12-02", "deputy": deputy}
        assert stories.post("guanli", f"/people/{who}/leave", body).status_code == 201
    work("11-26 12:25")
    count = len(named(stories))
    nothing_new(stories, "wangge11")
    assert f"还有 {count} 个小区" in text(stories, "wangge12")
    work("11-30 12:25")
    nothing_new(stories, "shequ1")
    # Both communities, in one digest.
    assert text(stories, "shequ2").count("第 48 周") == 2


def test_no_holiday_and_no_paused_week(stories: Stories, work: Work) -> None:
    """National Day 2026 is from Thursday 1 to Wednesday 7 October."""
    stories.now(at("09-30 08:00"))
    work("09-30 12:25")
    assert all("第 40 周" in text(stories, who) for who in WARDENS)
    for when in ("10-01 12:25", "10-02 12:25", "10-05 12:25", "10-07 12:25"):
        work(when)
        nothing_new(stories, *WARDENS, "shequ1")
    work("10-08 12:25")
    assert "第 40 周" in text(stories, "shequ1")
    assert all("第 41 周" in text(stories, who) for who in WARDENS)
    stories.now(at("11-22 09:00"))
    order(stories, "11-23 00:00", "11-30 00:00")
    work("11-26 12:25")
    nothing_new(stories, *WARDENS)
    assert "还有" in text(stories, "wangge21")


def test_who_is_both_has_one_digest(stories: Stories, work: Work) -> None:
    """A week worked on Thursday alone: the week before, and what is left of this one."""
    person = select(Person.id).where(Person.username == "wangge11").scalar_subquery()
    home = select(Organisation.id).where(Organisation.code == stories.town.community())
    lead = {"id": new_id(), "person_id": person, "role": Role.lead,
            "organisation_id": home.scalar_subquery(), "from_on": date(2020, 1, 1)}  # fmt: skip
    stories.change(insert(Post).values(lead))
    stories.now(at("10-08 08:00"))
    work("10-08 12:25")
    said = text(stories, "wangge11")
    assert "第 40 周" in said and "第 41 周" in said and said.index("40") < said.index("41")


@pytest.mark.parametrize(
    ("woken", "again", "next_day"),
    [("11-26 20:00", "11-26 20:30", "11-27 12:25"), ("11-26 23:00", "11-27 08:05", "11-27 12:25")],
)
def test_a_worker_that_was_down_at_noon(
    stories: Stories, work: Work, woken: str, again: str, next_day: str
) -> None:
    """It makes up for the day's digest, at night in the morning; and still one a day."""
    work("11-26 09:00")
    work(woken)
    work(again)
    assert "第 48 周" in text(stories, "wangge11")
    work(next_day)
    if again.startswith("11-27"):
        nothing_new(stories, "wangge11")
    else:
        assert "第 48 周" in text(stories, "wangge11")


def test_a_week_that_nobody_was_told_of_is_told_on_the_next_working_day(
    stories: Stories, work: Work
) -> None:
    """The worker was down from Friday to Tuesday."""
    work("11-23 12:25")
    assert "第 47 周" in text(stories, "shequ1")
    work("12-01 12:25")
    assert "第 48 周" in text(stories, "shequ1")
    work("12-02 12:25")
    nothing_new(stories, "shequ1")


def test_a_cell_without_wardens_is_everybody_s(stories: Stories, work: Work) -> None:
    stories.change(update(CellWarden).values(to_on=date(2026, 11, 1)))
    work("11-26 12:25")
    count = len(named(stories))
    for who in WARDENS:
        assert f"还有 {count} 个小区" in text(stories, who)
