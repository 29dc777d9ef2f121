"""Papers about a ticket over HTTP."""

from flask import Response, current_app

from app.kernel.clock import shanghai_day
from app.kernel.pdf import PDF
from app.reports.papers.drawing import Pictures
from app.reports.papers.notices import TITLE, rectification_notice, refuse_unsuitable
from app.reports.papers.sheets import ticket_sheet
from app.reports.pictures import small_picture
from app.tickets.circumstances import matter_of
from app.tickets.routes import loaded_ticket, viewer
from app.tickets.showing.presenting import ticket_json
from app.web.files import saved_as
from app.web.routing import Call, Routes

routes = Routes("台账")


def _pictures() -> Pictures:
    store = current_app.extensions["gexun_store"]
    return lambda sha256: small_picture(store, sha256)


@routes.get(
    "/tickets/<ticket>/sheet.pdf",
    permission="tickets.read",
    media_type=PDF,
    loads=loaded_ticket,
    matter=lambda call: matter_of(call.loaded),
    refusals=(422, 503),
)
def get_sheet(call: Call) -> Response:
    """一张工单，打印用：要素、整改前后照片、办理经过；不含人名"""
    shown = ticket_json(viewer(call), call.loaded)
    data = ticket_sheet(shown, _pictures())
    return saved_as(f"工单-{shown['number']}.pdf", [data], PDF)


@routes.get(
    "/tickets/<ticket>/notice.pdf",
    permission="tickets.notice",
    media_type=PDF,
    loads=loaded_ticket,
    matter=lambda call: matter_of(call.loaded),
    refusals=(409, 422, 503),
)
def get_notice(call: Call) -> Response:
    """给责任单位的整改通知书，附送达回执；只有待整改的工单有"""
    shown = ticket_json(viewer(call), call.loaded)
    refuse_unsuitable(shown)
    town, today = call.loaded.town.name, shanghai_day(call.now)
    data = rectification_notice(shown, _pictures(), town=town, on=today)
    return saved_as(f"{TITLE}-{shown['number']}.pdf", [data], PDF)
