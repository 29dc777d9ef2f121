"""What people write, as WeChat looks at it: hidden everywhere at once until a person decides."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.adapters.wechat.safety import WeChatTextChecker
from app.jobs.handlers import HANDLERS
from app.jobs.text_sources import NOT_ASKED, SOURCES
from app.kernel.db import Base, FreeText, begin_reading, db, unit_of_work
from app.kernel.hiding import PLACEHOLDER
from app.people.hosts.models import HostBinding
from app.people.queries import person_by_username
from app.texts.asking import CHECK_TEXTS, forget_passed
from app.tickets.models import Ticket
from config.settings import Settings
from tests.adapters.conftest import wechat as wechat
from tests.adapters.conftest import wechat_server as wechat_server
from tests.clocks import MovableClock
from tests.duties.office import Office as Desk
from tests.evidence.conftest import Office
from tests.evidence.conftest import key_file as key_file
from tests.tickets.stories import WEDNESDAY, Json, code_of
from tests.towns import Town, cheap_settings
from tests.wechat_apps import new_wire, with_wechat
from tests.wechat_server import APP_ID, CHECK_TEXT, Order, WeChatServer

WARDEN, LEAD, OFFICE, COUNTY = "wangge11", "shequ1", "ducha1", "guanli"
BAD, DOUBTED = "坏话", "怪话"


@pytest.fixture
def settings(
    database_url: str, photo_folder: Path, key_file: Path, wechat: WeChatServer
) -> Settings:
    """Texts are checked, and days are signed."""
    made = cheap_settings(database_url, photo_folder)
    signed = made.model_copy(update={"evidence_key_file": str(key_file)})
    return with_wechat(signed, wechat, text_checks=True)


class Eye(Office):
    """A warden and a lead bound to WeChat, and what WeChat thinks of words."""

    wechat: WeChatServer

    def binds(self, who: str) -> None:
        """Somebody is known to WeChat."""
        with self.app.app_context(), unit_of_work() as session:
            person = person_by_username(session, who)
            assert person is not None
            said = {"host": "wechat", "tenant": APP_ID, "subject": f"o-{who}"}
            session.add(HostBinding(person_id=person.id, bound_at=self.clock(), **said))

    def works(self, **later: float) -> None:
        """The worker's minute, some time later."""
        self.later(**later)
        with self.app.app_context():
            handler: Any = HANDLERS[CHECK_TEXTS]
            handler.do({}, lambda _percent, _said: None)
            db.session.remove()

    @property
    def sent(self) -> list[str]:
        """The texts that WeChat was asked about."""
        return [each.body["content"] for each in self.wechat.asked if each.path == CHECK_TEXT]

    def waiting(self, who: str = OFFICE) -> list[tuple[str, str]]:
        """What waits for a person: the words, and why."""
        items = self.get(who, "/text-checks").get_json()["items"]
        return [(each["text"], each["state"]) for each in items]

    def decides(self, words: str, *, release: bool, who: str = OFFICE) -> Any:
        """A person's decision about the words that wait."""
        items = self.get(who, "/text-checks").get_json()["items"]
        (mark,) = [each["id"] for each in items if each["text"] == words]
        body = {"release": release, "reason": "看过"}
        return self.post(who, f"/text-checks/{mark}/decide", body), mark


@pytest.fixture
def eye(
    app: Flask, client: FlaskClient, town: Town, clock: MovableClock, wechat: WeChatServer
) -> Iterator[Eye]:
    """The township on a Wednesday morning."""
    clock.set(WEDNESDAY)
    made = Eye(app, client, town, clock)
    made.wechat = wechat
    wechat.state.bad_words |= {BAD: "risky", DOUBTED: "review"}
    app.extensions["gexun_text_checker"] = WeChatTextChecker(new_wire(wechat, clock))
    made.binds(WARDEN)
    made.binds(LEAD)
    yield made


def _words(ticket: Json) -> tuple[str, str | None]:
    """How a ticket is described, and what the first entry of its timeline says."""
    return ticket["description"], ticket["timeline"][0]["note"]


def _exported(eye: Eye) -> list[str]:
    answer = eye.get(OFFICE, "/tickets/export.csv")
    return [row["描述"] for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))]


def test_what_is_risky_is_hidden_everywhere_until_a_person_decides(
    eye: Eye, settings: Settings
) -> None:
    words = f"三号楼前{BAD}，请清走"
    ticket = eye.report(WARDEN, description=words)
    assert eye.sent == []
    other = create_app(settings, clock=eye.clock).test_client()
    path = f"/api/v1/tickets/{ticket['id']}"
    assert other.get(path, headers=eye.headers(LEAD)).get_json()["description"] == words
    eye.worker()
    assert eye.sent == [words], "the same words at two places are asked about once"
    for who in (WARDEN, LEAD, OFFICE, "wuye11", COUNTY):
        assert _words(eye.see(who, ticket)) == (PLACEHOLDER, PLACEHOLDER)
        assert [each["description"] for each in eye.listed(who)] == [PLACEHOLDER]
    assert _exported(eye) == [PLACEHOLDER]
    while other.get(path, headers=eye.headers(LEAD)).get_json()["description"] == words:
        pass
    eye.verify()
    assert eye.waiting() == [(words, "risky")]
    assert eye.waiting("guanli") == [(words, "risky")]
    assert code_of(eye.get(LEAD, "/text-checks")) == (403, "not_allowed")
    done, mark = eye.decides(words, release=True)
    assert (done.get_json()["state"], done.get_json()["hidden"]) == ("released", False)
    again = eye.post(OFFICE, f"/text-checks/{mark}/decide", {"release": False, "reason": "不行"})
    assert code_of(again) == (409, "text_decided")
    assert _words(eye.see(WARDEN, ticket)) == (words, words)
    second = eye.report(LEAD, description=words)
    eye.works(hours=30)
    eye.works()
    assert (eye.sent, eye.see(LEAD, second)["description"]) == ([words], words)


def test_a_ticket_goes_its_way_and_keeps_what_is_hidden(eye: Eye) -> None:
    ticket = eye.report(WARDEN, description=f"楼前{BAD}")
    eye.works()
    ticket = eye.see("wuye11", ticket)
    ticket = eye.act("wuye11", ticket, "rectify", note="已经清走")
    eye.later(minutes=1)
    ticket = eye.act(LEAD, ticket, "close", note=f"复核{DOUBTED}")
    eye.works()
    eye.worker()
    eye.verify()
    assert eye.waiting() == [(f"复核{DOUBTED}", "left"), (f"楼前{BAD}", "risky")]
    assert [each["note"] for each in eye.see(OFFICE, ticket)["timeline"]] == [
        PLACEHOLDER,
        "已经清走",
        f"复核{DOUBTED}",
    ], "who is not known to WeChat is not asked about, what is doubted is shown"
    kept, _ = eye.decides(f"楼前{BAD}", release=False, who=COUNTY)
    assert (kept.get_json()["state"], kept.get_json()["hidden"]) == ("confirmed", True)
    hidden, _ = eye.decides(f"复核{DOUBTED}", release=False)
    assert hidden.get_json()["hidden"]
    assert eye.waiting() == []
    assert {each["note"] for each in eye.see(LEAD, ticket)["timeline"]} == {
        PLACEHOLDER,
        "已经清走",
    }


def test_wechat_fails_in_every_way_and_nothing_is_lost(eye: Eye) -> None:
    eye.report(WARDEN, description=f"一{BAD}")
    busy = Order(errcode=-1), Order(errcode=-1)
    eye.wechat.then(CHECK_TEXT, *busy, Order(errcode=45009), Order(closed=True))
    for _ in range(3):
        eye.works(minutes=1)
    assert eye.waiting() == []
    eye.wechat.revoke_token()
    eye.works(minutes=1)
    assert eye.waiting() == [(f"一{BAD}", "risky")]
    eye.report(WARDEN, description="二")
    eye.wechat.then(CHECK_TEXT, Order(errcode=87014))
    eye.works()
    eye.report(WARDEN, description="三")
    eye.wechat.then(CHECK_TEXT, Order(errcode=40129), Order(text='{"errcode": 0}'))
    eye.works()
    eye.works(minutes=1)
    told = len(eye.sent)
    eye.works(minutes=31)
    assert len(eye.sent) == told + 1, "after half an hour it is asked again"
    eye.wechat.then(CHECK_TEXT, Order(errcode=40129))
    eye.works(minutes=1)
    eye.works(minutes=31)
    assert eye.waiting() == [("三", "left"), ("二", "risky"), (f"一{BAD}", "risky")]
    eye.report(LEAD, description="四")
    eye.wechat.then(CHECK_TEXT, *[Order(status=502)] * 200)
    for minutes in (30, 30, 30, 26):
        eye.works(minutes=minutes)
    assert ("四", "left") in eye.waiting(), "WeChat was away for two hours"


def test_a_long_text_is_asked_about_in_parts(eye: Eye, wechat: WeChatServer) -> None:
    checker = WeChatTextChecker(new_wire(wechat, eye.clock))
    with eye.app.app_context():
        assert checker.look_at("o-1", "好" * 4900 + BAD).suggest == "risky"
        assert checker.look_at("o-1", "好" * 2500).suggest == "pass"
    assert [len(each) for each in eye.sent] == [2500, 2402, 2500]


def test_who_was_away_is_not_checked_and_what_passed_is_forgotten(eye: Eye) -> None:
    eye.wechat.state.away.add(f"o-{WARDEN}")
    ticket = eye.report(WARDEN, description=f"一{BAD}")
    eye.works()
    eye.works(minutes=31)
    assert (eye.sent, eye.waiting()) == ([f"一{BAD}"], [])
    assert eye.see(OFFICE, ticket)["description"] == f"一{BAD}"
    eye.report(LEAD, description=f"一{BAD}")
    eye.works(minutes=1)
    assert eye.see(OFFICE, ticket)["description"] == PLACEHOLDER, "somebody else was there"
    eye.report(LEAD, description="好")
    eye.works(minutes=1)
    eye.later(hours=25)
    with eye.app.app_context(), unit_of_work() as session:
        assert forget_passed(session, eye.clock(), 100) == 1
    assert eye.waiting() == [(f"一{BAD}", "risky")]


def test_every_column_of_peoples_own_words_is_asked_about() -> None:
    asked = {f"{each.column.class_.__tablename__}.{each.column.key}" for each in SOURCES}
    there = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, FreeText)
    }
    assert asked | NOT_ASKED == there


def test_a_correction_keeps_the_words_that_are_hidden(eye: Eye) -> None:
    """The form showed the placeholder, and sends it back."""
    desk = Desk(eye)
    words = f"讲座{BAD}"
    made = desk.record(who=LEAD, subject=words)
    eye.works()
    (seen,) = desk.get(LEAD, "/records")["items"]
    assert seen["subject"] == PLACEHOLDER
    body = desk.body(subject=seen["subject"], quantity=21, happened_on=made["happened_on"])
    changed = desk.act(LEAD, made, "correct", **body, reason="人数写错了")
    assert (changed["subject"], changed["quantity"]) == (PLACEHOLDER, 21)
    eye.decides(words, release=True)
    eye.later(minutes=1)
    told = desk.get(LEAD, f"/records/{made['id']}")
    assert told["subject"] == words
    assert words in str(told["changes"])


def test_a_process_that_only_reads_once_hides_it_too(eye: Eye, settings: Settings) -> None:
    """As a command does that writes a file for another office."""
    ticket = eye.report(WARDEN, description=f"一{BAD}")
    eye.works()
    fresh = create_app(settings, clock=eye.clock)
    with fresh.app_context():
        found = begin_reading().get_one(Ticket, UUID(ticket["id"]))
        assert found.description == PLACEHOLDER
        db.session.remove()
        db.engine.dispose()
