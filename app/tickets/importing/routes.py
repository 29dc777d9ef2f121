"""Imports over HTTP: a template, an upload that is only shown, and making tickets of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from flask import Response, current_app, request
from werkzeug.datastructures import FileStorage

from app.catalogue.queries import categories_in_force
from app.kernel.clock import shanghai_day
from app.kernel.ids import parse_id
from app.kernel.paging import PageQuery
from app.kernel.spreadsheets import XLSX
from app.photos.queries import was_sent_before
from app.tickets.importing.errors import ImportTooLarge
from app.tickets.importing.models import ImportState, TicketImport
from app.tickets.importing.photo_files import MOST_ARCHIVE_BYTES, NoFiles, PhotoFiles, ZipOfPhotos
from app.tickets.importing.photo_intake import Keeping, KeptPhotos, keep_photos
from app.tickets.importing.planning import Plan, plan_import
from app.tickets.importing.presenting import import_item_json, import_json
from app.tickets.importing.queries import import_in_sight, imports_page
from app.tickets.importing.reading.rows import read_rows
from app.tickets.importing.reading.sheets import MOST_BYTES
from app.tickets.importing.schemas import ImportOut, ImportPage, ImportUpload
from app.tickets.importing.service import keep_import, start_import
from app.tickets.importing.template import template_workbook
from app.web.parsing import InvalidInput
from app.web.routing import BASE, Answer, Call, Routes

routes = Routes("外来工单")

MOST_FORM_BYTES = MOST_BYTES + MOST_ARCHIVE_BYTES


@dataclass(frozen=True)
class Prepared:
    """An upload that was read, with its photos in the store."""

    file_name: str
    plan: Plan
    photos: KeptPhotos


def planned_upload(call: Call) -> Prepared:
    """What was sent, read and worked out before any transaction that writes begins."""
    file = _sent("file", needed=True)
    assert file is not None
    said = read_rows(file.stream.read(MOST_BYTES + 1), now=call.now)
    archive = _sent("photos")
    files: PhotoFiles = ZipOfPhotos(_from_the_start(archive)) if archive else NoFiles()
    photos = keep_photos(files, said.rows, _keeping(call))
    plan = plan_import(call.session, said, photos, actor=call.actor, now=call.now)
    return Prepared(file.filename or "", plan, photos)


def _sent(name: str, *, needed: bool = False) -> FileStorage | None:
    """One file of the upload; raises InvalidInput for several, and without one that is needed."""
    sent = [file for file in request.files.getlist(name) if file.filename or needed]
    if len(sent) > 1:
        raise InvalidInput("一次只上传一个文件。", fields={name: ["只能有一个文件"]})
    if needed and not sent:
        raise InvalidInput("请选择一个表格。", fields={name: ["必填"]})
    if not sent:
        return None
    sent[0].stream.seek(0)
    return sent[0]


def _from_the_start(file: FileStorage) -> BinaryIO:
    stream: Any = file.stream
    stream.seek(0)
    found: BinaryIO = stream
    return found


def _keeping(call: Call) -> Keeping:
    def known(digest: str) -> bool:
        found = was_sent_before(call.session, maker_id=call.actor.person_id, sha256=digest)
        # No connection is held while a photo waits for its turn to be decoded.
        call.session.rollback()
        return found

    store = current_app.extensions["gexun_store"]
    return Keeping(store, call.settings.photo_max_bytes, known)


@routes.post(
    "/tickets/imports",
    permission="tickets.import",
    form=ImportUpload,
    answer=ImportOut,
    status=201,
    prepare=planned_upload,
    too_large=ImportTooLarge,
    form_max_bytes=MOST_FORM_BYTES,
)
def post_import(call: Call) -> Answer:
    """上传外来工单的表格，只预览，不建工单"""
    sent: Prepared = call.prepared
    found = keep_import(
        call.session,
        sent.plan,
        sent.photos,
        file_name=sent.file_name,
        actor=call.actor,
        now=call.now,
    )
    return Answer(import_json(found, BASE), 201)


@routes.get("/tickets/imports", permission="tickets.import", query=PageQuery, answer=ImportPage)
def get_imports(call: Call) -> dict[str, Any]:
    """导入的记录，后上传的在前"""
    asked = call.query(PageQuery)
    page = imports_page(call.session, call.actor, limit=asked.limit, cursor=asked.cursor)
    items = [import_item_json(one, BASE) for one in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def loaded_import(call: Call) -> TicketImport:
    """The import a path names, when the asker sees it; locked when it is about to be changed."""
    import_id = parse_id(call.args["import"])
    changing = call.route.method != "GET"
    return import_in_sight(call.session, call.actor, import_id, for_update=changing)


@routes.get(
    "/tickets/imports/<import>", permission="tickets.import", answer=ImportOut, loads=loaded_import
)
def get_import(call: Call) -> dict[str, Any]:
    """一次导入：预览和结果"""
    return import_json(call.loaded, BASE)


@routes.post(
    "/tickets/imports/<import>/apply",
    permission="tickets.import",
    answer=ImportOut,
    other_statuses=(202,),
    loads=loaded_import,
)
def post_apply(call: Call) -> Answer:
    """按预览建工单；行数多的在后台做，答复 202"""
    start_import(call.session, call.loaded, actor=call.actor, now=call.now)
    waiting = call.loaded.state is ImportState.applying
    return Answer(import_json(call.loaded, BASE), 202 if waiting else 200)


@routes.get("/tickets/imports/template.xlsx", permission="tickets.import", media_type=XLSX)
def get_template(call: Call) -> Response:
    """导入用的空表，附事项字典"""
    town_id = next(iter(call.actor.town_ids), None)
    found = categories_in_force(call.session, day=shanghai_day(call.now), town_id=town_id)
    return xlsx_response(template_workbook(found), "import-template.xlsx")


def xlsx_response(data: bytes, name: str) -> Response:
    """A workbook to be saved."""
    headers: Iterable[tuple[str, str]] = (
        ("Content-Disposition", f'attachment; filename="{name}"'),
    )
    return Response(data, headers=headers, content_type=XLSX)
