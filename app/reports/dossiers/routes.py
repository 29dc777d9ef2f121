"""Dossiers over HTTP."""

from typing import Any

from flask import Response

from app.duties.units import matter_of_unit
from app.kernel.clock import shanghai_day
from app.kernel.errors import DomainError, NotThere
from app.kernel.ids import parse_id
from app.people.access import Matter
from app.people.models import Organisation
from app.reports.dossiers.errors import DossierOutdated
from app.reports.dossiers.making import PERMISSION
from app.reports.dossiers.models import Dossier
from app.reports.dossiers.periods import term_of
from app.reports.dossiers.presenting import dossier_json
from app.reports.dossiers.queries import (
    dossier_in_sight,
    dossiers_page,
    outdated_among,
    pieces_of,
)
from app.reports.dossiers.schemas import (
    DossierNamed,
    DossierOut,
    DossierPage,
    DossiersQuery,
    NewDossier,
)
from app.reports.dossiers.service import begin_dossier, job_of
from app.tickets.figures.scope import scope_in_sight
from app.web.files import saved_as
from app.web.routing import BASE, Answer, Call, Routes

ZIP = "application/zip"
routes = Routes("公文")


def _shown(call: Call, *dossiers: Dossier) -> list[dict[str, Any]]:
    outdated = outdated_among(call.session, [one.id for one in dossiers])
    return [
        dossier_json(
            one,
            job_of(call.session, one),
            BASE,
            is_outdated=one.id in outdated,
            now=call.now,
        )
        for one in dossiers
    ]


def organisation_asked_for(call: Call) -> Organisation | None:
    """The organisation that the body names; raises NotThere when its figures are out of sight."""
    try:
        code = call.body(DossierNamed).organisation
    except DomainError:
        return None
    return scope_in_sight(call.session, call.actor, code, day=shanghai_day(call.now)).under


def matter_begun(call: Call) -> Matter:
    """What permissions ask about the organisation."""
    return matter_of_unit(call.loaded) if call.loaded is not None else Matter()


@routes.post(
    "/dossiers",
    permission=PERMISSION,
    body=NewDossier,
    answer=DossierOut,
    status=201,
    loads=organisation_asked_for,
    matter=matter_begun,
    refusals=(404, 409),
)
def post_dossier(call: Call) -> Answer:
    """做一个镇、社区或村半年（全年）的档案，后台生成一个压缩包

    里面有台账、指标、已签发的公文、一月一区、记录的照片、考核参考分（启用时）、目录和核对清单。
    """
    term = term_of(call.body(NewDossier).term)
    made = begin_dossier(call.session, call.loaded, term, actor=call.actor, now=call.now)
    (shown,) = _shown(call, made)
    return Answer(shown, 201)


@routes.get("/dossiers", permission=PERMISSION, query=DossiersQuery, answer=DossierPage)
def get_dossiers(call: Call) -> dict[str, Any]:
    """档案的列表，新的在前；每份保存 30 天"""
    asked = call.query(DossiersQuery)
    narrower = []
    if asked.organisation is not None:
        narrower.append(Organisation.code == asked.organisation)
    if asked.term is not None:
        narrower.append(Dossier.term == asked.term)
    page = dossiers_page(
        call.session, call.actor, *narrower, limit=asked.limit, cursor=asked.cursor
    )
    return {"items": _shown(call, *page.items), "next_cursor": page.next_cursor}


def dossier_asked_for(call: Call) -> Dossier:
    """The dossier that a path names, when the asker sees it."""
    return dossier_in_sight(call.session, call.actor, parse_id(call.args["dossier"]))


@routes.get(
    "/dossiers/<dossier>", permission=PERMISSION, answer=DossierOut, loads=dossier_asked_for
)
def get_dossier(call: Call) -> dict[str, Any]:
    """一份档案和生成的进度；不要了用 /jobs/{job}/cancel 取消"""
    (shown,) = _shown(call, call.loaded)
    return shown


@routes.get(
    "/dossiers/<dossier>/package.zip",
    permission=PERMISSION,
    media_type=ZIP,
    loads=dossier_asked_for,
    refusals=(409,),
)
def get_dossier_package(call: Call) -> Response:
    """档案的压缩包（BagIt），解开后用 sha256sum -c manifest-sha256.txt 核对"""
    dossier: Dossier = call.loaded
    if dossier.sha256 is None:
        raise NotThere("还没有做好，请稍后再来。")
    if outdated_among(call.session, [dossier.id]):
        raise DossierOutdated("有照片被撤下，或者改了遮盖。请再做一份。")
    name = f"{dossier.organisation.name}{term_of(dossier.term).label}档案.zip"
    response = saved_as(name, pieces_of(call.session, dossier.id, dossier.sha256), ZIP)
    response.headers["Content-Length"] = f"{dossier.bytes}"
    return response
