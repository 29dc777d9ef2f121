"""Messages of the host: who granted what, what is sent when, and a channel that fails alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.adapters.wechat.messages import WeChatMessenger
from app.jobs.handlers import CONTINUAL, HANDLERS
from app.jobs.worker import Tally, Worker
from app.kernel.db import db, unit_of_work
from app.notices.messages.models import MessageGrant
from app.notices.messages.outbox import SEND
from app.notices.models import NoticeKind
from app.notices.service import News, tell
from app.people.hosts.models import HostBinding
from app.people.queries import person_by_username
from app.work.models import Job
from config.settings import Settings
from tests.adapters.conftest import wechat as wechat
from tests.adapters.conftest import wechat_server as wechat_server
from tests.tickets.stories import Json, Stories, at, code_of
from tests.towns import cheap_settings
from tests.wechat_apps import new_wire, with_wechat
from tests.wechat_pushes import as_json, as_xml, signed
from tests.wechat_server import APP_ID, Order, WeChatServer
from tests.wechat_server import SEND as SENDS

TICKETS, LIMITS = "tickets-template-0123456789", "limits-template-0123456789x"
FIELDS = {"character_string1": "number", "thing2": "subject", "thing3": "said", "time4": "time"}
PUSH_TOKEN = "pushtoken"
WHO = "wuye11"


@pytest.fixture
def settings(
    database_url: str, photo_folder: Any, wechat: WeChatServer, tmp_path_factory: Any
) -> Settings:
    """Two templates are chosen."""
    file: Path = tmp_path_factory.getbasetemp() / "templates.toml"
    fields = ", ".join(f'{name} = "{source}"' for name, source in FIELDS.items())
    page = 'page = "pages/ticket?id={ticket}"'
    file.write_text(
        f'[[template]]\nid = "{TICKETS}"\nname = "工单"\n{page}\n'
        f'kinds = ["dispatched", "returned", "supervised", "illegal_building"]\n'
        f"fields = {{ {fields} }}\n"
        f'[[template]]\nid = "{LIMITS}"\nname = "期限"\nkinds = ["overdue"]\nlasting = true\n'
        f"fields = {{ {fields} }}\n",
        encoding="utf-8",
    )
    more = {"wechat_templates_file": str(file), "wechat_push_token": PUSH_TOKEN}
    return with_wechat(cheap_settings(database_url, photo_folder), wechat, **more)


class Mail:
    """What people grant, and what the worker makes of it."""

    def __init__(self, stories: Stories, wechat: WeChatServer) -> None:
        self.stories, self.wechat = stories, wechat
        wechat.state.templates = {TICKETS: frozenset(FIELDS), LIMITS: frozenset(FIELDS)}
        self._pushes = 0

    def bind(self, who: str) -> None:
        with self.stories.app.app_context(), unit_of_work() as session:
            person = person_by_username(session, who)
            assert person is not None
            said = {"host": "wechat", "tenant": APP_ID, "subject": f"o-{who}"}
            session.add(HostBinding(person_id=person.id, bound_at=self.stories.clock(), **said))

    def grant(self, who: str = WHO, template: str = TICKETS, at_wechat: int = 1) -> Json:
        self.wechat.grant(f"o-{who}", template, at_wechat)
        answer = self.stories.post(who, "/notices/subscriptions", {"accepted": [template]})
        assert answer.status_code == 200, answer.text
        return self.left(who)

    def left(self, who: str = WHO) -> Json:
        items = self.stories.get(who, "/notices/subscriptions").get_json()["items"]
        return {one["template"]: (one["left"], one["refused_at"] is not None) for one in items}

    def push(self, event: str, row: Json, *, xml: str = "", who: str = WHO) -> None:
        self._pushes += 1
        now = self.stories.clock()
        said = {"FromUserName": f"o-{who}", "CreateTime": str(int(now.timestamp()))}
        said |= {"Event": event, "N": str(self._pushes)}
        content = as_xml({**said, xml: {"List": row}}) if xml else as_json({**said, "List": row})
        query = signed(PUSH_TOKEN, at=now.timestamp(), nonce=str(self._pushes))
        answer = self.stories.client.post("/api/v1/wechat/push", query_string=query, data=content)
        assert answer.text == "success"

    def worked(self, *, after_s: float = 61) -> Tally:
        """A worker tells what there is, and a minute later sends what there is to send."""
        with self.stories.app.app_context():
            kinds = ("tell_steps", "make_messages")
            telling = [one for one in CONTINUAL if one.kind in kinds]
            sending = {SEND: HANDLERS[SEND]}
            made: dict[str, Any] = {"handlers": sending, "periodic": (), "continual": telling}
            worker = Worker(self.stories.clock, name="one", **made)
            worker.do_continual()
            self.stories.later(seconds=after_s)
            worker.do_continual()
            return worker.work_once()

    def sent(self) -> list[Json]:
        return [one.body for one in self.wechat.asked if one.path == SENDS]


@pytest.fixture
def mail(stories: Stories, wechat: WeChatServer) -> Iterator[Mail]:
    """A company's man, bound."""
    # One that has not failed in another story a moment ago.
    mine = WeChatMessenger(new_wire(wechat, stories.clock))
    stories.app.extensions["gexun_messenger"] = mine
    mail = Mail(stories, wechat)
    mail.bind(WHO)
    return mail


def test_a_granted_message_says_what_there_is_once(mail: Mail, stories: Stories) -> None:
    assert mail.left() == {TICKETS: (0, False), LIMITS: (0, False)}
    assert mail.grant()[TICKETS] == (1, False)
    ticket = stories.report()
    # Whoever granted nothing, and whoever is not bound, has the inbox alone.
    mail.grant("wuye12")
    assert mail.worked().done == 2
    (sent,) = mail.sent()
    assert (sent["touser"], sent["template_id"]) == (f"o-{WHO}", TICKETS)
    assert sent["page"] == f"pages/ticket?id={ticket['id']}"
    assert sent["data"]["character_string1"]["value"] == ticket["number"]
    assert ticket["compound"]["name"] in sent["data"]["thing2"]["value"]
    assert mail.left()[TICKETS] == (0, False)
    stories.act("ducha1", ticket, "supervise")
    mail.worked()
    assert len(mail.sent()) == 1


def test_many_events_about_one_thing_are_one_message_and_what_is_read_is_none(
    mail: Mail, stories: Stories
) -> None:
    mail.grant(at_wechat=9)
    mail.grant()
    mail.grant()
    ticket = stories.report()
    mail.worked(after_s=1)
    stories.act("ducha1", ticket, "supervise")
    mail.worked()
    (sent,) = mail.sent()
    assert sent["data"]["thing3"]["value"].startswith("已督办")
    other = stories.report(category="02-01")
    mail.worked(after_s=1)
    stories.post(WHO, "/notices/read", {})
    mail.worked()
    assert len(mail.sent()) == 1 and other["state"] == "dispatched"
    assert mail.left()[TICKETS] == (2, False)


def test_nothing_is_sent_at_night_but_danger(mail: Mail, stories: Stories) -> None:
    for _ in range(3):
        mail.grant()
    stories.now(at("11-25 20:58"))
    stories.report()
    mail.worked(after_s=180)
    assert mail.sent() == []
    live = stories.report(category="04-96")
    mail.worked(after_s=1)
    assert [one["data"]["character_string1"]["value"] for one in mail.sent()] == [live["number"]]
    stories.now(at("11-26 08:00"))
    mail.worked(after_s=1)
    assert len(mail.sent()) == 2


def test_what_the_client_and_wechat_tell_of_one_grant_is_one(mail: Mail, stories: Stories) -> None:
    popup, accept = "subscribe_msg_popup_event", {"SubscribeStatusString": "accept"}
    mail.grant()
    mail.push(popup, {"TemplateId": TICKETS, **accept})
    assert mail.left()[TICKETS] == (1, False)
    mail.push(popup, {"TemplateId": TICKETS, **accept}, xml="SubscribeMsgPopupEvent")
    assert mail.left()[TICKETS] == (2, False)
    mail.grant()
    assert mail.left()[TICKETS] == (2, False)
    stories.later(minutes=11)
    mail.push(popup, {"TemplateId": TICKETS, "SubscribeStatusString": "reject"})
    assert mail.left()[TICKETS] == (2, True)
    mail.grant()
    assert mail.left()[TICKETS] == (3, False)
    changed = {"TemplateId": TICKETS, "SubscribeStatusString": "reject"}
    mail.push("subscribe_msg_change_event", changed)
    assert mail.left()[TICKETS] == (0, True)
    mail.push(popup, {"TemplateId": TICKETS, **accept}, who="nobody")
    answer = stories.post(WHO, "/notices/subscriptions", {"accepted": ["never heard of"]})
    assert code_of(answer) == (422, "template_unknown")


def test_a_refusal_at_wechat_is_remembered(mail: Mail, stories: Stories) -> None:
    mail.grant(at_wechat=0)
    mail.grant(at_wechat=0)
    stories.report()
    assert mail.worked().done == 1
    assert mail.left()[TICKETS] == (0, True)
    stories.report(category="02-01")
    mail.worked()
    assert len(mail.sent()) == 1
    assert mail.grant()[TICKETS] == (1, False)


def test_a_lasting_template_is_not_used_up(mail: Mail, stories: Stories) -> None:
    mail.grant(template=LIMITS)
    with stories.app.app_context(), unit_of_work() as session:
        person = person_by_username(session, WHO)
        assert person is not None
        text = "示例花园：已超期，请尽快整改。工单 1"
        tell(session, [person.id], News(NoticeKind.overdue, None, text), now=stories.clock())
    mail.worked()
    assert (len(mail.sent()), mail.left()[LIMITS]) == (1, (1, False))


def test_what_did_not_arrive_is_noted(mail: Mail, stories: Stories) -> None:
    mail.grant()
    stories.report()
    mail.worked()
    with stories.app.app_context():
        msgid = db.session.scalars(select(MessageGrant.msgid)).one()
        db.session.remove()
    row = {"TemplateId": TICKETS, "MsgID": msgid, "ErrorCode": "1", "ErrorStatus": "blocked"}
    mail.push("subscribe_msg_sent_event", row, xml="SubscribeMsgSentEvent")
    with stories.app.app_context():
        assert db.session.scalars(select(MessageGrant.undelivered)).one() == "blocked"
        db.session.remove()


@pytest.mark.parametrize("orders", [[Order(closed=True)], [Order(errcode=-1)] * 2])
def test_a_channel_that_fails_keeps_nothing_else_up(
    mail: Mail, stories: Stories, wechat: WeChatServer, orders: list[Order]
) -> None:
    mail.grant()
    mail.bind("wuye12")
    mail.grant("wuye12")
    wechat.then(SENDS, *orders)
    ticket = stories.report()
    assert mail.worked().failed == 2
    # The second was not even tried: WeChat had just failed.
    assert wechat.count(SENDS) == len(orders)
    assert stories.act(WHO, ticket, "rectify")["state"] == "rectified"
    assert mail.left()[TICKETS] == (1, False)
    with stories.app.app_context():
        waiting = db.session.scalars(select(Job).where(Job.kind == SEND)).all()
        assert [(job.outcome, job.attempts) for job in waiting] == [(None, 1)] * 2
        db.session.remove()
    for _ in range(8):
        stories.later(minutes=20)
        mail.worked()
    with stories.app.app_context():
        outcomes = db.session.scalars(select(Job.outcome).where(Job.kind == SEND)).all()
        assert set(outcomes) == {"done"}
        db.session.remove()


def test_what_wechat_took_but_did_not_say_in_time_is_not_sent_again(
    mail: Mail, stories: Stories, wechat: WeChatServer
) -> None:
    mail.grant(at_wechat=2)
    mail.grant(at_wechat=0)
    wechat.then(SENDS, Order(after_s=0.8))
    stories.report()
    assert mail.worked().done == 1
    for _ in range(3):
        mail.worked(after_s=1200)
    assert len(mail.sent()) == 1
    assert mail.left()[TICKETS] == (1, False), "WeChat has used one too"


def test_a_template_that_is_wrong_costs_nobody_a_grant(
    mail: Mail, stories: Stories, wechat: WeChatServer
) -> None:
    mail.grant()
    wechat.then(SENDS, Order(errcode=47003))
    stories.report()
    assert mail.worked().done == 1
    assert mail.left()[TICKETS] == (1, False)
