"""One ticket from the company's phone to the supervisor's desk, back, and to its end."""

import pytest

from tests.journeys.desks import Desk
from tests.journeys.phones import Phone
from tests.journeys.test_desks import URGENT, People
from tests.journeys.test_desks import people as people
from tests.tickets.stories import picture
from tests.web.asking import BASE, COMPOUND


def rectify(phone: Phone) -> None:
    """Takes the after-photo of the one ticket there is, and sends it."""
    phone.tap("拍照整改")
    phone.shoot("用手机相机拍", picture())
    phone.page.get_by_alt_text("整改后照片").wait_for()
    phone.tap("提交整改")
    phone.reads("整改已提交")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_rectified_returned_rectified_again_and_approved_by_key(
    phone: Phone, desk: Desk, people: People
) -> None:
    body = {"category": URGENT, "compound": COMPOUND, "photo_ids": [people.photo("wangge11")]}
    made = people.as_("wangge11").post(f"{BASE}/tickets", json=body).json()
    phone.sign_in("wuye11")
    rectify(phone)

    desk.sign_in("ducha1")
    desk.shows(made["number"])
    desk.press("r")
    desk.reads("为什么退回返工")
    desk.press("2")
    desk.time_passes()
    desk.reads("本次已办 1 张")
    assert people.see(made)["state"] == "dispatched"

    phone.open("work")
    phone.reads("退回")
    rectify(phone)
    assert people.see(made)["state"] == "rectified"

    desk.open("review")
    desk.shows(made["number"])
    desk.press("a")
    desk.time_passes()
    desk.reads("本次已办 1 张")
    done = people.see(made)
    assert done["state"] == "closed"
    roles = [use["role"] for use in done["photos"]]
    assert (roles.count("before"), roles.count("after")) == (1, 2)
