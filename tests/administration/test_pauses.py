"""Who orders, ends and reads pauses, and what the log says of it."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from app.kernel.db import db, unit_of_work
from app.people.models import Post
from tests.administration.desks import COUNTY, MINE, OTHER, Desk
from tests.tickets.stories import WEDNESDAY


@pytest.fixture(autouse=True)
def _on_wednesday(desk: Desk) -> None:
    """Nine o'clock, and everybody has held their posts for long, whatever day it is outside."""
    desk.clock.set(WEDNESDAY)
    with desk.app.app_context():
        with unit_of_work() as session:
            session.execute(update(Post).values(from_on=date(2020, 1, 1)))
        db.session.remove()


def times(hours_from: float, hours_to: float) -> dict[str, str]:
    """From and to, in hours from Wednesday at nine."""
    return {
        "from": (WEDNESDAY + timedelta(hours=hours_from)).isoformat(),
        "to": (WEDNESDAY + timedelta(hours=hours_to)).isoformat(),
    }


def body(desk: Desk, **said: Any) -> dict[str, Any]:
    """A day's pause in the first community."""
    paper = {"document": "镇创建〔2026〕25号", "reason": "寒潮红色预警"}
    return {"organisation": desk.town.community(), **paper, **times(1, 25), **said}


def order(desk: Desk, who: str = MINE, **said: Any) -> Any:
    return desk.post(who, "/pauses", **body(desk, **said))


def documents(desk: Desk, who: str, query: str = "") -> list[str]:
    return [one["document"] for one in desk.get(who, f"/pauses?{query}")["items"]]


def test_what_is_said_is_answered_and_logged(desk: Desk) -> None:
    made = order(desk, categories=["01-36", "01-10", "01-36"])
    assert made["organisation"]["code"] == desk.town.community()
    assert made["categories"] == [
        {"code": "01-10", "name": "暴露垃圾"}, {"code": "01-36", "name": "乱堆物堆料"},
    ]  # fmt: skip
    assert (made["from"], made["to"]) == tuple(times(1, 25).values())
    assert (made["made_by"]["username"], made["ended_at"], made["ended_by"]) == (MINE, None, None)
    desk.clock.move(timedelta(hours=2))
    ended = desk.post(COUNTY, f"/pauses/{made['id']}/end")
    assert ended["to"] == ended["ended_at"] == (WEDNESDAY + timedelta(hours=2)).isoformat()
    assert ended["ended_by"]["username"] == COUNTY
    assert desk.get(MINE, "/pauses")["items"] == [ended]
    end, create = desk.changes(MINE, "&kind=pause")
    assert (create["action"], create["before"], create["subject"]) == (
        "create", None, "镇创建〔2026〕25号",
    )  # fmt: skip
    assert create["after"] == end["before"]
    assert create["after"]["categories"] == ["01-10", "01-36"]
    assert (end["action"], end["after"] | {"to": made["to"]}) == ("end", end["before"])
    assert end["organisation"]["code"] == desk.town.community()


def test_who_administers_the_place(desk: Desk) -> None:
    for who in ("ducha1", "shequ1", "wangge11", "wuye11"):
        assert desk.refused("POST", who, "/pauses", **body(desk)) == (403, "not_allowed")
    unknown = (422, "organisation_unknown")
    assert desk.refused("POST", OTHER, "/pauses", **body(desk)) == unknown
    countywide = body(desk, organisation="340299")
    assert desk.refused("POST", MINE, "/pauses", **countywide) == (403, "not_allowed")
    pause, above = order(desk), order(desk, COUNTY, organisation="340299")
    order(desk, MINE, organisation=desk.town.code)
    path = f"/pauses/{pause['id']}/end"
    assert desk.refused("POST", "shequ1", path) == (403, "not_allowed")
    assert desk.refused("POST", OTHER, path) == (404, "not_found")
    assert desk.refused("POST", MINE, f"/pauses/{above['id']}/end") == (403, "not_allowed")
    for nothing in (uuid4(), "x"):
        assert desk.refused("POST", MINE, f"/pauses/{nothing}/end") == (404, "not_found")


def test_who_reads_which(desk: Desk) -> None:
    order(desk, document="社区")
    order(desk, document="镇", organisation=desk.town.code)
    order(desk, COUNTY, document="县", organisation="340299")
    order(desk, COUNTY, document="他镇", organisation=desk.other.code)
    mine, other = ["县", "镇", "社区"], ["他镇", "县"]
    assert documents(desk, COUNTY) == ["他镇", *mine]
    for who in (MINE, "ducha1", "shequ1", "shequ2"):
        assert documents(desk, who) == mine, who
    assert documents(desk, OTHER) == documents(desk, "t102shequ1") == other
    for who in ("wangge11", "wuye11", "zhifa1"):
        assert desk.refused("GET", who, "/pauses") == (403, "not_allowed")
    assert documents(desk, "shequ1", f"organisation={desk.town.community()}") == mine
    assert documents(desk, "shequ1", f"organisation={desk.town.community('002')}") == mine[:2]
    assert documents(desk, COUNTY, "organisation=340299") == ["他镇", *mine]
    hidden = f"/pauses?organisation={desk.town.code}"
    assert desk.refused("GET", OTHER, hidden) == (404, "not_found")
    first = desk.get(MINE, "/pauses?limit=2")
    second = desk.get(MINE, f"/pauses?limit=2&cursor={first['next_cursor']}")
    assert [one["document"] for one in first["items"] + second["items"]] == mine
    assert second["next_cursor"] is None


def test_what_cannot_be_ordered(desk: Desk) -> None:

    def said(**more: Any) -> tuple[int, str]:
        return desk.refused("POST", COUNTY, "/pauses", **body(desk, **more))

    invalid = (422, "invalid_input")
    assert said(categories=[]) == said(categories=["01-36", "00-00"]) == invalid
    assert said(document=" ") == said(reason="") == said(document="一\n二") == invalid
    assert said(**{"from": "2026-11-25T10:00:00"}) == invalid
    assert said(organisation=f"{desk.town.code}-G1") == (422, "organisation_misplaced")
    assert said(organisation="WY299001") == (422, "organisation_misplaced")
    assert said(organisation="nowhere") == (422, "organisation_unknown")
    assert said(**times(5, 4)) == (422, "bad_dates")
    assert documents(desk, COUNTY) == []
    assert desk.changes(COUNTY, "&kind=pause") == []


def test_the_same_request_again_orders_one(desk: Desk) -> None:
    answers = [desk.ask("POST", MINE, "/pauses", body(desk), key="one") for _ in range(2)]
    assert answers[0].get_json() == answers[1].get_json()
    assert len(documents(desk, MINE)) == 1
