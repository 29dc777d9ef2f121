"""Thresholds are dated rows of the county: what a photo was judged by stays what it was."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app.administration.models import AuditEntry, SubjectKind
from app.catalogue.models import CatalogueVersion
from app.kernel.db import begin_reading
from app.photos.evidence import SHIPPED
from app.photos.likeness.hashing import hashes_of
from app.photos.thresholds.figures import FIGURES, faults_of, figures_of, thresholds_of
from tests.evidence.conftest import Office
from tests.tickets.stories import Json, code_of, picture

PATH = "/photo-thresholds"


def put(office: Office, who: str, figures: Json, **more: Any) -> Any:
    headers, body = office.headers(who), {"figures": figures, **more}
    return office.client.put(f"/api/v1{PATH}", headers=headers, json=body)


def value(said: Json, name: str) -> float:
    return float(next(each["value"] for each in said["figures"] if each["name"] == name))


def old_photo(office: Office) -> Json:
    """A photo taken 30 hours before it was sent: its finding and the rule version of that."""
    taken = (office.clock() - timedelta(hours=30)).isoformat()
    photo_id = office.photo("wangge11", office.spot, data=picture(), taken_at=taken)
    return dict(office.get("wangge11", f"/photos/{photo_id}").get_json())


def codes(photo: Json) -> set[str]:
    return {each["code"] for each in photo["findings"]}


def versions(office: Office, photo: Json) -> set[str]:
    (row,) = office.sql("SELECT findings FROM photos WHERE sha256 = :s", s=photo["sha256"])
    found = row.findings if isinstance(row.findings, list) else json.loads(row.findings)
    return {each["rule_version"] for each in found}


def test_a_photo_is_judged_by_what_was_in_force_when_it_came(office: Office) -> None:
    shown = office.get("ducha1", PATH).get_json()
    assert (shown["rule_version"], shown["sets"]) == (SHIPPED.version, [])
    assert value(shown, "late") == 72
    earlier = old_photo(office)
    assert "taken_long_ago_device" not in codes(earlier)

    changed = put(office, "guanli", {"late": 24}).get_json()
    assert (value(changed, "late"), value(changed, "place_tolerance_m")) == (24, 100)
    tomorrow, version = changed["day"], changed["rule_version"]
    assert version.startswith(f"{SHIPPED.version}+")
    today = old_photo(office)
    assert versions(office, today) == {SHIPPED.version}, "the change holds from tomorrow"

    office.later(days=1)
    judged = old_photo(office)
    assert "taken_long_ago_device" in codes(judged)
    assert versions(office, judged) == {version}
    assert versions(office, earlier) == {SHIPPED.version}
    assert office.get("ducha1", PATH, day=tomorrow).get_json()["rule_version"] == version
    _what_cannot_be_meant_is_refused(office)
    _a_planned_set_is_replaced_and_the_log_has_all(office)


def _what_cannot_be_meant_is_refused(office: Office) -> None:
    for figures, said in (
        ({"late": 5}, "24 到 720 小时"),
        ({"similar_distance": 9}, "0 到 8 位"),
        ({"near_fine_distance": 20.5}, "整数"),
        ({"other_place_m": 200, "place_tolerance_m": 300}, "不能大于"),
        ({"no_such": 1}, "没有这个界限"),
    ):
        answer = put(office, "guanli", figures)
        assert code_of(answer) == (422, "thresholds_unbelievable"), figures
        assert said in str(answer.get_json()["errors"])
    assert code_of(put(office, "guanli", {"late": "24"})) == (422, "invalid_input")
    today = office.clock().date().isoformat()
    assert code_of(put(office, "guanli", {"late": 48}, from_on=today)) == (422, "bad_dates")
    assert put(office, "ducha1", {"late": 48}).status_code == 403


def _a_planned_set_is_replaced_and_the_log_has_all(office: Office) -> None:
    day = (office.clock() + timedelta(days=10)).date().isoformat()
    first = put(office, "guanli", {"late": 48}, from_on=day).get_json()
    assert code_of(put(office, "guanli", {"late": 30})) == (409, "change_planned")
    second = put(office, "guanli", {"late": 36}, from_on=day).get_json()
    assert first["rule_version"] != second["rule_version"]
    assert [each["figures"]["late"] for each in second["sets"]] == [24, 36]
    with office.app.app_context():
        session, mine = begin_reading(), AuditEntry.subject_kind == SubjectKind.thresholds
        kept = session.scalars(select(AuditEntry).where(mine).order_by(AuditEntry.id)).all()
        assert [each.after and each.after["late"] for each in kept] == [24, 48, 36]
        newest = session.scalar(select(func.max(CatalogueVersion.number)))
    same = put(office, "guanli", {"late": 36}, from_on=day).get_json()
    assert same["rule_version"] == second["rule_version"] == f"{SHIPPED.version}+{newest}"


def test_the_shipped_figures_are_believable_and_come_back_as_they_are() -> None:
    figures = figures_of(SHIPPED)
    assert faults_of(figures) == {}
    assert thresholds_of(figures, SHIPPED.version) == SHIPPED
    every = {name for name in SHIPPED.__dataclass_fields__ if name != "version"}
    assert set(FIGURES) == every, "a figure that nobody can change"


def test_what_shows_too_little_is_a_matter_of_thresholds() -> None:
    looks = hashes_of(bytes(range(0, 200, 2)) * 256)
    strict = thresholds_of({"least_entropy": 4.0, "least_detail": 1.0}, "strict")
    mild = thresholds_of({"least_entropy": 0.0, "least_detail": 0.0}, "mild")
    assert (looks.shows_little(mild), looks.shows_little(strict)) == (False, True)
