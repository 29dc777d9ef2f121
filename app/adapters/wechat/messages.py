"""WeChat's subscribe messages: the adapter of the messenger port."""

import time

from app.adapters.wechat.wire import WeChatRefusal, WeChatWire, meaning
from app.notices.messages.port import Message, MessageFaulty, MessageRefused, Messenger
from app.people.hosts.errors import HostUnavailable

REFUSED = 43101
FAULTY = frozenset({40003, 40037, 41030, 47003})
RESTS_S = 30.0


class WeChatMessenger(Messenger):
    """Sends subscribe messages. When WeChat does not answer it is left alone for half a minute, so
    that a worker with many messages does not wait for each."""

    host = "wechat"

    def __init__(self, wire: WeChatWire) -> None:
        self._wire = wire
        self.tenant = wire.options.app_id
        self._rests_until = 0.0

    def send(self, message: Message) -> str:
        """One message; a grant is used up by it at WeChat too."""
        if time.monotonic() < self._rests_until:
            raise HostUnavailable("微信刚才没有应答，稍后再发。")
        body: dict[str, object] = {
            "touser": message.subject,
            "template_id": message.template,
            "data": {name: {"value": value} for name, value in message.fields.items()},
            "lang": "zh_CN",
        }
        if message.page:
            body["page"] = message.page
        try:
            return self._given(body)
        except HostUnavailable:
            self._rests_until = time.monotonic() + RESTS_S
            raise

    def _given(self, body: dict[str, object]) -> str:
        try:
            answer = self._wire.post("/cgi-bin/message/subscribe/send", body)
        except WeChatRefusal as refusal:
            if refusal.errcode == REFUSED:
                raise MessageRefused from None
            if refusal.errcode in FAULTY:
                raise MessageFaulty(refusal.errcode) from None
            raise meaning(refusal) from None
        return str(answer.get("msgid", ""))
