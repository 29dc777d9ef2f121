"""What every request gets: an id, safe headers, problems, limits and signed urls."""

import re
from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response, g, request
from werkzeug.exceptions import NotFound

from app.kernel.ids import new_id
from app.web.drained import read_to_the_end
from app.web.health import register_health
from app.web.housekeeping import CHORES
from app.web.limits import Limits, register_limits
from app.web.problems import register_problems
from app.web.signing import UrlSigner
from config.settings import Settings

_REQUEST_ID = re.compile(r"[!-~]{1,128}")

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}


HTTPS_ONLY = "max-age=31536000"
"""For a year a browser that came over https does not come back without."""


def register_edge(app: Flask, settings: Settings) -> None:
    """Prepares an application to serve routes."""
    app.extensions["gexun_signer"] = UrlSigner(
        settings.keys_for("urls"),
        hours=settings.photo_url_hours,
        public_url=settings.public_url or "",
    )
    # An address with a doubled slash is unknown like any other, not redirected.
    app.url_map.merge_slashes = False
    # No other origin asks first: OPTIONS is a method like any other that an address does not take.
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    register_problems(app)
    register_limits(app, _limits(app, settings))
    app.before_request(_name_request)
    app.before_request(_refuse_unstorable_path)
    app.after_request(_mark_answer)
    if (settings.public_url or "").startswith("https:"):
        app.after_request(_keep_to_https)
    app.after_request(read_to_the_end)
    register_health(app)
    app.extensions["gexun_chores"] = CHORES


def _limits(app: Flask, settings: Settings) -> Limits:
    clock: Callable[[], datetime] = app.extensions["gexun_clock"]
    return Limits(
        sign_ins=settings.limit_sign_ins,
        failures=settings.limit_failed_sign_ins,
        requests=settings.limit_requests,
        complaints=settings.limit_complaints,
        secret=settings.secret_key.get_secret_value(),
        clock=lambda: clock().timestamp(),
    )


def _name_request() -> None:
    sent = request.headers.get("X-Request-ID", "")
    g.request_id = sent if _REQUEST_ID.fullmatch(sent) else str(new_id())


def _refuse_unstorable_path() -> None:
    if "\x00" in request.path:
        raise NotFound


def _keep_to_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = HTTPS_ONLY
    return response


def _mark_answer(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
