"""Whatever people write, and wherever: who a resident is reaches no table and no answer."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.kernel.db import db, unit_of_work
from app.kernel.masking import HIDDEN
from app.rounds.spot_checks.drawing import draw_spot_checks
from tests.tickets.stories import Json, Stories, at

PHONE, FLAT = "13800138000", "501室"
SAID = f"3栋2单元{FLAT}的人说的，电话 {PHONE}"
KEPT = f"3栋2单元***室的人说的，电话 {HIDDEN}"


def everything_stored(stories: Stories) -> str:
    """Every row of every table, as text."""
    with stories.app.app_context():
        told = [
            str([tuple(row) for row in db.session.execute(select(table))])
            for table in db.metadata.sorted_tables
            if table.name not in ("people", "rate_windows")
        ]
        db.session.remove()
    return "\n".join(told)


def done(answer: Any) -> Json:
    assert answer.status_code in (200, 201), answer.text
    told: Json = answer.get_json()
    return told


def work_on(stories: Stories) -> None:
    """A life of a ticket with something to be said at every turn."""
    ticket = stories.report(description=SAID)
    assert ticket["description"] == KEPT
    assert [one["note"] for one in ticket["timeline"]] == [KEPT]
    ticket = stories.act("wuye11", ticket, "send_back", note=SAID)
    assert ticket["pending"]["reason"] == KEPT
    ticket = stories.act("shequ1", ticket, "refuse_send_back", note=SAID)
    ticket = stories.act("wuye11", ticket, "comment", note=SAID)
    ticket = stories.act("wuye11", ticket, "rectify", note=SAID)
    assert {one["note"] for one in ticket["timeline"]} == {KEPT}
    photos = [stories.photo("wangge11", stories.spot) for _ in range(2)]
    fixed = {"photo_ids": photos[:1], "note": SAID}
    ticket = stories.report(photo_ids=photos[1:], fixed_on_spot=fixed, category="01-10")
    assert ticket["timeline"][0]["note"] == KEPT
    together = stories.report(category="01-17")
    said = {"tickets": [{"id": together["id"], "version": together["version"]}], "note": SAID}
    after = [stories.photo("wuye11", stories.spot)]
    done(stories.post("wuye11", "/tickets/rectify", {**said, "photo_ids": after}))


def walk(stories: Stories) -> None:
    """A round, and a spot check of a clean one."""
    points = stories.get("wangge11", f"/compounds/{stories.code()}").get_json()["checkpoints"]
    check = {"checkpoint": points[0]["id"], "result": "fine", "note": SAID}
    body = {"compound": stories.code(), "checks": [check], "all_fine": True}
    assert KEPT in str(done(stories.post("wangge11", "/rounds", body)))
    stories.now(at("11-30 12:30"))
    with stories.app.app_context():
        with unit_of_work() as session:
            draw_spot_checks(session, percent=100, secret="drawn", now=stories.clock())
        db.session.remove()
    stories.later(seconds=timedelta(hours=1).total_seconds())
    (drawn,) = stories.get("ducha1", "/spot-checks").get_json()["items"]
    body = {"checks": [check], "note": SAID}
    found = done(stories.post("ducha1", f"/spot-checks/{drawn['id']}/result", body))
    assert (found["note"], found["checks"][0]["note"]) == (KEPT, KEPT)


def record(stories: Stories) -> None:
    """A record of a duty, corrected and returned."""
    said = {"kinds": ["company_appraisal"], "subject": SAID, "place": SAID, "note": SAID}
    made = done(stories.post("shequ1", "/records", said))
    assert (made["subject"], made["place"], made["note"]) == (KEPT, KEPT, KEPT)
    path = f"/records/{made['id']}"
    again = done(stories.post("shequ1", f"{path}/correct", {**said, "version": 1, "reason": SAID}))
    returned = done(stories.post("ducha1", f"{path}/return", {"version": 2, "note": SAID}))
    assert again["changes"][0]["before"]["subject"] == KEPT
    assert [one["note"] for one in returned["changes"]] == [KEPT, KEPT]


def administer(stories: Stories) -> None:
    """A pause, and a month frozen twice."""
    times = {"from": at("12-01 09:00").isoformat(), "to": at("12-02 09:00").isoformat()}
    paper = {"organisation": stories.town.code, "document": "一号", "reason": SAID}
    assert done(stories.post("guanli", "/pauses", {**paper, **times}))["reason"] == KEPT
    stories.now(at("12-03 09:00"))
    month = {"organisation": stories.town.code, "month": "2026-11", "reason": SAID}
    assert done(stories.post("ducha1", "/kpis/freezes", month))["reason"] == KEPT


def test_it_is_kept_nowhere(stories: Stories) -> None:
    work_on(stories)
    record(stories)
    walk(stories)
    administer(stories)
    stored = everything_stored(stories)
    assert KEPT in stored
    assert PHONE not in stored
    assert FLAT not in stored


def test_a_repetition_is_what_was_sent_before_it_was_masked(stories: Stories) -> None:
    """The same number again is a replay, another one another body, though both look alike then."""
    body = {"category": "01-36", "source": "resident", "compound": stories.code()}
    said = {**body, "description": SAID}
    first = stories.post("shequ1", "/tickets", said, key="one")
    again = stories.post("shequ1", "/tickets", said, key="one")
    assert (again.status_code, again.headers["Idempotent-Replay"]) == (201, "true")
    assert again.get_json()["description"] == first.get_json()["description"] == KEPT
    other = {**body, "description": SAID.replace(PHONE, "13900139000")}
    refused = stories.post("shequ1", "/tickets", other, key="one")
    assert refused.get_json()["code"] == "idempotency_key_reused"


SECRETS = (
    "HostBind.binding_ticket",
    "PasswordSignIn.password",
    "NewPassword.password",
    "NewPassword.new_password",
)


def test_the_document_says_so(stories: Stories) -> None:
    """Of every member that is long enough for people's own words."""
    schemas = stories.client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    told = {
        f"{schema}.{name}": "隐去" in member.get("description", "")
        for schema, whole in schemas.items()
        for name, member in whole.get("properties", {}).items()
        if any(one.get("maxLength", 0) >= 400 for one in (member, *member.get("anyOf", ())))
    }
    assert {"ReportIn.description", "ActionIn.note", "NewPause.reason"} <= told.keys()
    silent = [name for name, said in told.items() if not said]
    assert set(silent) == {"ConditionBody.closing_test", *SECRETS}
