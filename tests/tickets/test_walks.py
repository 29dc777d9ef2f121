"""Random walks through the life cycle: what is offered succeeds, what is not never does."""

import random
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from app.catalogue.queries import work_calendar
from app.kernel.db import begin_reading
from app.sla.limits import working_time_between
from app.tickets.workflow import MOVES, Action
from tests.tickets.stories import BODY, COMPANY, OTHER_COMPANY, Json, Stories

ACTORS = (
    "wangge11", "wangge12", "shequ1", "wangge21", "shequ2", "ducha1", "ducha2", "wuye11", "wuye12",
    "wuye21", "zhifa1", "guanli",
)  # fmt: skip
STEPS = 60
REQUESTS = (Action.send_back, Action.request_extension)
ANSWERS = (
    Action.accept_send_back,
    Action.refuse_send_back,
    Action.grant_extension,
    Action.refuse_extension,
)


class Walk:
    """One walk: its chance, its tickets, and the lead's view of each after the last step."""

    def __init__(self, stories: Stories, seed: int) -> None:
        self.stories, self.chance = stories, random.Random(seed)
        self.tickets: list[Json] = []

    def said(self, who: str, action: Action) -> Json:
        """Everything an action could ask for, with a photo that is new."""
        chance, stories = self.chance, self.stories
        place = stories.spot if chance.random() < 0.7 else stories.town.cell("202", 4).centre
        communities = [stories.town.community(suffix) for suffix in ("001", "002")]
        said: Json = {"note": f"第{chance.randint(1, 10**9)}次"}
        if action in (Action.rectify, Action.comment, Action.close):
            uploads = who not in ("zhifa1", "guanli")
            said["photo_ids"] = [stories.photo(who, place)] if uploads else []
        said |= self.about_the_side_paths(action)
        if action is Action.dispatch:
            said["organisation"] = chance.choice([COMPANY, OTHER_COMPANY, *communities])
        if action is Action.reclassify:
            said["category"] = chance.choice(["01-36", "01-91", "99-99"])
            said["area"] = chance.choice(["stairwell", "main_road"])
            said["compound"] = stories.code("001", chance.choice([1, 2, 3]))
        return said

    def about_the_side_paths(self, action: Action) -> Json:
        """Times, persons, bodies and other tickets, mostly fit and now and then not."""
        chance, stories = self.chance, self.stories
        if action in (Action.suspend, Action.refer, Action.request_extension):
            days = chance.choice([1, 3, 20, 20, 300, 400])
            said: Json = {"until": stories.clock() + timedelta(days=days)}
            outside = {"name": "县供电公司", "number": "函8号"}
            to = chance.choice([{"organisation": BODY}, {"outside": outside}])
            return said | (to if action is Action.refer else {})
        if action is Action.assign:
            return {"person": stories.person(chance.choice(["wuye11", "wuye12", "wangge11"]))}
        if action is Action.merge_into:
            return {"ticket": chance.choice(self.tickets)["id"]}
        return {}

    def begin(self) -> None:
        """One ticket more."""
        who = self.chance.choice(["wangge11", "wangge21", "shequ1", "ducha1"])
        category = self.chance.choice(["01-36", "01-36", "99-99"])
        ticket = self.stories.report(who, category=category)
        self.tickets.append(self.stories.see("ducha1", ticket))

    def step(self) -> None:
        """Somebody tries something, offered or not."""
        index = self.chance.randrange(len(self.tickets))
        before, who = self.tickets[index], self.chance.choice(ACTORS)
        seen = self.stories.get(who, f"/tickets/{before['id']}")
        offered = seen.get_json()["allowed_actions"] if seen.status_code == 200 else []
        likely = offered and self.chance.random() < 0.75
        action = Action(self.chance.choice(offered if likely else list(Action)))
        answer = self.stories.try_act(who, before, action, **self.said(who, action))
        if action in offered:
            assert answer.status_code == 200 or self.is_about_the_body(answer), answer.text
        else:
            assert answer.status_code in (403, 404, 409), (who, action, answer.text)
        after = self.stories.see("ducha1", before)
        self.check(before, after, action if answer.status_code == 200 else None)
        self.tickets[index] = after
        self.stories.later(minutes=self.chance.choice([1, 6, 45, 600]))

    @staticmethod
    def is_about_the_body(answer: Any) -> bool:
        """Whether it was refused for what was said, not for who asked or when."""
        return answer.status_code == 422 and answer.get_json()["code"] in (
            "nothing_changed",
            "evidence_missing",
            "time_unsuitable",
            "person_unsuitable",
            "merge_unsuitable",
        )

    def check(self, before: Json, after: Json, action: Action | None) -> None:
        """One step of the story: versions, states, legs, own work."""
        assert after["version"] == before["version"] + (action is not None)
        if action is None:
            assert after["timeline"] == before["timeline"]
            return
        last = after["timeline"][-1]
        assert after["timeline"][:-1] == before["timeline"]
        assert (last["from"], last["to"]) == (before["state"], after["state"])
        assert MOVES[before["state"], action].to in (None, after["state"])
        self.check_legs(after)
        if action in (Action.close, Action.return_):
            rectified = [e for e in before["timeline"] if e["action"] == "rectify"][-1]
            assert last["actor"]["id"] != rectified["actor"]["id"]
        if action is Action.resume:
            held = [e for e in before["timeline"] if e["action"] == "suspend"][-1]
            assert self.left(after, last["at"]) == self.left(before, held["at"])
        if action in ANSWERS:
            asked = [e for e in before["timeline"] if e["action"] in REQUESTS][-1]
            assert last["actor"]["id"] != asked["actor"]["id"]
            assert after["pending"] is None

    def left(self, ticket: Json, since: str) -> timedelta:
        """The working time left of the limit at an instant."""
        due, start = (datetime.fromisoformat(text) for text in (ticket["due_at"], since))
        with self.stories.app.app_context():
            return working_time_between(start, due, work_calendar(begin_reading()))

    @staticmethod
    def check_legs(ticket: Json) -> None:
        """Legs follow each other; one is open exactly while somebody has to put it right."""
        legs = ticket["legs"]
        assert [leg for leg in legs[:-1] if leg["to"] is None] == []
        for leg, following in pairwise(legs):
            assert leg["from"] <= leg["to"] <= following["from"]
        running = bool(legs) and legs[-1]["to"] is None
        outside = ticket["state"] == "referred" and ticket["responsible"] is None
        at_work = ticket["state"] in ("dispatched", "suspended", "referred") and not outside
        assert running == at_work
        if ticket["state"] != "dispatched":
            assert (ticket["light"], ticket["pending"]) == (None, None)
        if running:
            assert legs[-1]["organisation"]["code"] == ticket["responsible"]["code"]
            assert legs[-1]["due_at"] == ticket["due_at"]

    def replay(self, ticket: Json) -> None:
        """The timeline from the beginning leads to where the ticket is."""
        state, responsible = None, None
        for event in ticket["timeline"]:
            assert event["from"] == state
            state = event["to"]
            responsible = event["changes"].get("responsible", responsible)
        assert state == ticket["state"]
        assert len(ticket["timeline"]) == ticket["version"]
        assert responsible == (ticket["responsible"] or {}).get("code")
        again = ("return", "reopen")
        returns = [event for event in ticket["timeline"] if event["action"] in again]
        assert len(returns) == ticket["rework_count"]

    def check_lists(self) -> None:
        """The ids somebody lists are those whose detail they see."""
        for who in ACTORS:
            visible = {
                ticket["id"]
                for ticket in self.tickets
                if self.stories.get(who, f"/tickets/{ticket['id']}").status_code == 200
            }
            assert set(self.stories.ids(who, limit=100)) == visible, who
            for item in self.stories.listed(who, limit=100):
                seen = self.stories.see(who, item)
                assert {name: seen[name] for name in item if name != "cover"} == {
                    name: value for name, value in item.items() if name != "cover"
                }
                assert item["id"] in self.stories.ids(who, state=item["state"], limit=100)


@pytest.mark.parametrize("seed", range(3))
def test_walk(stories: Stories, seed: int) -> None:
    walk = Walk(stories, seed)
    for _ in range(3):
        walk.begin()
    for _ in range(STEPS):
        walk.step()
    for ticket in walk.tickets:
        walk.replay(ticket)
    walk.check_lists()
