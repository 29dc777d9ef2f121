"""Records: made once, corrected, withdrawn, reviewed; who sees them and their photos."""

import pytest

from app.kernel.db import db, unit_of_work
from app.people.models import Role
from tests.budgets import counted_queries
from tests.duties.office import Office
from tests.people.posts import add_post


def test_a_record_is_made_once_and_read_again(office: Office) -> None:
    photo = office.stories.photo("shequ1")
    body = office.body("activity", "theory_lecture", place="社区广场", photo_ids=[photo])
    first = office.stories.post("shequ1", "/records", body, "one")
    again = office.stories.post("shequ1", "/records", body, "one")
    assert (first.status_code, again.headers["Idempotent-Replay"]) == (201, "true")
    made = first.get_json()
    assert again.get_json()["id"] == made["id"]
    assert made["organisation"]["code"] == office.community
    assert [one["name"] for one in made["kinds"]] == ["实践站活动", "理论宣讲"]
    assert (made["state"], made["happened_on"], made["version"]) == ("recorded", "2026-11-25", 1)
    assert [one["id"] for one in made["photos"]] == [photo]
    items = office.get("wangge11", "/records")["items"]
    assert [one["id"] for one in items] == [made["id"]]
    assert office.get("ducha1", f"/records/{made['id']}")["changes"] == []


def test_what_a_kind_asks_for_must_be_there(office: Office) -> None:
    def refused(*kinds: str, **said: object) -> tuple[int, str]:
        return office.refused("shequ1", "/records", **office.body(*kinds, **said))

    incomplete = (422, "record_incomplete")
    assert refused("board_update") == incomplete
    assert refused("information") == incomplete
    assert refused("activity", quantity=None) == incomplete
    assert refused("no_such_kind") == (422, "record_kind_unknown")
    for day in ("2026-11-26", "2026-09-23"):
        assert refused(happened_on=day) == (422, "bad_happened_on")
    for link in ("javascript:alert(1)", "ftp://a/b", "https://", "https://a b"):
        assert refused("information", links=[link]) == (422, "invalid_input"), link
    others = office.stories.photo("wangge21")
    assert refused(photo_ids=[others]) == (422, "photo_not_yours")
    unknown = office.stories.code("002")
    assert refused(organisation=office.community, compound=unknown) == (422, "compound_unknown")
    assert office.get("shequ1", "/records")["items"] == []
    linked = office.record("information", links=["https://www.example.com/a?b=1"])
    assert linked["links"] == ["https://www.example.com/a?b=1"]
    assert office.record(happened_on="2026-09-24")["happened_on"] == "2026-09-24"
    assert (
        office.record(compound=office.stories.code())["compound"]["code"] == office.stories.code()
    )


def test_a_correction_keeps_what_was_said_before(office: Office) -> None:
    photos = [office.stories.photo("shequ1") for _ in range(2)]
    made = office.record(photo_ids=photos[:1])
    body = office.body("theory_lecture", subject="理论宣讲", quantity=31, photo_ids=photos[1:])
    now = office.act("shequ1", made, "correct", **body, reason="写错了")
    assert (now["subject"], now["quantity"], now["version"]) == ("理论宣讲", 31, 2)
    assert [one["id"] for one in now["photos"]] == photos[1:]
    (change,) = now["changes"]
    assert (change["action"], change["note"]) == ("correct", "写错了")
    assert (change["before"]["subject"], change["before"]["photo_ids"]) == (
        "科普进社区", photos[:1],
    )  # fmt: skip
    deleted = office.stories.client.delete(
        f"/api/v1/photos/{photos[0]}", headers=office.stories.headers("shequ1")
    )
    assert deleted.status_code == 409, "what was evidence stays"
    stale = {**body, "version": 1}
    path = f"/records/{made['id']}"
    assert office.refused("shequ1", f"{path}/correct", **stale) == (409, "stale_version")
    gone = office.act("wangge11", now, "withdraw")
    assert (gone["state_label"], len(gone["changes"])) == ("已撤回", 2)
    again = {"version": gone["version"]}
    assert office.refused("shequ1", f"{path}/withdraw", **again) == (409, "record_not_possible")


def test_only_what_the_duty_says_is_reviewed(office: Office) -> None:
    made = office.record("volunteer_brand", links=["https://example.com"])
    assert made["state"] == "waiting"
    path = f"/records/{made['id']}"
    for who in ("shequ1", "wangge11"):
        assert office.refused(who, f"{path}/accept", version=1) == (403, "not_allowed")
    assert office.refused("ducha1", f"{path}/return", version=1) == (422, "reason_missing")
    returned = office.act("ducha1", made, "return", note="链接打不开")
    assert office.progress()["volunteer_brands"]["waiting"] == 0
    body = office.body("volunteer_brand", links=["https://example.com/ok"])
    corrected = office.act("shequ1", returned, "correct", **body)
    assert corrected["state"] == "waiting"
    waiting = office.progress()["volunteer_brands"]
    assert (waiting["done"], waiting["waiting"], waiting["missing"]) == (0, 1, 2)
    accepted = office.act("ducha1", corrected, "accept")
    assert accepted["state"] == "accepted"
    assert [one["action"] for one in accepted["changes"]] == ["return", "correct", "accept"]
    now = office.progress()["volunteer_brands"]
    assert (now["done"], now["waiting"], now["missing"]) == (1, 0, 1)
    again = {"version": accepted["version"]}
    assert office.refused("ducha1", f"{path}/accept", **again) == (409, "record_not_possible")


def test_the_towns_office_records_its_own_and_reviews_no_own(office: Office) -> None:
    said = {"organisation": office.town.code, "links": ["https://example.com"]}
    made = office.record("volunteer_brand", who="ducha1", **said)
    path = f"/records/{made['id']}/accept"
    assert office.refused("ducha1", path, version=1) == (403, "own_record")
    body = office.body(organisation=office.town.code)
    assert office.refused("shequ1", "/records", **body) == (403, "not_allowed")
    assert office.refused("ducha1", "/records", **office.body(organisation=office.community)) == (
        403, "not_allowed",
    )  # fmt: skip


def test_who_sees_a_record_sees_its_photos(office: Office) -> None:
    stories = office.stories
    with stories.app.app_context():
        with unit_of_work() as session:
            add_post(session, "town_admin", Role.administrator, office.town.code)
        db.session.remove()
    photo = stories.photo("shequ1")
    assert stories.get("town_admin", f"/photos/{photo}").status_code == 404
    made = office.record(photo_ids=[photo])
    record = f"/records/{made['id']}"
    for who in ("wangge11", "ducha1", "town_admin", "guanli"):
        assert stories.get(who, record).status_code == 200, who
        assert stories.get(who, f"/photos/{photo}").status_code == 200, who
    for who in ("wangge21", "shequ2"):
        assert stories.get(who, record).status_code == 404, who
        assert stories.get(who, f"/photos/{photo}").status_code == 404, who
        assert office.get(who, "/records")["items"] == []
        assert office.refused(who, f"{record}/withdraw", version=1) == (404, "not_found")
    for who in ("wuye11", "zhifa1"):
        assert stories.get(who, "/records").status_code == 403, who
        assert stories.get(who, f"/photos/{photo}").status_code == 404, who


def test_lists_narrow_and_turn_pages(office: Office) -> None:
    days = ("2026-11-03", "2026-11-20", "2026-11-20", "2026-11-25")
    made = [office.record(happened_on=day)["id"] for day in days]
    lecture = office.record("theory_lecture", happened_on="2026-11-10")["id"]

    def ids(**query: object) -> list[str]:
        return [one["id"] for one in office.get("ducha1", "/records", **query)["items"]]

    newest = [made[3], made[2], made[1], lecture, made[0]]
    assert ids() == newest
    first = office.get("ducha1", "/records", limit=2)
    assert ids(limit=2, cursor=first["next_cursor"]) == newest[2:4]
    assert ids(kind="theory_lecture") == [lecture]
    assert ids(from_on="2026-11-10", to_on="2026-11-20") == newest[1:4]
    assert ids(state="withdrawn") == []
    other = office.town.community("002")
    assert ids(organisation=other) == []


@pytest.mark.parametrize("photos", [0, 3])
def test_the_budget_of_a_list(office: Office, photos: int) -> None:
    for _ in range(3):
        office.record(photo_ids=[office.stories.photo("shequ1") for _ in range(photos)])
    office.get("ducha1", "/records")
    with counted_queries(office.stories.app) as said:
        office.get("ducha1", "/records")
    assert len(said) <= 4, said
