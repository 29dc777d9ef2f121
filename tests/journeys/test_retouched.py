"""A supervisor sees where a photo was painted over: on the desk, enlarged and on the ticket."""

from typing import Any

from playwright.sync_api import Locator, expect

from tests.evidence.test_retouched import jpeg, painted, place
from tests.journeys.desks import Desk
from tests.journeys.test_administration import seen
from tests.journeys.test_desks import URGENT, People
from tests.journeys.test_desks import people as people
from tests.journeys.test_papers import Work
from tests.journeys.test_papers import work as work
from tests.web.asking import BASE, COMPOUND


def sent(people: People, who: str, data: bytes) -> str:
    lng, lat = people.town.cell("001", 1).centre
    said = {"lng": str(lng), "lat": str(lat), "accuracy_m": "5"}
    files = {"file": ("a.jpg", data, "image/jpeg")}
    return str(people.as_(who).post(f"{BASE}/photos", files=files, data=said).json()["id"])


def retouched(people: People) -> dict[str, Any]:
    """A ticket whose after-photo is its before-photo with a piece pasted over."""
    before = sent(people, "wangge11", jpeg(place()))
    body = {"category": URGENT, "compound": COMPOUND, "photo_ids": [before]}
    made = people.as_("wangge11").post(f"{BASE}/tickets", json=body).json()
    return people.act(
        "wuye11", made, "rectify", photo_ids=[sent(people, "wuye11", jpeg(painted()))]
    )


def middle(figure: Locator) -> tuple[float, float]:
    """Where the frame's middle lies, in shares of the picture as it is drawn."""
    drawn: list[float] = figure.locator("svg.patches").evaluate(
        "svg => { const box = svg.querySelector('rect').getBBox(), view = svg.viewBox.baseVal;"
        " return [(box.x + box.width / 2) / view.width, (box.y + box.height / 2) / view.height]; }"
    )
    return drawn[0], drawn[1]


def test_where_a_photo_was_painted_over(desk: Desk, people: People, work: Work) -> None:
    ticket = retouched(people)
    work()
    desk.sign_in("ducha1")
    desk.shows(ticket["number"])
    before, after = (desk.page.locator(f".pair figure.{role}") for role in ("before", "after"))
    expect(before.get_by_label("虚线框：涂改前的地方，1 处")).to_be_visible()
    expect(after.get_by_label("虚线框：疑似涂改的地方，1 处")).to_be_visible()
    # Pasted with its middle at (630, 500) of 1280 by 960; then 40 and 20 were cut off.
    for figure, x, y in ((before, 630 / 1280, 500 / 960), (after, 590 / 1230, 480 / 922)):
        found = middle(figure)
        assert abs(found[0] - x) < 0.05 and abs(found[1] - y) < 0.05
    faults = seen(desk, "the desk")

    desk.press("m")
    expect(after.locator("svg.patches")).to_be_hidden()
    desk.tap("显示涂改框")
    expect(after.locator("svg.patches")).to_be_visible()
    desk.press("f")
    expect(desk.page.locator("dialog svg.patches")).to_have_count(2)
    faults += seen(desk, "enlarged")
    desk.tap("关闭")

    desk.open(f"tickets/{ticket['id']}")
    desk.tap("隐藏涂改框")
    expect(after.locator("svg.patches")).to_be_hidden()
    desk.tap("显示涂改框")
    faults += seen(desk, "the ticket")
    assert faults == []
