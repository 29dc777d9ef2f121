"""Faces are covered at a desk: by mouse and by keys, from the list and from a ticket's photo."""

import io
import re
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, expect

from tests.journeys.desks import Desk
from tests.journeys.test_administration import seen
from tests.journeys.test_desks import ORDINARY, People
from tests.journeys.test_desks import people as people
from tests.photos import pictures
from tests.web.asking import BASE, COMPOUND

_BLOB = re.compile(r"^blob:")


def reported(people: People) -> dict[str, Any]:
    """A ticket with two photos, the first as large as a phone's."""
    out = io.BytesIO()
    pictures.scene(5, 1440, 1080).save(out, "JPEG")
    files = {"file": ("a.jpg", out.getvalue(), "image/jpeg")}
    sent = people.as_("wangge11").post(f"{BASE}/photos", files=files).json()["id"]
    body = {
        "category": ORDINARY,
        "compound": COMPOUND,
        "photo_ids": [sent, people.photo("wangge11")],
    }
    made: dict[str, Any] = people.as_("wangge11").post(f"{BASE}/tickets", json=body).json()
    return made


def masks_of(people: People, ticket: dict[str, Any], number: int = 0) -> dict[str, Any]:
    photo = ticket["photos"][number]["photo"]["id"]
    found: dict[str, Any] = people.as_("ducha1").get(f"{BASE}/photos/{photo}/masks").json()
    return found


def drag(desk: Desk, board: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draws a box, in shares of the picture."""
    desk.page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    frame = board.bounding_box()
    assert frame is not None
    mouse = desk.page.mouse
    mouse.move(frame["x"] + start[0] * frame["width"], frame["y"] + start[1] * frame["height"])
    mouse.down()
    mouse.move(frame["x"] + end[0] * frame["width"], frame["y"] + end[1] * frame["height"], steps=4)
    mouse.up()


def test_covering_what_waits_and_what_a_ticket_shows(desk: Desk, people: People) -> None:
    ticket = reported(people)
    assert people.as_("shequ1").get(f"{BASE}/tickets/{ticket['id']}/notice.pdf").status_code == 200
    desk.sign_in("ducha1", "papers/masks")
    desk.reads("2 张照片，1 张工单")
    faults = seen(desk, "the list")

    desk.tap("逐张看")
    board = desk.page.locator(".mask-board")
    boxes = board.locator(".mask-box")
    desk.reads("在照片上拖动画框")
    expect(desk.page.get_by_role("button", name="保存遮盖")).to_be_disabled()
    drag(desk, board, (0.25, 0.25), (0.5, 0.5))
    drag(desk, board, (0.6, 0.6), (0.8, 0.9))
    desk.reads("2 个框")
    faults += seen(desk, "a photo")
    desk.page.keyboard.press("Control+z")
    expect(boxes).to_have_count(1)
    desk.tap("加一个框")
    for key in ("ArrowLeft", "Shift+ArrowDown"):
        desk.page.keyboard.press(key)
    added = desk.page.locator(".mask-box:focus")
    expect(added).to_have_accessible_name(re.compile("^第 2 个框：左 560 上 432，宽 288 高 232"))
    desk.page.keyboard.press("Delete")
    expect(boxes).to_have_count(1)
    desk.tap("保存遮盖")

    expect(boxes).to_have_count(0)
    desk.reads("在照片上拖动画框")
    desk.tap("无需遮盖")
    desk.reads("没有等着遮盖的照片")
    (box,) = masks_of(people, ticket)["boxes"]
    assert abs(box["x"] - 360) <= 4 and abs(box["y"] - 270) <= 4
    assert abs(box["width"] - 360) <= 8 and abs(box["height"] - 270) <= 8
    assert masks_of(people, ticket, 1)["state"] == "clear"

    desk.open(f"tickets/{ticket['id']}")
    figure = desk.page.locator(".pair figure.before")
    figure.get_by_role("button", name="遮盖").click()
    desk.reads("已遮盖")
    drag(desk, board, (0.05, 0.05), (0.15, 0.15))
    desk.tap("保存遮盖")
    expect(board).to_have_count(0)
    assert len(masks_of(people, ticket)["boxes"]) == 2
    # What is shown below the sheet is the picture as it is now.
    expect(figure.locator("img")).to_have_attribute("src", _BLOB)
    desk.page.wait_for_load_state("networkidle")
    shown = Image.open(io.BytesIO(figure.locator("img").screenshot())).convert("RGB")
    grey = shown.getpixel((shown.width * 3 // 8, shown.height * 3 // 8))
    assert isinstance(grey, tuple) and all(abs(part - 128) <= 3 for part in grey)
    faults += seen(desk, "a ticket")
    assert faults == []
