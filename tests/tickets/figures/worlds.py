"""A world in which anything may have happened to tickets: random people, actions and hours."""

import random
from collections.abc import Callable
from datetime import timedelta

from app.kernel.db import db, unit_of_work
from app.tickets.returning import resume_due_tickets
from app.tickets.workflow import Action
from tests.tickets.stories import (
    BODY,
    COMPANY,
    OTHER_COMPANY,
    Json,
    Stories,
    at,
    code_of,
    position,
)

LIKELY: dict[Action, float] = {
    Action.rectify: 24,
    Action.close: 20,
    Action.return_: 10,
    Action.reopen: 2,
    Action.dispatch: 4,
    Action.send_back: 3,
    Action.accept_send_back: 20,
    Action.request_extension: 4,
    Action.grant_extension: 20,
    Action.suspend: 3,
    Action.refer: 3,
    Action.resume: 4,
    Action.void: 0.4,
    Action.merge_into: 0.6,
    Action.recall: 1,
    Action.assign: 0,
    Action.comment: 0,
    Action.explain: 0,
    Action.supervise: 0,
    Action.confirm: 0,
}
"""How often an action is chosen among those offered; once unless it says otherwise. With less than
ten in all, the rest is the chance that nobody does anything."""

REPORTERS = {"001": ("wangge11", "shequ1"), "002": ("wangge21", "shequ2")}
PEOPLE = ("wuye11", "wuye21", "shequ1", "shequ2", "ducha1", "wangge12", "wangge21", "zhifa1")
SOURCES = ("round", "self_found", "resident", "hotline", "superior")
CATEGORIES = ("01-36", "01-36", "01-10", "01-91", "99-99")
HOURS = (0.05, 0.2, 0.5, 1, 2, 4, 9)
LATELY = 9
"""So many tickets are being worked on; the older ones are left lying."""


REFUSED_FOR_WHAT_WAS_SAID = {
    "nothing_changed", "evidence_missing", "time_unsuitable", "person_unsuitable",
    "merge_unsuitable", "organisation_unsuitable",
}  # fmt: skip


class World:
    """Tickets of two communities over some weeks, made through the application."""

    def __init__(self, stories: Stories, seed: int) -> None:
        self.stories, self.chance = stories, random.Random(seed)
        self.tickets: list[Json] = []
        self.pauses = 0
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens beside all this, now and then."""

    def begin(self) -> None:
        """One report more, of any source and place."""
        chance, stories = self.chance, self.stories
        suffix = chance.choice(sorted(REPORTERS))
        who, source = chance.choice(REPORTERS[suffix]), chance.choice(SOURCES)
        point = stories.town.cell(suffix, chance.choice([1, 2, 4])).centre
        said: Json = {"category": chance.choice(CATEGORIES), "source": source, "point": point}
        if source not in ("round", "self_found"):
            said |= {"photo_ids": [], "position": position(point)}
        elif chance.random() < 0.15:
            said["fixed_on_spot"] = {"photo_ids": [stories.photo(who, point)]}
        self.tickets.append(stories.report(who, **said))

    def live(self, steps: int) -> None:
        """Reports, actions, and time going by."""
        for step in range(steps):
            if self.chance.random() < 0.12 or not self.tickets:
                self.begin()
            else:
                self.act()
            if step % 15 == 0:
                self._resume()
            if step % 15 == 7:
                self.meanwhile()
            if step % 40 == 20:
                self._pause()
            self.stories.later(hours=self.chance.choice(HOURS))

    def act(self) -> None:
        """Somebody does one of the things that are offered to them, or finds nothing to do."""
        ticket = self.chance.choice(self.tickets[-LATELY:])
        for who in self.chance.sample(PEOPLE, len(PEOPLE)):
            seen = self.stories.get(who, f"/tickets/{ticket['id']}")
            told = seen.get_json() if seen.status_code == 200 else {}
            offered = [Action(each) for each in told.get("allowed_actions", ())]
            weights = [LIKELY.get(action, 1) for action in offered]
            if any(weights):
                if self.chance.random() * 10 < sum(weights):
                    self._take(who, told, offered, weights)
                return

    def _take(self, who: str, ticket: Json, offered: list[Action], weights: list[float]) -> None:
        (action,) = self.chance.choices(offered, weights)
        answer = self.stories.try_act(who, ticket, action, **self.said(who, action))
        if answer.status_code != 200:
            assert code_of(answer)[1] in REFUSED_FOR_WHAT_WAS_SAID, answer.text

    def said(self, who: str, action: Action) -> Json:
        """All that an action can ask for."""
        chance, stories = self.chance, self.stories
        communities = [stories.town.community(suffix) for suffix in REPORTERS]
        said: Json = {"note": f"第{chance.randint(1, 10**9)}次"}
        if action is Action.rectify:
            said["photo_ids"] = [stories.photo(who, stories.spot)]
        if action in (Action.suspend, Action.refer, Action.request_extension):
            said["until"] = stories.clock() + timedelta(days=chance.choice([1, 3, 10]))
        if action is Action.refer:
            outside = {"name": "县供电公司", "number": "函8号"}
            said |= chance.choice([{"organisation": BODY}, {"outside": outside}])
        if action is Action.dispatch:
            said["organisation"] = chance.choice([COMPANY, OTHER_COMPANY, *communities])
        if action is Action.reclassify:
            said["category"] = chance.choice(CATEGORIES)
        if action is Action.assign:
            said["person"] = stories.person(who)
        if action is Action.merge_into:
            said["ticket"] = chance.choice(self.tickets)["id"]
        return said

    def _pause(self) -> None:
        """A day or three, in a community or the town, for everything or one category."""
        chance, town = self.chance, self.stories.town
        now = self.stories.clock()
        order = {
            "organisation": chance.choice([town.code, town.community("001")]),
            "document": "镇创建〔2026〕25号",
            "reason": "寒潮红色预警",
            "from": now.isoformat(),
            "to": (now + timedelta(days=chance.choice([1, 3]))).isoformat(),
        }
        if chance.random() < 0.3:
            order["categories"] = ["01-36"]
        answer = self.stories.post("guanli", "/pauses", order)
        assert answer.status_code == 201, answer.text
        self.pauses += 1

    def _resume(self) -> None:
        with self.stories.app.app_context():
            with unit_of_work() as session:
                resume_due_tickets(session, self.stories.clock())
            db.session.remove()


def lived(
    stories: Stories, seed: int, steps: int, meanwhile: Callable[[], None] = lambda: None
) -> World:
    """A world that began on 26 October 2026."""
    stories.now(at("10-26 09:00"))
    world = World(stories, seed)
    world.meanwhile = meanwhile
    world.live(steps)
    return world
