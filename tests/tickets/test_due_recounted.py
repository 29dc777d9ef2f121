"""Whatever is ordered, ended, granted and suspended in whichever order: up to its due time lies
exactly the time that a ticket was allowed, counted half-hour by half-hour."""

import random
from datetime import datetime

from tests.sla.halves import HALF, halves_between
from tests.tickets.stories import Stories, at, code_of

LONG_FROM_NOW = at("2040-01-09 09:00")
CATEGORIES = {"05-03": (8, False), "01-36": (16, False), "04-96": (4, True)}
"""The half-hours that each allows, and whether they never stop: four working hours, a working day,
two hours."""


class Recount:
    """One ticket, the facts that its due time follows from, and what is done to them."""

    def __init__(self, stories: Stories, category: str, dice: random.Random) -> None:
        self.stories, self.dice = stories, dice
        self.ticket = stories.report(category=category)
        self.start = stories.clock()
        self.allowed, self.urgent = CATEGORIES[category]
        self.asked: int | None = None
        self.granted = 0
        self.suspensions: list[tuple[datetime, datetime]] = []
        self.suspended_at: datetime | None = None
        self.pauses: dict[str, tuple[datetime, datetime]] = {}

    def take_a_step(self) -> None:
        """One thing that can be done now; then the due time is counted again."""
        steps = [self.wait, self.order, self.order]
        steps += [self.end, self.end] if self.running else []
        if self.suspended_at is not None:
            steps += [self.resume] * 3
        else:
            steps += [self.suspend, *([self.answer] * 4 if self.asked is not None else [])]
            steps += [self.extend] * 3 if self.asked is None else []
        step = self.dice.choice(steps)
        step()
        self.ticket = self.stories.see("ducha1", self.ticket)
        assert self.halves(self.due) == self.allowed, step

    @property
    def running(self) -> list[str]:
        """The pauses that are not over, and not cancelled."""
        now = self.stories.clock()
        return [name for name, (start, end) in self.pauses.items() if end > max(start, now)]

    @property
    def due(self) -> datetime:
        """When it is due, as it is shown."""
        return datetime.fromisoformat(self.ticket["due_at"])

    def halves(self, until: datetime) -> int:
        """The half-hours that count from the start up to an instant."""
        pauses = () if self.urgent else self.pauses.values()
        stops = [*pauses, *self.suspensions]
        return halves_between(self.start, until, stops, urgent=self.urgent)

    def wait(self) -> None:
        """Up to a day."""
        self.stories.later(minutes=30 * self.dice.randint(1, 48))

    def order(self) -> None:
        """A pause from a day ago to two days ahead on, for up to two days."""
        now = self.stories.clock()
        start = now + self.dice.randint(-48, 96) * HALF
        end = max(start, now) + self.dice.randint(1, 96) * HALF
        place = self.stories.town.community()
        paper = {"organisation": place, "document": "镇创建〔2040〕25号", "reason": "寒潮"}
        times = {"from": start.isoformat(), "to": end.isoformat()}
        answer = self.stories.post("guanli", "/pauses", {**paper, **times})
        assert answer.status_code == 201, answer.text
        self.pauses[answer.get_json()["id"]] = start, end

    def end(self) -> None:
        """A pause ended now or later; one that has not begun by then never was."""
        now, name = self.stories.clock(), self.dice.choice(self.running)
        start, end = self.pauses[name]
        ends = now + self.dice.randrange((end - now) // HALF) * HALF
        path, body = f"/pauses/{name}/end", {"at": ends.isoformat()}
        answer = self.stories.post("guanli", path, body)
        assert answer.status_code == 200, answer.text
        self.pauses[name] = start, max(start, ends)

    def extend(self) -> None:
        """Asked for beyond what is due, at any hour; not within a pause, and not a third time."""
        until = max(self.due, self.stories.clock()) + self.dice.randint(1, 60) * HALF
        said = {"until": until, "note": "等材料"}
        answer = self.stories.try_act("wuye11", self.ticket, "request_extension", **said)
        if answer.status_code == 200:
            self.asked = self.halves(until) - self.allowed
        elif code_of(answer) == (422, "time_unsuitable"):
            assert any(start < until < end for start, end in self.pauses.values())
        else:
            assert (answer.status_code, self.granted) == (409, 2)

    def answer(self) -> None:
        """Mostly granted."""
        assert self.asked is not None
        if self.dice.random() < 0.2:
            self.stories.act("shequ1", self.ticket, "refuse_extension", note="来得及")
        else:
            self.stories.act("shequ1", self.ticket, "grant_extension")
            self.allowed, self.granted = self.allowed + self.asked, self.granted + 1
        self.asked = None

    def suspend(self) -> None:
        """What was asked for and not answered is moot."""
        until = self.stories.clock() + self.dice.randint(100, 300) * HALF
        self.stories.act("ducha1", self.ticket, "suspend", until=until, note="等审批")
        self.suspended_at, self.asked = self.stories.clock(), None

    def resume(self) -> None:
        """By the supervisor."""
        assert self.suspended_at is not None
        self.stories.act("ducha1", self.ticket, "resume")
        self.suspensions.append((self.suspended_at, self.stories.clock()))
        self.suspended_at = None


def test_what_lies_before_due_is_what_was_allowed(stories: Stories) -> None:
    """Each ticket begins after all that was paused for the one before, in a year for which nobody
    has announced holidays."""
    for seed in range(6):
        stories.now(max(LONG_FROM_NOW, stories.clock() + 480 * HALF))
        told = Recount(stories, sorted(CATEGORIES)[seed % 3], random.Random(seed))
        for _ in range(14):
            told.take_a_step()
