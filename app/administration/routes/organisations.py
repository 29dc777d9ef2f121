"""Organisations over HTTP."""

from typing import Any

from app.administration import organisations as service
from app.administration.presenting.organisations import organisations_json
from app.administration.routes.acting import (
    READ,
    WRITE,
    act_of,
    changed,
    meant,
    organisation_asked_for,
    organisation_of_body,
    organisation_of_query,
    read,
    ruled,
    text_after,
    today,
    towns_ruled,
)
from app.administration.schemas.common import OnBody
from app.administration.schemas.organisations import (
    AdministeredOrganisation,
    AdministeredOrganisations,
    GivenBody,
    NewOrganisation,
    OrganisationBody,
    OrganisationsQuery,
)
from app.administration.sight import matter_of_retiring
from app.kernel.paging import cut_page
from app.people.access import Matter
from app.people.models import Organisation
from app.web.routing import Call, Routes

routes = Routes("管理：组织")


def _json(call: Call, organisation: Organisation) -> dict[str, Any]:
    return organisations_json(call.session, [organisation], day=today(call))[0]


@routes.get(
    "/organisations",
    permission=READ,
    query=OrganisationsQuery,
    answer=AdministeredOrganisations,
    refusals=(404,),
)
def get_organisations(call: Call) -> dict[str, Any]:
    """组织列表，按编码排列，含已停用的"""
    asked = call.query(OrganisationsQuery)
    rows = service.organisations_administered(
        call.session,
        towns_ruled(call),
        day=today(call),
        under=organisation_of_query(call, asked.organisation),
        type_=asked.type,
        after=text_after(asked.cursor),
        limit=asked.limit + 1,
    )
    page = cut_page(rows, asked.limit, lambda one: (one.code,))
    items = organisations_json(call.session, page.items, day=today(call))
    return {"items": items, "next_cursor": page.next_cursor}


def parent_named(call: Call) -> Organisation | None:
    """What a new organisation is to hang under."""
    return organisation_of_body(call, "parent")


@routes.post(
    "/organisations",
    permission=WRITE,
    body=NewOrganisation,
    answer=AdministeredOrganisation,
    status=201,
    loads=parent_named,
    matter=changed,
)
def post_organisation(call: Call) -> dict[str, Any]:
    """新建组织"""
    said = call.body(NewOrganisation)
    made = service.make_organisation(
        call.session,
        code=said.code,
        name=said.name,
        type_=said.type,
        parent=ruled(call, said.parent, "parent"),
        act=act_of(call),
    )
    return _json(call, made)


@routes.get(
    "/organisations/<code>",
    permission=READ,
    answer=AdministeredOrganisation,
    loads=organisation_asked_for,
    matter=read,
)
def get_organisation(call: Call) -> dict[str, Any]:
    """一个组织"""
    return _json(call, call.loaded)


@routes.put(
    "/organisations/<code>",
    permission=WRITE,
    body=OrganisationBody,
    answer=AdministeredOrganisation,
    loads=organisation_asked_for,
    matter=changed,
    refusals=(409,),
)
def put_organisation(call: Call) -> dict[str, Any]:
    """修改组织的名称"""
    said = call.body(OrganisationBody)
    service.rename_organisation(call.session, call.loaded, name=said.name, act=act_of(call))
    return _json(call, call.loaded)


@routes.put(
    "/organisations/<code>/given",
    permission=WRITE,
    body=GivenBody,
    answer=AdministeredOrganisation,
    loads=organisation_asked_for,
    matter=changed,
    refusals=(409,),
)
def put_given(call: Call) -> dict[str, Any]:
    """管理组分管哪些社区和村"""
    said = call.body(GivenBody)
    communities = [meant(call, code, "organisations") for code in said.organisations]
    service.set_given(call.session, call.loaded, communities, act=act_of(call))
    return _json(call, call.loaded)


def retiring(call: Call) -> Matter:
    """Who retires a township stands above it."""
    return matter_of_retiring(call.loaded)


@routes.post(
    "/organisations/<code>/retire",
    permission=WRITE,
    body=OnBody,
    answer=AdministeredOrganisation,
    loads=organisation_asked_for,
    matter=retiring,
)
def post_retired_organisation(call: Call) -> dict[str, Any]:
    """停用组织；岗位同日结束，做过的事都保留"""
    said = call.body(OnBody)
    service.retire_organisation(call.session, call.loaded, on=said.on, act=act_of(call))
    return _json(call, call.loaded)
