"""A stand-in of WeChat's server, over real HTTP: what its documents say that it does and refuses.

It knows one app. Codes are good once and for five minutes; the token is the same until it is
replaced or revoked; messages are told to those who have granted them. What else may happen is
ordered by a test with `then`, for the next requests to a path.
"""

import json
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from PIL import Image

APP_ID = "wx5a1f0c0de0ab1234"
SECRET = "0123456789abcdef0123456789abcdef"
SESSION_KEY = "c2Vzc2lvbi1rZXktbmV2ZXItdG9sZA=="
CODE_LASTS_S = 300
TOKEN_LASTS_S = 7200
_drawn = BytesIO()
Image.new("L", (43, 43), 128).save(_drawn, "PNG")
PNG = _drawn.getvalue()
SCENE = frozenset(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$&'()*+,/:;=?@-._~"
)

LOGIN = "/sns/jscode2session"
TOKEN = "/cgi-bin/stable_token"
PHONE = "/wxa/business/getuserphonenumber"
SEND = "/cgi-bin/message/subscribe/send"
CODE = "/wxa/getwxacodeunlimit"
CHECK = "/wxa/media_check_async"
CHECK_TEXT = "/wxa/msg_sec_check"

Answer = dict[str, Any] | bytes


@dataclass
class Order:
    """What happens to one request instead of, or before, its answer."""

    errcode: int | None = None
    status: int | None = None
    after_s: float = 0
    closed: bool = False
    text: str | None = None


@dataclass
class Asked:
    """A request as it came."""

    path: str
    query: dict[str, str]
    body: dict[str, Any]


@dataclass
class _Code:
    subject: str
    until: float
    used: bool = False


@dataclass
class WeChatState:
    """What the server knows; `now` gives its own clock in seconds."""

    now: Callable[[], float] = time.time
    token: str | None = None
    token_until: float = 0
    logins: dict[str, _Code] = field(default_factory=dict)
    phones: dict[str, _Code] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    quota: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    templates: dict[str, frozenset[str]] = field(default_factory=dict)
    traces: list[str] = field(default_factory=list)
    coming: list[str] = field(default_factory=list)
    away: set[str] = field(default_factory=set)
    """Who was not in the app within two hours."""
    bad_words: dict[str, str] = field(default_factory=dict)
    """What is said of texts with some words in them: risky or review."""


class WeChatServer:
    """The stand-in, from the beginning of the block to its end."""

    def __init__(self) -> None:
        self.state = WeChatState()
        self.asked: list[Asked] = []
        self._orders: dict[str, deque[Order]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["WeChatServer"]:
        """A server while the block runs."""
        server = cls()
        server._thread.start()
        try:
            yield server
        finally:
            server._server.shutdown()
            server._thread.join()
            server._server.server_close()

    def forget(self) -> None:
        """As if it had just been started."""
        with self._lock:
            self.state = WeChatState()
            self.asked.clear()
            self._orders.clear()

    def then(self, path: str, *orders: Order) -> None:
        """What happens to the next requests to a path, one order each."""
        with self._lock:
            self._orders[path].extend(orders)

    def count(self, path: str) -> int:
        """How often a path was asked."""
        return sum(1 for each in list(self.asked) if each.path == path)

    def login_code(self, subject: str) -> str:
        """A code as wx.login gives it to somebody."""
        return self._code(self.state.logins, subject)

    def phone_code(self, number: str) -> str:
        """A code as the phone-number button gives it; `+852 …` for one from elsewhere."""
        return self._code(self.state.phones, number)

    def _code(self, kept: dict[str, _Code], what: str) -> str:
        code = secrets.token_urlsafe(24)
        kept[code] = _Code(what, self.state.now() + CODE_LASTS_S)
        return code

    def revoke_token(self) -> None:
        """As when the app's secret is reset: the token is good for nothing at once."""
        self.state.token = None

    def grant(self, subject: str, template: str, times: int = 1) -> None:
        """Somebody has let the app send them so many more messages."""
        self.state.quota[subject, template] += times

    def met(self, asked: Asked) -> tuple[Order, Answer | None]:
        """What becomes of a request: an order, and the answer unless the order is one."""
        with self._lock:
            self.asked.append(asked)
            waiting = self._orders[asked.path]
            order = waiting.popleft() if waiting else Order()
            if order.closed or order.status or order.errcode is not None or order.text is not None:
                return order, None
            answer = _ADDRESSES[asked.path](self.state, asked)
        return order, answer


def _refused(errcode: int, said: str = "refused") -> dict[str, Any]:
    return {"errcode": errcode, "errmsg": f"{said} rid: 6543-21"}


def _taken(kept: dict[str, _Code], code: str, now: float) -> _Code | dict[str, Any]:
    known = kept.get(code)
    if known is None or known.until < now:
        return _refused(40029, "invalid code")
    if known.used:
        return _refused(40163, "code been used")
    known.used = True
    return known


def _login(state: WeChatState, asked: Asked) -> Answer:
    if (asked.query.get("appid"), asked.query.get("secret")) != (APP_ID, SECRET):
        return _refused(40125, "invalid appsecret")
    if asked.query.get("grant_type") != "authorization_code" or "js_code" not in asked.query:
        return _refused(41008, "missing code")
    known = _taken(state.logins, asked.query["js_code"], state.now())
    if isinstance(known, dict):
        return known
    if known.subject in state.blocked:
        return _refused(40226, "code blocked")
    return {"session_key": SESSION_KEY, "openid": known.subject}


def _token(state: WeChatState, asked: Asked) -> Answer:
    if (asked.body.get("appid"), asked.body.get("secret")) != (APP_ID, SECRET):
        return _refused(40125, "invalid appsecret")
    if asked.body.get("grant_type") != "client_credential":
        return _refused(40002, "invalid grant_type")
    left = state.token_until - state.now()
    if state.token is None or left < 300 or asked.body.get("force_refresh"):
        state.token, left = f"88_{secrets.token_urlsafe(90)}", TOKEN_LASTS_S
        state.token_until = state.now() + left
    return {"access_token": state.token, "expires_in": int(left)}


def _without_token(state: WeChatState, asked: Asked) -> dict[str, Any] | None:
    if state.token is None or asked.query.get("access_token") != state.token:
        return _refused(40001, "invalid credential, access_token is invalid or not latest")
    return _refused(42001, "access_token expired") if state.token_until < state.now() else None


def _phone(state: WeChatState, asked: Asked) -> Answer:
    if refused := _without_token(state, asked):
        return refused
    known = _taken(state.phones, str(asked.body.get("code")), state.now())
    if isinstance(known, dict):
        return known
    code, _, number = known.subject.rpartition(" ")
    told = {
        "phoneNumber": known.subject.replace(" ", ""),
        "purePhoneNumber": number,
        "countryCode": code.removeprefix("+") or "86",
        "watermark": {"timestamp": int(state.now()), "appid": APP_ID},
    }
    return {"errcode": 0, "errmsg": "ok", "phone_info": told}


LONGEST = {"thing": 20, "character_string": 32, "phrase": 5, "name": 10, "number": 32}
"""How long a value may be, by the kind of its field; times and dates are in a form of theirs."""


def _send(state: WeChatState, asked: Asked) -> Answer:
    if refused := _without_token(state, asked):
        return refused
    subject, template = str(asked.body.get("touser")), str(asked.body.get("template_id"))
    if template not in state.templates:
        return _refused(40037, "invalid template_id")
    data: dict[str, Any] = asked.body.get("data", {})
    if set(data) != state.templates[template]:
        return _refused(47003, "argument invalid")
    for name, value in data.items():
        most = LONGEST.get(name.rstrip("0123456789"), 60)
        if not 1 <= len(str(value.get("value", ""))) <= most:
            return _refused(47003, f"argument invalid! data.{name}.value invalid")
    if state.quota[subject, template] < 1:
        return _refused(43101, "user refuse to accept the msg")
    state.quota[subject, template] -= 1
    return {"errcode": 0, "errmsg": "ok", "msgid": secrets.randbits(60)}


def _place_code(state: WeChatState, asked: Asked) -> Answer:
    if refused := _without_token(state, asked):
        return refused
    scene = str(asked.body.get("scene", ""))
    if not 1 <= len(scene) <= 32 or not set(scene) <= SCENE:
        return _refused(40169, "invalid length for scene, or the data is not json string")
    if str(asked.body.get("page", "")).startswith("/"):
        return _refused(41030, "invalid page")
    return PNG


def _check(state: WeChatState, asked: Asked) -> Answer:
    """Takes a photo to look at; the answer is pushed by the test itself."""
    if refused := _without_token(state, asked):
        return refused
    body = asked.body
    if body.get("version") != 2 or body.get("media_type") != 2 or body.get("scene") not in range(5):
        return _refused(47001, "data format error")
    if not str(body.get("media_url", "")).startswith(("http://", "https://")):
        return _refused(40004, "invalid media type")
    if not body.get("openid"):
        return _refused(40003, "invalid openid")
    if body["openid"] in state.away:
        return _refused(61010, "code is expired")
    state.traces.append(state.coming.pop(0) if state.coming else secrets.token_hex(16))
    return {"errcode": 0, "errmsg": "ok", "trace_id": state.traces[-1]}


LABELS = {"pass": 100, "review": 21000, "risky": 20001}


def _check_text(state: WeChatState, asked: Asked) -> Answer:
    """Says at once what is to be thought of a text; errcode 0 is not clean."""
    if refused := _without_token(state, asked):
        return refused
    body = asked.body
    content = body.get("content")
    if not isinstance(content, str) or not content:
        return _refused(44002, "empty post data")
    if body.get("version") != 2 or len(content) > 2500:
        return _refused(47001, "data format error")
    if body.get("scene") not in (1, 2, 3, 4):
        return _refused(40129, "invalid scene")
    if not body.get("openid"):
        return _refused(40003, "invalid openid")
    if body["openid"] in state.away:
        return _refused(61010, "code is expired")
    found = {said for word, said in state.bad_words.items() if word in content}
    suggest = "risky" if "risky" in found else "review" if found else "pass"
    result = {"suggest": suggest, "label": LABELS[suggest]}
    detail = [{"strategy": "content_model", "errcode": 0, **result, "prob": 90}]
    said = {"errcode": 0, "errmsg": "ok", "result": result, "detail": detail}
    return {**said, "trace_id": secrets.token_hex(16)}


_ADDRESSES: dict[str, Callable[[WeChatState, Asked], Answer]] = {
    LOGIN: _login,
    TOKEN: _token,
    PHONE: _phone,
    SEND: _send,
    CODE: _place_code,
    CHECK: _check,
    CHECK_TEXT: _check_text,
}


def _handler(server: WeChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_said: Any) -> None:
            """Nothing."""

        def do_GET(self) -> None:
            """A request without a body."""
            self._answer({})

        def do_POST(self) -> None:
            """A request with a JSON body."""
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}"))

        def _answer(self, body: dict[str, Any]) -> None:
            parts = urlsplit(self.path)
            if parts.path not in _ADDRESSES:
                self._write(404, b"", "text/plain")
                return
            order, answer = server.met(Asked(parts.path, dict(parse_qsl(parts.query)), body))
            time.sleep(order.after_s)
            if order.closed:
                self.close_connection = True
                return
            if order.errcode is not None:
                answer = _refused(order.errcode)
            if isinstance(answer, bytes):
                self._write(200, answer, "image/png")
                return
            text = order.text if order.text is not None else json.dumps(answer)
            self._write(order.status or 200, text.encode(), "text/plain")

        def _write(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            # Whoever did not want to wait is gone.
            with suppress(ConnectionError):
                self.wfile.write(body)

    return Handler
