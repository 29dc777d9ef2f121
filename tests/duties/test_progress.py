"""Progress: what is met, what is missing and when it is due, out of what is recorded anyway."""

from pathlib import Path
from typing import Any

from app.catalogue.service import load_catalogue
from app.kernel.db import db, unit_of_work
from app.people.models import Role
from tests.budgets import counted_queries
from tests.catalogue.folders import SHIPPED
from tests.duties.office import Office
from tests.people.posts import add_post
from tests.tickets.stories import at


def standing(one: dict[str, Any]) -> tuple[int, int, int, str]:
    """Quota, done, missing and how it stands."""
    return one["quota"], one["done"], one["missing"], one["standing"]


def test_four_a_month_of_which_one_is_a_lecture(office: Office) -> None:
    station = office.progress()["station_activities"]
    assert standing(station) == (4, 0, 4, "open")
    assert (station["period"]["code"], station["period"]["due_on"]) == ("2026-11", "2026-11-30")
    for day in ("2026-11-02", "2026-11-09", "2026-11-16", "2026-11-20"):
        office.record(happened_on=day)
    office.record(happened_on="2026-10-31")
    station = office.progress()["station_activities"]
    assert standing(station) == (4, 4, 1, "open")
    assert station["parts"] == [{"name": "理论宣讲", "quota": 1, "done": 0, "missing": 1}]
    lecture = office.record("theory_lecture", "festival_activity")
    assert standing(office.progress()["station_activities"]) == (4, 5, 0, "met")
    office.act("shequ1", lecture, "withdraw")
    assert standing(office.progress()["station_activities"]) == (4, 4, 1, "open")
    last = office.progress(on="2026-10-15")["station_activities"]
    assert standing(last) == (4, 1, 3, "missed")
    office.stories.now(at("12-01 09:00"))
    assert standing(office.progress(on="2026-11-15")["station_activities"]) == (4, 4, 1, "missed")


def test_a_pause_moves_what_is_due_and_excuses_what_it_covers(office: Office) -> None:
    hours = {"from": "2026-11-26T08:00:00+08:00", "to": "2026-12-07T18:00:00+08:00"}
    said = {"organisation": office.community, "document": "示例〔2026〕1号", "reason": "停工"}
    office.post("guanli", "/pauses", **said, **hours)
    station = office.progress()["station_activities"]
    assert (station["period"]["last_on"], station["period"]["due_on"]) == ("2026-12-12",) * 2
    for number in range(4):
        office.record("activity" if number else "theory_lecture")
    assert standing(office.progress()["station_activities"]) == (4, 4, 0, "met")
    office.stories.now(at("12-10 09:00"))
    november = {"on": "2026-11-25"}
    office.record("compound_meeting", happened_on="2026-12-09")
    meetings = office.progress(**november)["compound_meetings"]
    assert standing(meetings) == (1, 1, 0, "met"), "put behind, before it is due"
    assert standing(office.progress(**november)["month_plan"])[3] == "open"
    assert "weekly_information" not in office.progress(on="2026-12-02"), "the week stood still"
    other = {**november, "organisation": office.town.community("002")}
    plan = office.progress("shequ2", **other)["month_plan"]
    assert (plan["period"]["due_on"], plan["standing"]) == ("2026-11-30", "missed")
    lines = office.get("ducha1", "/duties/progress/summary", **november)["items"]
    told = {
        line["organisation"]["code"]: one["missed"]
        for line in lines
        for one in line["duties"]
        if one["duty"]["code"] == "month_plan"
    }
    assert (told[office.community], told[office.town.community("002")]) == (0, 1)
    office.stories.now(at("12-13 09:00"))
    assert standing(office.progress(**november)["month_plan"])[3] == "missed"


def test_one_record_meets_several_duties(office: Office) -> None:
    before = office.progress()
    office.record("activity", "large_activity", "memorial_activity", quantity=200)
    now = office.progress()
    for code in ("station_activities", "large_activities"):
        assert now[code]["done"] == before[code]["done"] + 1
    assert "memorial_days" not in now, "no memorial day is near"


def test_numbers_links_and_matters_of_course(office: Office) -> None:
    office.record("volunteer_teams", quantity=4)
    office.record("volunteer_teams", quantity=5)
    found = office.progress()
    assert standing(found["volunteer_teams"]) == (6, 5, 1, "open")
    assert standing(found["publicity_visits"]) == (0, 0, 0, "as_usual")
    assert standing(found["waste_stations"]) == (1, 0, 1, "missed"), "due by the end of June"
    weekly = found["weekly_information"]
    assert (weekly["scored"], weekly["period"]["label"]) == (False, "2026年第48周")
    for number in range(3):
        office.record("information", quantity=None, links=[f"https://example.com/{number}"])
    assert standing(office.progress()["weekly_information"]) == (3, 3, 0, "met")


def test_festivals_are_due_around_their_day(office: Office) -> None:
    assert "festivals" not in office.progress()
    autumn = office.progress(on="2026-10-18")["festivals"]
    assert (autumn["period"]["label"], autumn["standing"]) == ("2026年重阳节", "missed")
    between = {"from_on": "2026-06-01", "to_on": "2026-10-31"}
    asked = {"organisation": office.community, **between}
    (unit,) = office.get("shequ1", "/duties/progress", **asked)["items"]
    festivals = [one for one in unit["duties"] if one["duty"]["code"] == "festivals"]
    assert [one["period"]["label"][5:] for one in festivals] == [
        "端午节", "七夕节", "中秋节", "重阳节",
    ]  # fmt: skip
    months = [one for one in unit["duties"] if one["duty"]["code"] == "compound_meetings"]
    assert [one["period"]["code"][5:] for one in months] == ["06", "07", "08", "09", "10"]


def test_rounds_tickets_and_assignments_are_not_typed_again(office: Office) -> None:
    found = office.progress()
    rounds = found["weekly_rounds"]
    assert (rounds["done"], rounds["standing"]) == (0, "open") and rounds["quota"] >= 2
    assert "same_day" not in found, "nothing was reported"
    assert found["grid_assignments"]["missing"] > 3
    walked = {"compound": office.stories.code(), "all_fine": True}
    office.post("wangge11", "/rounds", **walked)
    ticket = office.stories.report()
    office.stories.report(category="01-10")
    office.stories.act("wuye11", ticket, "rectify")
    found = office.progress()
    assert found["weekly_rounds"]["done"] == 1
    assert (found["same_day"]["done"], found["same_day"]["of"]) == (1, 2)
    assert found["same_day"]["standing"] == "as_usual"
    items = office.get("shequ1", "/assignments/vacant", limit=100)["items"]
    for kind in {one["subject"]["kind"] for one in items}:
        codes = [one["subject"]["code"] for one in items if one["subject"]["kind"] == kind]
        subjects = [{"kind": kind, "code": code} for code in codes]
        lead = {"organisation": office.community, "part": "lead", "person": "wangge11"}
        office.post("shequ1", "/assignments", **lead, subjects=subjects)
    assert standing(office.progress()["grid_assignments"]) == (1, 1, 0, "met")


def test_campaigns_are_read_and_not_asked_for_again(office: Office) -> None:
    found = office.progress()
    plan, half = found["zone_plan"], found["zone_half_year"]
    (whole,) = office.get("shequ1", "/campaigns/progress", organisation=office.community)["items"]
    (month,) = [one for one in whole["months"] if one["month"] == "2026-11"]
    assert (plan["quota"], plan["done"]) == (month["needed"], 0)
    assert (half["quota"], half["done"]) == (whole["compounds"], 0)
    compound = office.stories.code()
    office.post("shequ1", "/campaigns", compound=compound, month="2026-11")
    assert standing(office.progress()["zone_plan"]) == (1, 1, 0, "met")
    body = office.body("zone_plan")
    assert office.refused("shequ1", "/records", **body)[0] == 422
    village = next(o for o in office.town.township.organisations if o.type == "村").code
    assert "zone_plan" not in office.progress("ducha1", organisation=village)


def test_a_title_asks_for_more_from_the_next_period_on(office: Office) -> None:
    village = next(o for o in office.town.township.organisations if o.type == "村").code

    def weekly(on: str) -> int:
        found = office.progress("ducha1", organisation=village, on=on)
        return int(found["weekly_information"]["quota"])

    body = {"organisation": village, "title": "civilised_village"}
    office.post("ducha1", "/duties/titles", **body)
    assert (weekly("2026-11-25"), weekly("2026-11-30")) == (1, 2)
    assert "compound_meetings" not in office.progress("ducha1", organisation=village)


def test_units_come_in_pages_and_only_those_in_sight(office: Office) -> None:
    def codes(who: str, **query: object) -> list[str]:
        items = office.get(who, "/duties/progress", **query)["items"]
        return [one["organisation"]["code"] for one in items]

    every = codes("ducha1")
    communities = [c for c in every if c != office.town.code]
    assert communities == sorted(communities) and len(communities) >= 4
    first = office.get("ducha1", "/duties/progress", limit=2)
    assert codes("ducha1", limit=2, cursor=first["next_cursor"]) == every[2:4]
    assert codes("wangge21") == [office.town.community("002")]
    other = office.town.community("002")
    assert codes("shequ1", organisation=other) == []
    assert office.stories.get("wuye11", "/duties/progress").status_code == 403
    for query in ({"from_on": "2026-11-01"}, {"from_on": "2026-11-02", "to_on": "2026-11-01"},
                  {"from_on": "2025-01-01", "to_on": "2026-11-01"}):  # fmt: skip
        answer = office.stories.get("ducha1", "/duties/progress", **query)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_dates"), query


def test_the_summary_adds_up_within_ten_statements(office: Office) -> None:
    stories = office.stories
    with stories.app.app_context():
        with unit_of_work() as session:
            add_post(session, "town_admin", Role.administrator, office.town.code)
        db.session.remove()
    office.record("theory_lecture")
    office.record("compound_meeting")
    office.get("town_admin", "/duties/progress/summary")
    with counted_queries(stories.app) as said:
        lines = office.get("town_admin", "/duties/progress/summary")["items"]
    assert len(said) <= 10, said
    first = next(one for one in lines if one["organisation"]["code"] == office.community)
    found = office.progress().values()
    for name in ("met", "open", "missed"):
        assert first[name] == sum(one["standing"] == name for one in found), name
    by_duty = {one["duty"]["code"]: one for one in first["duties"]}
    assert by_duty["compound_meetings"]["met"] == by_duty["compound_meetings"]["done"] == 1
    whole = office.get("guanli", "/duties/progress/summary")["items"]
    (town,) = [one for one in whole if one["organisation"]["code"] == office.town.code]
    assert town["met"] == sum(one["met"] for one in lines)
    with counted_queries(stories.app) as said:
        office.progress()
    assert len(said) <= 10, said


def test_a_change_of_the_file_leaves_the_past(office: Office, tmp_path: Path) -> None:
    for path in SHIPPED.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        if path.name == "duties.toml":
            head, _, tail = text.partition('code = "compound_meetings"')
            tail = tail.replace("count = 1", "count = 3", 1)
            text = head + 'code = "compound_meetings"' + tail
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    with office.stories.app.app_context():
        with unit_of_work() as session:
            load_catalogue(session, directory=tmp_path, now=office.stories.clock())
        db.session.remove()
    quotas = [office.progress(on=f"2026-{month}-15")["compound_meetings"]["quota"]
              for month in ("10", "11", "12")]  # fmt: skip
    assert quotas == [1, 1, 3]
