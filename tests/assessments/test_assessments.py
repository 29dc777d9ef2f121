"""Scores out of what happened: off until switched on, frozen, objected to, answered."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app.grid.models import CompanyContract, Compound
from app.kernel.db import db, unit_of_work
from app.people.models import Role
from tests.clocks import MovableClock
from tests.duties.office import Office
from tests.people.posts import add_post
from tests.tickets.stories import COMPANY, Stories, at
from tests.towns import Town

Json = dict[str, Any]


def switched_on(office: Office) -> None:
    """By the county, on paper."""
    said = office.post("guanli", "/assessments/switch", on=True, document="示例〔2026〕8号")
    assert said["on"]


def live(office: Office, who: str, scheme: str, period: str = "2026-11") -> dict[str, Json]:
    """The scores that somebody sees, by the subject's code."""
    asked = {"scheme": scheme, "organisation": office.town.code, "period": period}
    items = office.get(who, "/assessments", **asked)["items"]
    for score in items:
        assert round(sum(one["earned"] for one in score["items"]), 2) == score["total"]
    return {one["subject"]["code"]: one for one in items}


def by_source(score: Json) -> dict[str, Json]:
    """The items of a score."""
    return {one["source"]: one for one in score["items"]}


def test_it_is_off_until_the_county_switches_it_on(office: Office) -> None:
    town = office.town.code
    asked = {"scheme": "community_month", "organisation": town, "period": "2026-11"}
    paths: list[tuple[str, Json]] = [
        ("/assessments/schemes", {}),
        ("/assessments", asked),
        ("/assessments/freezes", {"organisation": town}),
    ]
    for path, query in paths:
        answer = office.stories.get("ducha1", path, **query)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "assessment_off"), path
    assert office.get("ducha1", "/assessments/switch") == {"on": False, "history": []}
    with office.stories.app.app_context():
        with unit_of_work() as session:
            add_post(session, "town_admin", Role.administrator, town)
        db.session.remove()
    body = {"on": True, "document": "示例"}
    for who in ("town_admin", "ducha1", "shequ1", "wuye11"):
        assert office.refused(who, "/assessments/switch", **body)[0] == 403, who
    switched_on(office)
    (scheme, *_) = office.get("shequ1", "/assessments/schemes")["items"]
    assert (scheme["code"], scheme["highest"]) == ("community_month", 102)
    assert sum(one["points"] for one in scheme["items"] if one["way"] != "bonus") == 100
    off = office.post("guanli", "/assessments/switch", on=False, document="示例")
    assert not off["on"] and off["history"][0]["document"] == "示例〔2026〕8号"
    assert office.stories.get("ducha1", "/assessments", **asked).status_code == 409


def test_a_score_is_recomputed_by_hand_from_its_page(office: Office) -> None:
    switched_on(office)
    stories = office.stories
    done, late = stories.report(), stories.report(category="01-10")
    stories.act("wuye11", done, "rectify")
    office.record("moral_lecture")
    stories.now(at("11-27 18:00"))
    score = live(office, "shequ1", "community_month")[office.community]
    items = by_source(score)
    assert items["rectified"]["formula"] == "15 分 × 1 ÷ 2 = 7.5 分"
    assert items["overdue"]["formula"] == "10 分 − 1 件 × 2 分 = 8 分"
    assert items["moral_lectures"]["formula"] == "1 件 × 0.5 分 = 0.5 分"
    assert items["moral_lectures"]["lines"][0]["url"].startswith("/api/v1/records/")
    (behind,) = _followed(office, "shequ1", items["overdue"]["numerator_url"])["items"]
    assert behind["ticket"]["id"] == late["id"]
    assert len(_followed(office, "shequ1", items["rectified"]["denominator_url"])["items"]) == 2
    assert not any("信息" in line["text"] for line in items["duties"]["lines"])
    for line in (line for item in items.values() for line in item["lines"]):
        assert _followed(office, "shequ1", line["url"]) is not None
    before = score["total"]
    stories.report(category="01-10")
    stories.now(at("11-30 18:00"))
    after = live(office, "shequ1", "community_month")[office.community]
    assert by_source(after)["overdue"]["numerator"] == 2 and after["total"] < before


def _followed(office: Office, who: str, url: str) -> Any:
    parts = urlsplit(url)
    return office.get(who, parts.path.removeprefix("/api/v1"), **dict(parse_qsl(parts.query)))


def test_who_sees_which_scores(office: Office) -> None:
    switched_on(office)
    stories = office.stories
    stories.report()
    stories.now(at("11-27 18:00"))
    own, other = office.community, office.town.community("002")
    assert set(live(office, "shequ1", "community_month")) == {own}
    assert {own, other} <= set(live(office, "ducha1", "community_month"))
    assert set(live(office, "wuye11", "company_month")) == {COMPANY}
    assert live(office, "wuye21", "company_month") == {}
    assert live(office, "shequ1", "company_month") == {}
    compounds = live(office, "shequ1", "compound_month")
    assert stories.code() in compounds and stories.code("002") not in compounds
    assert set(live(office, "ducha1", "village_month")).isdisjoint({own, other})
    asked = {"scheme": "community_month", "organisation": office.town.code, "period": "2026-11"}
    assert stories.get("wangge11", "/assessments", **asked).status_code == 403
    wrong = stories.get("ducha1", "/assessments", **{**asked, "period": "2026"})
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "scheme_unknown")
    year = live(office, "ducha1", "community_year", "2026")[own]
    assert by_source(year)["campaigns"]["denominator"] > 0


def test_a_company_asks_of_the_townships_it_works_in(
    app: Flask, client: FlaskClient, two_towns: tuple[Town, Town], clock: MovableClock
) -> None:
    clock.set(at("11-25 09:00"))
    home, other = two_towns
    office = Office(Stories(app, client, home, clock))
    switched_on(office)
    there = {"organisation": other.code}
    for town in (home, other):
        asked = {"organisation": town.code}
        assert office.get("wuye11", "/assessments/freezes", **asked)["items"] == []
    compounds = select(Compound.id).where(Compound.code.startswith(other.code))
    office.stories.change(delete(CompanyContract).where(CompanyContract.compound_id.in_(compounds)))
    month = {"scheme": "company_month", "period": "2026-11", **there}
    for path, query in (("/assessments/freezes", there), ("/assessments", month)):
        answer = office.stories.get("wuye11", path, **query)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found"), path


def test_frozen_objected_to_and_answered_once(office: Office) -> None:
    switched_on(office)
    stories = office.stories
    ticket = stories.report()
    body = {"scheme": "company_month", "organisation": office.town.code, "period": "2026-11"}
    path = "/assessments/freezes"
    assert office.refused("ducha1", path, **body) == (422, "period_not_over")
    stories.now(at("12-01 09:00"))
    assert office.refused("shequ1", path, **body)[0] == 403
    freeze = office.post("ducha1", path, **body)
    assert set(freeze["data_version"]) == {"catalogue", "rules", "as_of"}
    assert office.refused("ducha1", path, **body) == (409, "already_assessed")
    (line,) = office.get("wuye11", f"{path}/{freeze['id']}")["scores"]
    score = office.get("wuye11", f"/assessments/scores/{line['id']}")
    items = by_source(score)
    assert items["overdue"]["earned"] == 16 and score["total"] == 46
    assert score["sum"].endswith("= 46")
    (behind,) = _followed(office, "wuye11", items["overdue"]["numerator_url"])["items"]
    assert behind["ticket"]["id"] == ticket["id"]
    board = office.get("shequ1", f"{path}/{freeze['id']}/board")
    assert [one["subject"]["code"] for one in board["black"]] == [COMPANY] and not board["red"]
    said = {"item": "overdue", "text": "业主拒不配合，已劝导并报告，照片和报告可查"}
    where = f"/assessments/scores/{line['id']}/objections"
    assert office.refused("shequ1", where, **said)[0] == 404
    assert office.refused("ducha1", where, **said)[0] == 403
    assert office.refused("wuye11", where, **{**said, "item": "duties"}) == (
        422,
        "objection_unsuitable",
    )
    made = office.post("wuye11", where, **said)
    assert office.refused("wuye12", where, **said) == (409, "objection_made")
    answer = f"/assessments/objections/{made['id']}/answer"
    decided = {"accepted": True, "text": "尽职有据", "exempt": True}
    assert office.refused("wuye11", answer, **decided)[0] == 403
    too_many = {"accepted": True, "text": "改", "points": 21}
    assert office.refused("ducha1", answer, **too_many) == (422, "objection_unsuitable")
    told = office.post("ducha1", answer, **decided)
    assert (told["change"], told["exempt"]) == (4, True)
    assert office.refused("ducha1", answer, **decided) == (409, "objection_made")
    after = office.get("wuye11", f"/assessments/scores/{line['id']}")
    assert (after["total"], after["corrected"]) == (46, 50)
    again = office.post("ducha1", path, **body, reason="漏了一家")
    assert again["sequence"] == 2
    assert office.get("ducha1", f"{path}/{freeze['id']}")["scores"][0]["corrected"] == 50
    (newer,) = office.get("wuye11", f"{path}/{again['id']}")["scores"]
    stories.now(at("12-10 09:00"))
    late = f"/assessments/scores/{newer['id']}/objections"
    assert office.refused("wuye11", late, **said) == (409, "objection_late")
