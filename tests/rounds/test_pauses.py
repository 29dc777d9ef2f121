"""Weeks that pauses cover wholly: no round is due.

The township has six compounds that are walked weekly, three of them in the first community; it is
Wednesday of 2026-W48, which begins on 23 November.
"""

from typing import Any

from tests.rounds.walks import Walks, at

COUNTY = "340299"


def order(walks: Walks, from_: str, to: str, **said: Any) -> dict[str, Any]:
    """A pause in the first community, unless said."""
    body = {
        "organisation": walks.town.community(),
        "document": "镇创建〔2026〕25号",
        "reason": "寒潮红色预警",
        "from": at(from_).isoformat(),
        "to": at(to).isoformat(),
    }
    answer = walks.post("guanli", body | said, path="/pauses")
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.get_json()
    return made


def due(walks: Walks, *weeks: str) -> list[int]:
    """How many compounds of the town are due in weeks."""
    return [walks.coverage("ducha1", week=week)["due"] for week in weeks]


def test_a_week_paused_wholly_is_not_due(walks: Walks) -> None:
    walks.walk("wangge21", walks.code("002"), all_fine=True)
    order(walks, "2026-11-23 00:00", "2026-12-07 00:00")
    assert due(walks, "2026-W47", "2026-W48", "2026-W49", "2026-W50") == [6, 3, 3, 6]
    coverage = walks.coverage("ducha1")
    assert (coverage["covered"], coverage["rate"]) == (1, 1 / 3)
    assert not {one["organisation"]["code"] for one in coverage["items"]} & {walks.town.community()}
    summary = walks.get("ducha1", "/coverage/summary", organisation=walks.town.code, weeks=2)
    figures = {
        line["organisation"]["code"]: [week["due"] for week in line["weeks"]]
        for line in summary.get_json()["items"]
    }
    assert figures[walks.town.community()] == [3, 0]
    assert figures[walks.town.community("002")] == [2, 2]


def test_an_hour_that_is_not_paused_is_enough(walks: Walks) -> None:
    order(walks, "2026-11-23 01:00", "2026-11-30 00:00")
    order(walks, "2026-11-30 00:00", "2026-12-06 23:00")
    assert due(walks, "2026-W48", "2026-W49") == [6, 6]
    order(walks, "2026-11-23 00:00", "2026-11-25 12:00")
    assert due(walks, "2026-W48", "2026-W49") == [3, 6]


def test_pauses_of_the_place_and_above_it_cover_a_week_together(walks: Walks) -> None:
    order(walks, "2026-11-23 00:00", "2026-11-26 12:00", organisation=walks.town.code)
    assert due(walks, "2026-W48") == [6]
    order(walks, "2026-11-26 12:00", "2026-11-30 00:00")
    assert due(walks, "2026-W48") == [3]
    order(walks, "2026-11-26 09:00", "2026-11-30 00:00", organisation=COUNTY)
    assert due(walks, "2026-W48") == [0]


def test_nothing_due_has_no_rate(walks: Walks) -> None:
    pause = order(walks, "2026-11-23 00:00", "2026-12-07 00:00", organisation=COUNTY)
    coverage = walks.coverage("ducha1")
    assert (coverage["due"], coverage["rate"], coverage["items"]) == (0, None, [])
    walks.walk("wangge11", all_fine=True)
    assert walks.coverage("ducha1")["due"] == 0
    ended = walks.post("guanli", {"at": at("2026-11-29 08:00").isoformat()},
                       path=f"/pauses/{pause['id']}/end")  # fmt: skip
    assert ended.status_code == 200
    assert due(walks, "2026-W48", "2026-W49") == [6, 6]
    assert walks.coverage("ducha1")["covered"] == 1


def test_a_pause_of_some_categories_stops_no_rounds(walks: Walks) -> None:
    order(walks, "2026-11-23 00:00", "2026-11-30 00:00", categories=["01-36"])
    assert due(walks, "2026-W48") == [6]
