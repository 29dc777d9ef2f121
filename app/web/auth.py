"""Who is asking: a bearer token, or the pages' cookie with a CSRF token."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from flask import Request
from sqlalchemy.orm import Session

from app.kernel.errors import NotAllowed, NotSignedIn
from app.people.access import Actor
from app.people.queries import actor_by_token
from app.people.service import token_digest

COOKIE = "gexun_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class BadCsrfToken(NotAllowed):
    """A page's request without the CSRF token of its session."""

    code = "bad_csrf_token"
    title = "页面已过期，请刷新后重试"


def session_cookie(token: str, *, max_age: int, secure: bool) -> str:
    """The Set-Cookie header of a page session; an empty token with age 0 ends it."""
    ending = "; Secure" if secure else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Strict{ending}"


def csrf_token(token: str, secret: str) -> str:
    """The CSRF token that belongs to a session token."""
    return hmac.new(f"csrf\n{secret}".encode(), token.encode(), hashlib.sha256).hexdigest()


def request_token(request: Request) -> tuple[str, bool]:
    """The token of a request and whether it came in a cookie; ("", False) without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip(), False
    cookie = request.cookies.get(COOKIE, "")
    return cookie, bool(cookie)


def authenticate(
    session: Session, request: Request, *, secrets: Sequence[str], now: datetime
) -> Actor:
    """The actor; raises NotSignedIn, or BadCsrfToken for a page's unsafe request without one that
    belongs to one of some keys."""
    token, from_cookie = request_token(request)
    actor = actor_by_token(session, token_digest(token), now=now) if token else None
    if actor is None:
        raise NotSignedIn("请登录后再试；登录可能已过期。")
    if from_cookie and request.method not in SAFE_METHODS:
        sent = request.headers.get("X-CSRF-Token", "").encode()
        known = [csrf_token(token, secret).encode() for secret in secrets]
        if not any(hmac.compare_digest(sent, each) for each in known):
            raise BadCsrfToken
    return actor
