"""What there is to do, as people read it; and titles, which change it."""

from tests.administration.desks import COUNTY, MINE, Desk
from tests.duties.test_assignments import give, listed, vacant


def test_the_duties_and_kinds_are_read(desk: Desk) -> None:
    duties = {one["code"]: one for one in desk.get("wangge11", "/duties")["items"]}
    station = duties["station_activities"]
    assert (station["period_label"], station["line_label"]) == ("每月", "宣传")
    assert station["quotas"][0] == {
        "unit": "community",
        "unit_label": "社区",
        "count": 4,
        "parts": [{"name": "理论宣讲", "kinds": ["theory_lecture"], "count": 1}],
    }
    assert duties["weekly_rounds"]["derived"] == "weekly_rounds"
    kinds = {one["code"]: one for one in desk.get("shequ1", "/records/kinds")["items"]}
    assert kinds["activity"]["quantity_name"] == "参加人数"
    assert kinds["information"]["needs_link"] and kinds["board_update"]["needs_photo"]
    for path in ("/duties", "/records/kinds"):
        assert desk.refused("GET", "wuye11", path) == (403, "not_allowed")


def test_every_duty_has_a_name_too(desk: Desk) -> None:
    unit = f"organisation={desk.town.community()}"
    without = [one["subject"]["code"] for one in vacant(desk, f"{unit}&kind=duty")]
    assert {"station_activities", "compound_meetings"} <= set(without)
    give(desk, subjects=[{"kind": "duty", "code": code} for code in without])
    assert vacant(desk, f"{unit}&kind=duty") == []
    assert len(listed(desk, "&kind=duty&person=wangge11")) == len(without)
    items = desk.get("shequ1", "/assignments?kind=duty&limit=100")["items"]
    assert "小区例会" in {one["subject"]["name"] for one in items}
    line = desk.get("ducha1", f"/assignments/vacant/summary?{unit}")["items"]
    assert [one["duties"] for one in line] == [0]
    body = {"organisation": desk.town.community(), "part": "lead", "person": "wangge11"}
    subjects = [{"kind": "duty", "code": "no_such_duty"}]
    assert desk.refused("POST", "shequ1", "/assignments", **body, subjects=subjects) == (
        422, "subject_unknown",
    )  # fmt: skip


def test_a_title_is_given_once_and_ends(desk: Desk) -> None:
    village = next(o for o in desk.town.township.organisations if o.type == "村").code
    body = {"organisation": village, "title": "civilised_village"}
    given = desk.post("ducha1", "/duties/titles", **body)
    assert (given["title_label"], given["to_on"]) == ("文明村", None)
    assert desk.post(MINE, "/duties/titles", **body) == given
    assert desk.get("shequ1", "/duties/titles")["items"] == []
    assert desk.get(COUNTY, f"/duties/titles?organisation={village}")["items"] == [given]
    for who in ("shequ1", "wangge11"):
        assert desk.refused("POST", who, "/duties/titles", **body) == (403, "not_allowed")
    misplaced = {"organisation": desk.town.community(), "title": "civilised_village"}
    assert desk.refused("POST", "ducha1", "/duties/titles", **misplaced) == (
        422, "organisation_misplaced",
    )  # fmt: skip
    path = f"/duties/titles/{given['id']}/end"
    assert desk.refused("POST", "shequ1", path) == (404, "not_found")
    assert desk.post("ducha1", path)["to_on"] == desk.day()
    assert desk.refused("POST", "ducha1", path) == (409, "already_retired")
    assert desk.get("ducha1", "/duties/titles")["items"] == []
