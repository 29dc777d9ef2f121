"""WeChat's check of photos, version 2: the adapter of the checker's port."""

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

log = logging.getLogger("gexun.wechat")

PICTURE = 2
COMMENT = 2
"""The scene that comes nearest to a report: 1 profile, 2 comment, 3 forum, 4 diary."""
NOT_THERE = frozenset({40003, 61010})
"""Nobody of this app, or not in it within the last two hours."""
OF_THE_APP = STALE_TOKEN | TOO_OFTEN | {BUSY, 40013, 40125, 40164, 48001, 48004, 50002}
"""The app itself may not ask, or not now: no photo is checked."""


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
            if refusal.errcode in NOT_THERE:
                raise CheckImpossible from None
            if refusal.errcode not in OF_THE_APP:
                log.warning("WeChat does not check a photo: errcode %d", refusal.errcode)
                raise CheckRefused from None
            raise meaning(refusal) from None
        trace_id = answer.get("trace_id")
        if not isinstance(trace_id, str) or not 1 <= len(trace_id) <= TRACE_LENGTH:
            raise HostUnavailable("微信没有给出检查的编号。")
        return trace_id
