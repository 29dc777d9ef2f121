"""The life of tickets as a state machine: random people do random things over HTTP.

What is offered to somebody succeeds, or is refused for what they said; what is not offered is
refused and changes nothing. After every step the tickets are what their timelines say.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from werkzeug.test import TestResponse

from app.catalogue.queries import work_calendar
from app.kernel.db import begin_reading, db, unit_of_work
from app.people.models import ROLE_LABELS, Role
from app.sla.limits import working_time_between
from app.tickets.returning import resume_due_tickets
from app.tickets.workflow import MOVES, Action
from tests.tickets.replaying import ANSWERS, check_legs, check_replay
from tests.tickets.stories import BODY, COMPANY, OTHER_COMPANY, WEDNESDAY, Json, Stories, north_of

WARDENS = ("wangge11", "wangge12", "wangge21")
LEADS = ("shequ1", "shequ2")
SUPERVISORS = ("ducha1", "ducha2", "group_given")
RESPONSIBLE = ("wuye11", "wuye12", "wuye21", "zhifa1", "both")
STRANGERS = ("guanli", "group_other")
ACTORS = (*WARDENS, *LEADS, *SUPERVISORS, *RESPONSIBLE, *STRANGERS)
WITHOUT_PHOTOS = ("guanli",)

CATEGORIES = (
    ("01-36", None),
    ("99-99", None),
    ("04-96", None),
    ("01-80", "live_wire"),
    ("01-01", "under_way"),
    ("01-91", None),
)
"""Under working time, to be classified, and in danger: two hours or two days that never stop."""

ABOUT_WHAT_WAS_SAID = (
    "category_unknown",
    "nothing_changed",
    "evidence_missing",
    "photo_reused",
    "time_unsuitable",
    "person_unsuitable",
    "merge_unsuitable",
    "organisation_unsuitable",
    "bad_occurred_at",
)
OVER = ("rejected", "voided", "withdrawn")
LEADING_NOWHERE = ("comment", "supervise", "void", "merge_into", "withdraw", "reclassify")
CHECKS = (Action.close, Action.return_, Action.confirm)
WITH_PHOTOS = (Action.rectify, Action.comment, Action.close, Action.return_, Action.explain)
OF_THE_HOUR = ("light", "same_day", "age_hours", "allowed_actions", "photos", "paused")
"""What changes without anybody doing anything; photos have urls that expire."""
DUE = ("filing_due_at", "due_at", "check_due_at")
MOVING = (*DUE, "legs", "updated_at", "due_provisional")
"""What a pause changes."""
ONLY_IN_LISTS = ("cover", "after_cover")

OPENINGS: dict[str, tuple[tuple[str, str, Json], ...]] = {
    "new": (),
    "to be classified": (),
    "rectified": (("wuye11", "rectify", {}),),
    "closed": (("wuye11", "rectify", {}), ("shequ1", "close", {})),
    "doubted": (("wuye11", "rectify", {"far_away": True}),),
    "explained": (
        ("wuye11", "rectify", {"far_away": True}),
        ("wuye11", "explain", {"note": "定位漂移"}),
    ),
    "doubted and closed": (
        ("wuye11", "rectify", {"far_away": True}),
        ("ducha2", "close", {"note": "已到现场看过"}),
    ),
    "suspended": (("ducha1", "suspend", {"note": "待审批", "days": 20}),),
    "sent back": (("wuye12", "send_back", {"note": "不是我们的"}),),
    "sent back and accepted": (
        ("wuye12", "send_back", {"note": "不是我们的"}),
        ("shequ1", "accept_send_back", {}),
    ),
    "to be extended": (("wuye11", "request_extension", {"note": "等配件", "days": 30}),),
    "sent back in vain": (
        ("wuye12", "send_back", {"note": "不是我们的"}),
        ("shequ1", "refuse_send_back", {"note": "是你们的"}),
    ),
    "extended": (
        ("wuye11", "request_extension", {"note": "等配件", "days": 30}),
        ("shequ1", "grant_extension", {}),
    ),
    "not extended": (
        ("wuye11", "request_extension", {"note": "等配件", "days": 30}),
        ("ducha1", "refuse_extension", {"note": "不必等"}),
    ),
    "referred": (("shequ1", "refer", {"organisation": BODY, "days": 10}),),
    "referred outside": (
        ("shequ1", "refer", {"outside": {"name": "县供电公司", "number": "函8号"}, "days": 10}),
    ),
    "looked at again": (
        ("wuye11", "rectify", {}),
        ("ducha1", "close", {}),
        ("ducha2", "confirm", {}),
    ),
    "suspended until now": (
        ("ducha1", "suspend", {"note": "待审批", "days": 1}),
        ("wangge11", "comment", {"note": "到期了", "later": 1}),
        ("ducha1", "suspend", {"note": "还要等", "days": 1}),
        ("wuye11", "rectify", {"later": 2}),
    ),
}
"""How the first ticket of a walk came to where the walk begins."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


class LifeOfTickets(RuleBasedStateMachine):
    """At most four tickets, each as a supervisor of the town saw it last."""

    opening = "new"
    tickets_at_most = 4

    def __init__(
        self, stories: Stories, posts: dict[str, dict[str, str]], walked: set[Any]
    ) -> None:
        super().__init__()
        self.stories, self.posts, self.walked = stories, posts, walked
        self.seen: dict[str, Json] = {}
        self.held: dict[str, tuple[str, str]] = {}
        """Of each suspended ticket: when that began, and when it was due then."""
        self.unchecked: set[str] = set()
        self.photos: dict[str, list[str]] = {}
        self.looked = False
        self.pauses: list[tuple[datetime, datetime]] = []
        self.pause_id = ""
        stories.now(WEDNESDAY)

    @initialize(urgent=st.booleans())
    def begin(self, urgent: bool) -> None:
        """A first ticket somewhere in its life."""
        unclassified = self.opening == "to be classified"
        category = "99-99" if unclassified else ("04-96" if urgent else "01-36")
        self.file("wangge11", category, None)
        for who, action, said in OPENINGS[self.opening]:
            (before,) = self.seen.values()
            self.stories.act(who, before, action, **self.prepared(who, before, action, said))
            self.note(before["id"])
            self.check_step(before, Action(action), who)

    def prepared(self, who: str, ticket: Json, action: str, said: Json) -> Json:
        """What an opening says, with its times and photos; `later`: days after what was before."""
        said = dict(said)
        self.stories.later(days=said.pop("later", 0))
        if "days" in said:
            said["until"] = self.stories.clock() + timedelta(days=said.pop("days"))
        if action == "rectify":
            metres = 3000 if said.pop("far_away", False) else 0
            place = north_of(self.stories.point_of(ticket), metres)
            said["photo_ids"] = [self.photo(who, place)]
        return said

    @precondition(lambda self: len(self.seen) < self.tickets_at_most)
    @rule(
        who=st.sampled_from(("wangge11", "wangge12", "wangge21", "shequ1", "ducha1")),
        filed=st.sampled_from(CATEGORIES),
        street=st.booleans(),
        fixed=st.booleans(),
        late=st.sampled_from((0, 0, 30)),
    )
    def report(
        self, who: str, filed: tuple[str, str | None], street: bool, fixed: bool, late: int
    ) -> None:
        """Somebody finds a problem; some wardens and leads put it right at once."""
        said: Json = {"point": self.stories.street if street else self.stories.spot}
        if fixed and who != "ducha1":
            said["fixed_on_spot"] = {"photo_ids": [self.stories.photo(who, said["point"])]}
        if late:
            said["occurred_at"] = self.stories.clock() - timedelta(minutes=late)
        self.file(who, *filed, **said)

    def file(self, who: str, category: str, condition: str | None, /, **said: Any) -> None:
        """One ticket more."""
        point = said.pop("point", self.stories.spot)
        photo = self.photo(who, point)
        ticket = self.stories.report(
            who, category=category, condition=condition, point=point, photo_ids=[photo], **said
        )
        self.note(ticket["id"])

    @rule(data=st.data())
    def the_responsible_act(self, data: st.DataObject) -> None:
        """Somebody of the organisation that is responsible, or was last."""
        ticket = self.living_ticket(data.draw)
        last = ticket["responsible"] or ticket["community"]
        self.do_what_is_offered(data.draw, self.people_of(last["code"]), ticket)

    @rule(data=st.data())
    def the_community_acts(self, data: st.DataObject) -> None:
        """A warden or the lead of the place."""
        ticket = self.living_ticket(data.draw)
        self.do_what_is_offered(data.draw, self.people_of(ticket["community"]["code"]), ticket)

    @rule(data=st.data())
    def supervisors_act(self, data: st.DataObject) -> None:
        """A supervisor of the town, or of the group that was given the place."""
        self.do_what_is_offered(data.draw, SUPERVISORS, self.living_ticket(data.draw))

    @rule(data=st.data(), who=st.sampled_from(ACTORS), action=st.sampled_from(Action))
    def anybody_tries_anything(self, data: st.DataObject, who: str, action: Action) -> None:
        """Offered or not."""
        ticket = self.seen[data.draw(st.sampled_from(sorted(self.seen)))]
        self.act(data.draw, who, ticket, action, self.offered(who, ticket))

    def living_ticket(self, draw: Draw) -> Json:
        """One of the tickets as it was seen last, with which something can be done."""
        living = [each for each in sorted(self.seen) if self.seen[each]["state"] not in OVER]
        return self.seen[draw(st.sampled_from(living or sorted(self.seen)))]

    def people_of(self, code: str) -> list[str]:
        """Everybody of an organisation."""
        return [who for who in ACTORS if code in self.posts[who]]

    @rule(minutes=st.sampled_from((1, 6, 11, 45, 240, 600, 3000, 9000, 46_000)))
    def time_passes(self, minutes: int) -> None:
        """Hours of work, nights, weekends, and now and then a month."""
        self.stories.later(minutes=minutes)

    @precondition(lambda self: not self.pauses)
    @rule(days=st.sampled_from((1, 3, 10)))
    def a_pause_is_ordered(self, days: int) -> None:
        """In the whole town, for everything that is no danger."""
        start = self.stories.clock()
        end = start + timedelta(days=days)
        body = {
            "organisation": self.stories.town.code,
            "document": "镇创建〔2026〕25号",
            "reason": "寒潮红色预警",
            "from": start.isoformat(),
            "to": end.isoformat(),
        }
        answer = self.stories.post("guanli", "/pauses", body)
        assert answer.status_code == 201, answer.text
        self.pause_id = answer.get_json()["id"]
        self.pauses = [(start, end)]
        self.walked.add(("", "pause"))
        self.check_moved(later=True)

    @precondition(lambda self: self.pauses and self.stories.clock() < self.pauses[0][1])
    @rule()
    def the_pause_is_ended(self) -> None:
        """Earlier than ordered: what was given and is not past yet is taken back."""
        now = self.stories.clock()
        answer = self.stories.post("guanli", f"/pauses/{self.pause_id}/end", {})
        assert answer.status_code == 200, answer.text
        self.pauses = [(self.pauses[0][0], now)]
        self.walked.add(("", "end of a pause"))
        self.check_moved(later=False)

    def check_moved(self, *, later: bool) -> None:
        """A pause is nobody's action: only what is due changes, and nothing of what is danger or
        past."""
        now = self.stories.clock()
        for ticket_id, before in list(self.seen.items()):
            self.note(ticket_id)
            after = self.seen[ticket_id]
            told = [{**_lasting(each), **dict.fromkeys(MOVING)} for each in (before, after)]
            assert told[0] == told[1]
            for name in DUE:
                was, due = before[name], after[name]
                assert (was is None) == (due is None)
                if was is None or due == was:
                    continue
                assert (due > was) is later
                assert "紧急" not in before["limit_label"]
                assert not later or datetime.fromisoformat(was) > now
            if ticket_id in self.held:
                self.held[ticket_id] = self.held[ticket_id][0], after["due_at"]

    @precondition(lambda self: self.held)
    @rule()
    def the_suspended_come_back(self) -> None:
        """What the worker does every minute."""
        now, before = self.stories.clock(), dict(self.seen)
        with self.stories.app.app_context():
            with unit_of_work() as session:
                resume_due_tickets(session, now)
            db.session.remove()
        for ticket_id in list(self.held):
            was = before[ticket_id]
            due = datetime.fromisoformat(was["suspended_until"]) <= now
            self.note(ticket_id)
            self.check_step(was, Action.resume if due else None, None)

    @precondition(lambda self: not self.looked)
    @rule(who=st.sampled_from(ACTORS))
    def somebody_looks_through_the_list(self, who: str) -> None:
        """The ids listed are those whose detail is seen, and say the same."""
        stories, self.looked = self.stories, True
        listed = {item["id"]: item for item in stories.listed(who, limit=100)}
        for ticket_id in self.seen:
            answer = stories.get(who, f"/tickets/{ticket_id}")
            assert (answer.status_code == 200) == (ticket_id in listed), who
            if ticket_id in listed:
                seen, item = answer.get_json(), listed.pop(ticket_id)
                told = {name: item[name] for name in item if name not in ONLY_IN_LISTS}
                assert {name: seen[name] for name in told} == told
        assert not listed

    def do_what_is_offered(self, draw: Draw, people: Sequence[str], ticket: Json) -> None:
        """The first of some people to whom anything is offered does some of it."""
        for who in draw(st.permutations(people)):
            offered = self.offered(who, ticket)
            if offered:
                action = Action(draw(st.sampled_from(self.worth_trying(draw, offered))))
                self.act(draw, who, ticket, action, offered)
                return

    def offered(self, who: str, ticket: Json) -> list[str] | None:
        """What somebody is told that they can do; None when they do not see the ticket."""
        answer = self.stories.get(who, f"/tickets/{ticket['id']}")
        return answer.get_json()["allowed_actions"] if answer.status_code == 200 else None

    def act(
        self, draw: Draw, who: str, before: Json, action: Action, offered: list[str] | None
    ) -> None:
        """Somebody does something to a ticket, offered to them or not."""
        said = self.said(draw, who, before, action)
        if action in (offered or []) and draw(st.integers(0, 9)) == 9:
            self.refuse_stale(who, before, action, said)
        answer = self.stories.try_act(who, before, action, **said)
        self.check_answer(answer, action, offered)
        if answer.status_code == 200:
            for ticket_id in {before["id"], said.get("ticket", before["id"])}:
                self.note(ticket_id)
            self.check_step(before, action, who)

    def worth_trying(self, draw: Draw, offered: list[str]) -> list[str]:
        """Mostly what leads on: what is always offered, or ends a ticket, would be most of it."""
        leading_on = [each for each in offered if each not in LEADING_NOWHERE]
        return leading_on if leading_on and draw(st.integers(0, 3)) else offered

    def said(self, draw: Draw, who: str, ticket: Json, action: Action) -> Json:
        """Everything that an action could ask for, mostly fit and now and then not."""
        stories = self.stories
        said: Json = {"note": "理由"} | self.said_besides(draw, action)
        often = 9 if action is Action.rectify else 2
        if action in WITH_PHOTOS and who not in WITHOUT_PHOTOS and draw(st.integers(0, 9)) < often:
            said["photo_ids"] = [self.evidence(draw, who, ticket)]
        if draw(st.integers(0, 4)) == 4:
            said["occurred_at"] = stories.clock() - timedelta(minutes=draw(st.integers(1, 90)))
            said["sent_at"] = stories.clock()
        return said

    def evidence(self, draw: Draw, who: str, ticket: Json) -> str:
        """A fresh photo of the place, one from far away, or one that they made before."""
        how = draw(st.sampled_from(("there", "there", "there", "far away", "again")))
        if how == "again" and self.photos.get(who):
            return str(draw(st.sampled_from(self.photos[who])))
        place = self.stories.point_of(ticket)
        return self.photo(who, north_of(place, 3000) if how == "far away" else place)

    def photo(self, who: str, point: tuple[float, float]) -> str:
        """A photo somebody makes."""
        made = self.stories.photo(who, point)
        self.photos.setdefault(who, []).append(made)
        return made

    def said_besides(self, draw: Draw, action: Action) -> Json:
        """Organisations, times, persons, other tickets."""
        stories = self.stories

        def one_of(*choices: Any) -> Any:
            return draw(st.sampled_from(choices))

        if action is Action.dispatch:
            homes = [stories.town.community(suffix) for suffix in ("001", "002")]
            said: Json = {"organisation": one_of(COMPANY, COMPANY, OTHER_COMPANY, *homes)}
            return said | one_of({}, {"condition": "default"}, {})
        if action in (Action.suspend, Action.refer, Action.request_extension):
            days = one_of(1, 3, 20, 20, 40, 300, 400)
            said = {"until": stories.clock() + timedelta(days=days)}
            outside = {"name": "县供电公司", "number": "函8号"}
            to = one_of({"organisation": BODY}, {"outside": outside})
            return said | (to if action is Action.refer else {})
        if action is Action.reclassify:
            category, condition = one_of(*CATEGORIES)
            said = {"category": category, "condition": condition}
            place = {"area": one_of("stairwell", "main_road")}
            return said | one_of(place, place | {"compound": stories.code("001", 2)}, {})
        if action is Action.assign:
            return {"person": stories.person(one_of("wuye11", "wuye12", "wuye21", "wangge11"))}
        if action is Action.merge_into:
            return {"ticket": draw(st.sampled_from(sorted(self.seen)))}
        return {}

    def refuse_stale(self, who: str, ticket: Json, action: Action, said: Json) -> None:
        """What was decided on an older version is refused with the ticket as it is."""
        old = {**ticket, "version": ticket["version"] + 1}
        answer = self.stories.try_act(who, old, action, **said)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "stale_version")
        assert answer.get_json()["current"]["version"] == ticket["version"]

    def check_answer(self, answer: TestResponse, action: Action, offered: list[str] | None) -> None:
        """No action that is offered fails for want of permission or state, and no other works."""
        status, told = answer.status_code, answer.get_json()
        if offered is None:
            assert status == 404, answer.text
        elif action in offered:
            assert status == 200 or told["code"] in ABOUT_WHAT_WAS_SAID, answer.text
        else:
            assert status in (403, 409), answer.text
            assert told.get("allowed_actions", offered) == offered

    def note(self, ticket_id: str) -> None:
        """Look at a ticket again."""
        self.seen[ticket_id] = self.stories.see("ducha1", {"id": ticket_id})
        self.unchecked.add(ticket_id)
        self.looked = False

    def check_step(self, before: Json, action: Action | None, who: str | None) -> None:
        """What one action does, or a refusal does not; `who` is None for what comes by itself."""
        after = self.seen[before["id"]]
        if action is None:
            assert _lasting(after) == _lasting(before)
            return
        if who is not None and action is not Action.resume and self.is_over(before):
            before = self.resumed_first(before, after)
        last = after["timeline"][-1]
        self.walked.add((before["state"], action.value))
        assert after["version"] == before["version"] + 1
        assert after["timeline"][:-1] == before["timeline"]
        assert (last["action"], last["from"]) == (action.value, before["state"])
        assert MOVES[before["state"], action].to in (None, after["state"])
        assert (last["actor"] is None) == (who is None)
        if who is not None:
            self.check_who(before, last, action, self.posts[who])
        self.check_standstill(before, after, action, last["at"])

    def is_over(self, ticket: Json) -> bool:
        """Whether the date of a suspension has come without anybody having noted it."""
        until = ticket["suspended_until"]
        return until is not None and datetime.fromisoformat(until) <= self.stories.clock()

    def resumed_first(self, before: Json, after: Json) -> Json:
        """The ticket between coming back by itself and what somebody did to it at once."""
        back = after["timeline"][-2]
        assert (back["action"], back["actor"]) == ("resume", None)
        between = {**before, "state": "dispatched", "version": before["version"] + 1}
        between |= {"due_at": back["changes"]["due_at"], "suspended_until": None}
        self.check_standstill(before, between, Action.resume, back["at"])
        return between | {"timeline": [*before["timeline"], back]}

    def check_who(self, before: Json, event: Json, action: Action, posts: dict[str, str]) -> None:
        """Nobody checks their own work or answers their own request, nor does their company."""
        events, me = before["timeline"], event["actor"]["id"]
        if action in CHECKS:
            told = check_replay(before)
            assert me != told.rectifier
            assert action is not Action.confirm or me != told.closer
            worker = before["legs"][-1]["organisation"]["code"]
        elif action.value in ANSWERS:
            asked = [each for each in events if each["action"] == before["pending"]["kind"]][-1]
            assert me != asked["actor"]["id"]
            worker = before["responsible"]["code"]
        else:
            return
        leads_the_place = (
            worker == before["community"]["code"] and posts.get(worker) == ROLE_LABELS[Role.lead]
        )
        assert worker not in posts or leads_the_place

    def check_standstill(self, before: Json, after: Json, action: Action, at: str) -> None:
        """What was left of the limit when it was suspended is left when it runs on; what was
        overdue by then stays so."""
        ticket_id = before["id"]
        if action is Action.suspend:
            self.held[ticket_id] = at, before["due_at"]
        held = self.held.get(ticket_id)
        if held and action is Action.resume:
            since, due = held
            if due > since:
                assert self.left(after, at, after["due_at"]) == self.left(before, since, due)
            else:
                assert after["due_at"] == due
        if after["state"] != "suspended":
            self.held.pop(ticket_id, None)

    def left(self, ticket: Json, since: str, due: str) -> timedelta:
        """The time left of a limit at an instant: working time, or all time when it is urgent."""
        start, end = datetime.fromisoformat(since), datetime.fromisoformat(due)
        if "紧急" in ticket["limit_label"]:
            return end - start
        with self.stories.app.app_context():
            calendar = work_calendar(begin_reading())
            return working_time_between(start, end, calendar, self.pauses)

    @invariant()
    def every_ticket_is_what_its_timeline_says(self) -> None:
        for ticket_id in sorted(self.unchecked):
            ticket = self.seen[ticket_id]
            check_replay(ticket)
            check_legs(ticket)
            self.check_limits(ticket)
        self.unchecked.clear()

    def check_limits(self, ticket: Json) -> None:
        """A limit runs where somebody has to put it right, and is red exactly when it is over."""
        now = self.stories.clock()
        if ticket["state"] in ("dispatched", "referred"):
            red = datetime.fromisoformat(ticket["due_at"]) < now
            assert (ticket["light"] == "red") == red
        else:
            assert ticket["light"] is None
        if ticket["state"] != "dispatched":
            assert ticket["pending"] is None
        if ticket["state"] == "suspended":
            assert ticket["due_at"] == self.held[ticket["id"]][1]

    def teardown(self) -> None:
        """Nothing changed but what was done; then the town is as it was."""
        for known in self.seen.values():
            now = self.stories.see("ducha1", known)
            assert _lasting(now) == _lasting(known)


def _lasting(ticket: Json) -> Json:
    return {name: value for name, value in ticket.items() if name not in OF_THE_HOUR}
