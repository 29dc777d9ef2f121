"""What is wrong with what was sent, said in Chinese and beside the field it is about."""

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.tickets.conftest import stories as stories
from tests.tickets.stories import Stories
from tests.web.asking import BASE, a_picture, a_report, keyed, refused, upload

SAYS_WHAT_A_REFERENCE_IS = "须为 UUID，或 key: 加 1 至 64 个可见字符的请求编号"


def errors_of(answer: Any) -> dict[str, list[str]]:
    """The messages by field of an invalid input."""
    assert refused(answer) == (422, "invalid_input"), answer.get_data(as_text=True)
    found: dict[str, list[str]] = answer.get_json()["errors"]
    return found


@pytest.mark.parametrize(
    "wrong",
    ["zzz", "key:", "key:" + "k" * 65, "key:钥匙", "key:\x7f", "123", "key", "0190a0a0-0000"],
)
def test_what_can_never_name_anything_is_refused_for_good(stories: Stories, wrong: str) -> None:
    """A reference that is not known yet is sent again; this one would be for ever."""
    ticket = stories.report()
    for answer, field in (
        (stories.try_report(photo_ids=[wrong]), "photo_ids.0"),
        (stories.try_report(fixed_on_spot={"photo_ids": [wrong]}), "fixed_on_spot.photo_ids.0"),
        (stories.try_report(round=wrong), "round"),
        (stories.try_act("wuye11", ticket, "rectify", photo_ids=[wrong]), "photo_ids.0"),
        (stories.try_act("shequ1", ticket, "merge_into", ticket=wrong), "ticket"),
    ):
        assert errors_of(answer) == {field: [SAYS_WHAT_A_REFERENCE_IS]}
    checks = [{"checkpoint": stories.person("wangge11"), "result": "fine", "ticket": wrong}]
    walked = stories.post("wangge11", "/rounds", {"compound": stories.code(), "checks": checks})
    assert errors_of(walked) == {"checks.0.ticket": [SAYS_WHAT_A_REFERENCE_IS]}


@pytest.mark.parametrize("known", ["key:later", "key:" + "k" * 64, "key: ~"])
def test_what_is_not_there_yet_is_sent_again(stories: Stories, known: str) -> None:
    answer = stories.try_report(photo_ids=[known])
    assert refused(answer) == (422, "reference_unknown")


@pytest.mark.parametrize("wrong", ["zzz", "key:round-1"])
def test_what_no_key_makes_is_a_uuid(stories: Stories, wrong: str) -> None:
    assert errors_of(stories.try_report(checkpoint=wrong)) == {"checkpoint": ["须为 UUID"]}
    answer = stories.try_act("wuye11", stories.report(), "assign", person=wrong)
    assert errors_of(answer) == {"person": ["须为 UUID"]}


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ({"sort": "x"}, "sort", "只能是 newest、due、external_due 之一"),
        ({"light": "blue"}, "light", "只能是 green、yellow、red 之一"),
        ({"state": "open"}, "state", "只能是 reported、dispatched"),
        ({"reported_from": "x"}, "reported_from", "须为日期（如 2026-11-23）或带时区的时间"),
        ({"reported_to": "2026-11-23T09:30:00"}, "reported_to", "须为日期（如 2026-11-23）或带"),
        ({"reported_to": "2026-02-30"}, "reported_to", "没有这一天"),
        ({"updated_since": "2026-11-23"}, "updated_since", "须为带时区的 RFC 3339 时间"),
        ({"limit": "0"}, "limit", "不能小于 1"),
        ({"mine": "maybe"}, "mine", "须为 true 或 false"),
    ],
)
def test_a_query_says_what_is_possible(
    stories: Stories, query: dict[str, str], field: str, said: str
) -> None:
    (message,) = errors_of(stories.get("wangge11", "/tickets", **query))[field]
    assert message.startswith(said)
    assert " or " not in message
    assert "'" not in message


def test_a_repeated_parameter_is_named_as_it_is_written(stories: Stories) -> None:
    answer = stories.get("wangge11", "/tickets", state=["closed", "open", "shut"])
    told = errors_of(answer)
    assert list(told) == ["state"]
    assert len(told["state"]) == 1, "the same message once"


def test_numbers_are_written_plainly(stories: Stories) -> None:
    for lng, said in ((181, "不能大于 180"), (-181, "不能小于 -180")):
        answer = stories.get("wangge11", "/tickets/nearby", lng=lng, lat=31)
        assert errors_of(answer) == {"lng": [said]}
    form = upload(stories.client, stories.headers("wangge11"), a_picture(), accuracy_m="1e9",
                  lng="118.3", lat="30.9")  # fmt: skip
    assert refused(form) == (422, "bad_position")
    assert form.get_json()["errors"] == {"accuracy_m": ["不能大于 100000"]}


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/tickets", "stat"),
        ("/tickets", "page"),
        ("/tickets/nearby", "radius"),
        ("/tickets/{ticket}", "fields"),
        ("/photos/{photo}", "size"),
        ("/cells", "q"),
        ("/cells/locate", "acuracy_m"),
        ("/compounds", "community"),
        ("/compounds/{compound}", "day"),
        ("/rounds", "weeks"),
        ("/coverage", "weeks"),
        ("/coverage/summary", "week"),
        ("/categories", "day"),
        ("/me", "verbose"),
    ],
)
def test_a_misspelt_parameter_is_not_passed_over(stories: Stories, path: str, wrong: str) -> None:
    ticket = stories.report()
    asked = path.format(
        ticket=ticket["id"], photo=ticket["photos"][0]["photo"]["id"], compound=stories.code()
    )
    whole = {"lng": 118.3, "lat": 30.9} if path in ("/tickets/nearby", "/cells/locate") else {}
    assert stories.get("wangge11", asked, **whole).status_code == 200
    found = errors_of(stories.get("wangge11", asked, **whole, **{wrong: "1"}))
    assert list(found) == [wrong]
    assert "没有这个查询参数" in found[wrong][0]


def test_also_of_a_write_and_after_who_may_and_what_is_there(stories: Stories) -> None:
    ticket = stories.report()
    body = {"version": ticket["version"], "note": "看过"}
    path = f"/tickets/{ticket['id']}/comment?dry_run=1"
    assert list(errors_of(stories.post("wangge11", path, body))) == ["dry_run"]
    assert stories.see("wangge11", ticket)["version"] == ticket["version"]
    assert refused(stories.get("wangge21", f"/tickets/{ticket['id']}", x=1)) == (404, "not_found")
    assert refused(stories.get("wangge11", "/people", x=1)) == (403, "not_allowed")
    assert refused(stories.client.get(f"{BASE}/tickets?x=1")) == (401, "not_signed_in")


def test_public_addresses_take_what_others_add(stories: Stories, client: FlaskClient) -> None:
    photo = stories.see("wangge11", stories.report())["photos"][0]["photo"]
    assert client.get(photo["urls"]["thumb"] + "&from=wechat").status_code == 200
    assert client.get(f"{BASE}/docs?x=1").status_code == 200


def test_no_message_is_english(stories: Stories) -> None:
    """A body with everything wrong, field by field."""
    wrong: dict[str, Any] = {name: [] for name in a_report()}
    wrong |= {"source": "x", "area": 5, "position": {"lng": "a", "lat": 91.5, "datum": "x"},
              "photo_ids": "x", "occurred_at": "x", "fixed_on_spot": {"photo_ids": []}}  # fmt: skip
    answer = stories.client.post(
        f"{BASE}/tickets", json=wrong, headers=keyed(stories.headers("wangge11"))
    )
    for messages in errors_of(answer).values():
        for message in messages:
            assert re.search("[一-鿿]", message), message
            assert not re.search(r" or |should|input", message), message


@pytest.mark.parametrize("wrong", ["yes", 1, "true", []])
def test_true_is_true_and_nothing_else(stories: Stories, wrong: Any) -> None:
    """One tap says that a whole compound is fine: no word may stand for it by chance."""
    walked = stories.post("wangge11", "/rounds", {"compound": stories.code(), "all_fine": wrong})
    assert list(errors_of(walked)) == ["all_fine"]


def test_what_comes_twice_is_refused(stories: Stories) -> None:
    headers = stories.headers("wangge11")
    for path, name in (
        ("/tickets?category=01-36&category=01-10", "category"),
        ("/cells/locate?lng=118.3&lat=30.9&lng=118.4", "lng"),
        ("/coverage?week=2026-W47&week=2026-W48", "week"),
    ):
        answer = stories.client.get(BASE + path, headers=headers)
        assert errors_of(answer) == {name: ["只能有一个"]}
    assert (
        stories.client.get(
            f"{BASE}/tickets?state=reported&state=closed", headers=headers
        ).status_code
        == 200
    )
    form = {"file": (io.BytesIO(a_picture()), "a.jpg"), "lng": ["118.3", "118.4"], "lat": "30.9"}
    twice = stories.client.post(f"{BASE}/photos", data=form, headers=keyed(headers))
    assert refused(twice) == (422, "bad_position")
    assert twice.get_json()["errors"] == {"lng": ["只能有一个"]}


def test_what_is_not_known_here_is_left_aside(stories: Stories) -> None:
    """A newer phone may say more than this server understands."""
    ticket = stories.report(weather="晴", device={"model": "新"})
    assert "weather" not in ticket


def test_fixed_on_the_spot_without_a_photo(stories: Stories) -> None:
    for said in ({}, {"photo_ids": []}):
        answer = stories.try_report(fixed_on_spot=said)
        assert refused(answer) == (422, "evidence_missing")
        assert answer.get_json()["errors"] == {"fixed_on_spot.photo_ids": ["至少一张照片"]}
