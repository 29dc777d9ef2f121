"""Anyone can use it: every page of the phone, in ordinary and in large text, 360 px wide."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from app import faces
from app import phone as pages_of_phones
from tests.journeys.phones import Phone
from tests.servers import LiveServer
from tests.towns import Town
from tests.web.asking import BASE, COMPOUND, a_picture, reported

PAGES = {
    "wangge11": ["report", "rounds", f"rounds/{COMPOUND}", "mine", "tickets/{ticket}", "outbox",
                 "me", "me/inbox", "me/signins", "me/password", "me/complaints"],
    "wuye11": ["work", "tickets/{ticket}", "repair/{ticket}"],
    "zhifa1": ["me/inbox", "work"],
    "shequ1": ["lead", "tickets?state=dispatched&title=待整改", "tickets/{ticket}", "records",
               "records/new?kind=activity", "records/checklists",
               "records/checklists/entrance_board"],
    "ducha1": ["report", "mine", "tickets/{ticket}", "me"],
}  # fmt: skip


@pytest.mark.parametrize("who", PAGES)
def test_every_page_in_both_sizes(
    who: str,
    server: LiveServer,
    town: Town,
    sign_in_over_http: Callable[[str], Any],
    open_phone: Callable[..., Phone],
) -> None:
    ticket = _a_ticket(sign_in_over_http)
    phone = open_phone(server.url, width=360)
    phone.open("")
    faults = judged(phone, "sign-in")
    phone.sign_in(who)
    for place in PAGES[who]:
        phone.open(place.format(ticket=ticket["id"]))
        phone.page.wait_for_load_state("networkidle")
        phone.reads("我的")
        faults += judged(phone, place)
    assert faults == []


def test_no_page_of_the_phone_is_left_out() -> None:
    looked_at = {place.partition("?")[0] for places in PAGES.values() for place in places}
    frame = (pages_of_phones.STATIC / "app.js").read_text(encoding="utf-8")
    patterns = re.findall(r"^  \[/(.+)/, \(\) => import", frame, re.MULTILINE)
    assert len(patterns) > 10
    left_out = {one for one in patterns if not any(re.search(one, place) for place in looked_at)}
    own = (faces.STATIC / "own.js").read_text(encoding="utf-8")
    names = set(re.findall(r"^  ([a-z]+): \['", own, re.MULTILINE)) - {"account"}
    assert len(names) > 3
    assert left_out | ({f"me/{name}" for name in names} - looked_at) == set()


class OverHttp:
    """A client of httpx that answers like Flask's."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def post(self, *args: Any, **more: Any) -> Any:
        """Sends a request."""
        answer = self.client.post(*args, **more)
        answer.get_json = answer.json
        return answer


def _a_ticket(sign_in_over_http: Callable[[str], Any]) -> dict[str, Any]:
    """One that waits for somebody of the company, one to be checked; one
    of illegal building, of which officers are told. Their words are among the longest."""
    warden = OverHttp(sign_in_over_http("wangge11"))
    reported(warden, {}, category="01-01")
    company = OverHttp(sign_in_over_http("wuye11"))
    done = reported(warden, {})
    photo = company.post(f"{BASE}/photos", files={"file": ("a.jpg", a_picture(), "image/jpeg")})
    after = {"version": done["version"], "photo_ids": [photo.json()["id"]]}
    acted(company, done, "rectify", after)
    ticket = reported(warden, {})
    mine = {"version": ticket["version"], "person": company.client.get(f"{BASE}/me").json()["id"]}
    return acted(company, ticket, "assign", mine)


def acted(who: OverHttp, ticket: dict[str, Any], verb: str, body: dict[str, Any]) -> dict[str, Any]:
    """The ticket after somebody did something with it."""
    answer = who.post(f"{BASE}/tickets/{ticket['id']}/{verb}", json=body)
    assert answer.status_code == 200, answer.text
    ticket = answer.json()
    return ticket


def judged(phone: Phone, place: str) -> list[str]:
    """What is wrong with a page as it is shown, in ordinary and in large text."""
    faults = []
    # Half faded in, a message has too little contrast to be read; nobody reads it then.
    phone.page.evaluate("() => Promise.allSettled(document.getAnimations().map((a) => a.finished))")
    for large, least, smallest in ((False, 44, 14), (True, 60, 18)):
        phone.page.evaluate("(on) => document.documentElement.classList.toggle('large', on)", large)
        found = [*phone.barriers(), *(f"small: {one}" for one in phone.small_targets(least))]
        if phone.smallest_text() < smallest:
            found.append(f"text of {phone.smallest_text()} px")
        if phone.spills() > 0:
            found.append(f"{phone.spills()} px too wide")
        faults += [f"{place}{' large' if large else ''}: {one}" for one in found]
    phone.page.evaluate("() => document.documentElement.classList.remove('large')")
    return faults


def test_large_text_is_kept_for_each_person(phone: Phone, town: Town) -> None:
    phone.sign_in("wangge11", "me")
    phone.page.get_by_role("switch", name="大字模式").click()
    phone.open("report")
    phone.reads("拍照上报")
    assert phone.page.locator("html.large").count() == 1
    phone.open("me")
    phone.tap("退出登录")
    phone.tap("退出", within=phone.page.locator("dialog"))
    phone.reads("用户名")
    assert phone.page.locator("html.large").count() == 1, "who signs in here needs it already"
    phone.page.get_by_role("switch", name="大字模式").click()
    phone.sign_in("wangge12", "")
    assert phone.page.locator("html.large").count() == 0
    phone.open("me")
    phone.tap("退出登录")
    phone.tap("退出", within=phone.page.locator("dialog"))
    phone.reads("用户名")
    phone.sign_in("wangge11", "")
    assert phone.page.locator("html.large").count() == 1
