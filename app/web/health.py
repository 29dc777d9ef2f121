"""Whether the service is up and ready, and its metrics."""

import hmac
import ipaddress
import os
import time
from datetime import datetime, timedelta
from functools import cache

from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, g, json, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.clock import rfc3339
from app.kernel.db import begin_reading
from app.kernel.errors import DomainError, NotAllowed, Unavailable
from app.web.upkeep import backup_state, room_state
from app.work.queries import last_beat
from config.settings import ROOT, Settings

root = Blueprint("root", __name__)
WORKER_SILENT_AFTER = timedelta(minutes=5)
"""A worker says every 30 s that it is at work; one that cron begins each minute says it then."""
NEEDED = ("database", "photo_store")
"""Without these nothing can be answered. Without a worker everything can, only later work waits:
a balancer that dropped every instance for that would make it worse."""


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
    """Whether the database and the photo store answer (503 when not); whether a worker is at work,
    there is room, and backups are made (degraded when not); each is named."""
    checks = {"database": _database_state(), "photo_store": _store_state()}
    # A database that is away has been waited for once already.
    checks["worker"] = _worker_state() if checks["database"] == "ok" else "unknown"
    checks["backup"] = _backup_state() if checks["database"] == "ok" else "unknown"
    checks["disk"] = room_state(current_app.extensions["gexun_settings"])
    answers = all(checks[name] == "ok" for name in NEEDED)
    well = "ok" if all(said == "ok" for said in checks.values()) else "degraded"
    body = json.dumps({"status": well if answers else "unavailable", "checks": checks})
    return Response(body, 200 if answers else 503, content_type="application/json")


def _database_state() -> str:
    try:
        found = set(begin_reading().scalars(text("SELECT version_num FROM alembic_version")))
    except (SQLAlchemyError, DomainError) as error:
        return f"unavailable: {type(error).__name__}"
    return (
        "ok" if found == _wanted_revisions() else "unavailable: 请运行 flask --app wsgi db upgrade"
    )


@cache
def _wanted_revisions() -> frozenset[str]:
    """The revisions at the head of this tree's migrations."""
    return frozenset(ScriptDirectory(str(ROOT / "app" / "migrations")).get_heads())


def _store_state() -> str:
    try:
        current_app.extensions["gexun_store"].ping()
    except Unavailable as error:
        return f"unavailable: {error.detail or error.title}"
    return "ok"


def _worker_state() -> str:
    try:
        beaten_at = last_beat(begin_reading())
    except (SQLAlchemyError, DomainError):
        return "unknown"
    if beaten_at is None:
        return "none yet: 后台任务进程从来没有运行过，请运行 flask --app wsgi worker"
    now: datetime = current_app.extensions["gexun_clock"]()
    if now - beaten_at <= WORKER_SILENT_AFTER:
        return "ok"
    return f"unavailable: 后台任务进程没有运行，最近一次活动在 {rfc3339(beaten_at)}"


def _backup_state() -> str:
    extensions = current_app.extensions
    try:
        return backup_state(
            begin_reading(), extensions["gexun_settings"], extensions["gexun_clock"]()
        )
    except (SQLAlchemyError, DomainError):
        return "unknown"


@root.get("/metrics")
def metrics() -> Response:
    """Prometheus metrics, for loopback or with the token."""
    if not (_from_loopback() or _has_metrics_token()):
        raise NotAllowed("只对本机开放，或须带口令。")
    return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """This process's figures, or those of all workers when they share a folder for them."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        found: Metrics = current_app.extensions["gexun_metrics"]
        return found.registry
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


def _from_loopback() -> bool:
    # Behind a proxy on this machine every client would look local: then only the token counts.
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _has_metrics_token() -> bool:
    settings: Settings = current_app.extensions["gexun_settings"]
    token = settings.metrics_token
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return token is not None and hmac.compare_digest(
        sent.encode(), token.get_secret_value().encode()
    )
