"""Frozen months over HTTP."""

from typing import Any

from app.kernel.clock import shanghai_day
from app.kernel.errors import DomainError
from app.kernel.ids import parse_id
from app.kernel.paging import PageQuery
from app.people.access import Matter, require
from app.people.models import Organisation, Role
from app.tickets.figures.behind import Part, frozen_page, ids_of
from app.tickets.figures.definitions import Kpi
from app.tickets.figures.freezes.figures import figures_of_month
from app.tickets.figures.freezes.models import KpiFreeze
from app.tickets.figures.freezes.service import (
    FreezeAsked,
    changes_since,
    freeze_in_sight,
    freeze_month,
    freezes_page,
    refuse_unfreezable,
)
from app.tickets.figures.presenting import changed_json, counted_json, freeze_json
from app.tickets.figures.routes.kpis import kpi_named
from app.tickets.figures.schemas import (
    CountedPage,
    FreezeIn,
    FreezeNamed,
    FreezeOut,
    FreezePage,
    FreezesQuery,
    FreezeWholeOut,
)
from app.tickets.figures.scope import Scope, scope_in_sight
from app.tickets.routes import viewer
from app.web.routing import BASE, Answer, Call, Routes

routes = Routes("统计")


def organisation_to_freeze(call: Call) -> Organisation | None:
    """The organisation that the body names; raises NotThere when its figures are out of sight."""
    try:
        code = call.body(FreezeNamed).organisation
    except DomainError:
        return None
    return scope_in_sight(call.session, call.actor, code, day=shanghai_day(call.now)).under


def matter_frozen(call: Call) -> Matter:
    """What permissions ask about an organisation's figures. Of one that cannot be told: as if it
    were the asker's own, so that who freezes any learns that the body is at fault."""
    if call.loaded is None:
        own = next(iter(call.actor.posts_as(Role.supervisor, Role.administrator)), None)
        return Matter(town_id=own.town_id, paths=(own.path,)) if own else Matter()
    return Matter(town_id=call.loaded.town_id, paths=(call.loaded.path,))


@routes.post(
    "/kpis/freezes",
    permission="kpis.freeze",
    body=FreezeIn,
    answer=FreezeOut,
    status=201,
    loads=organisation_to_freeze,
    matter=matter_frozen,
    refusals=(404, 409),
)
def post_freeze(call: Call) -> Answer:
    """固定一个月的统计"""
    said = call.body(FreezeIn)
    asked = FreezeAsked(call.loaded, said.month, said.document or None, said.reason or None)
    refuse_unfreezable(call.session, asked, now=call.now)
    freeze = freeze_month(
        call.session,
        asked,
        _figures(call, call.loaded, said.month),
        actor=call.actor,
        post=require(call.actor, "kpis.freeze", matter_frozen(call)),
        now=call.now,
    )
    return Answer(freeze_json(freeze, BASE), 201)


def _figures(call: Call, organisation: Organisation, month: str) -> dict[str, Any]:
    return figures_of_month(call.session, call.actor, organisation, month, now=call.now)


@routes.get(
    "/kpis/freezes", permission="kpis.read", query=FreezesQuery, answer=FreezePage, refusals=(404,)
)
def get_freezes(call: Call) -> dict[str, Any]:
    """一个组织已经固定的各月统计，新的在前"""
    asked = call.query(FreezesQuery)
    day = shanghai_day(call.now)
    scope = scope_in_sight(call.session, call.actor, asked.organisation, day=day)
    assert scope.under is not None
    page = freezes_page(call.session, scope.under, limit=asked.limit, cursor=asked.cursor)
    return {
        "items": [freeze_json(one, BASE) for one in page.items],
        "next_cursor": page.next_cursor,
    }


def loaded_freeze(call: Call) -> KpiFreeze:
    """The freeze that a path names, when its figures are in sight."""
    return freeze_in_sight(call.session, call.actor, parse_id(call.args["freeze"]))


@routes.get(
    "/kpis/freezes/<freeze>", permission="kpis.read", answer=FreezeWholeOut, loads=loaded_freeze
)
def get_freeze(call: Call) -> dict[str, Any]:
    """一次固定的统计，与现在的对照"""
    freeze = call.loaded
    return {
        **freeze_json(freeze, BASE),
        "now": _figures(call, freeze.organisation, freeze.month),
        "changed": changed_json(changes_since(call.session, freeze, call.actor, now=call.now)),
    }


def figure_frozen(call: Call) -> tuple[KpiFreeze, Kpi]:
    """The freeze and the KPI that a path names; raises NotThere."""
    return loaded_freeze(call), kpi_named(call)


def _counted_then(call: Call, part: Part) -> dict[str, Any]:
    freeze, kpi = call.loaded
    said = call.query(PageQuery)
    ids = ids_of(freeze.counted, kpi, part)
    scope = Scope(call.actor, shanghai_day(call.now), freeze.organisation)
    page = frozen_page(call.session, kpi, ids, scope, limit=said.limit, cursor=said.cursor)
    return counted_json(viewer(call), page)


@routes.get(
    "/kpis/freezes/<freeze>/<kpi>/numerator",
    permission="kpis.read",
    query=PageQuery,
    answer=CountedPage,
    loads=figure_frozen,
)
def get_frozen_numerator(call: Call) -> dict[str, Any]:
    """固定时的分子是哪些工单（环节）"""
    return _counted_then(call, Part.numerator)


@routes.get(
    "/kpis/freezes/<freeze>/<kpi>/denominator",
    permission="kpis.read",
    query=PageQuery,
    answer=CountedPage,
    loads=figure_frozen,
)
def get_frozen_denominator(call: Call) -> dict[str, Any]:
    """固定时的分母是哪些工单（环节）"""
    return _counted_then(call, Part.denominator)
