"""Photos in use: what is noticed about the same photo in each ticket."""

from datetime import timedelta

import pytest

from tests.tickets.stories import COMPANY, Json, Stories, north_of, picture, position


def finding(use: Json, code: str) -> Json | None:
    """One finding about a use, or None."""
    found: Json | None = next((each for each in use["findings"] if each["code"] == code), None)
    return found


def used(ticket: Json, role: str = "after") -> Json:
    """The last use of a role."""
    found: Json = [use for use in ticket["photos"] if use["role"] == role][-1]
    return found


def rectified_with(stories: Stories, ticket: Json, photo: str) -> Json:
    """The use of an after-photo, as staff see it."""
    done = stories.act("wuye11", ticket, "rectify", photo_ids=[photo])
    return used(stories.see("ducha1", done))


def test_an_honest_repair(stories: Stories) -> None:
    ticket = stories.report()
    stories.later(hours=2)
    taken = stories.clock() - timedelta(minutes=1)
    use = rectified_with(stories, ticket, stories.photo("wuye11", stories.spot, taken_at=taken))
    assert use["verdict"] == "consistent"
    assert {found["direction"] for found in use["findings"]} == {"supports"}


@pytest.mark.parametrize(
    ("metres", "verdict"), [(0, "consistent"), (300, "needs_review"), (2000, "contradicted")]
)
def test_away_from_the_place(stories: Stories, metres: float, verdict: str) -> None:
    ticket = stories.report(point=stories.open_ground)
    place = north_of(stories.open_ground, metres)
    photo = stories.photo("wangge12", place)
    done = stories.act("wangge12", ticket, "rectify", photo_ids=[photo])
    use = used(stories.see("ducha1", done))
    assert use["verdict"] == verdict
    assert (finding(use, "position_away_from_place") is not None) == (metres > 100)


def test_a_place_chosen_by_hand_is_not_the_photos_own(stories: Stories) -> None:
    far = stories.photo("wangge11", north_of(stories.spot, 600))
    ticket = stories.report(compound=stories.town.compound().code, photo_ids=[far], position=None)
    seen = stories.see("ducha1", ticket)
    assert seen["position"] is None
    assert seen["compound"]["code"] == stories.town.compound().code
    use = used(seen, "before")
    assert use["verdict"] == "needs_review"
    assert finding(use, "position_away_from_place") is not None


@pytest.mark.parametrize("chosen", ["compound", "cell"])
def test_a_position_stated_elsewhere_does_not_make_it_the_place(
    stories: Stories, chosen: str
) -> None:
    """The photo lies where the position was stated, 2 km from what was chosen by hand."""
    far = north_of(stories.spot, 2000)
    place = {"compound": stories.code(), "cell": stories.town.cell("001", 1).code}[chosen]
    photo = stories.photo("wangge11", far)
    ticket = stories.report(photo_ids=[photo], position=position(far), **{chosen: place})
    assert ticket["position"] is not None
    use = used(stories.see("ducha1", ticket), "before")
    assert use["verdict"] == "needs_review"
    assert finding(use, "position_away_from_place") is not None
    stories.later(hours=2)
    staff = "wuye11" if ticket["responsible"]["code"] == COMPANY else "shequ1"
    repaired = stories.photo(staff, north_of(far, 10))
    done = stories.act(staff, ticket, "rectify", photo_ids=[repaired])
    assert used(stories.see("ducha1", done))["verdict"] == "contradicted"


def test_anywhere_in_the_compound_is_the_place(stories: Stories) -> None:
    outline = stories.town.compound().outline
    assert outline is not None
    corner = (
        stories.spot[0] + (outline[0][0] - stories.spot[0]) * 0.9,
        stories.spot[1] + (outline[0][1] - stories.spot[1]) * 0.9,
    )
    use = rectified_with(stories, stories.report(), stories.photo("wuye11", corner))
    assert use["verdict"] == "consistent"


def test_no_position_changes_nothing(stories: Stories) -> None:
    use = rectified_with(stories, stories.report(), stories.photo("wuye11"))
    assert use["verdict"] == "consistent"
    found = finding(use, "place_not_comparable")
    assert found is not None
    assert found["direction"] == "unknown"


@pytest.mark.parametrize("by", ["receipt", "phone"])
def test_taken_before_the_ticket(stories: Stories, by: str) -> None:
    early = stories.clock() - timedelta(minutes=6)
    if by == "receipt":
        stories.now(early)
        photo = stories.photo("wuye11", stories.spot)
        stories.later(minutes=6)
        ticket = stories.report()
    else:
        ticket = stories.report()
        photo = stories.photo("wuye11", stories.spot, taken_at=early)
    use = rectified_with(stories, ticket, photo)
    assert use["verdict"] == "contradicted"
    assert finding(use, "taken_before_ticket") is not None


def test_an_offline_ticket_began_when_it_was_found(stories: Stories) -> None:
    found_at = stories.clock() - timedelta(hours=3)
    stories.now(stories.clock() - timedelta(hours=1))
    photo = stories.photo("wuye11", stories.spot)
    stories.later(hours=1)
    ticket = stories.report(occurred_at=found_at)
    assert rectified_with(stories, ticket, photo)["verdict"] == "consistent"


class TestSharing:
    """One photo may serve several tickets of one place, and none of another."""

    def test_before_photos_of_one_place(self, stories: Stories) -> None:
        photo = stories.photo("wangge11", stories.spot)
        for category in ("01-36", "01-91", "99-99"):
            ticket = stories.report(category=category, photo_ids=[photo])
            assert used(ticket, "before")["verdict"] == "consistent"

    def test_a_before_photo_of_another_place_is_looked_at(self, stories: Stories) -> None:
        photo = stories.photo("wangge11")
        stories.report(photo_ids=[photo])
        far = stories.report(point=None, compound=stories.code("002", 1), photo_ids=[photo])
        use = used(far, "before")
        assert use["verdict"] == "needs_review"
        assert finding(use, "photo_same_bytes") is not None

    def test_who_took_a_report_back_may_place_it_rightly(self, stories: Stories) -> None:
        photo = stories.photo("wangge11")
        wrong = stories.report(point=None, compound=stories.code("002", 1), photo_ids=[photo])
        stories.act("wangge11", wrong, "withdraw")
        right = stories.report(point=None, compound=stories.code(), photo_ids=[photo])
        assert used(right, "before")["verdict"] == "consistent"

    def test_one_after_photo_for_neighbouring_tickets(self, stories: Stories) -> None:
        tickets = [stories.report(category=category) for category in ("01-36", "01-91")]
        photo = stories.photo("wuye11", stories.spot)
        for ticket in tickets:
            assert rectified_with(stories, ticket, photo)["verdict"] == "consistent"

    def test_not_for_one_reported_after_it_was_taken(self, stories: Stories) -> None:
        first = stories.report()
        photo = stories.photo("wuye11", stories.spot)
        assert rectified_with(stories, first, photo)["verdict"] == "consistent"
        stories.later(minutes=6)
        assert rectified_with(stories, stories.report(), photo)["verdict"] == "contradicted"

    def test_not_for_a_third_one_reported_after_it_was_handed_in(self, stories: Stories) -> None:
        """Both instants are ours: there is no clock to be lenient with."""
        first, second = (stories.report(category=name) for name in ("01-36", "01-91"))
        photo = stories.photo("wuye11", stories.spot)
        assert rectified_with(stories, first, photo)["verdict"] == "consistent"
        stories.later(minutes=1)
        third = stories.report(category="01-35")
        offline = stories.report(
            category="01-10", occurred_at=stories.clock() - timedelta(minutes=4)
        )
        assert rectified_with(stories, second, photo)["verdict"] == "consistent"
        use = rectified_with(stories, third, photo)
        assert use["verdict"] == "contradicted"
        found = finding(use, "photo_same_bytes")
        assert found is not None
        assert "问题上报之前" in found["message"]
        assert rectified_with(stories, offline, photo)["verdict"] == "consistent"

    def test_not_for_another_place(self, stories: Stories) -> None:
        near = stories.report()
        far = stories.report("wangge21", compound=stories.code("002", 2), point=None,
                             photo_ids=[stories.photo("wangge21")])  # fmt: skip
        assert far["responsible"]["code"] == near["responsible"]["code"]
        photo = stories.photo("wuye11")
        assert rectified_with(stories, near, photo)["verdict"] == "consistent"
        use = rectified_with(stories, far, photo)
        assert use["verdict"] == "contradicted"
        assert finding(use, "photo_same_bytes") is not None
        # The use that was there before stays what it was.
        assert used(stories.see("ducha1", near))["verdict"] == "consistent"

    @pytest.mark.parametrize("maker", ["wuye11", "wuye12"])
    def test_the_same_bytes_of_another_place(self, stories: Stories, maker: str) -> None:
        data = picture()
        near = stories.report()
        far = stories.report("wangge21", compound=stories.code("002", 2), point=None,
                             photo_ids=[stories.photo("wangge21")])  # fmt: skip
        rectified_with(stories, near, stories.photo("wuye11", data=data))
        done = stories.act(maker, far, "rectify", photo_ids=[stories.photo(maker, data=data)])
        assert used(done)["verdict"] == "contradicted"

    def test_a_photo_in_use_stays(self, stories: Stories) -> None:
        photo = stories.photo("wangge11", stories.spot)
        stories.report(photo_ids=[photo])
        path = f"/api/v1/photos/{photo}"
        answer = stories.client.delete(path, headers=stories.headers("wangge11"))
        assert answer.status_code == 409


class TestHandedInAgain:
    """The photo that did not convince is no proof of the rework: whoever checks is told."""

    @pytest.mark.parametrize("how", ["id", "the same bytes", "a colleague's"])
    def test_after_a_return(self, stories: Stories, how: str) -> None:
        data = picture()
        photo = stories.photo("wuye11", stories.spot, data=data)
        done = stories.act("wuye11", stories.report(), "rectify", photo_ids=[photo])
        stories.later(minutes=10)
        back = stories.act("wangge11", done, "return", note="没清")
        stories.later(minutes=10)
        maker = "wuye12" if how == "a colleague's" else "wuye11"
        if how != "id":
            photo = stories.photo(maker, stories.spot, data=data)
        again = stories.act(maker, back, "rectify", photo_ids=[photo])
        use = used(stories.see("ducha1", again))
        assert use["verdict"] == "needs_review"
        found = finding(use, "photo_returned_before")
        assert found is not None
        assert (found["direction"], found["threshold"]) == ("contradicts", None)
        closed = stories.act("wangge11", again, "close")
        assert closed["second_look"] == "waiting"

    def test_after_a_recall_it_is_no_rework(self, stories: Stories) -> None:
        ticket = stories.report()
        stories.later(minutes=5)
        photo = stories.photo("wuye11", stories.spot)
        done = stories.act("wuye11", ticket, "rectify", photo_ids=[photo])
        stories.later(minutes=5)
        again = stories.act("wuye11", stories.act("wuye11", done, "recall"), "rectify",
                            photo_ids=[photo])  # fmt: skip
        assert used(stories.see("ducha1", again))["verdict"] == "consistent"

    def test_a_fresh_photo_of_the_rework_is_fine(self, stories: Stories) -> None:
        done = stories.act("wuye11", stories.report(), "rectify")
        again = stories.act(
            "wuye11", stories.act("wangge11", done, "return", note="没清"), "rectify"
        )
        assert used(stories.see("ducha1", again))["verdict"] == "consistent"


def test_roles(stories: Stories) -> None:
    ticket = stories.report()
    comment = [stories.photo("wuye11", stories.spot)]
    ticket = stories.act("wuye11", ticket, "comment", photo_ids=comment)
    ticket = stories.act("wuye11", ticket, "rectify")
    check = [stories.photo("shequ1", stories.spot)]
    ticket = stories.act("shequ1", ticket, "return", note="这里还有", photo_ids=check)
    assert [use["role"] for use in ticket["photos"]] == ["before", "process", "after", "check"]
    events = {event["action"]: event["photo_ids"] for event in ticket["timeline"]}
    assert events["comment"] == comment
    assert events["return"] == check
