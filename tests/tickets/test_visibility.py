"""Who sees which ticket and how much of it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from app.kernel.ids import new_id
from app.people.models import GroupScope, Organisation, Person, Post, Role
from tests.tickets.stories import (
    COMPANY,
    OTHER_COMPANY,
    Json,
    Stories,
    code_of,
    north_of,
    position,
)

EVERYBODY = (
    "wangge11", "wangge12", "shequ1", "wangge21", "shequ2", "shequ4", "ducha1", "wuye11",
    "wuye12", "wuye21", "zhifa1", "guanli", "zuzhang",
)  # fmt: skip


def id_of(code: str) -> Any:
    """An organisation's id, in SQL."""
    return select(Organisation.id).where(Organisation.code == code).scalar_subquery()


def person_id(username: str) -> Any:
    """A person's id, in SQL."""
    return select(Person.id).where(Person.username == username).scalar_subquery()


def give_post(stories: Stories, username: str, role: Role, organisation: str) -> None:
    """A post more."""
    stories.change(
        insert(Post).values(
            id=new_id(),
            person_id=person_id(username),
            role=role,
            organisation_id=id_of(organisation),
            from_on=date(2020, 1, 1),
        )
    )


@pytest.fixture
def group(stories: Stories) -> str:
    """The code of a management group that community 002 is given to; zuzhang supervises in it."""
    code = f"{stories.town.code}-G2"
    hashed = select(Person.password_hash).where(Person.username == "ducha1").scalar_subquery()
    stories.change(
        insert(Person).values(id=new_id(), username="zuzhang", name="组长", password_hash=hashed),
        insert(GroupScope).values(
            id=new_id(),
            group_id=id_of(code),
            organisation_id=id_of(stories.town.community("002")),
            from_on=date(2020, 1, 1),
        ),
    )
    give_post(stories, "zuzhang", Role.supervisor, code)
    return code


@pytest.fixture
def tickets(stories: Stories, group: str) -> dict[str, Json]:
    """Tickets in all kinds of hands, by name."""
    town, community = stories.town, stories.town.community
    second = town.cell("002", 1).centre
    made = {
        "company 1 in community 1": stories.report(),
        "waiting in community 1": stories.report(category="99-99"),
        "community 1 itself": stories.report(point=stories.open_ground),
        "company 2 in community 2": stories.report("wangge21", point=second),
        "by a warden of community 1 in 2": stories.report("wangge11", point=second),
        "by the supervisor": stories.report("ducha1"),
        "village": stories.report("wangge41", point=town.cell("202", 1).centre),
    }
    handed = stories.report()
    made["handed to company 2"] = stories.act(
        "shequ1", handed, "dispatch", organisation=OTHER_COMPANY, note="换公司"
    )
    made["handed to community 2"] = stories.act(
        "ducha1", stories.report(), "dispatch", organisation=community("002"), note="请支援"
    )
    return made


SEEN_BY: dict[str, set[str]] = {
    "wangge11": {
        "company 1 in community 1", "waiting in community 1", "community 1 itself",
        "by a warden of community 1 in 2", "by the supervisor", "handed to company 2",
        "handed to community 2",
    },
    "wangge12": {
        "company 1 in community 1", "waiting in community 1", "community 1 itself",
        "by the supervisor", "handed to company 2", "handed to community 2",
    },
    "wangge21": {
        "company 2 in community 2", "by a warden of community 1 in 2", "handed to community 2",
    },
    "shequ4": {"village"},
    "wuye11": {
        "company 1 in community 1", "by the supervisor", "handed to company 2",
        "handed to community 2",
    },
    "wuye21": {
        "company 2 in community 2", "by a warden of community 1 in 2", "handed to company 2",
    },
    "zhifa1": set(),
    "zuzhang": {"company 2 in community 2", "by a warden of community 1 in 2"},
}  # fmt: skip
SEEN_BY["shequ1"] = SEEN_BY["wangge12"]
SEEN_BY["shequ2"] = SEEN_BY["wangge21"]
SEEN_BY["wuye12"] = SEEN_BY["wuye11"]


def test_a_table_of_viewers_and_tickets(stories: Stories, tickets: dict[str, Json]) -> None:
    names = {ticket["id"]: name for name, ticket in tickets.items()}
    for who in EVERYBODY:
        wanted = SEEN_BY.get(who, set(tickets))
        assert {names[found] for found in stories.ids(who, limit=3)} == wanted, who
        for name, ticket in tickets.items():
            answer = stories.get(who, f"/tickets/{ticket['id']}")
            assert answer.status_code == (200 if name in wanted else 404), (who, name)


def test_of_another_township_nothing(
    stories: Stories, two_towns: Any, tickets: dict[str, Json]
) -> None:
    second = two_towns[1]
    for name in ("wangge11", "shequ1", "ducha1"):
        stranger = second.who(name)
        assert stories.ids(stranger) == []
        for ticket in tickets.values():
            assert stories.get(stranger, f"/tickets/{ticket['id']}").status_code == 404
            answer = stories.try_act(stranger, ticket, "comment", note="?")
            assert code_of(answer) == (404, "not_found")
        assert stories.get(stranger, "/tickets", organisation=stories.town.code).status_code == 404


def test_no_ticket_and_no_ticket_in_sight_look_the_same(stories: Stories) -> None:
    ticket = stories.report()
    hidden = stories.get("wangge21", f"/tickets/{ticket['id']}").get_json()
    for path in ("0190a0a0-0000-7000-8000-000000000000", "nonsense", "%F0%9F%A7%B9"):
        answer = stories.get("wangge21", f"/tickets/{path}")
        assert answer.status_code == 404
        assert answer.get_json() == hidden


def test_a_group_no_longer_in_charge_sees_nothing(
    stories: Stories, tickets: dict[str, Json]
) -> None:
    stories.change(update(GroupScope).values(to_on=date(2026, 11, 25)))
    assert stories.ids("zuzhang") == []


def test_the_reporter_keeps_seeing_what_became_of_it(stories: Stories) -> None:
    ticket = stories.report("wangge21")
    done = stories.act("wangge12", stories.act("wuye11", ticket, "rectify"), "close")
    seen = stories.see("wangge21", done)
    assert (seen["state"], seen["reported_by"]["name"]) == ("closed", "第二社区网格员1")
    assert seen["photos"][1]["photo"]["position"] is not None
    assert stories.ids("wangge21", mine=1) == [ticket["id"]]
    assert stories.get("shequ2", f"/tickets/{ticket['id']}").status_code == 404


class TestCompany:
    """It sees that a round found it, never who."""

    @staticmethod
    def secrets(stories: Stories, who: str) -> list[str]:
        me = stories.get(who, "/me").get_json()
        return [me["id"], me["name"], who]

    def test_the_reporter_is_named_nowhere(self, stories: Stories) -> None:
        lng, lat = stories.spot[0] + 0.0000123, stories.spot[1] + 0.0000077
        taken = "2026-11-25T08:51:23+08:00"
        photo = stories.photo("wangge11", (lng, lat), accuracy_m=7, taken_at=taken)
        ticket = stories.report(photo_ids=[photo], position=position(stories.spot))
        ticket = stories.act("wangge11", ticket, "comment", note="居民也说了")
        ticket = stories.act("wuye11", ticket, "rectify")
        stale = stories.try_act("wuye11", ticket, "recall", version=1)
        assert code_of(stale) == (409, "stale_version")
        looked_at = [
            stories.get("wuye11", f"/tickets/{ticket['id']}"),
            stories.get("wuye11", "/tickets"),
            stories.get("wuye11", "/tickets/nearby", lng=lng, lat=lat),
            stories.get("wuye11", f"/photos/{photo}"),
            stories.try_act("wuye11", ticket, "comment", note="已清"),
            stale,
        ]
        hidden = [*self.secrets(stories, "wangge11"), repr(lng), repr(lat), "08:51:23", "/received"]
        for answer in looked_at:
            text = answer.get_data(as_text=True)
            theirs = text.replace(f"/photos/{ticket['photos'][1]['photo']['id']}/received", "")
            assert not [secret for secret in hidden if secret in theirs], theirs
        seen = looked_at[0].get_json()
        assert seen["reported_by"] is None
        assert [event["actor"] and event["actor"]["name"] for event in seen["timeline"]] == [
            None,
            None,
            "示例甲物业公司员工1",
        ]
        assert seen["timeline"][0]["organisation"]["code"] == stories.town.community()
        before = seen["photos"][0]
        assert before["findings"] == before["photo"]["findings"] == []
        assert before["photo"]["position"] is None
        assert before["photo"]["positions"] == {"device": None, "exif": None}
        assert before["photo"]["taken_at"] == {"device": None, "exif": None}
        assert before["photo"]["urls"]["received"] is None
        assert seen["photos"][1]["photo"]["positions"]["device"] is not None

    @pytest.mark.parametrize("given", [True, False], ids=["by the phone", "by the photo"])
    def test_the_place_is_told_and_not_the_fix(self, stories: Stories, given: bool) -> None:
        exact = (stories.spot[0] + 0.0000123, stories.spot[1] + 0.0000077)
        shown = {"lng": round(exact[0], 5), "lat": round(exact[1], 5)}
        photo = stories.photo("wangge11", exact, accuracy_m=37)
        said = {"position": position(exact, 37)} if given else {"compound": stories.code()}
        ticket = stories.act("wuye11", stories.report(photo_ids=[photo], **said), "rectify")
        handed = stories.act(
            "shequ1",
            stories.act("wangge11", ticket, "return", note="没清"),
            "dispatch",
            organisation=OTHER_COMPANY,
            note="换公司",
        )
        for who in ("wuye11", "wuye21"):
            seen = stories.see(who, handed)
            (item,) = stories.listed(who)
            for each in (seen, item):
                assert each["position"] == {**shown, "datum": "wgs84", "accuracy_m": None}
        for who in ("wangge11", "wangge12", "shequ1", "ducha1", "guanli"):
            whole = stories.see(who, handed)["position"]
            assert (whole["lng"], whole["lat"], whole["accuracy_m"]) == (*exact, 37)

    def test_nor_how_far_away_or_how_good_it_was(self, stories: Stories) -> None:
        """Distances are to the place as shown; a threshold that holds the accuracy is not told."""
        exact = (stories.spot[0] + 0.0000049, stories.spot[1] + 0.0000049)
        ticket = stories.report(position=position(exact, 37))
        mine = stories.photo("wuye11", north_of(stories.spot, 900))
        ticket = stories.act("wuye11", ticket, "rectify", photo_ids=[mine])
        codes = ("position_at_place", "position_away_from_place")
        for who, knows in (("ducha1", True), ("wuye11", False)):
            (after,) = [u for u in stories.see(who, ticket)["photos"] if u["role"] == "after"]
            (about,) = [f for f in after["findings"] if f["code"] in codes]
            assert about["observed"].endswith(" m")
            assert (about["threshold"] is not None) == knows
            shown = stories.see(who, ticket)["position"]
            query = {"lng": shown["lng"], "lat": shown["lat"]}
            (item,) = stories.get(who, "/tickets/nearby", **query).get_json()["items"]
            assert item["distance_m"] == 0

    def test_nor_the_cell_of_the_photo(self, stories: Stories) -> None:
        ticket = stories.report()
        photo = stories.see("wangge12", ticket)["photos"][0]["photo"]
        assert photo["cell"]["match"] == "inside"
        assert stories.see("wuye11", ticket)["photos"][0]["photo"]["cell"] is None
        assert stories.get("wuye11", f"/photos/{photo['id']}").get_json()["cell"] is None

    def test_nor_whose_copy_of_a_photo(self, stories: Stories) -> None:
        ticket = stories.report()
        again = stories.act("shequ1", ticket, "reclassify", area="stairwell", note="楼道")
        assert stories.see("wuye11", again)["possible_duplicate_of"] == []
        second = stories.report()
        assert stories.see("wangge11", second)["possible_duplicate_of"] == [ticket["id"]]
        assert stories.see("wuye11", second)["possible_duplicate_of"] == []

    def test_staff_see_who(self, stories: Stories) -> None:
        ticket = stories.act("wuye11", stories.report(), "rectify")
        for who in ("wangge12", "shequ1", "ducha1", "guanli"):
            seen = stories.see(who, ticket)
            assert seen["reported_by"]["name"] == "第一社区网格员1"
            assert all(event["actor"] for event in seen["timeline"])
            assert seen["photos"][0]["photo"]["position"] is not None


class TestHandedOver:
    """A company that was responsible sees the ticket up to the hand-over."""

    @staticmethod
    def story(stories: Stories) -> tuple[Json, Json]:
        """The ticket before the hand-over, and in the end."""
        before = stories.act("wuye11", stories.report(), "comment", note="不归我们")
        stories.later(hours=1)
        proof = stories.photo("shequ1", stories.spot)
        handed = stories.act(
            "shequ1",
            before,
            "dispatch",
            organisation=OTHER_COMPANY,
            note="换公司",
            photo_ids=[proof],
        )
        stories.later(hours=1)
        other = stories.act("shequ1", handed, "reclassify", category="01-35", note="是家具")
        moved = stories.act(
            "shequ1", other, "reclassify", compound=stories.code("001", 2), note="在老街"
        )
        done = stories.act("wuye21", moved, "rectify", note="清走了")
        back = stories.act("shequ1", done, "return", note="没清完")
        return before, stories.act("wuye21", back, "rectify")

    def test_state_timeline_photos_and_words_are_cut(self, stories: Stories) -> None:
        before, after = self.story(stories)
        assert (after["state"], after["version"], after["rework_count"]) == ("rectified", 8, 1)
        seen = stories.see("wuye11", after)
        assert (seen["state"], seen["version"]) == ("dispatched", 3)
        assert seen["responsible"] is None
        assert [event["action"] for event in seen["timeline"]] == ["report", "comment", "dispatch"]
        assert seen["timeline"][-1]["note"] == "换公司"
        assert seen["timeline"][-1]["changes"] == {}
        assert [use["photo"]["id"] for use in seen["photos"]] == [
            use["photo"]["id"] for use in before["photos"]
        ]
        (leg,) = seen["legs"]
        assert (leg["organisation"]["code"], leg["outcome"]) == (COMPANY, "dispatched_again")
        for name in ("category", "condition", "limit_label", "closing_test", "compound", "cell",
                     "rework_count", "description", "position"):  # fmt: skip
            assert seen[name] == before[name], name
        for name in ("due_at", "check_due_at", "rectified_at", "closed_at", "light", "same_day"):
            assert seen[name] is None, name
        assert seen["updated_at"] == leg["to"]
        assert seen["allowed_actions"] == []
        assert OTHER_COMPANY not in stories.get("wuye11", f"/tickets/{after['id']}").text
        (item,) = stories.listed("wuye11")
        assert item["after_cover"] is None
        of_lists = ("cover", "after_cover")
        assert {name: item[name] for name in item if name not in of_lists} == {
            name: seen[name] for name in item if name not in of_lists
        }

    def test_it_can_do_nothing_any_more(self, stories: Stories) -> None:
        _, after = self.story(stories)
        for action in ("comment", "rectify", "recall", "close"):
            answer = stories.try_act("wuye11", after, action, note="?", version=8)
            assert code_of(answer) == (403, "not_allowed")

    def test_photos_after_the_hand_over_are_out_of_sight(self, stories: Stories) -> None:
        _, after = self.story(stories)
        before, *later = [use["photo"]["id"] for use in after["photos"]]
        assert stories.get("wuye11", f"/photos/{before}").status_code == 200
        for photo in later:
            assert stories.get("wuye11", f"/photos/{photo}").status_code == 404
            assert stories.get("wangge12", f"/photos/{photo}").status_code == 200

    def test_filters_tell_no_more_than_the_ticket(self, stories: Stories) -> None:
        _, after = self.story(stories)
        mine = [after["id"]]
        assert stories.ids("wuye11", state="dispatched") == mine
        assert stories.ids("wuye11", state=["rectified", "closed"]) == []
        assert stories.ids("wuye21", state="rectified") == mine
        assert stories.ids("wuye11", responsible=OTHER_COMPANY) == []
        assert stories.ids("wuye21", responsible=OTHER_COMPANY) == mine
        for light in ("green", "yellow", "red"):
            assert stories.ids("wuye11", light=light) == []
        handed_at = stories.see("wuye11", after)["updated_at"]
        assert stories.ids("wuye11", updated_since=handed_at) == mine
        assert stories.ids("wuye11", updated_since=after["updated_at"]) == []
        assert stories.ids("wuye21", updated_since=after["updated_at"]) == mine
        seen, now = stories.see("wuye11", after), stories.see("wuye21", after)
        for name in ("category", "compound", "cell"):
            assert stories.ids("wuye11", **{name: seen[name]["code"]}) == mine, name
            assert stories.ids("wuye21", **{name: now[name]["code"]}) == mine, name
        for name in ("category", "compound"):
            assert stories.ids("wuye11", **{name: now[name]["code"]}) == [], name
            assert stories.ids("wuye21", **{name: seen[name]["code"]}) == [], name
        assert stories.ids("wuye11", q=seen["compound"]["name"]) == mine
        assert stories.ids("wuye11", q=now["compound"]["name"]) == []
        assert stories.ids("wuye11", organisation=stories.town.community()) == mine
        assert stories.ids("wuye11", organisation=stories.town.community("002")) == []
        # It was moved away from the spot; another one stays there.
        there = stories.report()
        stories.act("shequ1", there, "dispatch", organisation=OTHER_COMPANY, note="换一家")
        spot = {"lng": stories.spot[0], "lat": stories.spot[1]}
        near = stories.get("wuye21", "/tickets/nearby", **spot).get_json()["items"]
        assert [item["id"] for item in near] == [there["id"]]
        assert stories.get("wuye11", "/tickets/nearby", **spot).get_json()["items"] == []

    def test_in_the_order_of_due_it_comes_last(self, stories: Stories) -> None:
        _, after = self.story(stories)
        ticket = stories.report()
        assert stories.ids("wuye11", sort="due", limit=1) == [ticket["id"], after["id"]]

    def test_responsible_again_it_sees_all(self, stories: Stories) -> None:
        _, after = self.story(stories)
        back = stories.act("shequ1", after, "return", note="还是甲公司")
        again = stories.act("shequ1", back, "dispatch", organisation=COMPANY, note="还是甲公司")
        seen = stories.see("wuye11", again)
        assert seen["version"] == again["version"]
        assert len(seen["legs"]) == 5
        assert "rectify" in seen["allowed_actions"]
        once = stories.see("wuye21", again)
        assert [leg["organisation"]["code"] for leg in once["legs"]] == [
            COMPANY,
            *[OTHER_COMPANY] * 3,
        ]

    def test_a_neighbouring_community_is_cut_off_too(self, stories: Stories) -> None:
        community = stories.town.community("002")
        ticket = stories.act(
            "shequ1", stories.report(), "dispatch", organisation=community, note="请支援"
        )
        assert stories.see("wangge21", ticket)["reported_by"] is not None
        back = stories.act("shequ1", ticket, "dispatch", organisation=COMPANY, note="不用了")
        seen = stories.see("wangge21", back)
        assert (seen["reported_by"], seen["responsible"]) == (None, None)


def test_a_company_colleague_who_is_a_warden_sees_as_a_warden(stories: Stories) -> None:
    give_post(stories, "wuye12", Role.warden, stories.town.community())
    ticket = stories.report()
    assert stories.see("wuye12", ticket)["reported_by"] is not None
    assert stories.see("wuye11", ticket)["reported_by"] is None
    done = stories.act("wuye11", ticket, "rectify")
    assert code_of(stories.try_act("wuye12", done, "close")) == (403, "own_work")


def test_a_reporter_who_is_at_the_company_too_is_not_named_by_withdrawing(
    stories: Stories,
) -> None:
    give_post(stories, "wangge11", Role.property_staff, COMPANY)
    ticket = stories.act("wangge11", stories.report(), "withdraw")
    seen = stories.see("wuye11", ticket)
    assert [event["actor"] for event in seen["timeline"]] == [None, None]


def test_somebody_without_a_post_lists_nothing(stories: Stories) -> None:
    stories.change(delete(Post).where(Post.person_id == person_id("wangge12")))
    assert code_of(stories.get("wangge12", "/tickets")) == (403, "not_allowed")
