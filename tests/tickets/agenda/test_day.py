"""A responsible organisation's day: by compound and urgency, and what became of what it asked."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import insert, select, update

from app.grid.models import CompanyContract, Compound
from app.kernel.ids import new_id
from app.people.models import Organisation
from tests.budgets import counted_queries
from tests.tickets.stories import BODY, COMPANY, OTHER_COMPANY, Json, Stories


def day_of(stories: Stories, who: str = "wuye11") -> Json:
    """Somebody's agenda."""
    answer = stories.get(who, "/agenda")
    assert answer.status_code == 200, answer.text
    found: Json = answer.get_json()
    return found


def numbers(tickets: list[Json]) -> list[str]:
    """The numbers of list items."""
    return [ticket["number"] for ticket in tickets]


def followed(stories: Stories, who: str, link: str) -> list[str]:
    """The numbers of the list that a link leads to."""
    parts = urlsplit(link)
    assert parts.path == "/api/v1/tickets"
    query: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query):
        query.setdefault(name, []).append(value)
    return numbers(stories.listed(who, **query))


def ends(stories: Stories, day: date, successor: str | None = None) -> None:
    """The company leaves the compound of the spot on a day; somebody may follow."""
    compound = select(Compound.id).where(Compound.code == stories.code()).scalar_subquery()
    stories.change(
        update(CompanyContract).where(CompanyContract.compound_id == compound).values(to_on=day)
    )
    if successor is not None:
        company = select(Organisation.id).where(Organisation.code == successor)
        stories.change(
            insert(CompanyContract).values(
                id=new_id(), compound_id=compound, company_id=company.scalar_subquery(), from_on=day
            )
        )


class TestByCompound:
    """Its own tickets, the most urgent compound first."""

    def test_nothing(self, stories: Stories) -> None:
        day = day_of(stories)
        assert set(day["totals"].values()) == {0}
        assert all(day[name] == [] for name in day if isinstance(day[name], list))
        assert day["as_of"].startswith("2026-11-25T09:00:00")

    def test_lights_and_order(self, stories: Stories) -> None:
        slow = stories.report(category="01-91", condition="planted")
        quick = stories.report(category="04-96")
        elsewhere = stories.report(point=stories.street)
        elsewhere = stories.act(
            "shequ1", elsewhere, "dispatch", organisation=COMPANY, note="物业代管"
        )
        stories.report(point=stories.open_ground)
        stories.later(hours=1, minutes=50)
        day = day_of(stories)
        assert [group["compound"]["code"] for group in day["compounds"]] == [
            stories.code("001", 1),
            stories.code("001", 2),
        ]
        first, second = day["compounds"]
        assert numbers(first["tickets"]) == [quick["number"], slow["number"]]
        assert numbers(second["tickets"]) == [elsewhere["number"]]
        assert (first["yellow"], first["green"], first["red"]) == (1, 1, 0)
        stories.later(days=2)
        day = day_of(stories)
        assert (day["totals"]["red"], day["totals"]["green"]) == (2, 1)
        assert [group["red"] for group in day["compounds"]] == [1, 1]

    def test_only_one_s_own(self, stories: Stories) -> None:
        mine = stories.report()
        theirs = stories.act(
            "shequ1", stories.report(), "dispatch", organisation=OTHER_COMPANY, note="再派"
        )
        streets = stories.report(point=stories.open_ground)
        for who, ticket in (("wuye11", mine), ("wuye21", theirs), ("wangge12", streets)):
            (group,) = day_of(stories, who)["compounds"]
            assert numbers(group["tickets"]) == [ticket["number"]]

    def test_the_list_goes_on(self, stories: Stories) -> None:
        photo = stories.photo("wangge11", stories.spot)
        made = [stories.report(photo_ids=[photo]) for _ in range(7)]
        outside = [stories.report(point=stories.open_ground) for _ in range(6)]
        # Seen as it was left, and no longer theirs.
        given_away = stories.report(photo_ids=[photo])
        stories.act("shequ1", given_away, "dispatch", organisation=OTHER_COMPANY, note="再派")
        for who, tickets in (("wuye11", made), ("shequ1", outside)):
            (group,) = day_of(stories, who)["compounds"]
            assert (len(group["tickets"]), group["more"]) == (5, len(tickets) - 5)
            assert set(followed(stories, who, group["listed"])) == set(numbers(tickets))
        assert day_of(stories, "shequ1")["compounds"][0]["compound"] is None

    def test_what_was_referred_has_a_light_of_its_own_day(self, stories: Stories) -> None:
        until = stories.clock() + timedelta(days=2)
        ticket = stories.act("shequ1", stories.report(), "refer", organisation=BODY, until=until)
        stories.later(days=3)
        day = day_of(stories, "zhifa1")
        assert day["totals"]["red"] == 1
        (item,) = day["compounds"][0]["tickets"]
        assert (item["number"], item["light"]) == (ticket["number"], "red")

    def test_what_stands_still_is_counted_apart(self, stories: Stories) -> None:
        until = stories.clock() + timedelta(days=20)
        stories.act("ducha1", stories.report(), "suspend", note="待审批", until=until)
        day = day_of(stories)
        assert (day["totals"]["suspended"], day["compounds"]) == (1, [])

    def test_no_company_learns_who_reported(self, stories: Stories) -> None:
        stories.report()
        (group,) = day_of(stories)["compounds"]
        assert group["tickets"][0]["reported_by"] is None


class TestAnswers:
    """What it contests, what was decided, what came back."""

    def test_contested_then_decided(self, stories: Stories) -> None:
        one, two, three = (stories.report() for _ in range(3))
        until = stories.clock() + timedelta(days=9)
        stories.act("wuye11", one, "send_back", note="不是我们的")
        for ticket in (two, three):
            stories.later(minutes=1)
            stories.act("wuye11", ticket, "request_extension", note="等配件", until=until)
        day = day_of(stories)
        assert numbers(day["contested"]) == numbers([three, two, one])
        assert day["contested"][2]["pending"]["reason"] == "不是我们的"
        assert (day["totals"]["contested"], day["decided"]) == (3, [])
        pending = {"pending": ["request_extension", "send_back"]}
        assert set(numbers(stories.listed("wuye11", **pending))) == set(numbers([one, two, three]))
        assert numbers(stories.listed("wuye11", pending="send_back")) == [one["number"]]
        for ticket, action in (
            (one, "accept_send_back"),
            (two, "grant_extension"),
            (three, "refuse_extension"),
        ):
            stories.later(minutes=1)
            stories.act("shequ1", stories.see("shequ1", ticket), action, note="看过了")
        day = day_of(stories)
        assert day["contested"] == []
        assert [
            (each["ticket"]["number"], each["kind"], each["decision"], each["reason"])
            for each in day["decided"]
        ] == [
            (three["number"], "request_extension", "refused", "看过了"),
            (two["number"], "request_extension", "granted", "看过了"),
            (one["number"], "send_back", "accepted", "看过了"),
        ]
        assert datetime.fromisoformat(day["decided"][1]["due_at"]) == until
        assert day["decided"][2]["ticket"]["responsible"] is None
        assert day_of(stories, "wuye21")["decided"] == []

    def test_fourteen_days(self, stories: Stories) -> None:
        ticket = stories.act("wuye11", stories.report(), "send_back", note="不是我们的")
        stories.act("shequ1", ticket, "refuse_send_back", note="是你们的")
        stories.later(days=14)
        assert [each["decision"] for each in day_of(stories)["decided"]] == ["refused"]
        stories.later(minutes=1)
        assert day_of(stories)["decided"] == []

    def test_what_another_asked_for_later_is_theirs(self, stories: Stories) -> None:
        ticket = stories.act("wuye11", stories.report(), "send_back", note="不是我们的")
        ticket = stories.act("shequ1", ticket, "accept_send_back")
        ticket = stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY)
        ticket = stories.act("wuye21", ticket, "send_back", note="也不是我们的")
        stories.act("shequ1", ticket, "refuse_send_back", note="就是你们的")
        assert [each["decision"] for each in day_of(stories)["decided"]] == ["accepted"]
        assert [each["decision"] for each in day_of(stories, "wuye21")["decided"]] == ["refused"]

    def test_returned(self, stories: Stories) -> None:
        ticket = stories.act("wuye11", stories.report(), "rectify")
        stories.act("shequ1", ticket, "return", note="没有清干净")
        (back,) = day_of(stories)["returned"]
        assert (back["ticket"]["number"], back["reason"]) == (ticket["number"], "没有清干净")

    def test_what_another_did_badly_is_not_one_s_rework(self, stories: Stories) -> None:
        ticket = stories.act("wuye11", stories.report(), "rectify")
        ticket = stories.act("shequ1", ticket, "return", note="没有清干净")
        stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY, note="换一家")
        for who in ("wuye11", "wuye21"):
            assert day_of(stories, who)["returned"] == []


class TestAssigned:
    """Each finds what is assigned to them."""

    def test_me_and_others(self, stories: Stories) -> None:
        one, two = stories.report(), stories.report()
        for ticket, who in ((one, "wuye11"), (two, "wuye12")):
            stories.act("wuye11", ticket, "assign", person=stories.person(who))
        assert numbers(stories.listed("wuye11", assignee="me")) == [one["number"]]
        for who in ("wuye11", "shequ1"):
            others = stories.listed(who, assignee=stories.person("wuye12"))
            assert numbers(others) == [two["number"]]
        assert stories.listed("ducha1", assignee="me") == []
        assert day_of(stories)["totals"]["assigned_to_me"] == 1
        assert stories.get("wuye11", "/tickets", assignee="wuye12").status_code == 422

    def test_whoever_handed_it_over_is_not_told_whom_it_is_assigned_to(
        self, stories: Stories
    ) -> None:
        ticket = stories.act(
            "shequ1", stories.report(), "dispatch", organisation=OTHER_COMPANY, note="换一家"
        )
        person = stories.person("wuye21")
        stories.act("wuye21", ticket, "assign", person=person)
        assert stories.listed("wuye11", assignee=person) == []
        assert stories.listed("wuye11", pending="send_back") == []


class TestHandedOver:
    """A contract that ends leaves its tickets behind until they are dispatched again."""

    @pytest.mark.parametrize("successor", [None, OTHER_COMPANY])
    def test_both_sides_see_them(self, stories: Stories, successor: str | None) -> None:
        ticket = stories.report()
        day = stories.clock().date() + timedelta(days=1)
        ends(stories, day, successor)
        assert day_of(stories)["handed_over"] == day_of(stories, "shequ1")["to_hand_over"] == []
        stories.later(days=1)
        (ours,) = day_of(stories)["handed_over"]
        (leads,) = day_of(stories, "shequ1")["to_hand_over"]
        for each in (ours, leads):
            assert each["compound"]["code"] == stories.code()
            assert each["company"]["code"] == COMPANY
            assert each["ended_on"] == f"{day}"
            followers = [company["code"] for company in each["successors"]]
            assert followers == ([successor] if successor else [])
            assert numbers(each["tickets"]) == [ticket["number"]]
        assert followed(stories, "shequ1", leads["listed"]) == [ticket["number"]]
        assert day_of(stories)["to_hand_over"] == day_of(stories, "shequ1")["handed_over"] == []
        for who in ("shequ2", "wangge12", "wuye21"):
            told = day_of(stories, who)
            assert told["to_hand_over"] == told["handed_over"] == []
        to = successor or stories.town.community()
        seen = stories.see("shequ1", ticket)
        stories.act("shequ1", seen, "dispatch", organisation=to, note="换了物业")
        assert day_of(stories)["handed_over"] == day_of(stories, "shequ1")["to_hand_over"] == []

    def test_a_company_that_never_had_the_compound_was_chosen(self, stories: Stories) -> None:
        ticket = stories.report()
        stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY, note="代办")
        assert day_of(stories, "wuye21")["handed_over"] == []
        assert day_of(stories, "shequ1")["to_hand_over"] == []

    def test_a_contract_that_was_renewed_goes_on(self, stories: Stories) -> None:
        stories.report()
        ends(stories, stories.clock().date(), COMPANY)
        assert day_of(stories)["handed_over"] == []


@pytest.mark.parametrize("who", ["ducha1", "guanli"])
def test_who_is_never_responsible_has_no_agenda(stories: Stories, who: str) -> None:
    assert stories.get(who, "/agenda").status_code == 403


def test_it_takes_ten_queries_whatever_there_is(stories: Stories) -> None:
    photo = stories.photo("wangge11", stories.spot)
    for number in range(12):
        ticket = stories.report(photo_ids=[photo])
        if number % 3 == 0:
            ticket = stories.act("wuye11", ticket, "send_back", note="不是我们的")
            if number % 2:
                stories.act("shequ1", ticket, "refuse_send_back", note="是")
        elif number % 3 == 1:
            ticket = stories.act("wuye11", ticket, "rectify")
            stories.act("shequ1", ticket, "return", note="没有清干净")
        else:
            stories.report(point=stories.open_ground)
    ends(stories, stories.clock().date(), OTHER_COMPANY)
    for who in ("wuye11", "shequ1", "wangge11"):
        stories.headers(who)
        with counted_queries(stories.app) as statements:
            day = day_of(stories, who)
        assert len(statements) <= 10, "\n\n".join(statements)
        assert day["compounds"]
