"""A thin client of WeChat's server: addresses, the token, and what its error codes mean.

Nothing that is sent or answered is ever logged, only the address and the error code: tokens and
secrets are in the query, phone numbers and identities in the answers.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from app.kernel.sealing import Sealer
from app.people.hosts.errors import (
    CodeRefused,
    HostBlocked,
    HostSilent,
    HostUnavailable,
    TooManyAtHost,
)
from app.people.hosts.tokens import FetchedToken, SharedToken

log = logging.getLogger("gexun.wechat")

BUSY = -1
STALE_TOKEN = frozenset({40001, 40014, 42001})
REFUSED_CODE = frozenset({40029, 40163, 41008})
TOO_OFTEN = frozenset({45009, 45011})
BLOCKED = 40226
RETRY_AFTER_S = 0.3
RENEWED_EARLY_S = 300
"""In its last five minutes WeChat gives a new token, and takes the old one for five more."""


class WeChatRefusal(Exception):
    """WeChat has answered with an error code that its caller may know what to do about."""

    def __init__(self, errcode: int) -> None:
        super().__init__(f"errcode {errcode}")
        self.errcode = errcode


@dataclass(frozen=True, slots=True)
class WeChatOptions:
    """An app at WeChat, and where its server is."""

    base_url: str
    app_id: str
    secret: str = field(repr=False)
    timeout_s: float = 5.0


class WeChatWire:
    """The client of one app, for all threads of a process."""

    def __init__(
        self, options: WeChatOptions, *, sealer: Sealer, clock: Callable[[], datetime]
    ) -> None:
        # Its lines hold whole addresses, so tokens and secrets.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        logging.getLogger("httpcore").setLevel(logging.WARNING)
        self.options = options
        self._client = httpx.Client(
            base_url=options.base_url, timeout=options.timeout_s, trust_env=False
        )
        name = f"wechat/{options.app_id}"
        self._token = SharedToken(name, self._fetch_token, sealer=sealer, clock=clock)

    def get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        """What an address without a token answers; raises WeChatRefusal."""
        return _checked(self._tried("GET", path, params=query))

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What an address with the app's token answers; raises WeChatRefusal."""
        return _checked(self._with_token(path, body))

    def post_for_image(self, path: str, body: dict[str, Any]) -> bytes:
        """The image that an address with the app's token answers with; raises WeChatRefusal."""
        answer = self._with_token(path, body)
        if answer.headers.get("Content-Type", "").startswith("image/"):
            return answer.content
        _checked(answer)
        raise _unusable(answer, "no image")

    def _with_token(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """Asks with the shared token, and once more with another one when it is refused."""
        token = self._token.current()
        answer = self._tried("POST", path, params={"access_token": token}, json=body)
        if _errcode(answer) in STALE_TOKEN:
            token = self._token.renewed(token)
            answer = self._tried("POST", path, params={"access_token": token}, json=body)
        return answer

    def _fetch_token(self, replace: bool) -> FetchedToken:
        asked = {
            "grant_type": "client_credential",
            "appid": self.options.app_id,
            "secret": self.options.secret,
            "force_refresh": replace,
        }
        try:
            answer = _checked(self._tried("POST", "/cgi-bin/stable_token", json=asked))
        except WeChatRefusal as refusal:
            raise meaning(refusal) from None
        except HostSilent as problem:
            # Nothing was asked with the token that did not come.
            raise HostUnavailable(problem.detail) from None
        text, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(text, str) or not text or not isinstance(lasts, int):
            raise HostUnavailable("微信没有给出访问凭据。")
        return FetchedToken(text, max(30, lasts - RENEWED_EARLY_S))

    def _tried(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """The answer; where WeChat says that it is busy, it is asked once more."""
        answer = self._sent(method, path, **sent)
        if _errcode(answer) == BUSY:
            time.sleep(RETRY_AFTER_S)
            answer = self._sent(method, path, **sent)
        return answer

    def _sent(self, method: str, path: str, **sent: Any) -> httpx.Response:
        try:
            answer = self._client.request(method, path, **sent)
        except httpx.HTTPError as problem:
            log.warning("%s: %s", path, type(problem).__name__)
            silent = isinstance(problem, httpx.ReadTimeout)
            kind = HostSilent if silent else HostUnavailable
            raise kind("请稍后再试；内容没有保存。") from None
        if answer.status_code != 200:
            raise _unusable(answer, f"status {answer.status_code}")
        if code := _errcode(answer):
            log.info("%s: errcode %d", path, code)
        return answer


def _errcode(answer: httpx.Response) -> int:
    """The error code of an answer; 0 for none, as for an image."""
    if answer.headers.get("Content-Type", "").startswith("image/"):
        return 0
    code = _object(answer).get("errcode", 0)
    return code if isinstance(code, int) else BUSY


def _checked(answer: httpx.Response) -> dict[str, Any]:
    if code := _errcode(answer):
        raise WeChatRefusal(code)
    return _object(answer)


def _object(answer: httpx.Response) -> dict[str, Any]:
    # Its content type says text/plain more often than not.
    try:
        found = answer.json()
    except ValueError:
        raise _unusable(answer, "no JSON") from None
    if not isinstance(found, dict):
        raise _unusable(answer, "no object")
    return found


def _unusable(answer: httpx.Response, why: str) -> HostUnavailable:
    log.warning("%s: %s", answer.request.url.path, why)
    return HostUnavailable("请稍后再试；内容没有保存。")


def meaning(refusal: WeChatRefusal) -> Exception:
    """What an error code means to whoever asked; those of the app itself are the operator's."""
    code = refusal.errcode
    if code in REFUSED_CODE:
        return CodeRefused("请重新打开小程序，再试一次。")
    if code in TOO_OFTEN:
        return TooManyAtHost("请在一分钟后再试。", retry_after=60)
    if code == BLOCKED:
        return HostBlocked("微信认为这个账号有风险，请用用户名和口令登录，或联系管理员。")
    if code != BUSY:
        log.error("WeChat refuses the app itself: errcode %d", code)
    return HostUnavailable("请稍后再试；一直这样的，请告诉管理员。")
