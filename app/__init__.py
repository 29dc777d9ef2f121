"""格巡 Gexun: grid patrol of residential compounds, from the photo to the closed ticket."""

import logging
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn

import click
from flask import Flask
from flask.json.provider import DefaultJSONProvider
from flask_migrate import Migrate
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from app import complaints, console, faces, phone
from app.adapters import open_hosts, open_pushes, open_store, open_upload_signer, store_options
from app.adapters.stamping import open_stamping
from app.adapters.templates import open_templates
from app.administration import routes as administration
from app.assessments import routes as assessments
from app.campaigns import routes as campaigns
from app.campaigns.queries import (
    SEEN_IN_CAMPAIGNS,
    is_used_in_a_campaign,
    needed_by_campaigns,
)
from app.cases import routes as cases
from app.cases.queries import SEEN_IN_CASES, is_used_in_a_case, needed_by_cases
from app.complaints import routes as complaint_routes
from app.complaints.routes.pages import register_say
from app.complaints.service import forget_phones, move_answers
from app.console.routes import register_console
from app.demo.guard import demonstration_in_production
from app.duties import mounting as duties
from app.duties.records.queries import (
    SEEN_IN_RECORDS,
    is_used_in_a_record,
    needed_by_records,
)
from app.engines.marks import why_not_served
from app.evidence import routes as evidence
from app.evidence.holds import routes as holds
from app.evidence.outgoing import routes as outgoing
from app.evidence.thresholds import routes as thresholds
from app.grid import routes as grid
from app.grid.codes import routes as codes
from app.jobs import Commands
from app.jobs import routes as jobs
from app.kernel import facts as facts
from app.kernel.clock import utc_now
from app.kernel.db import db, prepare_engine
from app.notices import routes as notices
from app.notices.messages import routes as subscriptions
from app.notices.messages.events import REACTIONS
from app.notices.messages.ledger import forget_old_grants
from app.notices.queries import unread_count
from app.people import routes as people
from app.people.hosts import routes as hosts
from app.people.hosts.pushes import forget_old_pushes
from app.phone.routes import register_phone
from app.photos import routes as photos
from app.photos.access import PhotoUses
from app.photos.direct import routes as direct_uploads
from app.photos.direct.service import forget_old_uploads
from app.photos.imaging.examine import bound_decodes
from app.photos.masking import routes as masks
from app.photos.safety import routes as photo_checks
from app.photos.safety.asking import forget_old_answers
from app.photos.safety.events import CHECK_REACTIONS
from app.reports import routes as reports
from app.reports.documents.photos_shown import issued_showing
from app.reports.dossiers.service import forget_dossiers
from app.rounds import routes as rounds
from app.rounds.spot_checks import routes as spot_checks
from app.texts import routes as texts
from app.texts.asking import forget_passed
from app.tickets import routes as tickets
from app.tickets.agenda import routes as agenda
from app.tickets.exporting import routes as exports
from app.tickets.feed import routes as feed
from app.tickets.figures import routes as figures
from app.tickets.handling.recounting import pause_changed
from app.tickets.importing import routes as imports
from app.tickets.importing.service import forget_old_imports
from app.tickets.needing import needed_by_tickets
from app.tickets.redrawn import open_tickets_moved
from app.tickets.replying import routes as replies
from app.tickets.review import routes as review
from app.tickets.showing.sight import (
    SEEN_IN_TICKETS,
    is_used_in_a_ticket,
    ticket_numbers_seen,
    tickets_seen,
)
from app.web import docs
from app.web.assets import serve_assets
from app.web.edge import mount
from app.web.housekeeping import Chore
from app.web.pages import prefix_of
from app.web.setup import register_edge
from config.settings import ROOT, Settings, SettingsError, load_settings


def create_app(
    settings: Settings | None = None, *, clock: Callable[[], datetime] = utc_now
) -> Flask:
    """The application: settings, database, photo store and the faces, in that order."""
    settings = settings or _settings_or_exit()
    app = Flask("gexun", root_path=str(ROOT / "app"), static_folder=None)
    app.cli = Commands(app.name)
    app.extensions["gexun_settings"] = settings
    app.extensions["gexun_clock"] = clock
    _configure(app, settings)
    _connect_database(app, settings)
    _refuse_demonstration(app, settings)
    _refuse_what_was_moved(app)
    _connect_photos(app, settings)
    _connect_hosts(app, settings)
    register_edge(app, settings)
    app.extensions["gexun_chores"] += _chores()
    mount(app, people.routes, hosts.routes, photos.routes, masks.routes, direct_uploads.routes)
    mount(app, grid.routes, codes.routes, photo_checks.routes, texts.routes)
    mount(app, rounds.routes, spot_checks.routes, cases.routes)
    mount(app, tickets.routes, imports.routes, replies.routes, feed.routes, exports.routes)
    mount(app, notices.routes, subscriptions.routes, agenda.routes, review.routes, *figures.ROUTES)
    mount(app, evidence.routes, holds.routes, outgoing.routes, thresholds.routes)
    mount(app, *campaigns.ROUTES)
    mount(app, *assessments.ROUTES)
    mount(app, *duties.ROUTES)
    mount(app, *complaint_routes.ROUTES)
    mount(app, *reports.ROUTES)
    mount(app, *administration.ROUTES, jobs.routes, docs.routes)
    _serve_pages(app, settings)
    return app


def _serve_pages(app: Flask, settings: Settings) -> None:
    """The faces for people; they have no data of their own and ask the API like anybody."""
    packages = {"faces": faces, "phone": phone, "console": console, "complaints": complaints}
    folders = {name: package.STATIC for name, package in packages.items()}
    assets = serve_assets(app, folders, prefix=prefix_of(settings))
    register_phone(app, assets, settings)
    register_console(app, assets, settings)
    register_say(app, assets, settings)


def _settings_or_exit() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        _stop(str(error))


def _refuse_demonstration(app: Flask, settings: Settings) -> None:
    with app.app_context():
        refused = demonstration_in_production(settings)
    if refused:
        _stop(refused)


def _refuse_what_was_moved(app: Flask) -> None:
    """A database that is moved into or away from serves nobody; commands may look after it."""
    if click.get_current_context(silent=True) is not None:
        return
    with app.app_context():
        refused = why_not_served(db.engine)
    if refused:
        _stop(refused)


def _stop(sentence: str) -> NoReturn:
    """Ends the process. gunicorn gives up at status 3; at others it starts worker after worker."""
    print(sentence, file=sys.stderr)
    raise SystemExit(3)


class _Json(DefaultJSONProvider):
    """UTF-8 as it is, members in the order they were written."""

    ensure_ascii = False
    sort_keys = False


def _configure(app: Flask, settings: Settings) -> None:
    app.json = _Json(app)
    app.config.update(
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=40,
        PROPAGATE_EXCEPTIONS=False,
        SECRET_KEY=settings.secret_key.get_secret_value(),
    )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Its lines are English and say what env.py says in one.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]


def _connect_database(app: Flask, settings: Settings) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "app" / "migrations"), render_as_batch=True)
    with app.app_context():
        prepare_engine(db.engine)


def _engine_options(settings: Settings) -> dict[str, Any]:
    """A connection for every thread; a database that is away is known within seconds."""
    return {
        "pool_size": 16,
        "max_overflow": 16,
        "pool_timeout": 5,
        "pool_pre_ping": not settings.embedded,
        # The connection used last has the plans of its statements at hand.
        "pool_use_lifo": True,
        # Parameters of statements are personal data, which no log may hold.
        "hide_parameters": True,
        "connect_args": {} if settings.embedded else {"connect_timeout": 3, "prepare_threshold": 1},
    }


def _kept(forget: Callable[..., int]) -> Callable[[Session, datetime, int], int]:
    return lambda session, now, at_most: forget(session, now=now, at_most=at_most)


def _chores() -> tuple[Chore, ...]:
    """What the packages above the edge keep only for a while."""
    return (
        Chore("导入预览", _kept(forget_old_imports)),
        Chore("上传地址", _kept(forget_old_uploads)),
        Chore("微信推送", _kept(forget_old_pushes)),
        Chore("订阅消息额度", _kept(forget_old_grants)),
        Chore("投诉建议所留电话", forget_phones),
        Chore("照片检查的结果", forget_old_answers),
        Chore("半年档案", _kept(forget_dossiers)),
        Chore("文字检查的结果", forget_passed),
    )


def _connect_hosts(app: Flask, settings: Settings) -> None:
    """The host platforms, and what the packages above do about their events."""
    hosts = open_hosts(settings, clock=app.extensions["gexun_clock"])
    app.extensions["gexun_hosts"] = hosts.platforms
    app.extensions["gexun_messenger"] = hosts.messenger
    app.extensions["gexun_code_maker"] = hosts.code_maker
    app.extensions["gexun_templates"] = open_templates(settings, stop=_stop)
    app.extensions["gexun_pushes"] = open_pushes(settings)
    app.extensions["gexun_photo_checker"] = hosts.photo_checker
    app.extensions["gexun_text_checker"] = hosts.text_checker
    app.extensions["gexun_stamping"] = open_stamping(settings, stop=_stop)
    app.extensions["gexun_push_reactions"] = REACTIONS | CHECK_REACTIONS


def _connect_photos(app: Flask, settings: Settings) -> None:
    """The store, and what the packages above know of photos: it is seen through what uses it."""
    options = store_options(settings, settings.photo_store)
    app.extensions["gexun_store"] = open_store(settings.photo_store, options)
    app.extensions["gexun_upload_signer"] = open_upload_signer(settings.photo_store, options)
    bound_decodes(settings.concurrent_decodes)
    app.extensions["gexun_round_tickets"] = tickets_seen
    app.extensions["gexun_unread"] = unread_count
    app.extensions["gexun_ticket_numbers"] = ticket_numbers_seen
    app.extensions["gexun_redraw_effects"] = [open_tickets_moved]
    app.extensions["gexun_issued_showing"] = issued_showing
    app.extensions["gexun_pause_effects"] = [pause_changed, move_answers]
    app.extensions["gexun_photo_uses"] = PhotoUses(
        seen_through=[
            SEEN_IN_TICKETS,
            SEEN_IN_CAMPAIGNS,
            SEEN_IN_RECORDS,
            SEEN_IN_CASES,
        ],
        used_by=[
            is_used_in_a_ticket,
            is_used_in_a_campaign,
            is_used_in_a_record,
            is_used_in_a_case,
        ],
        needed_by=[
            needed_by_tickets,
            needed_by_campaigns,
            needed_by_records,
            needed_by_cases,
        ],
    )
