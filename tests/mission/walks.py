"""The walk of each obligation, in the words of the people who do it."""

from collections.abc import Callable

from tests.mission.walking import LEAD, SUPERVISOR, WARDEN, Walk


def duties(*asked: tuple[str, tuple[str, ...]], **said: object) -> Callable[[Walk], None]:
    """A walk of duties, each by kinds of records in turn."""

    def walk(walk: Walk) -> None:
        for code, kinds in asked:
            walk.duty(code, *kinds, **said)

    return walk


def checklists(walk: Walk) -> None:
    """Those of a community: its content, its square's, its compounds' entrance boards."""
    for code, items in (("community_board", 11), ("entrance_board", 10)):
        walk.checklist(code, items)


def rooms(walk: Walk) -> None:
    """Ten kinds of rooms, of which three are their own."""
    walk.checklist("community_rooms", 10, ticket=False)
    walk.duty("independent_rooms", "independent_rooms", quantity=3)


def volunteers(walk: Walk) -> None:
    """Teams by their number; what stands on the platform is a link."""
    walk.duty("volunteer_teams", "volunteer_teams", quantity=6)
    for code, kind in (
        ("volunteer_activities", "volunteer_activity"),
        ("large_activities", "large_activity"),
        ("volunteer_brands", "volunteer_brand"),
    ):
        walk.duty(code, kind)


def festivals(walk: Walk) -> None:
    """The last festival whose records can still come."""
    walk.duty("festivals", "festival_activity", on="2026-10-18")


def named_persons(walk: Walk) -> None:
    """Somebody is named for each that has nobody, until the list is empty."""
    assert walk.derived("grid_assignments")["missing"] > 0
    lead = {"organisation": walk.office.community, "part": "lead", "person": WARDEN}
    by_kind: dict[str, list[dict[str, str]]] = {}
    for one in walk.office.get(LEAD, "/assignments/vacant", limit=100)["items"]:
        subject = {name: one["subject"][name] for name in ("kind", "code")}
        by_kind.setdefault(subject["kind"], []).append(subject)
    for subjects in by_kind.values():
        walk.office.post(LEAD, "/assignments", **lead, subjects=subjects)
    assert walk.office.get(LEAD, "/assignments/vacant")["items"] == []
    assert walk.derived("grid_assignments")["standing"] == "met"


def monthly_zone(walk: Walk) -> None:
    """A compound of the plan with its six actions; the half year's board tells which are left, and
    nobody records the plan again."""
    assert walk.derived("zone_plan")["done"] == 0
    place = {"compound": walk.office.stories.code(), "month": "2026-11"}
    before = _left(walk)
    campaign = walk.office.post(LEAD, "/campaigns", **place)
    assert (campaign["actions_done"], campaign["actions"]) == (0, 6)
    photo = [walk.office.stories.photo(LEAD)]
    for part in campaign["parts"]:
        said = {"action": part["action"], "done_on": "2026-11-25"}
        path = f"/campaigns/{campaign['id']}/steps"
        walk.office.post(LEAD, path, step="publicise", photo_ids=photo, **said)
        walk.office.post(LEAD, path, step="nothing_found", note="逐栋查看", **said)
    assert _left(walk) == before - 1
    assert walk.derived("zone_plan")["done"] == 1


def _left(walk: Walk) -> int:
    (unit,) = walk.office.get(LEAD, "/campaigns/progress")["items"]
    return len(unit["missing"])


def awards(walk: Walk) -> None:
    """Who may apply, and why not; the year's awarding is recorded."""
    found = walk.office.get(LEAD, "/campaigns/candidates")["items"]
    assert found and all(one["grades"][0]["reasons"] for one in found)
    walk.duty("award_activities", "award_activity")


def assessment(walk: Walk) -> None:
    """Off until the county switches it on; then a lecture earns its bonus.

    The last month is frozen, and its board is of units.
    """
    asked = {"scheme": "community_month", "organisation": walk.office.town.code}
    off = walk.office.stories.get(SUPERVISOR, "/assessments", **asked, period="2026-11")
    assert off.get_json()["code"] == "assessment_off"
    walk.office.post("guanli", "/assessments/switch", on=True, document="示例〔2026〕8号")
    before = _score(walk, asked)
    walk.office.record("moral_lecture", quantity=30)
    assert _score(walk, asked) > before
    freeze = walk.office.post(SUPERVISOR, "/assessments/freezes", **asked, period="2026-10")
    board = walk.office.get(LEAD, f"/assessments/freezes/{freeze['id']}/board")
    assert {"red", "black"} <= set(board)
    walk.duty("company_appraisals", "company_appraisal")


def _score(walk: Walk, asked: dict[str, str]) -> float:
    """What the community that the lead leads has so far."""
    (mine,) = walk.office.get(LEAD, "/assessments", **asked, period="2026-11")["items"]
    return float(mine["total"])


def rounds(walk: Walk) -> None:
    """Walked and repaired the same day: nobody records it again."""
    walk.duty("compound_meetings", "compound_meeting")
    before = walk.derived("weekly_rounds")
    assert before["done"] == 0 < before["quota"]
    walked = {"compound": walk.office.stories.code(), "all_fine": True}
    walk.office.post(WARDEN, "/rounds", **walked)
    assert walk.derived("weekly_rounds")["done"] == 1
    ticket = walk.office.stories.report()
    walk.office.stories.act("wuye11", ticket, "rectify")
    assert walk.derived("same_day")["done"] >= 1
    walk.wanted.append(("rounds", "全覆盖"))
    walk.wanted.append(("rectifications", str(ticket["number"])))


def unmanaged(walk: Walk) -> None:
    """A compound without a company: filed; what a resident says is seen on site; works."""
    case = walk.case("unmanaged_compound", compound=walk.office.stories.code("001", 2))
    body = {"step": "verified", "version": case["version"], "photo_ids": [_seen(walk)]}
    assert walk.office.post(LEAD, f"/cases/{case['id']}/steps", **body)["stage"] == "verified"
    walk.case("repair_request")
    told = walk.office.stories.report(source="resident")
    walk.wanted.append(("rectifications", str(told["number"])))
    walk.duty("no_company_filing", "no_company_filing", quantity=1)
    walk.duty("no_company_visits", "no_company_visit")


def _seen(walk: Walk) -> str:
    return walk.office.stories.photo(LEAD)


def illegal_building(walk: Walk) -> None:
    """Found, then dissuaded; the next step stands on the board with its day."""
    case = walk.case("illegal_building")
    assert case["due_on"] == "2026-11-26"
    walk.duty("illegal_building_checks", "illegal_building_check")


def waste(walk: Walk) -> None:
    """The site with its contract, the three ledgers, the teams."""
    walk.case("waste_site", fields={"contract_to": "2026-12-20"})
    expiring = walk.office.get(LEAD, "/cases", kind="waste_site", expiring=1)["items"]
    assert len(expiring) == 1
    for code, kind, quantity in (
        ("waste_plan", "waste_plan", 1),
        ("waste_stations", "waste_stations", 2),
        ("waste_teams", "waste_teams", 3),
        ("waste_training", "waste_training", 30),
        ("haulage_contract", "haulage_contract", 1),
    ):
        walk.duty(code, kind, quantity=quantity)
    for ledger, kind in (
        ("waste_haulage", "waste_haulage"),
        ("waste_visits", "waste_household_visit"),
    ):
        walk.office.record(kind, subject=f"台账 {kind}")
        walk.wanted.append((ledger, f"台账 {kind}"))
    walk.wanted.append(("waste_training", "事项 waste_training"))


def renovation(walk: Walk) -> None:
    """Items with the party responsible and the progress; opinions; works supervised."""
    fields = {"work": "楼道粉刷", "party": "政府", "progress": 10}
    case = walk.case("renovation", fields=fields)
    assert walk.office.get(LEAD, f"/cases/{case['id']}")["fields"]
    walk.duty("renovation_lists", "renovation_list", quantity=1)
    walk.duty("renovation_opinions", "renovation_opinion", "renovation_supervision")


def honours(walk: Walk) -> None:
    """A term of two years that starts from nothing."""
    unit = walk.office.community
    walk.case("honour_cycle", organisation=unit, fields={"term_to": "2026-12-31"})
    walk.duty("civilised_term", "civilised_application")


def groups(walk: Walk) -> None:
    """The town's groups are organisations, and what their communities did is theirs."""
    found = walk.office.get(SUPERVISOR, "/ledgers")["items"]
    assert {"rounds", "rectifications", "records"} <= {one["code"] for one in found}
    types = {one.type for one in walk.office.town.township.organisations}
    assert "管理组" in types, types
    group = next(o for o in walk.office.town.township.organisations if o.type == "管理组")
    asked = {"organisation": group.code}
    answer = walk.office.stories.get(SUPERVISOR, "/ledgers/rectifications.xlsx", **asked)
    assert answer.status_code == 200
