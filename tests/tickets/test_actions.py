"""The life cycle, row by row: who may, from where, what it needs and what it does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from app.tickets.models import OPEN_STATES, State
from app.tickets.used_up import USED_UP
from app.tickets.workflow import MOVES, Action, Move
from tests.tickets.stories import (
    BODY,
    COMPANY,
    OTHER_COMPANY,
    Json,
    Stories,
    at,
    code_of,
    north_of,
    picture,
)

Begin = Callable[[Stories], Json]


def dispatched(stories: Stories) -> Json:
    """Reported by a warden, at the company."""
    return stories.report()


def reported(stories: Stories) -> Json:
    """Reported by a warden, waiting for the lead."""
    return stories.report(category="99-99")


def rectified(stories: Stories) -> Json:
    """Put right by the company."""
    return stories.act("wuye11", dispatched(stories), "rectify")


def closed(stories: Stories) -> Json:
    """Checked by the reporter."""
    return stories.act("wangge11", rectified(stories), "close")


def rejected(stories: Stories) -> Json:
    """Not filed."""
    return stories.act("shequ1", reported(stories), "reject", note="不属于本镇")


def withdrawn(stories: Stories) -> Json:
    """Taken back by the reporter."""
    return stories.act("wangge11", dispatched(stories), "withdraw")


def suspended(stories: Stories) -> Json:
    """On hold for a month."""
    until = at("12-25 09:00")
    return stories.act("ducha1", dispatched(stories), "suspend", until=until, note="等审批")


def referred(stories: Stories) -> Json:
    """With the enforcement body."""
    said = {"organisation": BODY, "until": at("12-10 18:00")}
    return stories.act("shequ1", dispatched(stories), "refer", **said)


def voided(stories: Stories) -> Json:
    """It was none."""
    return stories.act("shequ1", dispatched(stories), "void", note="误报")


def sent_back(stories: Stories) -> Json:
    """The company says it is not its job, and waits for an answer."""
    return stories.act("wuye11", dispatched(stories), "send_back", note="不在合同范围")


def to_be_extended(stories: Stories) -> Json:
    """The company asks for more time, and waits for an answer."""
    said = {"until": at("11-30 18:00"), "note": "等材料"}
    return stories.act("wuye11", dispatched(stories), "request_extension", **said)


def put_to_a_second_look(stories: Stories) -> Json:
    """Closed by a supervisor, and flagged: the photo is of elsewhere."""
    photo = stories.photo("wuye11", north_of(stories.spot, 5_000))
    done = stories.act("wuye11", dispatched(stories), "rectify", photo_ids=[photo])
    return stories.act("ducha1", done, "close", note="已到现场")


def doubted(stories: Stories) -> Json:
    """Rectified with a photo of another place."""
    photo = stories.photo("wuye11", north_of(stories.spot, 5_000))
    return stories.act("wuye11", dispatched(stories), "rectify", photo_ids=[photo])


def doubted_and_returned(stories: Stories) -> Json:
    """Back at the company for its photo."""
    return stories.act("shequ1", doubted(stories), "return", note="不是这里")


BEGINNINGS: dict[State, Begin] = {
    State.suspended: suspended,
    State.referred: referred,
    State.voided: voided,
    State.reported: reported,
    State.dispatched: dispatched,
    State.rectified: rectified,
    State.closed: closed,
    State.rejected: rejected,
    State.withdrawn: withdrawn,
}

SAID: dict[Action, Json] = {
    Action.dispatch: {"organisation": OTHER_COMPANY, "note": "按合同派遣"},
    Action.reject: {"note": "不属于本镇"},
    Action.reclassify: {"category": "01-91", "note": "看错了"},
    Action.return_: {"note": "没有清走"},
    Action.comment: {"note": "已电话联系"},
    Action.send_back: {"note": "不在合同范围"},
    Action.refuse_send_back: {"note": "在合同范围"},
    Action.request_extension: {"until": at("11-30 18:00"), "note": "等材料"},
    Action.refuse_extension: {"note": "来得及"},
    Action.suspend: {"until": at("12-25 09:00"), "note": "等审批"},
    Action.refer: {"organisation": BODY, "until": at("12-10 18:00")},
    Action.reopen: {"note": "又堆上了"},
    Action.void: {"note": "误报"},
    Action.supervise: {"note": "三天内办好"},
    Action.explain: {"note": "定位漂移"},
}
"""What each action needs besides the version; rectify needs a photo, too."""


@dataclass(frozen=True)
class Row:
    """One row of the life cycle: an action from a state, who may, where it leads."""

    state: State
    action: Action
    to: State
    may: tuple[str, ...]
    may_not: tuple[str, ...]
    sees_nothing: tuple[str, ...] = ("wangge21", "wuye21", "zhifa1")
    own_work: tuple[str, ...] = field(default_factory=tuple)
    begin: Begin | None = None

    def begun(self, stories: Stories) -> Json:
        """A ticket to which the row applies."""
        return (self.begin or BEGINNINGS[self.state])(stories)

    def __str__(self) -> str:
        return f"{self.state}-{self.action}"


LEADS = ("shequ1", "ducha1")
STAFF = ("wangge11", "wangge12", *LEADS)
COMPANY_STAFF = ("wuye11", "wuye12")
WITHOUT_THE_BODY = ("wangge21", "wuye21")
OTHERS_AT_THE_LEADS = ("wangge11", "wangge12", "guanli")

ROWS = [
    Row(State.reported, Action.dispatch, State.dispatched, LEADS, OTHERS_AT_THE_LEADS),
    Row(State.reported, Action.reject, State.rejected, LEADS, OTHERS_AT_THE_LEADS),
    Row(State.reported, Action.reclassify, State.reported, LEADS, OTHERS_AT_THE_LEADS),
    Row(State.reported, Action.withdraw, State.withdrawn, ("wangge11",),
        ("wangge12", "guanli", *LEADS)),
    Row(State.reported, Action.comment, State.reported, STAFF, ("guanli",)),
    Row(State.dispatched, Action.dispatch, State.dispatched, LEADS,
        ("wuye11", *OTHERS_AT_THE_LEADS)),
    Row(State.dispatched, Action.reclassify, State.dispatched, LEADS,
        ("wuye11", *OTHERS_AT_THE_LEADS)),
    Row(State.dispatched, Action.withdraw, State.withdrawn, ("wangge11",),
        ("wangge12", "wuye11", "guanli", *LEADS)),
    Row(State.dispatched, Action.rectify, State.rectified, ("wuye11", "wuye12"),
        ("guanli", *STAFF)),
    Row(State.dispatched, Action.comment, State.dispatched, (*STAFF, "wuye12"), ("guanli",)),
    Row(State.rectified, Action.recall, State.dispatched, ("wuye11",),
        ("wuye12", "guanli", *STAFF)),
    Row(State.rectified, Action.close, State.closed, STAFF, ("guanli",),
        own_work=("wuye11", "wuye12")),
    Row(State.rectified, Action.return_, State.dispatched, STAFF, ("guanli",),
        own_work=("wuye11", "wuye12")),
    Row(State.rectified, Action.comment, State.rectified, (*STAFF, "wuye12"), ("guanli",)),
    Row(State.dispatched, Action.assign, State.dispatched, COMPANY_STAFF, ("guanli", *STAFF)),
    Row(State.dispatched, Action.send_back, State.dispatched, COMPANY_STAFF, ("guanli", *STAFF)),
    Row(State.dispatched, Action.accept_send_back, State.reported, LEADS,
        (*COMPANY_STAFF, *OTHERS_AT_THE_LEADS), begin=sent_back),
    Row(State.dispatched, Action.refuse_send_back, State.dispatched, LEADS,
        (*COMPANY_STAFF, *OTHERS_AT_THE_LEADS), begin=sent_back),
    Row(State.dispatched, Action.request_extension, State.dispatched, COMPANY_STAFF,
        ("guanli", *STAFF)),
    Row(State.dispatched, Action.grant_extension, State.dispatched, LEADS,
        (*COMPANY_STAFF, *OTHERS_AT_THE_LEADS), begin=to_be_extended),
    Row(State.dispatched, Action.refuse_extension, State.dispatched, LEADS,
        (*COMPANY_STAFF, *OTHERS_AT_THE_LEADS), begin=to_be_extended),
    Row(State.dispatched, Action.suspend, State.suspended, ("ducha1",),
        ("shequ1", *COMPANY_STAFF, *OTHERS_AT_THE_LEADS)),
    Row(State.suspended, Action.resume, State.dispatched, ("ducha1",),
        ("shequ1", *COMPANY_STAFF, *OTHERS_AT_THE_LEADS)),
    Row(State.suspended, Action.comment, State.suspended, (*STAFF, "wuye12"), ("guanli",)),
    Row(State.reported, Action.refer, State.referred, LEADS, OTHERS_AT_THE_LEADS),
    Row(State.dispatched, Action.refer, State.referred, LEADS,
        (*COMPANY_STAFF, *OTHERS_AT_THE_LEADS)),
    Row(State.referred, Action.rectify, State.rectified, ("zhifa1",),
        ("guanli", "wuye11", *STAFF), WITHOUT_THE_BODY),
    Row(State.referred, Action.dispatch, State.dispatched, LEADS,
        ("zhifa1", "wuye11", *OTHERS_AT_THE_LEADS), WITHOUT_THE_BODY),
    Row(State.referred, Action.comment, State.referred, (*STAFF, "zhifa1"),
        ("guanli", "wuye11"), WITHOUT_THE_BODY),
    Row(State.closed, Action.confirm, State.closed, ("ducha2",), ("shequ1", *OTHERS_AT_THE_LEADS),
        own_work=("ducha1",), begin=put_to_a_second_look),
    Row(State.closed, Action.reopen, State.dispatched, STAFF, ("guanli", "wuye11")),
    *(Row(state, Action.void, State.voided, LEADS, OTHERS_AT_THE_LEADS, WITHOUT_THE_BODY)
      for state in OPEN_STATES),
    *(Row(state, Action.merge_into, State.voided, LEADS, OTHERS_AT_THE_LEADS, WITHOUT_THE_BODY)
      for state in OPEN_STATES),
    *(Row(state, Action.supervise, state, ("ducha1",), ("shequ1", *OTHERS_AT_THE_LEADS),
          WITHOUT_THE_BODY) for state in OPEN_STATES),
    Row(State.dispatched, Action.explain, State.dispatched, ("wuye11",), ("wuye12", *STAFF),
        begin=doubted_and_returned),
    Row(State.rectified, Action.explain, State.rectified, ("wuye11",), ("wuye12", *STAFF),
        begin=doubted),
    Row(State.closed, Action.explain, State.closed, ("wuye11",), ("wuye12", *STAFF),
        begin=put_to_a_second_look),
]  # fmt: skip


def said_of(stories: Stories, row_action: Action, who: str) -> Json:
    """What an action must bring."""
    said = dict(SAID.get(row_action, {}))
    if row_action is Action.rectify:
        said["photo_ids"] = [stories.photo(who, stories.spot)]
    if row_action is Action.assign:
        said["person"] = stories.person("wuye12")
    if row_action is Action.merge_into:
        said["ticket"] = stories.report(category="05-03")["id"]
    return said


def test_every_row_of_the_product_is_told_here() -> None:
    told = {(row.state, row.action) for row in ROWS}
    assert set(MOVES) == told


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_may_and_where_it_leads(stories: Stories, row: Row) -> None:
    for who in row.may:
        ticket = row.begun(stories)
        assert row.action in stories.see(who, ticket)["allowed_actions"]
        done = stories.act(who, ticket, row.action, **said_of(stories, row.action, who))
        assert done["state"] == row.to
        assert done["version"] == ticket["version"] + 1
        last = done["timeline"][-1]
        assert (last["action"], last["from"], last["to"]) == (row.action, row.state, row.to)
        assert last["note"] == SAID.get(row.action, {}).get("note")
        assert last["actor"]["name"]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_may_not(stories: Stories, row: Row) -> None:
    ticket = row.begun(stories)
    said = said_of(stories, row.action, "wuye11")
    for who in row.may_not:
        assert code_of(stories.try_act(who, ticket, row.action, **said)) == (403, "not_allowed"), (
            who
        )
        assert row.action not in stories.see(who, ticket)["allowed_actions"]
    for who in row.own_work:
        assert code_of(stories.try_act(who, ticket, row.action, **said)) == (403, "own_work"), who
        assert row.action not in stories.see(who, ticket)["allowed_actions"]
    for who in row.sees_nothing:
        assert code_of(stories.try_act(who, ticket, row.action, **said)) == (404, "not_found"), who
    assert stories.see("ducha1", ticket)["version"] == ticket["version"]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_stale_comes_before_what_is_missing_and_shows_the_ticket(
    stories: Stories, row: Row
) -> None:
    ticket = row.begun(stories)
    for version in (ticket["version"] - 1, ticket["version"] + 1, 10**12):
        answer = stories.try_act(row.may[0], ticket, row.action, version=version)
        assert code_of(answer) == (409, "stale_version")
        assert answer.get_json()["current"]["version"] == ticket["version"]


NOBODY_COULD_ASK = {
    (state, action)
    for state in (State.reported, State.rejected)
    for action in (Action.rectify, Action.assign, Action.send_back, Action.request_extension)
} | {(state, action) for state in BEGINNINGS for action in (Action.recall, Action.explain)}
"""No organisation is responsible yet, nobody has rectified: there it is a matter of permission."""


@pytest.mark.parametrize("state", BEGINNINGS, ids=lambda state: state.value)
def test_what_has_no_row_is_not_possible(stories: Stories, state: State) -> None:
    ticket = BEGINNINGS[state](stories)
    begun_so = {(row.state, row.action) for row in ROWS if row.begin is None}
    known = begun_so | NOBODY_COULD_ASK | {(State.closed, Action.confirm)}
    for action in [action for action in Action if (state, action) not in known]:
        who = WHO_COULD.get(action, "ducha1")
        if state is State.referred and who == "wuye11":
            who = "zhifa1"
        answer = stories.try_act(who, ticket, action)
        assert code_of(answer) == (409, "action_not_possible"), action
        assert answer.get_json()["allowed_actions"] == stories.see(who, ticket)["allowed_actions"]


WHO_COULD = {
    Action.withdraw: "wangge11",
    **dict.fromkeys(
        (Action.rectify, Action.assign, Action.send_back, Action.request_extension), "wuye11"
    ),
}


def test_recall_of_what_was_checked_is_not_possible(stories: Stories) -> None:
    done = closed(stories)
    assert code_of(stories.try_act("wuye11", done, "recall")) == (409, "action_not_possible")
    returned = stories.act("ducha1", rectified(stories), "return", note="没有清走")
    assert code_of(stories.try_act("wuye11", returned, "recall")) == (409, "action_not_possible")
    assert code_of(stories.try_act("wuye12", returned, "recall")) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("begin", "who", "action"),
    [
        (reported, "shequ1", "reject"),
        (reported, "shequ1", "reclassify"),
        (dispatched, "shequ1", "reclassify"),
        (dispatched, "shequ1", "dispatch"),
        (rectified, "shequ1", "return"),
        (dispatched, "wangge11", "comment"),
    ],
)
def test_a_reason_is_words(stories: Stories, begin: Begin, who: str, action: str) -> None:
    ticket = begin(stories)
    for note in (None, "", " \u3000\n"):
        said = {**SAID.get(Action(action), {}), "note": note}
        answer = stories.try_act(who, ticket, action, **said)
        assert code_of(answer) == (422, "reason_missing")
        assert answer.get_json()["errors"].keys() == {"note"}


def test_a_first_dispatch_needs_no_reason(stories: Stories) -> None:
    ticket = stories.act("shequ1", reported(stories), "dispatch", organisation=COMPANY)
    assert ticket["responsible"]["code"] == COMPANY


def test_a_photo_is_a_comment_as_well(stories: Stories) -> None:
    photo = stories.photo("wuye11", stories.spot)
    done = stories.act("wuye11", dispatched(stories), "comment", photo_ids=[photo])
    assert [use["role"] for use in done["photos"]] == ["before", "process"]


@pytest.mark.parametrize("missing", ["organisation", "version", "unknown", "enforcement", "town"])
def test_a_dispatch_names_somebody_who_can_be_responsible(stories: Stories, missing: str) -> None:
    ticket = reported(stories)
    town = stories.town.code
    code = {"unknown": "WY000000", "enforcement": "340299-CWB", "town": town}.get(missing)
    body: Json = {"version": ticket["version"], "organisation": code or COMPANY}
    if missing in body:
        del body[missing]
    answer = stories.post("shequ1", f"/tickets/{ticket['id']}/dispatch", body)
    assert answer.status_code == 422
    field = missing if missing == "version" else "organisation"
    assert field in answer.get_json()["errors"]
    assert code_of(answer)[1] == ("organisation_unsuitable" if code else "invalid_input")


class TestWithdraw:
    """By the reporter, within ten minutes."""

    @pytest.mark.parametrize("begin", [reported, dispatched])
    def test_ten_minutes_exactly_and_no_more(self, stories: Stories, begin: Begin) -> None:
        in_time, late = begin(stories), begin(stories)
        stories.later(minutes=10)
        assert "withdraw" in stories.see("wangge11", late)["allowed_actions"]
        assert stories.act("wangge11", in_time, "withdraw")["state"] == "withdrawn"
        stories.clock.move(timedelta(microseconds=1))
        assert "withdraw" not in stories.see("wangge11", late)["allowed_actions"]
        answer = stories.try_act("wangge11", late, "withdraw")
        assert code_of(answer) == (409, "action_not_possible")
        assert answer.get_json()["allowed_actions"] == ["comment"]

    def test_it_ends_the_leg(self, stories: Stories) -> None:
        (leg,) = withdrawn(stories)["legs"]
        assert leg["outcome"] == "withdrawn"
        assert leg["to"] is not None


class TestDispatchAgain:
    """Ends this leg and starts the next with its own limit."""

    def test_legs(self, stories: Stories) -> None:
        ticket = dispatched(stories)
        stories.later(hours=3)
        done = stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY, note="换人")
        first, second = done["legs"]
        assert (first["organisation"]["code"], first["outcome"]) == (COMPANY, "dispatched_again")
        assert first["to"] == second["from"] == done["dispatched_at"]
        assert first["due_at"] == ticket["due_at"] == "2026-11-26T09:00:00+08:00"
        # 12:00 is the end of the morning: the next eight hours begin at two.
        assert second["due_at"] == done["due_at"] == "2026-11-26T12:00:00+08:00"
        assert (second["to"], second["outcome"]) == (None, None)
        assert done["responsible"]["code"] == OTHER_COMPANY

    def test_under_another_condition(self, stories: Stories) -> None:
        ticket = stories.report(category="01-91")
        assert ticket["condition"]["code"] == "under_way"
        done = stories.act(
            "shequ1", ticket, "dispatch", organisation=COMPANY, condition="planted", note="已种上"
        )
        assert done["condition"]["code"] == "planted"
        assert done["limit_label"] == "7 个工作日"
        assert done["due_at"] == "2026-12-04T09:00:00+08:00"
        assert done["legs"][0]["due_at"] == ticket["due_at"]

    def test_to_whoever_has_it_the_limit_goes_on(self, stories: Stories) -> None:
        ticket = dispatched(stories)
        stories.later(hours=3)
        done = stories.act("shequ1", ticket, "dispatch", organisation=COMPANY, note="催办")
        first, second = done["legs"]
        assert (first["outcome"], first["to"]) == ("dispatched_again", second["from"])
        assert second["due_at"] == done["due_at"] == ticket["due_at"]

    def test_an_unknown_condition(self, stories: Stories) -> None:
        answer = stories.try_act(
            "shequ1", reported(stories), "dispatch", organisation=COMPANY, condition="planted"
        )
        assert code_of(answer) == (422, "category_unknown")


class TestReclassify:
    """Another category, condition or place, with a reason; a new condition restarts the limit."""

    def test_a_new_condition_restarts_the_limit_and_keeps_the_age(self, stories: Stories) -> None:
        ticket = stories.report(category="01-91")
        stories.later(days=1)
        done = stories.act("shequ1", ticket, "reclassify", condition="planted", note="已种上")
        assert done["due_at"] == "2026-12-07T09:00:00+08:00"
        assert done["reported_at"] == ticket["reported_at"]
        assert [leg["due_at"] for leg in done["legs"]] == [done["due_at"]]
        assert done["timeline"][-1]["changes"] == {
            "filed_under": {
                "from": {"category": "01-91", "condition": "under_way"},
                "to": {"category": "01-91", "condition": "planted"},
            }
        }

    def test_to_and_fro_gains_nothing(self, stories: Stories) -> None:
        ticket = stories.report(category="01-91")
        longer = stories.act(
            "wuye11", ticket, "request_extension", until=at("11-26 09:00"), note="雨"
        )
        known = stories.act("shequ1", longer, "grant_extension")
        stories.later(days=2)
        away = stories.act("shequ1", known, "reclassify", category="99-99", note="看错了")
        assert away["due_at"] > known["due_at"]
        back = stories.act("shequ1", away, "reclassify", category="01-91", note="没看错")
        assert (back["due_at"], back["light"]) == (known["due_at"], "red")
        again = stories.act("shequ1", back, "reclassify", category="99-99", note="再改")
        assert again["due_at"] == away["due_at"]

    def test_another_category_without_a_condition_takes_its_first(self, stories: Stories) -> None:
        done = stories.act("shequ1", dispatched(stories), "reclassify", category="01-91", note="改")
        assert done["condition"]["code"] == "under_way"

    def test_the_same_category_keeps_its_condition(self, stories: Stories) -> None:
        ticket = stories.report(category="01-91", condition="planted")
        stories.later(hours=1)
        done = stories.act(
            "shequ1", ticket, "reclassify", category="01-91", area="stairwell", note="改"
        )
        assert done["condition"]["code"] == "planted"
        assert (done["due_at"], done["area"]) == (ticket["due_at"], "stairwell")

    @pytest.mark.parametrize("said", [{}, {"category": "01-36"}, {"condition": "default"}])
    def test_nothing_changed(self, stories: Stories, said: Json) -> None:
        answer = stories.try_act("shequ1", dispatched(stories), "reclassify", note="改", **said)
        assert code_of(answer) == (422, "nothing_changed")

    @pytest.mark.parametrize("said", [{"category": "77-77"}, {"condition": "planted"}])
    def test_unknown_words(self, stories: Stories, said: Json) -> None:
        answer = stories.try_act("shequ1", dispatched(stories), "reclassify", note="改", **said)
        assert code_of(answer) == (422, "category_unknown")

    def test_a_position_elsewhere_is_let_go(self, stories: Stories) -> None:
        """What is sent from the place it was moved from is not at the place any more."""
        ticket = dispatched(stories)
        assert ticket["position"] is not None
        other = stories.code("002")
        moved = stories.act("ducha1", ticket, "reclassify", compound=other, note="看错了")
        assert (moved["compound"]["code"], moved["position"]) == (other, None)
        old = stories.photo("wuye11", stories.spot)
        done = stories.act("wuye11", moved, "rectify", photo_ids=[old])
        (use,) = [use for use in done["photos"] if use["role"] == "after"]
        assert use["verdict"] != "consistent"

    def test_another_compound_takes_its_cell(self, stories: Stories) -> None:
        code = stories.code("001", 2)
        done = stories.act("shequ1", dispatched(stories), "reclassify", compound=code, note="改")
        assert done["compound"]["code"] == code
        assert done["cell"]["code"] == stories.town.cell("001", 2).code
        assert done["responsible"]["code"] == COMPANY
        assert done["timeline"][-1]["changes"]["place"] == {
            "compound": code,
            "cell": stories.town.cell("001", 2).code,
        }
        assert stories.see("ducha1", done)["compound"]["code"] == code

    def test_another_cell_drops_a_compound_that_is_not_there(self, stories: Stories) -> None:
        cell = stories.town.cell("001", 4).code
        done = stories.act("shequ1", dispatched(stories), "reclassify", cell=cell, note="改")
        assert (done["cell"]["code"], done["compound"]) == (cell, None)

    def test_a_compound_without_an_outline_keeps_a_cell_of_its_community(
        self, stories: Stories
    ) -> None:
        code = stories.code("001", 3)
        done = stories.act("shequ1", dispatched(stories), "reclassify", compound=code, note="改")
        assert done["compound"]["code"] == code
        assert done["cell"]["code"] == stories.town.cell("001", 1).code

    def test_to_another_community_and_out_of_the_lead_s_sight(self, stories: Stories) -> None:
        ticket = stories.report("wangge12")
        code = stories.code("002", 1)
        done = stories.act("shequ1", ticket, "reclassify", compound=code, note="在隔壁社区")
        assert done["community"]["code"] == stories.town.community("002")
        assert done["cell"]["code"] == stories.town.cell("002", 1).code
        assert stories.get("shequ1", f"/tickets/{ticket['id']}").status_code == 404
        assert stories.get("shequ2", f"/tickets/{ticket['id']}").status_code == 200
        assert stories.see("wangge12", ticket)["community"]["code"] == stories.town.community("002")

    def test_a_cell_and_a_compound_of_two_communities(self, stories: Stories) -> None:
        answer = stories.try_act(
            "shequ1",
            dispatched(stories),
            "reclassify",
            compound=stories.code("002", 1),
            cell=stories.town.cell("001", 1).code,
            note="改",
        )
        assert code_of(answer) == (422, "place_unknown")

    def test_a_checkpoint_stays_with_its_compound(self, stories: Stories) -> None:
        points = stories.get("wangge11", f"/compounds/{stories.code()}").get_json()["checkpoints"]
        ticket = stories.report(checkpoint=points[0]["id"])
        assert (ticket["checkpoint"], ticket["area"]) == (points[0]["id"], points[0]["area"])
        same = stories.act("shequ1", ticket, "reclassify", area="stairwell", note="改")
        assert same["checkpoint"] == points[0]["id"]
        code = stories.code("001", 2)
        moved = stories.act("shequ1", same, "reclassify", compound=code, note="改")
        assert (moved["checkpoint"], moved["area"]) == (None, "stairwell")


class TestRectify:
    """By the responsible organisation with at least one after-photo."""

    def test_a_photo_is_needed(self, stories: Stories) -> None:
        answer = stories.try_act("wuye11", dispatched(stories), "rectify", note="清了")
        assert code_of(answer) == (422, "evidence_missing")

    def test_what_it_does(self, stories: Stories) -> None:
        done = rectified(stories)
        (leg,) = done["legs"]
        assert (leg["outcome"], leg["to"]) == ("rectified", done["rectified_at"])
        assert done["check_due_at"] == "2026-11-26T09:00:00+08:00"
        assert done["light"] is None
        assert [use["role"] for use in done["photos"]] == ["before", "after"]

    def test_a_colleague_s_photo_serves_and_a_stranger_s_does_not(self, stories: Stories) -> None:
        ticket = dispatched(stories)
        theirs = stories.photo("wangge11", stories.spot)
        for photo in (theirs, "0190a0a0-0000-7000-8000-000000000000"):
            answer = stories.try_act("wuye11", ticket, "rectify", photo_ids=[photo])
            assert code_of(answer) == (422, "photo_not_yours")
        colleague = stories.photo("wuye12", stories.spot)
        assert stories.act("wuye11", ticket, "rectify", photo_ids=[colleague])["photos"]

    @pytest.mark.parametrize("same", ["id", "bytes"])
    def test_the_before_photo_is_no_after_photo(self, stories: Stories, same: str) -> None:
        data = picture()
        before = stories.photo("wangge11", stories.street, data=data)
        ticket = stories.report(point=stories.street, photo_ids=[before])
        after = before if same == "id" else stories.photo("wangge12", stories.street, data=data)
        fresh = stories.photo("wangge12", stories.street)
        answer = stories.try_act("wangge12", ticket, "rectify", photo_ids=[fresh, after])
        assert code_of(answer) == (422, "photo_reused")

    def test_references_by_key(self, stories: Stories) -> None:
        ticket = dispatched(stories)
        answer = stories.try_act("wuye11", ticket, "rectify", photo_ids=["key:not-yet"])
        assert code_of(answer) == (422, "reference_unknown")


class TestRecall:
    """By whoever rectified, before anyone checked: as if nothing had been sent."""

    def test_leg_and_due_are_as_before(self, stories: Stories) -> None:
        ticket = dispatched(stories)
        stories.later(hours=1)
        done = stories.act("wuye11", ticket, "rectify")
        stories.later(days=7)
        back = stories.act("wuye11", done, "recall")
        assert back["legs"] == ticket["legs"]
        assert (back["due_at"], back["light"]) == (ticket["due_at"], "red")
        assert (back["rectified_at"], back["check_due_at"]) == (None, None)
        assert [use["role"] for use in back["photos"]] == ["before", "after"]
        again = stories.act("wuye12", back, "rectify")
        assert code_of(stories.try_act("wuye11", again, "recall")) == (403, "not_allowed")


class TestReturn:
    """Rework: a new leg of the same organisation, counted."""

    def test_rework(self, stories: Stories) -> None:
        done = rectified(stories)
        stories.later(hours=1)
        back = stories.act("wangge11", done, "return", note="没清干净")
        assert (back["state"], back["rework_count"]) == ("dispatched", 1)
        assert [leg["outcome"] for leg in back["legs"]] == ["rectified", None]
        assert back["responsible"]["code"] == COMPANY
        assert back["due_at"] == "2026-11-26T10:00:00+08:00"
        assert (back["rectified_at"], back["check_due_at"], back["closed_at"]) == (None,) * 3
        twice = stories.act("shequ1", stories.act("wuye12", back, "rectify"), "return", note="再清")
        assert twice["rework_count"] == 2


class TestOwnWork:
    """Nobody checks their own work or their company's; a community's lead checks its wardens'."""

    def test_the_lead_checks_the_warden_s_fix(self, stories: Stories) -> None:
        ticket = stories.report(point=stories.street)
        done = stories.act("wangge11", ticket, "rectify")
        for who in ("wangge11", "wangge12"):
            for action in ("close", "return"):
                answer = stories.try_act(who, done, action, note="看过")
                assert code_of(answer) == (403, "own_work")
            assert "close" not in stories.see(who, done)["allowed_actions"]
        assert stories.act("shequ1", done, "close")["state"] == "closed"

    def test_the_lead_does_not_check_its_own_fix(self, stories: Stories) -> None:
        done = stories.act("shequ1", stories.report(point=stories.street), "rectify")
        assert code_of(stories.try_act("shequ1", done, "close")) == (403, "own_work")
        assert code_of(stories.try_act("wangge11", done, "close")) == (403, "own_work")
        assert stories.act("ducha1", done, "close")["state"] == "closed"

    @pytest.mark.parametrize("action", ["void", "merge_into"])
    def test_the_lead_does_not_make_its_own_fix_vanish(self, stories: Stories, action: str) -> None:
        other = stories.report(point=stories.street)
        mine = stories.act("shequ1", stories.report(point=stories.street), "rectify")
        said: Json = {"ticket": other["id"]} if action == "merge_into" else {"note": "不是问题"}
        assert code_of(stories.try_act("shequ1", mine, action, **said)) == (403, "own_work")
        assert not {"void", "merge_into"} & set(stories.see("shequ1", mine)["allowed_actions"])
        assert stories.act("ducha1", mine, action, **said)["state"] == "voided"

    def test_a_lead_who_is_a_warden_too(self, stories: Stories) -> None:
        place = stories.town.cell("202", 1).centre
        ticket = stories.report("wangge41", point=place)
        done = stories.act("wangge41", ticket, "rectify")
        closed = stories.act("shequ4", done, "close")
        assert closed["timeline"][-1]["organisation"]["code"] == stories.town.community("202")
        mine = stories.act("shequ4", stories.report("wangge41", point=place), "rectify")
        assert code_of(stories.try_act("shequ4", mine, "close")) == (403, "own_work")

    def test_a_fix_on_the_spot(self, stories: Stories) -> None:
        after = stories.photo("wangge11", stories.spot)
        ticket = stories.report(fixed_on_spot={"photo_ids": [after]})
        assert code_of(stories.try_act("wangge11", ticket, "close")) == (403, "own_work")
        assert code_of(stories.try_act("wangge12", ticket, "close")) == (403, "own_work")
        assert stories.act("shequ1", ticket, "close")["state"] == "closed"

    def test_a_neighbour_s_work_is_checked_by_the_place(self, stories: Stories) -> None:
        ticket = stories.report()
        community = stories.town.community("002")
        ticket = stories.act("shequ1", ticket, "dispatch", organisation=community, note="请支援")
        done = stories.act("wangge21", ticket, "rectify")
        assert code_of(stories.try_act("shequ2", done, "close")) == (403, "own_work")
        assert stories.act("wangge12", done, "close")["state"] == "closed"


class TestContradicted:
    """An after-photo contradicted in this use: only a supervisor closes, with a written reason."""

    @staticmethod
    def fixed_elsewhere(stories: Stories, ticket: Json | None = None) -> Json:
        """Rectified with a photo of another place."""
        elsewhere = stories.town.cell("202", 4).centre
        photo = stories.photo("wuye11", elsewhere)
        begun = ticket or dispatched(stories)
        return stories.act("wuye11", begun, "rectify", photo_ids=[photo])

    def test_who_closes(self, stories: Stories) -> None:
        done = self.fixed_elsewhere(stories)
        seen = stories.see("wangge11", done)
        assert seen["photos"][1]["verdict"] == "contradicted"
        for who in ("wangge11", "shequ1"):
            actions = stories.see(who, done)["allowed_actions"]
            assert "close" not in actions
            assert "return" in actions
            assert code_of(stories.try_act(who, done, "close", note="好")) == (403, "not_allowed")
        assert "close" in stories.see("ducha1", done)["allowed_actions"]
        assert code_of(stories.try_act("ducha1", done, "close")) == (422, "reason_missing")
        closed = stories.act("ducha1", done, "close", note="现场核实，定位漂移")
        assert closed["state"] == "closed"

    def test_a_better_photo_of_the_next_turn_counts(self, stories: Stories) -> None:
        done = self.fixed_elsewhere(stories)
        back = stories.act("wangge11", done, "return", note="照片不是这里")
        again = stories.act("wuye11", back, "rectify")
        assert stories.act("wangge11", again, "close")["state"] == "closed"

    def test_one_bad_photo_among_good_ones_counts(self, stories: Stories) -> None:
        ticket = dispatched(stories)
        photos = [
            stories.photo("wuye11", place)
            for place in (stories.spot, stories.town.cell("202", 4).centre, stories.spot)
        ]
        done = stories.act("wuye11", ticket, "rectify", photo_ids=photos)
        assert "close" not in stories.see("wangge11", done)["allowed_actions"]


def test_an_administrator_reads_and_acts_on_nothing(stories: Stories) -> None:
    for begin in BEGINNINGS.values():
        ticket = begin(stories)
        assert stories.see("guanli", ticket)["allowed_actions"] == []
        for action in Action:
            answer = stories.try_act("guanli", ticket, action, **said_of(stories, action, "wuye11"))
            assert code_of(answer) == (403, "not_allowed")


def test_the_body_is_looked_at_last(stories: Stories) -> None:
    ticket = dispatched(stories)
    path = f"/tickets/{ticket['id']}/rectify"
    bad: dict[str, Any] = {"version": "1", "photo_ids": 7}
    assert code_of(stories.post("wangge21", path, bad)) == (404, "not_found")
    assert code_of(stories.post("wangge11", path, bad)) == (403, "not_allowed")
    assert code_of(stories.post("wuye11", path, bad | {"version": 9})) == (409, "stale_version")
    assert code_of(stories.post("wuye11", path, bad)) == (422, "invalid_input")


class TestWhenItHappened:
    """Nothing is done about a problem before it was found; 5 min for two phones' clocks."""

    @pytest.mark.parametrize(
        ("minutes", "status"), [(-200, 422), (-66, 422), (-64, 200), (-30, 200), (0, 200)]
    )
    @pytest.mark.parametrize("action", ["rectify", "comment"])
    def test_not_before_the_report(
        self, stories: Stories, action: str, minutes: int, status: int
    ) -> None:
        """Found an hour ago, reported now."""
        now = stories.clock()
        ticket = stories.report(occurred_at=now - timedelta(hours=1))
        said = {"note": "已看", "photo_ids": [stories.photo("wuye11", stories.spot)]}
        happened = now + timedelta(minutes=minutes)
        answer = stories.try_act("wuye11", ticket, action, occurred_at=happened, **said)
        assert answer.status_code == status, answer.text
        if status == 422:
            assert code_of(answer) == (422, "bad_occurred_at")
            assert "早于问题上报" in answer.get_json()["errors"]["occurred_at"][0]
            assert stories.see("wuye11", ticket)["version"] == ticket["version"]

    def test_a_phone_whose_clock_is_slow_is_put_right_first(self, stories: Stories) -> None:
        """Its clock is two hours behind, and it says so when it sends."""
        ticket = stories.report()
        stories.later(minutes=30)
        behind = stories.clock() - timedelta(hours=2)
        happened = behind - timedelta(minutes=20)
        refused = stories.try_act("wangge11", ticket, "comment", note="看", occurred_at=happened)
        assert code_of(refused) == (422, "bad_occurred_at")
        done = stories.act(
            "wangge11", ticket, "comment", note="看", occurred_at=happened, sent_at=behind
        )
        assert done["timeline"][-1]["occurred_at"][:16] == "2026-11-25T09:10"[:16]


class TestWhyNot:
    """A refusal says whether the state forbids it or something is used up."""

    def test_every_guard_has_its_words(self) -> None:
        guarded = {
            action
            for (_, action), move in MOVES.items()
            if move.still_open is not Move("", None).still_open
        }
        assert guarded == USED_UP.keys()

    def said(self, stories: Stories, who: str, ticket: Json, action: str, **more: Any) -> str:
        answer = stories.try_act(who, ticket, action, **more)
        assert code_of(answer) == (409, "action_not_possible")
        return str(answer.get_json()["detail"])

    def test_the_state(self, stories: Stories) -> None:
        told = self.said(stories, "wuye11", closed(stories), "rectify")
        assert told == "工单现在是“已结案”，不能“提交整改”。"

    def test_the_time(self, stories: Stories) -> None:
        ticket = dispatched(stories)
        stories.later(minutes=11)
        assert "上报已超过 10 分钟" in self.said(stories, "wangge11", ticket, "withdraw")
        done = closed(stories)
        stories.later(days=31)
        assert "结案已超过 30 天" in self.said(stories, "wangge11", done, "reopen", note="又有")

    def test_the_number(self, stories: Stories) -> None:
        ticket = stories.act("wuye11", dispatched(stories), "send_back", note="不归我们")
        told = self.said(
            stories, "wuye11", ticket, "request_extension", note="?", until=at("12-25 09:00")
        )
        assert "等待答复" in told
        ticket = stories.act("shequ1", ticket, "refuse_send_back", note="归你们")
        assert "已申请过一次回退" in self.said(stories, "wuye11", ticket, "send_back", note="?")
        assert "没有等待答复的回退" in self.said(stories, "shequ1", ticket, "accept_send_back")
        for month in (12, 13):
            until = at("12-10 09:00") if month == 12 else at("12-20 09:00")
            ticket = stories.act("wuye11", ticket, "request_extension", note="等料", until=until)
            ticket = stories.act("shequ1", ticket, "grant_extension")
        told = self.said(
            stories, "wuye11", ticket, "request_extension", note="?", until=at("12-25 09:00")
        )
        assert "已延期 2 次" in told
