"""A ticket told again from its timeline alone, by other code than that which wrote it."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.tickets.stories import Json

AT_WORK = ("dispatched", "suspended", "referred")
ENDS = {
    "dispatch": "dispatched_again",
    "rectify": "rectified",
    "withdraw": "withdrawn",
    "accept_send_back": "sent_back",
    "refer": "referred",
    "void": "voided",
    "merge_into": "voided",
}
"""The actions that end a leg, and how it ended."""
BEGINS = ("report", "dispatch", "refer")
AGAIN = ("return", "reopen")
REQUESTS = ("send_back", "request_extension")
ANSWERS = ("accept_send_back", "refuse_send_back", "grant_extension", "refuse_extension")


@dataclass
class Replay:
    """Where the entries of a timeline, oldest first, lead."""

    state: str | None = None
    responsible: str | None = None
    legs: list[Json] = field(default_factory=list)
    pending: str | None = None
    assignee: str | None = None
    rework_count: int = 0
    extension_count: int = 0
    rectified_at: str | None = None
    closed_at: str | None = None
    suspended_until: str | None = None
    supervised_at: str | None = None
    merged_into: str | None = None
    second_look: str | None = None
    rectifier: str | None = None
    """Who put it right last, by id."""
    closer: str | None = None
    """Who closed it last, by id."""

    def follow(self, event: Json) -> None:
        """One entry more."""
        assert event["from"] == self.state, event
        self.state = event["to"]
        self._change_hands(event)
        self._note_times(event)
        self._note_requests(event)

    def _change_hands(self, event: Json) -> None:
        action, changes = event["action"], event["changes"]
        if self.legs and self.legs[-1]["to"] is None and action in ENDS:
            self._end(ENDS[action], event["at"])
        if "responsible" in changes:
            self.responsible, self.assignee = changes["responsible"], None
        if action == "assign":
            self.assignee = changes["assignee"]
        if action in AGAIN or (action in BEGINS and self.responsible is not None):
            self._begin(event["at"])
        if action == "recall":
            self.legs[-1] |= {"to": None, "outcome": None}
        if changes.get("fixed_on_spot"):
            self._end("rectified", event["at"])

    def _begin(self, at: str) -> None:
        self.legs.append({"by": self.responsible, "from": at, "to": None, "outcome": None})

    def _end(self, outcome: str, at: str) -> None:
        self.legs[-1] |= {"to": at, "outcome": outcome}
        self.pending = None

    def _note_times(self, event: Json) -> None:
        action, at = event["action"], event["at"]
        if action in (*AGAIN, "recall"):
            self.rectified_at = None
        if action in AGAIN:
            self.rework_count += 1
            self.closed_at = self.second_look = None
        if action == "rectify" or event["changes"].get("fixed_on_spot"):
            self.rectified_at, self.rectifier = at, event["actor"]["id"]
        if action == "close":
            self.closed_at, self.second_look = at, "waiting"
            self.closer = event["actor"]["id"]
        if action == "confirm":
            self.second_look = "ok"
        if action == "supervise":
            self.supervised_at = at
        if action in ("suspend", "resume", "void", "merge_into"):
            self.suspended_until = event["changes"]["until"] if action == "suspend" else None
        self.merged_into = event["changes"].get("merged_into", self.merged_into)

    def _note_requests(self, event: Json) -> None:
        action = event["action"]
        if action in REQUESTS:
            self.pending = action
        if action in (*ANSWERS, "suspend"):
            self.pending = None
        if "filed_under" in event["changes"] and self.pending == "request_extension":
            self.pending = None
        self.extension_count += action == "grant_extension"


def replayed(timeline: list[Json]) -> Replay:
    """Where a whole timeline leads."""
    told = Replay()
    for event in timeline:
        told.follow(event)
    return told


def check_replay(ticket: Json) -> Replay:
    """The ticket is what its timeline says, every leg to the instant; every closure is taken to
    wait for a second look."""
    told = replayed(ticket["timeline"])
    assert ticket["version"] == len(ticket["timeline"])
    instants = [event["at"] for event in ticket["timeline"]]
    assert instants == sorted(instants)
    shown = {
        "responsible": _of(ticket["responsible"], "code"),
        "legs": [_leg(leg) for leg in ticket["legs"]],
        "pending": _of(ticket["pending"], "kind"),
        "assignee": _of(ticket["assignee"], "id"),
    }
    for name in vars(told):
        if name not in ("rectifier", "closer"):
            assert shown.get(name, ticket.get(name)) == getattr(told, name), name
    return told


def check_legs(ticket: Json) -> None:
    """Legs never overlap, and leave no gap while somebody has to put it right: what is at work runs
    in exactly one leg, from the instant it came to work until the one it left."""
    legs = ticket["legs"]
    for leg, following in pairwise(legs):
        assert leg["from"] <= leg["to"] <= following["from"]
    at_work = ticket["state"] in AT_WORK and ticket["responsible"] is not None
    assert [leg["to"] is None for leg in legs].count(True) == at_work
    if at_work:
        assert legs[-1]["to"] is None
        assert legs[-1]["organisation"]["code"] == ticket["responsible"]["code"]
        assert legs[-1]["due_at"] == ticket["due_at"]
    assert _joined((leg["from"], leg["to"]) for leg in legs) == _joined(_stretches(ticket))


def _stretches(ticket: Json) -> list[list[str | None]]:
    """From when until when an organisation was to put it right: what was recalled was not done."""
    found: list[list[str | None]] = []
    responsible: str | None = None
    for event in ticket["timeline"]:
        responsible = event["changes"].get("responsible", responsible)
        running = bool(found) and found[-1][1] is None
        at_work = event["to"] in AT_WORK and responsible is not None
        if event["action"] == "recall":
            found[-1][1] = None
        elif event["changes"].get("fixed_on_spot"):
            found.append([event["at"], event["at"]])
        elif at_work and not running:
            found.append([event["at"], None])
        elif running and not at_work:
            found[-1][1] = event["at"]
    return found


def _joined(stretches: Any) -> list[list[str | None]]:
    """Stretches that touch as one; those without length beside another are part of it."""
    joined: list[list[str | None]] = []
    for start, end in stretches:
        if joined and joined[-1][1] == start:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return joined


def _of(shown: Json | None, name: str) -> Any:
    return shown[name] if shown else None


def _leg(leg: Json) -> Json:
    return {
        "by": leg["organisation"]["code"],
        "from": leg["from"],
        "to": leg["to"],
        "outcome": leg["outcome"],
    }
