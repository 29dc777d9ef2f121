"""Documents over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy import select

from app.duties.units import matter_of_unit
from app.kernel.clock import shanghai_day
from app.kernel.errors import DomainError, NotThere
from app.kernel.ids import parse_id
from app.kernel.paging import PageQuery
from app.people.access import Matter, require
from app.people.models import Organisation
from app.reports.documents import service
from app.reports.documents.allowed import ISSUE, READ, WRITE, actions_of
from app.reports.documents.kinds import is_key
from app.reports.documents.models import REPORT_KIND_LABELS, Report
from app.reports.documents.presenting import report_item_json, report_json
from app.reports.documents.queries import (
    candidates_page,
    pieces_of,
    report_in_sight,
    reports_page,
)
from app.reports.documents.rendering import DOCX
from app.reports.documents.schemas import (
    CandidatePage,
    NewReport,
    ReportEdit,
    ReportNamed,
    ReportOut,
    ReportPage,
    ReportsQuery,
    VersionIn,
    VersionQuery,
)
from app.reports.periods import Days
from app.tickets.fetching import tickets_listed
from app.tickets.figures.behind import Part, frozen_page, ids_of
from app.tickets.figures.definitions import Kpi
from app.tickets.figures.presenting import counted_json
from app.tickets.figures.routes.kpis import kpi_named
from app.tickets.figures.schemas import CountedPage
from app.tickets.figures.scope import Scope, may_read, scope_in_sight
from app.tickets.models import Ticket
from app.tickets.routes import viewer
from app.tickets.showing.presenting import ticket_items
from app.web.files import saved_as
from app.web.parsing import InvalidInput
from app.web.routing import BASE, Answer, Call, Routes

routes = Routes("公文")


def _shown(call: Call, report: Report) -> dict[str, Any]:
    ids = [UUID(one) for one in report.cases]
    rows = call.session.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids)))
    numbers = {str(row.id): row.number for row in rows}
    job = service.job_of(call.session, report)
    shown = report_json(report, job, numbers, BASE, now=call.now)
    return {**shown, "allowed_actions": actions_of(report, call.actor)}


def organisation_asked_for(call: Call) -> Organisation | None:
    """The organisation that the body names; raises NotThere when its figures are out of sight."""
    try:
        code = call.body(ReportNamed).organisation
    except DomainError:
        return None
    return scope_in_sight(call.session, call.actor, code, day=shanghai_day(call.now)).under


def matter_begun(call: Call) -> Matter:
    """What permissions ask about the organisation."""
    return matter_of_unit(call.loaded) if call.loaded is not None else Matter()


@routes.post(
    "/reports",
    permission=WRITE,
    body=NewReport,
    answer=ReportOut,
    status=201,
    loads=organisation_asked_for,
    matter=matter_begun,
    refusals=(404,),
)
def post_report(call: Call) -> Answer:
    """开始做一份通报或工作汇报，后台随即生成初稿"""
    said = call.body(NewReport)
    report = service.begin_report(
        call.session,
        said.kind,
        call.loaded,
        Days(said.from_, said.to),
        actor=call.actor,
        now=call.now,
    )
    return Answer(_shown(call, report), 201)


@routes.get("/reports", permission=READ, query=ReportsQuery, answer=ReportPage)
def get_reports(call: Call) -> dict[str, Any]:
    """公文列表，新的在前；已签发的本镇各单位都能看"""
    asked = call.query(ReportsQuery)
    narrower = []
    if asked.organisation is not None:
        narrower.append(Organisation.code == asked.organisation)
    if asked.kind is not None:
        narrower.append(Report.kind == asked.kind)
    if asked.state is not None:
        narrower.append(Report.state == asked.state)
    page = reports_page(call.session, call.actor, *narrower, limit=asked.limit, cursor=asked.cursor)
    items = [report_item_json(one, BASE) for one in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


def report_asked_for(call: Call) -> Report:
    """The document that a path names, when the asker sees it; locked when it is about to be
    changed."""
    changing = call.route.method != "GET"
    wanted = parse_id(call.args["report"])
    return report_in_sight(call.session, call.actor, wanted, for_update=changing)


def its_matter(call: Call) -> Matter:
    """What permissions ask about the document's organisation."""
    return matter_of_unit(call.loaded.organisation)


@routes.get("/reports/<report>", permission=READ, answer=ReportOut, loads=report_asked_for)
def get_report(call: Call) -> dict[str, Any]:
    """一份公文：文字、案例、生成的进度"""
    return _shown(call, call.loaded)


@routes.get(
    "/reports/<report>/document.docx", permission=READ, media_type=DOCX, loads=report_asked_for
)
def get_report_document(call: Call) -> Response:
    """公文的文件（Word）；签发以后每次下载逐字节相同"""
    report: Report = call.loaded
    if report.sha256 is None:
        raise NotThere("还没有生成，请稍后再来。")
    days = f"{report.from_on}至{report.to_on}"
    name = f"{REPORT_KIND_LABELS[report.kind]}-{report.organisation.name}-{days}.docx"
    response = saved_as(name, pieces_of(call.session, report.id, report.sha256), DOCX)
    response.headers["Content-Length"] = f"{report.bytes}"
    return response


@routes.get(
    "/reports/<report>/candidates",
    permission=WRITE,
    query=PageQuery,
    answer=CandidatePage,
    loads=report_asked_for,
    matter=its_matter,
)
def get_report_candidates(call: Call) -> dict[str, Any]:
    """可以选作典型案例的工单：这段时间结案、整改前后都有照片，后结案的在前"""
    asked = call.query(PageQuery)
    page = candidates_page(call.session, call.loaded, limit=asked.limit, cursor=asked.cursor)
    tickets = tickets_listed(call.session, [row.id for row in page.items])
    return {"items": ticket_items(viewer(call), tickets), "next_cursor": page.next_cursor}


@routes.put(
    "/reports/<report>",
    permission=WRITE,
    body=ReportEdit,
    answer=ReportOut,
    loads=report_asked_for,
    matter=its_matter,
    refusals=(409,),
)
def put_report(call: Call) -> dict[str, Any]:
    """改草稿：期号、落款日期、典型案例、文字；重新生成后改写的文字仍在"""
    said, report = call.body(ReportEdit), call.loaded
    service.check_version(report, said.version)
    wrong = [key for key in said.sentences or {} if not is_key(report.kind, key)]
    if wrong:
        detail = f"没有这些句子：{'、'.join(wrong[:5])}"
        raise InvalidInput(detail, fields={"sentences": [detail]})
    edit = service.Edit(said.issue_number, said.dated_on, said.cases, said.sentences)
    service.edit_report(call.session, report, edit)
    return _shown(call, report)


ACTION: dict[str, Any] = {
    "body": VersionIn,
    "answer": ReportOut,
    "loads": report_asked_for,
    "matter": its_matter,
    "refusals": (409,),
}
"""What every action on a document is declared with."""


def _act(call: Call, do: Callable[[Report], None]) -> dict[str, Any]:
    service.check_version(call.loaded, call.body(VersionIn).version)
    do(call.loaded)
    return _shown(call, call.loaded)


@routes.post("/reports/<report>/make", permission=WRITE, **ACTION)
def post_report_made(call: Call) -> dict[str, Any]:
    """按现在的数据重新生成草稿，后台做"""
    said: dict[str, Any] = {"actor": call.actor, "now": call.now}
    return _act(call, lambda one: service.start_making(call.session, one, **said))


@routes.post("/reports/<report>/submit", permission=WRITE, **ACTION)
def post_report_submitted(call: Call) -> dict[str, Any]:
    """送审；送审以后不能再改"""
    said: dict[str, Any] = {"actor": call.actor, "now": call.now}
    return _act(call, lambda one: service.submit_report(call.session, one, **said))


@routes.post("/reports/<report>/return", permission=WRITE, **ACTION)
def post_report_returned(call: Call) -> dict[str, Any]:
    """把送审的退回修改"""
    return _act(call, lambda one: service.return_report(call.session, one))


@routes.post("/reports/<report>/issue", permission=ISSUE, **ACTION)
def post_report_issued(call: Call) -> dict[str, Any]:
    """签发；文件、数字和名单从此不变"""
    post = require(call.actor, ISSUE, its_matter(call))
    return _act(
        call,
        lambda one: service.issue_report(
            call.session, one, actor=call.actor, post=post, now=call.now
        ),
    )


def own_draft_asked_for(call: Call) -> Report:
    """The same, when the asker began it; raises NotAllowed."""
    service.refuse_others(report := report_asked_for(call), call.actor)
    return report


@routes.delete(
    "/reports/<report>",
    permission=WRITE,
    query=VersionQuery,
    status=204,
    loads=own_draft_asked_for,
    matter=its_matter,
    refusals=(409,),
)
def delete_report(call: Call) -> Answer:
    """删除自己起草、没有送审过的草稿，带上看到的 version"""
    seen = call.query(VersionQuery)
    service.remove_draft(call.session, call.loaded, seen.version, now=call.now)
    return Answer(None, 204)


def figure_asked_for(call: Call) -> tuple[Report, Kpi]:
    """The document and KPI that a path names, when its figures are the asker's to read."""
    report, kpi = report_asked_for(call), kpi_named(call)
    if not may_read(call.actor, report.organisation):
        raise NotThere("没有这份公文，或它的统计不在您的范围内。")
    return report, kpi


def _counted(call: Call, part: Part) -> dict[str, Any]:
    report, kpi = call.loaded
    said, ids = call.query(PageQuery), ids_of(report.counted or {}, kpi, part)
    scope = Scope(call.actor, shanghai_day(call.now), report.organisation)
    page = frozen_page(call.session, kpi, ids, scope, limit=said.limit, cursor=said.cursor)
    return counted_json(viewer(call), page)


@routes.get(
    "/reports/<report>/<kpi>/numerator",
    permission="kpis.read",
    query=PageQuery,
    answer=CountedPage,
    loads=figure_asked_for,
)
def get_report_numerator(call: Call) -> dict[str, Any]:
    """公文里一个指标的分子当时是哪些工单（环节）"""
    return _counted(call, Part.numerator)


@routes.get(
    "/reports/<report>/<kpi>/denominator",
    permission="kpis.read",
    query=PageQuery,
    answer=CountedPage,
    loads=figure_asked_for,
)
def get_report_denominator(call: Call) -> dict[str, Any]:
    """公文里一个指标的分母当时是哪些工单（环节）"""
    return _counted(call, Part.denominator)
