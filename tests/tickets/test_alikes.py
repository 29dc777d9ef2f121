"""Pictures near-identical to a photo in use: what tells against somebody, and what never does."""

from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from tests.photos.pictures import encoded, scene
from tests.tickets.stories import Json, Stories, north_of
from tests.tickets.test_evidence import finding, rectified_with, used

NEAR = "photo_near_identical"


def sent(number: int = 1, quality: int = 90) -> bytes:
    """A scene as a file; another quality is the same picture as other bytes."""
    return encoded(scene(number), quality=quality)


def again_from_the_spot(*, degrees: float = 0.8) -> bytes:
    """The scene taken again from nearly the same spot: near-identical, not one pixel the same."""
    turned = scene().rotate(degrees, Image.Resampling.BICUBIC)
    return encoded(turned.crop((12, 10, 632, 474)), quality=85)


def far_report(stories: Stories, **said: Any) -> Json:
    """A ticket of another village."""
    point = stories.town.cell("202", 1).centre
    photo = stories.photo("wangge41", point, **said)
    return stories.report("wangge41", point=point, photo_ids=[photo])


class TestAnotherPlace:
    """A re-encoded picture of another place is no proof of work here."""

    @pytest.mark.parametrize("how", ["used there", "taken there"])
    def test_contradicts_as_after_evidence(self, stories: Stories, how: str) -> None:
        point = stories.town.cell("202", 1).centre
        if how == "taken there":
            theirs = stories.photo("wangge41", north_of(point, 1000), data=sent())
        else:
            theirs = stories.photo("wangge41", point, data=sent())
            stories.report("wangge41", point=point, photo_ids=[theirs])
        ticket = stories.report()
        stories.later(hours=1)
        use = rectified_with(stories, ticket, stories.photo("wuye11", data=sent(quality=60)))
        assert use["verdict"] == "contradicted"
        found = finding(use, NEAR)
        assert found is not None
        assert found["photo_id"] == theirs
        assert "其他地点" in found["message"]
        seen = stories.see("wangge11", ticket)
        hidden = finding(used(seen), NEAR)
        assert hidden is None or hidden["photo_id"] is None, "wangge11 does not see that photo"

    def test_without_positions_a_copy_contradicts_and_a_likeness_is_looked_at(
        self, stories: Stories
    ) -> None:
        there = stories.code("002", 2)
        stories.report("wangge21", point=None, compound=there,
                       photo_ids=[stories.photo("wangge21", data=sent())])  # fmt: skip
        stories.later(hours=1)
        for data, verdict in (
            (sent(quality=60), "contradicted"),
            (again_from_the_spot(), "needs_review"),
        ):
            ticket = stories.report(point=None, compound=stories.code(),
                                    photo_ids=[stories.photo("wangge11")])  # fmt: skip
            use = rectified_with(stories, ticket, stories.photo("wuye11", data=data))
            assert use["verdict"] == verdict
            assert finding(use, NEAR) is not None

    def test_as_before_evidence_is_looked_at(self, stories: Stories) -> None:
        far_report(stories, data=sent())
        ticket = stories.report(photo_ids=[stories.photo("wangge11", data=sent(quality=60))])
        use = used(ticket, "before")
        assert use["verdict"] == "needs_review"
        assert finding(use, NEAR) is not None

    def test_whose_picture_was_taken_and_used_far_away_is_not_to_blame(
        self, stories: Stories
    ) -> None:
        """Somebody else re-encodes an honest photo and uses it elsewhere; and the place is then
        photographed again from the same spot."""
        first = stories.report(photo_ids=[stories.photo("wangge11", stories.spot, data=sent())])
        stories.later(minutes=20)
        honest = stories.photo("wuye11", stories.spot, data=sent(2))
        far_report(stories, data=sent(quality=60))
        far_report(stories, data=sent(2, quality=60))
        assert rectified_with(stories, first, honest)["verdict"] == "consistent"
        second = stories.report(category="01-91")
        stories.later(hours=2)
        again = stories.photo("wuye11", stories.spot, data=again_from_the_spot())
        assert rectified_with(stories, second, again)["verdict"] == "consistent"

    def test_a_voided_ticket_is_no_place(self, stories: Stories) -> None:
        there = stories.report("wangge11", point=None, compound=stories.code("002", 1),
                               photo_ids=[stories.photo("wangge11", data=sent())])  # fmt: skip
        stories.act("shequ2", there, "void", note="地点报错")
        again = stories.photo("wangge11", data=sent(quality=60))
        right = stories.report(point=None, compound=stories.code(), photo_ids=[again])
        assert used(right, "before")["verdict"] == "consistent"


class TestBeforeTheTicket:
    """What was there before the ticket shows no work done since; a re-take from the spot may."""

    def test_a_copy_of_unknown_place_contradicts_and_one_of_this_place_is_looked_at(
        self, stories: Stories
    ) -> None:
        stories.photo("wuye11", data=sent(1))
        stories.photo("wuye11", stories.spot, data=sent(2))
        stories.later(days=1)
        for number, verdict in ((1, "contradicted"), (2, "needs_review")):
            ticket = stories.report()
            use = rectified_with(
                stories, ticket, stories.photo("wuye11", stories.spot, data=sent(number, 60))
            )
            assert use["verdict"] == verdict
            found = finding(use, NEAR)
            assert found is not None
            assert "问题上报之前" in found["message"]

    def test_the_same_spot_next_week_is_honest(self, stories: Stories) -> None:
        """A round's photo, an earlier repair and its recurrence: all from one spot."""
        stories.photo("wangge11", stories.spot, data=sent())
        first = stories.report()
        stories.later(hours=3)
        repaired = stories.photo("wuye11", stories.spot, data=again_from_the_spot())
        assert rectified_with(stories, first, repaired)["verdict"] == "consistent"
        stories.later(days=7)
        second = stories.report()
        stories.later(hours=3)
        again = stories.photo("wuye11", stories.spot, data=again_from_the_spot(degrees=-0.8))
        use = rectified_with(stories, second, again)
        assert use["verdict"] == "consistent"
        assert finding(use, NEAR) is None

    def test_several_photos_of_one_problem_are_nothing(self, stories: Stories) -> None:
        """A burst for one ticket, a colleague's photo of the same, and the second report merged."""
        burst = [stories.photo("wangge11", stories.spot, data=sent(1, q)) for q in (90, 75)]
        first = stories.report(photo_ids=burst)
        assert {use["verdict"] for use in first["photos"]} == {"consistent"}
        colleague = stories.photo("wangge12", stories.spot, data=sent(1, 60))
        second = stories.report("wangge12", photo_ids=[colleague])
        assert used(second, "before")["verdict"] == "consistent"
        merged = stories.act("shequ1", second, "merge_into", ticket=first["id"], note="同一问题")
        assert merged["state"] == "voided"
        after = [stories.photo("wuye11", stories.spot, data=sent(2, q)) for q in (90, 75)]
        done = stories.act("wuye11", stories.see("wuye11", first), "rectify", photo_ids=after)
        uses = [use for use in stories.see("ducha1", done)["photos"] if use["role"] == "after"]
        assert [use["verdict"] for use in uses] == ["consistent", "consistent"]


class TestOneTicket:
    """Before and after of one ticket may look alike: that is told, and held against nobody."""

    def test_the_scene_looks_unchanged(self, stories: Stories) -> None:
        before = stories.photo("wangge11", stories.spot, data=sent())
        ticket = stories.report(photo_ids=[before])
        stories.later(hours=2)
        after = stories.photo("wuye11", stories.spot, data=again_from_the_spot())
        use = rectified_with(stories, ticket, after)
        assert use["verdict"] == "consistent"
        found = finding(use, "scene_unchanged")
        assert found is not None
        assert (found["direction"], found["photo_id"]) == ("unknown", before)
        assert finding(use, NEAR) is None

    def test_fixed_on_the_spot_too(self, stories: Stories) -> None:
        before = stories.photo("wangge11", stories.spot, data=sent())
        after = stories.photo("wangge11", stories.spot, data=again_from_the_spot())
        changed = stories.photo("wangge11", stories.spot, data=sent(5))
        fixed = {"photo_ids": [after, changed]}
        ticket = stories.report(photo_ids=[before], fixed_on_spot=fixed)
        uses = [use for use in ticket["photos"] if use["role"] == "after"]
        assert [use["verdict"] for use in uses] == ["consistent", "consistent"]
        assert finding(uses[0], "scene_unchanged") is not None
        assert finding(uses[1], "scene_unchanged") is None

    def test_a_changed_scene_is_not_unchanged(self, stories: Stories) -> None:
        ticket = stories.report(photo_ids=[stories.photo("wangge11", stories.spot, data=sent())])
        stories.later(hours=2)
        use = rectified_with(stories, ticket, stories.photo("wuye11", stories.spot, data=sent(4)))
        assert use["verdict"] == "consistent"
        assert finding(use, "scene_unchanged") is None

    def test_a_phone_that_made_its_file_smaller_again_is_a_retry(self, stories: Stories) -> None:
        original = {"client_sha256": "cd" * 32}
        stories.photo("wuye11", data=sent(), **original)
        stories.later(minutes=30)
        ticket = stories.report(occurred_at=stories.clock() - timedelta(minutes=5))
        again = stories.photo("wuye11", stories.spot, data=sent(quality=60), **original)
        use = rectified_with(stories, ticket, again)
        assert finding(use, NEAR) is None

    def test_one_visit_with_a_lost_fix_is_no_other_place(self, stories: Stories) -> None:
        ticket = stories.report()
        stories.later(hours=1)
        stories.photo("wuye11", north_of(stories.spot, 3000), data=sent(quality=60))
        use = rectified_with(stories, ticket, stories.photo("wuye11", stories.spot, data=sent()))
        assert use["verdict"] == "consistent"

    def test_some_hundred_metres_off_is_looked_at(self, stories: Stories) -> None:
        near = north_of(stories.open_ground, 300)
        stories.photo("wangge12", near, data=sent())
        stories.later(days=1)
        ticket = stories.report(point=stories.open_ground)
        stories.later(hours=1)
        after = stories.photo("wangge12", stories.open_ground, data=again_from_the_spot())
        done = stories.act("wangge12", ticket, "rectify", photo_ids=[after])
        assert used(stories.see("ducha1", done))["verdict"] == "needs_review"
