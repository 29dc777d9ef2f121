"""What a report says, and the ticket that comes of it."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from app.catalogue.models import Condition
from app.catalogue.snapshots import forget_snapshots
from app.grid.models import Checkpoint, Compound
from app.kernel.db import db
from app.kernel.ids import new_id
from app.people.models import Organisation, Person, Post, Role
from tests.tickets.stories import COMPANY, Json, Stories, at, code_of, picture, position


class TestPlace:
    """The given cell, else the position, else the photos'; the compound given or found."""

    def test_the_photo_s_position(self, stories: Stories) -> None:
        photo = stories.photo("wangge11", stories.spot, accuracy_m=12)
        ticket = stories.report(point=None, photo_ids=[photo])
        assert ticket["compound"]["code"] == stories.code()
        assert ticket["position"]["accuracy_m"] == 12
        assert ticket["position"]["lng"] == pytest.approx(stories.spot[0])

    def test_a_position_comes_before_the_photo_s(self, stories: Stories) -> None:
        photo = stories.photo("wangge11", stories.spot)
        ticket = stories.report(photo_ids=[photo], position=position(stories.street))
        assert ticket["compound"]["code"] == stories.code("001", 2)

    def test_a_cell_comes_before_the_position(self, stories: Stories) -> None:
        cell = stories.town.cell("001", 3).code
        ticket = stories.report(cell=cell, position=position(stories.open_ground))
        assert (ticket["cell"]["code"], ticket["compound"]) == (cell, None)

    @pytest.mark.parametrize("by_hand", [True, False])
    def test_a_cell_chosen_at_the_border_keeps_the_compound(
        self, stories: Stories, by_hand: bool
    ) -> None:
        """The fix may lie in either cell; the compound that holds it has its company."""
        near = {**position(stories.spot), "accuracy_m": 400}
        asked = {name: near[name] for name in ("lng", "lat", "accuracy_m")}
        located = stories.get("wangge11", "/cells/locate", **asked).get_json()
        beside = stories.town.cell("001", 2).code
        assert located["match"] == "ambiguous"
        assert beside in [one["code"] for one in located["candidates"]]
        said: Json = {"position": near} if by_hand else {"point": None}
        if not by_hand:
            said["photo_ids"] = [stories.photo("wangge11", stories.spot, accuracy_m=400)]
        ticket = stories.report(cell=beside, **said)
        assert (ticket["cell"]["code"], ticket["compound"]["code"]) == (beside, stories.code())
        assert ticket["responsible"]["code"] == COMPANY
        assert ticket["position"]["accuracy_m"] == 400

    def test_a_chinese_position(self, stories: Stories) -> None:
        place = {"lng": stories.spot[0], "lat": stories.spot[1], "datum": "gcj02"}
        ticket = stories.report(compound=stories.code(), position=place)
        assert ticket["position"]["datum"] == "wgs84"
        assert ticket["position"]["lng"] != pytest.approx(stories.spot[0], abs=1e-4)
        # The same place in WGS-84 lies 500 m away: the compound's own cell is told instead.
        assert ticket["cell"]["code"] == stories.town.cell("001", 1).code

    def test_a_compound_without_a_position(self, stories: Stories) -> None:
        photo = stories.photo("wangge11")
        for number, cell in ((1, stories.town.cell("001", 1).code), (3, None)):
            code = stories.code("001", number)
            ticket = stories.report(compound=code, photo_ids=[photo])
            assert ticket["compound"]["code"] == code
            assert (ticket["cell"] or {}).get("code") == cell
            assert ticket["position"] is None

    def test_nowhere(self, stories: Stories) -> None:
        photo = stories.photo("wangge11")
        far = position((118.9, 31.9))
        for said in ({}, {"position": far}, {"cell": "340299999999999"}, {"compound": "NO"}):
            answer = stories.try_report(point=None, photo_ids=[photo], **said)
            assert code_of(answer) == (422, "place_unknown"), said

    def test_a_cell_of_one_community_and_a_compound_of_another(self, stories: Stories) -> None:
        said = {"compound": stories.code(), "cell": stories.town.cell("002", 1).code}
        answer = stories.try_report(**said)
        assert code_of(answer) == (422, "place_unknown")
        assert "cell" in answer.get_json()["errors"]

    def test_a_checkpoint_tells_the_compound_and_the_area(self, stories: Stories) -> None:
        points = stories.get("wangge11", f"/compounds/{stories.code()}").get_json()["checkpoints"]
        point = points[3]
        photo = stories.photo("wangge11")
        ticket = stories.report(point=None, photo_ids=[photo], checkpoint=point["id"])
        assert ticket["compound"]["code"] == stories.code()
        assert (ticket["area"], ticket["area_label"]) == (point["area"], "楼道")
        said = {"compound": stories.code("001", 2), "checkpoint": point["id"]}
        assert code_of(stories.try_report(**said)) == (422, "place_unknown")
        elsewhere = {"cell": stories.town.cell("002", 1).code, "checkpoint": point["id"]}
        assert code_of(stories.try_report(**elsewhere)) == (422, "place_unknown")
        unknown = "0190a0a0-0000-7000-8000-000000000000"
        assert code_of(stories.try_report(checkpoint=unknown)) == (422, "place_unknown")

    def test_what_was_retired_since_may_still_be_reported(self, stories: Stories) -> None:
        points = stories.get("wangge11", f"/compounds/{stories.code()}").get_json()["checkpoints"]
        today = date(2026, 11, 25)
        stories.change(
            update(Compound).where(Compound.code == stories.code()).values(retired_on=today),
            update(Checkpoint).values(retired_on=today),
        )
        said = {"compound": stories.code(), "checkpoint": points[0]["id"]}
        assert stories.report(**said, occurred_at=at("11-24 16:00"))["responsible"]
        assert code_of(stories.try_report(**said)) == (422, "place_unknown")

    def test_another_township_s_place(self, stories: Stories) -> None:
        said = {"position": position((stories.spot[0] + 0.01, stories.spot[1]))}
        assert code_of(stories.try_report(**said)) == (422, "place_unknown")


class TestRound:
    """A report may name the round it was found on: one of the same compound."""

    @staticmethod
    def walked(stories: Stories, number: int = 1) -> str:
        body = {"compound": stories.code("001", number), "all_fine": True}
        answer = stories.post("wangge11", "/rounds", body, key=f"round-{number}")
        assert answer.status_code == 201, answer.text
        return str(answer.get_json()["id"])

    def test_by_id_and_by_key(self, stories: Stories) -> None:
        found = self.walked(stories)
        for said in (found, "key:round-1"):
            ticket = stories.report(round=said, source="round")
            assert (ticket["round"], ticket["source"]) == (found, "round")

    def test_it_tells_the_compound(self, stories: Stories) -> None:
        found = self.walked(stories, 3)
        photo = stories.photo("wangge11")
        ticket = stories.report(point=None, photo_ids=[photo], round=found)
        assert ticket["compound"]["code"] == stories.code("001", 3)

    def test_of_another_compound(self, stories: Stories) -> None:
        found = self.walked(stories, 2)
        answer = stories.try_report(compound=stories.code(), round=found)
        assert code_of(answer) == (422, "round_unknown")
        assert "round" in answer.get_json()["errors"]

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ("0190a0a0-0000-7000-8000-000000000000", "round_unknown"),
            ("key:never", "reference_unknown"),
            ("nonsense", "invalid_input"),
        ],
    )
    def test_unknown(self, stories: Stories, said: str, code: str) -> None:
        assert code_of(stories.try_report(round=said)) == (422, code)


class TestFixedOnTheSpot:
    """Reported and rectified in one, by a warden or a lead, with both photos."""

    def test_it_is_rectified_by_the_fixer_s_community(self, stories: Stories) -> None:
        after = stories.photo("wangge11", stories.spot)
        ticket = stories.report(
            fixed_on_spot={"photo_ids": [after], "note": "当场清走"}, description="纸箱"
        )
        assert (ticket["state"], ticket["light"]) == ("rectified", None)
        assert ticket["same_day"] is True
        assert ticket["responsible"]["code"] == stories.town.community()
        assert [use["role"] for use in ticket["photos"]] == ["before", "after"]
        assert [use["verdict"] for use in ticket["photos"]] == ["consistent", "consistent"]
        (leg,) = ticket["legs"]
        assert (leg["outcome"], leg["from"]) == ("rectified", leg["to"])
        (event,) = ticket["timeline"]
        assert (event["to"], event["note"]) == ("rectified", "当场清走")
        assert event["photo_ids"] == [use["photo"]["id"] for use in ticket["photos"]]

    def test_by_a_warden_of_another_community(self, stories: Stories) -> None:
        after = stories.photo("wangge21", stories.spot)
        ticket = stories.report("wangge21", fixed_on_spot={"photo_ids": [after]})
        assert ticket["responsible"]["code"] == stories.town.community("002")
        assert ticket["community"]["code"] == stories.town.community("001")
        assert stories.act("wangge12", ticket, "close")["state"] == "closed"

    def test_both_photos_are_needed(self, stories: Stories) -> None:
        after = stories.photo("wangge11", stories.spot)
        fix = {"photo_ids": [after]}
        for source in ("self_found", "hotline"):
            answer = stories.try_report(photo_ids=[], source=source, fixed_on_spot=fix)
            assert code_of(answer) == (422, "evidence_missing")
        answer = stories.try_report(fixed_on_spot={"photo_ids": []})
        assert code_of(answer) == (422, "evidence_missing")
        assert code_of(stories.try_report(photo_ids=[after], fixed_on_spot=fix)) == (
            422,
            "photo_reused",
        )

    def test_a_supervisor_fixes_nothing(self, stories: Stories) -> None:
        fix = {"photo_ids": [stories.photo("ducha1", stories.spot)]}
        answer = stories.try_report("ducha1", photo_ids=[], fixed_on_spot=fix)
        assert code_of(answer) == (403, "not_allowed")

    def test_rework_is_measured_like_any_other(self, stories: Stories) -> None:
        old = stories.photo("wangge11", stories.spot)
        stories.later(hours=1)
        after = stories.photo("wangge11", stories.spot)
        ticket = stories.report(fixed_on_spot={"photo_ids": [after]})
        back = stories.act("wangge11", ticket, "recall")
        assert back["state"] == "dispatched"
        again = stories.act("wangge11", back, "rectify", photo_ids=[old])
        last = again["photos"][-1]
        assert last["verdict"] == "contradicted"
        assert "taken_before_ticket" in [found["code"] for found in last["findings"]]


class TestDescription:
    """Words as they were written, trimmed and bounded."""

    def test_what_may_be_written(self, stories: Stories) -> None:
        text = "楼道堆放纸箱 🧹 “占用”通道 ½ 㐂𠮷 <b>&amp;</b> %_\\ 'x'; --"
        ticket = stories.report(description=f"  {text}\n")
        assert ticket["description"] == text
        assert ticket["timeline"][0]["note"] == text
        assert stories.report()["description"] == ""

    def test_bounds(self, stories: Stories) -> None:
        assert stories.report(description="长" * 2000)["description"] == "长" * 2000
        for said in ({"description": "长" * 2001}, {"external_number": "1" * 65}):
            assert code_of(stories.try_report(**said)) == (422, "invalid_input")
        assert code_of(stories.try_report(description="a\x00b")) == (422, "invalid_input")
        assert code_of(stories.try_report(photo_ids=["x"] * 21)) == (422, "invalid_input")

    def test_the_hotline_s_number_and_time(self, stories: Stories) -> None:
        ticket = stories.report(
            "shequ1",
            source="hotline",
            photo_ids=[],
            external_number="12345-2026-000001",
            external_due_at="2026-12-01T18:00:00+08:00",
        )
        seen = stories.see("wuye11", ticket)
        assert seen["external_number"] == "12345-2026-000001"
        assert seen["external_due_at"] == "2026-12-01T18:00:00+08:00"
        assert stories.report(external_number=" ")["external_number"] is None
        for due in ("2026-12-01T18:00:00", "0001-01-01T00:00:00+14:00", "1764000000"):
            assert code_of(stories.try_report(external_due_at=due)) == (422, "invalid_input")
        for due in ("2062-12-01T18:00:00+08:00", "2025-11-01T18:00:00+08:00"):
            answer = stories.try_report(external_due_at=due)
            assert code_of(answer) == (422, "time_unsuitable")
            assert "external_due_at" in answer.get_json()["errors"]


class TestOffline:
    """Work done offline carries when it happened, at most 72 hours ago."""

    @pytest.mark.parametrize(
        ("ago", "status"),
        [
            (timedelta(hours=72), 201),
            (timedelta(hours=72, seconds=1), 422),
            (-timedelta(minutes=5), 201),
            (-timedelta(minutes=5, seconds=1), 422),
        ],
    )
    def test_bounds(self, stories: Stories, ago: timedelta, status: int) -> None:
        happened = stories.clock() - ago
        answer = stories.try_report(occurred_at=happened)
        assert answer.status_code == status
        if status == 422:
            assert code_of(answer) == (422, "bad_occurred_at")
        ticket = stories.report()
        answer = stories.try_act("wangge11", ticket, "comment", note="见", occurred_at=happened)
        assert answer.status_code == min(status, 422) if status == 422 else 200

    def test_both_times_are_kept(self, stories: Stories) -> None:
        ticket = stories.report(occurred_at=at("11-24 10:00"))
        assert ticket["occurred_at"] == "2026-11-24T10:00:00+08:00"
        assert ticket["reported_at"] == "2026-11-25T09:00:00+08:00"
        assert ticket["due_at"] == "2026-11-26T09:00:00+08:00"
        assert ticket["timeline"][0]["at"] == "2026-11-25T09:00:00+08:00"
        assert ticket["timeline"][0]["occurred_at"] == "2026-11-24T10:00:00+08:00"

    def test_a_wrong_phone_clock_is_put_right(self, stories: Stories) -> None:
        happened, sent = at("2020-01-01 08:00"), at("2020-01-01 09:30")
        ticket = stories.report(occurred_at=happened, sent_at=sent)
        assert ticket["occurred_at"] == "2026-11-25T07:30:00+08:00"
        early = stories.try_report(occurred_at=happened, sent_at=sent + timedelta(hours=80))
        assert code_of(early) == (422, "bad_occurred_at")

    def test_the_category_is_that_of_the_day(self, stories: Stories) -> None:
        today = date(2026, 11, 25)
        old = (Condition.category_code == "01-36") & (Condition.code == "default")
        fresh = select(
            *(column for column in Condition.__table__.c if column.name not in ("id", "from_on"))
        ).where(old)
        with stories.app.app_context():
            row = dict(db.session.execute(fresh).mappings().one())
            db.session.remove()
        row |= {"from_on": today, "to_on": None, "limit_amount": 3, "name": "新条件"}
        stories.change(
            update(Condition).where(old).values(to_on=today), insert(Condition).values(**row)
        )
        forget_snapshots()
        before = stories.report(occurred_at=at("11-24 16:00"))
        after = stories.report()
        assert (before["limit_label"], after["limit_label"]) == ("1 个工作日", "3 个工作日")
        again = stories.act("shequ1", before, "dispatch", organisation=COMPANY, note="再派")
        assert again["limit_label"] == "1 个工作日"
        forget_snapshots()


class TestCategory:
    """A category and condition in force that day."""

    @pytest.mark.parametrize(
        "said",
        [{"category": "77-77"}, {"condition": "planted"}, {"category": "01-91", "condition": "x"}],
    )
    def test_unknown(self, stories: Stories, said: Json) -> None:
        assert code_of(stories.try_report(**said)) == (422, "category_unknown")

    def test_a_ticket_keeps_a_copy(self, stories: Stories) -> None:
        ticket = stories.report(category="01-91", condition="planted")
        assert ticket["category"] == {"code": "01-91", "name": "非法占绿毁绿"}
        assert ticket["condition"]["name"] == "已种菜或占用"
        assert ticket["standard_ref"] == "GB/T 47678.5-2026 06045"
        assert ticket["closing_test"].startswith("菜地和占用物已清除")


class TestPhotos:
    """A report's photos are the reporter's or a colleague's, and used once each."""

    def test_whose(self, stories: Stories) -> None:
        colleague = stories.photo("wangge12", stories.spot)
        assert stories.report(photo_ids=[colleague, colleague])["photos"][0]["role"] == "before"
        stranger = stories.photo("wangge21", stories.spot)
        assert code_of(stories.try_report(photo_ids=[stranger])) == (422, "photo_not_yours")

    def test_by_key_and_once(self, stories: Stories) -> None:
        answer = stories.client.post(
            "/api/v1/photos",
            data={"file": (io.BytesIO(picture()), "p.jpg")},
            headers=stories.headers("wangge11") | {"Idempotency-Key": "walk-1-photo"},
        )
        photo = answer.get_json()["id"]
        ticket = stories.report(photo_ids=["key:walk-1-photo", photo])
        assert [use["photo"]["id"] for use in ticket["photos"]] == [photo]
        assert code_of(stories.try_report(photo_ids=["key:later"])) == (422, "reference_unknown")

    def test_several_tickets_of_one_photo(self, stories: Stories) -> None:
        photo = stories.photo("wangge11", stories.spot)
        for category in ("01-36", "01-91"):
            ticket = stories.report(category=category, photo_ids=[photo])
            assert ticket["photos"][0]["verdict"] == "consistent"


def test_one_key_makes_one_ticket(stories: Stories) -> None:
    photo = stories.photo("wangge11", stories.spot)
    body = {"category": "01-36", "photo_ids": [photo], "position": position(stories.spot)}
    first = stories.post("wangge11", "/tickets", body, key="one")
    second = stories.post("wangge11", "/tickets", body, key="one")
    assert first.get_json()["id"] == second.get_json()["id"]
    assert second.headers["Idempotent-Replay"] == "true"
    seen = stories.get("wangge11", "/tickets/key:one").get_json()
    assert seen["id"] == first.get_json()["id"]
    done = stories.post("wangge11", "/tickets/key:one/withdraw", {"version": 1})
    assert done.get_json()["state"] == "withdrawn"


def test_somebody_of_two_communities_reports_by_the_one_of_the_place(stories: Stories) -> None:
    person = select(Person.id).where(Person.username == "wangge21").scalar_subquery()
    code = stories.town.community("001")
    home = select(Organisation.id).where(Organisation.code == code).scalar_subquery()
    post = insert(Post).values(
        id=new_id(),
        person_id=person,
        role=Role.warden,
        organisation_id=home,
        from_on=date(2026, 1, 1),
    )
    stories.change(post)
    ticket = stories.report("wangge21")
    assert ticket["timeline"][0]["organisation"]["code"] == code
