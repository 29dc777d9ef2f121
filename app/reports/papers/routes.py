"""Papers about a ticket over HTTP."""

from collections.abc import Callable, Iterable
from functools import partial

from flask import Response, current_app, request

from app.evidence.outgoing.service import Undecided, Wish, want_photos
from app.grid.codes.scenes import Spot, scene_of
from app.kernel.clock import shanghai_day
from app.kernel.pdf import PDF
from app.photos.masking.models import Purpose
from app.reports.papers.drawing import Json, Pictures
from app.reports.papers.notices import TITLE, rectification_notice, refuse_unsuitable
from app.reports.papers.pictures import pictures_of
from app.reports.papers.sheets import ticket_sheet
from app.tickets.circumstances import matter_of
from app.tickets.routes import loaded_ticket, viewer
from app.tickets.showing.presenting import ticket_json
from app.web.files import saved_as
from app.web.routing import Call, Routes

routes = Routes("台账")


def _drawn(
    call: Call, shown: Json, purpose: Purpose, draw: Callable[[Pictures], bytes]
) -> Iterable[bytes]:
    """A paper; of what it has to wait for it is noted that somebody wants it."""
    pictures = pictures_of(call.session, current_app.extensions["gexun_store"], shown)
    data = draw(pictures)
    ticket_id, number = call.loaded.id, call.loaded.number
    waiting = [Undecided(photo_id, ticket_id, number) for photo_id in pictures.waiting]
    if waiting:
        wish = Wish(purpose, call.actor.person_id, call.now)
        call.note(partial(want_photos, undecided=waiting, wish=wish))
    return [data]


def _say(call: Call) -> str | None:
    """Where residents of the ticket's compound say what they think of it."""
    compound_id = call.loaded.compound_id
    base = call.settings.public_url or request.url_root.rstrip("/")
    return f"{base}/say/{scene_of(Spot.compound, compound_id)}" if compound_id else None


@routes.get(
    "/tickets/<ticket>/sheet.pdf",
    permission="tickets.read",
    media_type=PDF,
    loads=loaded_ticket,
    matter=lambda call: matter_of(call.loaded),
    refusals=(422, 503),
)
def get_sheet(call: Call) -> Response:
    """一张工单，打印用：要素、整改前后照片、办理经过；不含人名

    照片是遮盖后的；还没有人看过的，原处写“待遮盖”，并列入等着遮盖的照片。
    """
    shown = ticket_json(viewer(call), call.loaded)
    data = _drawn(call, shown, Purpose.sheet, partial(ticket_sheet, shown))
    return saved_as(f"工单-{shown['number']}.pdf", data, PDF)


@routes.get(
    "/tickets/<ticket>/notice.pdf",
    permission="tickets.notice",
    media_type=PDF,
    loads=loaded_ticket,
    matter=lambda call: matter_of(call.loaded),
    refusals=(409, 422, 503),
)
def get_notice(call: Call) -> Response:
    """给责任单位的整改通知书，附送达回执；只有待整改的工单有

    照片是遮盖后的；还没有人看过的，原处写“待遮盖”，并列入等着遮盖的照片。
    """
    shown = ticket_json(viewer(call), call.loaded)
    refuse_unsuitable(shown)
    town, today = call.loaded.town.name, shanghai_day(call.now)
    draw = partial(rectification_notice, shown, town=town, on=today, say=_say(call))
    data = _drawn(call, shown, Purpose.notice, draw)
    return saved_as(f"{TITLE}-{shown['number']}.pdf", data, PDF)
