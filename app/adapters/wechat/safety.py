"""WeChat's checks of photos and of texts, version 2: the adapters of the checkers' ports."""

import logging

from app.adapters.wechat.wire import (
    BUSY,
    STALE_TOKEN,
    TOO_OFTEN,
    WeChatRefusal,
    WeChatWire,
    meaning,
)
from app.people.hosts.errors import HostUnavailable
from app.photos.safety.models import TRACE_LENGTH
from app.photos.safety.port import CheckImpossible, CheckRefused, PhotoChecker
from app.texts.port import PASS, RISKY, TextAnswer, TextChecker

log = logging.getLogger("gexun.wechat")

PICTURE = 2
COMMENT = 2
"""The scene that comes nearest to a report: 1 profile, 2 comment, 3 forum, 4 diary."""
NOT_THERE = frozenset({40003, 61010})
"""Nobody of this app, or not in it within the last two hours."""
OF_THE_APP = STALE_TOKEN | TOO_OFTEN | {BUSY, 40013, 40125, 40164, 48001, 48004, 50002}
"""The app itself may not ask, or not now: nothing is checked."""


class WeChatPhotoChecker(PhotoChecker):
    """Asks WeChat to look at a photo; its answer is pushed within 30 minutes."""

    host = "wechat"

    def __init__(self, wire: WeChatWire) -> None:
        self._wire = wire
        self.tenant = wire.options.app_id

    def ask(self, subject: str, url: str) -> str:
        """The trace of a photo that WeChat fetches."""
        body = {
            "media_url": url,
            "media_type": PICTURE,
            "version": 2,
            "scene": COMMENT,
            "openid": subject,
        }
        try:
            answer = self._wire.post("/wxa/media_check_async", body)
        except WeChatRefusal as refusal:
            raise _reason(refusal) from None
        trace_id = answer.get("trace_id")
        if not isinstance(trace_id, str) or not 1 <= len(trace_id) <= TRACE_LENGTH:
            raise HostUnavailable("微信没有给出检查的编号。")
        return trace_id


RISKY_TEXT = 87014
"""As version 1 said that a text is bad; version 2 says so in its result."""
LONGEST_TEXT = 2_500
"""Characters; a longer text is asked about in parts."""
_GRAVER = (PASS, "review", RISKY)


class WeChatTextChecker(TextChecker):
    """Asks WeChat to look at a text; it answers at once."""

    host = "wechat"

    def __init__(self, wire: WeChatWire) -> None:
        self._wire = wire
        self.tenant = wire.options.app_id

    def look_at(self, subject: str, text: str) -> TextAnswer:
        """The gravest that is said of the text's parts."""
        parts = [text[at : at + LONGEST_TEXT] for at in range(0, len(text), LONGEST_TEXT)]
        answers = [self._look_at(subject, part) for part in parts]
        return max(answers, key=lambda each: _GRAVER.index(each.suggest))

    def _look_at(self, subject: str, part: str) -> TextAnswer:
        body = {"content": part, "version": 2, "scene": COMMENT, "openid": subject}
        try:
            answer = self._wire.post("/wxa/msg_sec_check", body)
        except WeChatRefusal as refusal:
            if refusal.errcode == RISKY_TEXT:
                return TextAnswer(RISKY, None, None)
            raise _reason(refusal) from None
        found = answer.get("result")
        result = found if isinstance(found, dict) else {}
        suggest, label, trace_id = (
            result.get("suggest"),
            result.get("label"),
            answer.get("trace_id"),
        )
        if suggest not in _GRAVER:
            # Of this text alone: the others are asked about all the same.
            log.warning("WeChat says nothing of a text")
            raise CheckRefused()
        return TextAnswer(
            suggest,
            label if isinstance(label, int) else None,
            trace_id if isinstance(trace_id, str) and len(trace_id) <= TRACE_LENGTH else None,
        )


def _reason(refusal: WeChatRefusal) -> Exception:
    """What a refusal to check means: of this person, of this thing, or of everything."""
    if refusal.errcode in NOT_THERE:
        return CheckImpossible()
    if refusal.errcode not in OF_THE_APP:
        log.warning("WeChat does not check something: errcode %d", refusal.errcode)
        return CheckRefused()
    return meaning(refusal)
