"""Whether the service is up and ready, and its metrics."""

import hmac
import ipaddress
import time

from flask import Blueprint, Flask, Response, current_app, g, json, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from sqlalchemy import text

from app.kernel.db import db
from app.kernel.errors import NotAllowed, Unavailable

root = Blueprint("root", __name__)


class Metrics:
    """The Prometheus metrics of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "gexun_requests_total",
            "Requests answered",
            ["route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "gexun_request_seconds", "Time to answer", ["route"], registry=self.registry
        )
        self.refusals = Counter(
            "gexun_refusals_total", "Refusals by problem code", ["code"], registry=self.registry
        )


def register_health(app: Flask) -> None:
    """Serves /healthz, /readyz and /metrics, and counts requests."""
    app.extensions["gexun_metrics"] = Metrics()
    app.register_blueprint(root)
    app.before_request(_start)
    app.after_request(_count)


def _start() -> None:
    g.started = time.perf_counter()


def _count(response: Response) -> Response:
    metrics: Metrics = current_app.extensions["gexun_metrics"]
    route = request.endpoint or "none"
    metrics.requests.labels(route, response.status_code).inc()
    metrics.seconds.labels(route).observe(time.perf_counter() - g.get("started", 0))
    if "problem_code" in g:
        metrics.refusals.labels(g.problem_code).inc()
    return response


@root.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response('{"status":"ok"}', content_type="application/json")


@root.get("/readyz")
def readyz() -> Response:
    """The database and the photo store answer; each is named."""
    checks = {"database": _database_state(), "photo_store": _store_state()}
    ready = all(state == "ok" for state in checks.values())
    body = json.dumps({"status": "ok" if ready else "unavailable", "checks": checks})
    return Response(body, 200 if ready else 503, content_type="application/json")


def _database_state() -> str:
    try:
        db.session.execute(text("SELECT 1 FROM alembic_version"))
    except Exception as error:
        return f"unavailable: {type(error).__name__}"
    return "ok"


def _store_state() -> str:
    try:
        current_app.extensions["gexun_store"].ping()
    except Unavailable as error:
        return f"unavailable: {error.detail or error.title}"
    return "ok"


@root.get("/metrics")
def metrics() -> Response:
    """Prometheus metrics, for loopback or with the token."""
    if not (_from_loopback() or _has_metrics_token()):
        raise NotAllowed("只对本机开放，或须带口令。")
    found: Metrics = current_app.extensions["gexun_metrics"]
    return Response(generate_latest(found.registry), content_type=CONTENT_TYPE_LATEST)


def _from_loopback() -> bool:
    # Behind a proxy on this machine every client would look local: then only the token counts.
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _has_metrics_token() -> bool:
    token = current_app.extensions["gexun_settings"].metrics_token
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return token is not None and hmac.compare_digest(
        sent.encode(), token.get_secret_value().encode()
    )
