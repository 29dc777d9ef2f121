"""Checklists over HTTP."""

from dataclasses import dataclass
from typing import Any

from app.administration.routes.acting import meant, text_after, today, towns_seen
from app.catalogue.desk.queries import ChecklistView, desk_known, on_day
from app.duties.checklists.errors import SiteUnknown
from app.duties.checklists.presenting import checklist_json, line_json, site_json
from app.duties.checklists.schemas import (
    ChecklistsOut,
    ChecklistSummary,
    GapIn,
    LookIn,
    SiteIn,
    SiteOut,
    SitesOut,
    SitesQuery,
    SummaryQuery,
)
from app.duties.checklists.service import MissingItem, look_at_site, make_ticket_of
from app.duties.checklists.sites import (
    Site,
    all_states,
    checklist_named,
    items_at,
    sites_of,
    states_of,
)
from app.duties.units import matter_of_unit
from app.grid.sight import compound_in_sight
from app.kernel.errors import DomainError
from app.kernel.moments import moment_of
from app.kernel.paging import cut_page
from app.people.access import Matter
from app.rounds.routes import scope_asked
from app.tickets.answers import TicketOut
from app.tickets.intake.town_map import Position
from app.tickets.routes import viewer
from app.tickets.showing.presenting import fresh_ticket_json
from app.web.references import references
from app.web.routing import Answer, Call, Routes

READ, LOOK = "checklists.read", "checklists.look"
routes = Routes("清单")


@routes.get("/checklists", permission=READ, answer=ChecklistsOut)
def get_checklists(call: Call) -> dict[str, Any]:
    """今天有效的清单：哪类地方要有哪些内容"""
    found = on_day(desk_known(call.session).checklists, today(call))
    return {"items": [checklist_json(one) for one in found]}


@routes.get(
    "/checklists/summary",
    permission=READ,
    query=SummaryQuery,
    answer=ChecklistSummary,
    refusals=(404,),
)
def get_summary(call: Call) -> dict[str, Any]:
    """每份清单有几处、几处齐全、共缺几项"""
    scope = scope_asked(call, call.query(SummaryQuery).organisation)
    states, lines = all_states(call.session, scope), []
    for one in on_day(desk_known(call.session).checklists, scope.day):
        sites = sites_of(call.session, scope, one)
        of_it = states.get(one.code, {})
        lines.append(line_json(one, [items_at(one, site, of_it) for site in sites]))
    return {"items": lines}


def checklist_asked_for(call: Call) -> ChecklistView:
    """The checklist named in the path; raises NotThere."""
    return checklist_named(call.session, call.args["checklist"], day=today(call))


@routes.get(
    "/checklists/<checklist>/sites",
    permission=READ,
    query=SitesQuery,
    answer=SitesOut,
    loads=checklist_asked_for,
    refusals=(404,),
)
def get_sites(call: Call) -> dict[str, Any]:
    """一份清单的各处：有什么、缺什么、最近哪天看到，按编码排列"""
    asked, checklist = call.query(SitesQuery), call.loaded
    scope, after = scope_asked(call, asked.organisation), text_after(asked.cursor)
    found = sites_of(call.session, scope, checklist, after=after, limit=asked.limit + 1)
    page = cut_page(found, asked.limit, lambda one: (one.code,))
    states = states_of(call.session, checklist, page.items)
    items = [site_json(site, items_at(checklist, site, states)) for site in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


@dataclass(frozen=True, slots=True)
class AtSite:
    """A checklist and the site that the body names, as far as it can be told."""

    checklist: ChecklistView
    site: Site | None


def site_named(call: Call) -> AtSite:
    """The checklist named in the path and the site of the body; raises NotThere."""
    checklist = checklist_asked_for(call)
    try:
        return AtSite(checklist, _site(call, call.body(SiteIn)))
    except DomainError:
        return AtSite(checklist, None)


def its_unit(call: Call) -> Matter:
    """What permissions ask about the site's unit; of none that can be told, only the role."""
    site = call.loaded.site
    return matter_of_unit(site.unit) if site is not None else Matter()


def _site(call: Call, said: SiteIn) -> Site:
    """The site named; raises SiteUnknown, OrganisationUnknown or NotThere."""
    if (said.compound is None) == (said.organisation is None):
        detail = "organisation 和 compound 填一个。"
        raise SiteUnknown(detail, fields={"organisation": [detail]})
    if said.organisation is not None:
        return Site(meant(call, said.organisation))
    try:
        compound = compound_in_sight(call.session, said.compound or "", towns_seen(call))
    except DomainError as missing:
        raise SiteUnknown(missing.detail, fields={"compound": [missing.detail]}) from None
    return Site(compound.organisation, compound)


@routes.post(
    "/checklists/<checklist>/looks",
    permission=LOOK,
    body=LookIn,
    answer=SiteOut,
    loads=site_named,
    matter=its_unit,
    refusals=(404,),
)
def post_look(call: Call) -> dict[str, Any]:
    """登记看到的：哪些有、哪些没有；一直有效，直到下次看"""
    said, checklist = call.body(LookIn), call.loaded.checklist
    site = _site(call, said)
    seen = {one.item: one.present for one in said.items}
    if said.all_present:
        others = items_at(checklist, site, {})
        seen = {**{one.view.code: True for one in others}, **seen}
    if not seen:
        detail = "请写明看到的各项，或 all_present。"
        raise SiteUnknown(detail, fields={"items": [detail]})
    moment = moment_of(call.now, said.occurred_at, said.sent_at)
    look_at_site(call.session, checklist, site, seen, actor=call.actor, moment=moment)
    states = states_of(call.session, checklist, [site])
    return site_json(site, items_at(checklist, site, states))


@routes.post(
    "/checklists/<checklist>/tickets",
    permission=LOOK,
    body=GapIn,
    answer=TicketOut,
    status=201,
    loads=site_named,
    matter=its_unit,
    made="ticket",
    refusals=(404, 409),
)
def post_gap(call: Call) -> Answer:
    """缺的一项转成工单；结案以后，这一项就又有了"""
    said = call.body(GapIn)
    known = references(call.session, said.photo_ids, person_id=call.actor.person_id)
    at = said.position
    gap = MissingItem(
        item=said.item,
        photo_ids=known.all("photo", said.photo_ids),
        description=said.description or None,
        cell=said.cell,
        position=Position.from_given(at.lng, at.lat, at.datum, at.accuracy_m) if at else None,
    )
    filed = make_ticket_of(
        call.session,
        call.loaded.checklist,
        _site(call, said),
        gap,
        actor=call.actor,
        moment=moment_of(call.now, said.occurred_at, said.sent_at),
    )
    shown = fresh_ticket_json(viewer(call), filed.ticket, filed.event, filed.photos)
    return Answer(shown, 201, made=filed.ticket.id)
