"""What waits for a decision: who is shown what, in which order, and page by page."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app.kernel.db import unit_of_work
from app.people.models import Role
from app.tickets.models import SecondLook, Ticket
from tests.budgets import counted_queries
from tests.people.posts import add_post, give
from tests.tickets.stories import COMPANY, OTHER_COMPANY, Json, Stories, code_of, north_of, picture

URGENT, ILLEGAL = "04-96", "01-01"


def queue(stories: Stories, who: str, **query: Any) -> list[Json]:
    """All that waits for somebody, page by page."""
    items: list[Json] = []
    cursor: Json = {}
    while True:
        answer = stories.get(who, "/review", **query, **cursor)
        assert answer.status_code == 200, answer.text
        page = answer.get_json()
        assert page["count"] >= len(page["items"])
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = {"cursor": page["next_cursor"]}


def ids(items: list[Json]) -> list[str]:
    """The ids of tickets that wait."""
    return [item["ticket"]["id"] for item in items]


def why(item: Json) -> list[str]:
    """Why a ticket waits."""
    return [reason["code"] for reason in item["reasons"]]


def rectified(stories: Stories, who: str = "wuye11", metres: float = 0, **said: Any) -> Json:
    """A ticket put right, with an after-photo so many metres away."""
    ticket = stories.report(**said)
    photo = stories.photo(who, north_of(stories.point_of(ticket), metres))
    return stories.act(who, ticket, "rectify", photo_ids=[photo])


def to_look_at_again(stories: Stories, ticket: Json) -> None:
    """Makes a closure one of the share that is looked at again."""
    stories.change(
        update(Ticket).where(Ticket.id == UUID(ticket["id"])).values(second_look=SecondLook.waiting)
    )


@pytest.fixture
def waiting(stories: Stories) -> dict[str, Json]:
    """A ticket for each reason, the least risky first."""
    made = {"late": rectified(stories)}
    stories.later(days=5)
    made["ordinary"] = rectified(stories)
    looked_at = rectified(stories)
    made["second_look"] = stories.act("shequ1", looked_at, "close")
    to_look_at_again(stories, looked_at)
    made["illegal_building"] = rectified(stories, category=ILLEGAL, condition="built")
    made["urgent"] = rectified(stories, category=URGENT)
    for reason, metres in (("needs_review", 300), ("contradicted", 2000)):
        made[reason] = rectified(stories, "wangge12", metres, point=stories.open_ground)
    plain = rectified(stories, category="01-10")
    made["closed"] = stories.act("wangge12", plain, "close")
    return made


RISKY = ["contradicted", "needs_review", "urgent", "illegal_building", "second_look", "late"]


def test_a_supervisor_sees_what_is_risky_in_its_order(
    stories: Stories, waiting: dict[str, Json]
) -> None:
    found = queue(stories, "ducha1")
    assert ids(found) == [waiting[name]["id"] for name in RISKY]
    assert [why(item) for item in found] == [[name] for name in RISKY]
    assert found[0]["reasons"] == [{"code": "contradicted", "label": "照片与事实不符"}]
    assert all({"close", "confirm"} & set(item["ticket"]["allowed_actions"]) for item in found)
    assert ids(queue(stories, "ducha1", limit=1)) == ids(found)
    for name in RISKY:
        assert ids(queue(stories, "ducha1", reason=name)) == [waiting[name]["id"]]


def test_a_lead_checks_all_of_the_community_and_nothing_else(
    stories: Stories, waiting: dict[str, Json]
) -> None:
    found = queue(stories, "shequ1")
    order = [name for name in (*RISKY, "ordinary") if name != "second_look"]
    assert ids(found) == [waiting[name]["id"] for name in order]
    assert why(found[-1]) == ["check"]
    assert queue(stories, "shequ2") == []
    assert ids(queue(stories, "shequ1", reason="check"))[-1] == waiting["ordinary"]["id"]


def test_decided_is_gone_and_the_pages_after_it_stay(
    stories: Stories, waiting: dict[str, Json]
) -> None:
    first = stories.get("ducha1", "/review", limit=2).get_json()
    assert first["count"] == len(RISKY)
    for item, action in zip(first["items"], ("return", "close"), strict=True):
        stories.act("ducha1", item["ticket"], action, note="看过了")
    rest = queue(stories, "ducha1", cursor=first["next_cursor"])
    assert ids(rest) == [waiting[name]["id"] for name in RISKY[2:]]
    again = stories.act("ducha2", stories.see("ducha2", waiting["second_look"]), "confirm")
    assert again["second_look"] == "ok"
    assert waiting["second_look"]["id"] not in ids(queue(stories, "ducha1"))


def test_the_doubts_of_an_earlier_turn_are_over(stories: Stories) -> None:
    done = rectified(stories, "wangge12", 2000, point=stories.open_ground)
    back = stories.act("ducha1", done, "return", note="照片不是这里")
    stories.act("wangge12", back, "rectify")
    assert queue(stories, "ducha1") == []


def test_what_is_doubtful_about_a_photo_by_itself_counts(stories: Stories) -> None:
    data = picture()
    stories.photo("wangge11", stories.spot, data=data)
    again = stories.photo("wangge12", stories.spot, data=data)
    ticket = stories.report("wangge12", photo_ids=[again])
    stories.act("wuye11", ticket, "rectify")
    assert [why(item) for item in queue(stories, "ducha1")] == [["needs_review"]]


def test_several_reasons_are_all_told(stories: Stories) -> None:
    rectified(stories, "wangge12", 2000, point=stories.open_ground, category=URGENT)
    stories.later(days=5)
    (item,) = queue(stories, "ducha1")
    assert why(item) == ["contradicted", "urgent", "late"]


def test_nobody_finds_their_own_work(stories: Stories) -> None:
    """Not what they closed, what they rectified, what their organisation rectified."""
    own = rectified(stories, category=URGENT)
    closed = stories.act("ducha1", own, "close")
    to_look_at_again(stories, closed)
    assert queue(stories, "ducha1") == []
    assert ids(queue(stories, "ducha2")) == [own["id"]]

    by_the_lead = stories.report(point=stories.open_ground)
    stories.act("shequ1", by_the_lead, "rectify")
    by_a_warden = rectified(stories, "wangge12", point=stories.open_ground)
    assert ids(queue(stories, "shequ1")) == [by_a_warden["id"]]

    other = stories.act(
        "shequ1", stories.report(), "dispatch", organisation=OTHER_COMPANY, note="改"
    )
    with stories.app.app_context(), unit_of_work() as session:
        add_post(session, "both", Role.lead, stories.town.community())
        add_post(session, "both", Role.property_staff, COMPANY)
    mine, theirs = rectified(stories), stories.act("wuye21", other, "rectify")
    assert mine["id"] not in ids(queue(stories, "both"))
    assert theirs["id"] in ids(queue(stories, "both"))


def test_a_management_group_decides_what_it_is_given(
    stories: Stories, waiting: dict[str, Json]
) -> None:
    town = stories.town
    with stories.app.app_context(), unit_of_work() as session:
        for username, group in (("given", f"{town.code}-G1"), ("other", f"{town.code}-G2")):
            add_post(session, username, Role.supervisor, group)
        give(session, f"{town.code}-G1", town.community())
        give(session, f"{town.code}-G2", town.community("002"))
    assert ids(queue(stories, "given")) == [waiting[name]["id"] for name in RISKY]
    assert queue(stories, "other") == []
    assert queue(stories, "ducha1", organisation=town.community("002")) == []
    assert len(queue(stories, "ducha1", organisation=town.community())) == len(RISKY)


def test_what_is_asked_wrongly(stories: Stories, waiting: dict[str, Json]) -> None:
    cursor = stories.get("ducha1", "/tickets", limit=1).get_json()["next_cursor"]
    assert code_of(stories.get("ducha1", "/review", cursor=cursor)) == (422, "bad_cursor")
    assert code_of(stories.get("ducha1", "/review", reason="boredom")) == (422, "invalid_input")
    assert code_of(stories.get("ducha1", "/review", organisation="nowhere")) == (404, "not_found")
    assert code_of(stories.get("wuye11", "/review")) == (403, "not_allowed")


@pytest.mark.parametrize("who", ["ducha1", "shequ1"])
def test_it_takes_five_statements_whatever_waits(
    stories: Stories, waiting: dict[str, Json], who: str
) -> None:
    queue(stories, who)
    for limit in (1, 100):
        with counted_queries(stories.app) as statements:
            assert stories.get(who, "/review", limit=limit).status_code == 200
        assert len(statements) <= 5, "\n\n".join(statements)
