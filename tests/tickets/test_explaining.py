"""Who made a photo that is contradicted can say why, also when the ticket has gone to another."""

from tests.tickets.stories import Json, Stories, code_of

FAR = (118.40, 30.99)
NEXT = "WY299002"


def doubted(stories: Stories) -> Json:
    """A ticket whose after-photo was taken at another place."""
    ticket = stories.report()
    stories.later(hours=1)
    photo = stories.photo("wuye11", FAR)
    ticket = stories.act("wuye11", ticket, "rectify", photo_ids=[photo])
    use = next(each for each in ticket["photos"] if each["role"] == "after")
    assert use["verdict"] == "contradicted"
    return ticket


def test_the_maker_explains_after_the_ticket_was_handed_over(stories: Stories) -> None:
    ticket = stories.act("shequ1", doubted(stories), "return", note="不是这里")
    ticket = stories.act("shequ1", ticket, "dispatch", organisation=NEXT, note="改派")
    left = stories.see("wuye11", ticket)
    assert (left["responsible"], left["allowed_actions"]) == (None, ["explain"])
    (listed,) = stories.get("wuye11", "/tickets").get_json()["items"]
    assert listed["allowed_actions"] == ["explain"]
    assert stories.see("wuye12", ticket)["allowed_actions"] == []
    assert code_of(stories.try_act("wuye12", left, "explain", note="不是我")) == (
        403,
        "not_allowed",
    )
    assert code_of(stories.try_act("wuye11", left, "comment", note="不行")) == (403, "not_allowed")

    said = stories.act("wuye11", left, "explain", note="当时定位漂移")
    assert said["timeline"][-1]["note"] == "当时定位漂移"
    assert (said["responsible"], said["version"]) == (None, left["version"])
    timeline = stories.see("ducha1", ticket)["timeline"]
    assert [timeline[-1]["action"], timeline[-1]["note"]] == ["explain", "当时定位漂移"]
    stories.act("ducha1", stories.see("ducha1", ticket), "comment", note="收到")
    assert "收到" not in str(stories.see("wuye11", ticket)["timeline"])
