"""Verbs about checklists: look at a site, and make a ticket of what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.desk.models import SiteKind
from app.catalogue.desk.queries import ChecklistView, ItemView
from app.duties.checklists.errors import (
    ItemHasTicket,
    ItemUnknown,
    NoTicketOfChecklist,
    SiteUnknown,
)
from app.duties.checklists.models import ChecklistLook, ItemState
from app.duties.checklists.sites import GONE, Site, unit_kind
from app.duties.units import matter_of_unit
from app.grid.models import Area
from app.kernel.clock import shanghai_day
from app.kernel.moments import Moment
from app.people.access import Actor, require
from app.tickets.intake.placing import PlaceAsked
from app.tickets.intake.reporting import Filed, Report, report_problem
from app.tickets.intake.town_map import Position
from app.tickets.models import State, Ticket


@dataclass(frozen=True)
class MissingItem:
    """A gap that is to be a ticket: which item, its photos, and where, if they do not say it."""

    item: str
    photo_ids: list[UUID]
    description: str | None = None
    cell: str | None = None
    position: Position | None = None


def look_at_site(
    session: Session,
    checklist: ChecklistView,
    site: Site,
    seen: Mapping[str, bool],
    *,
    actor: Actor,
    moment: Moment,
) -> None:
    """Writes down which items of a site are there. What was seen later than this look stays.

    Raises NotAllowed, SiteUnknown or ItemUnknown.
    """
    post = require(actor, "checklists.look", matter_of_unit(site.unit))
    needed = _items_needed(checklist, site)
    for code in seen:
        if code not in needed:
            raise ItemUnknown(fields={"items": [f"没有 {code} 这一项"]})
    known = _states(session, checklist, site)
    for code, present in seen.items():
        _see(session, known, checklist, site, code, present, moment)
    look = ChecklistLook(
        checklist=checklist.code,
        site_id=site.id,
        organisation_id=site.unit.id,
        items=dict(seen),
        person_id=actor.person_id,
        post_id=post.id,
        occurred_at=moment.occurred_at,
        received_at=moment.now,
        clock_offset_s=moment.offset_s,
    )
    session.add(look)
    session.flush()


def _items_needed(checklist: ChecklistView, site: Site) -> dict[str, ItemView]:
    """The items of a site by code; raises SiteUnknown when the checklist is not for it."""
    kind = unit_kind(site.unit)
    of_a_compound = checklist.site is SiteKind.compound
    if kind not in checklist.units or of_a_compound != (site.compound is not None):
        detail = f"“{checklist.name}”不看{site.code}。"
        raise SiteUnknown(
            detail, fields={"compound" if of_a_compound else "organisation": [detail]}
        )
    return {one.code: one for one in checklist.items_for(kind)}


def _states(session: Session, checklist: ChecklistView, site: Site) -> dict[str, ItemState]:
    """The site's items by code, locked until the transaction ends."""
    rows = session.scalars(
        select(ItemState)
        .where(ItemState.site_id == site.id, ItemState.checklist == checklist.code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.item: row for row in rows}


def _see(
    session: Session,
    known: dict[str, ItemState],
    checklist: ChecklistView,
    site: Site,
    code: str,
    present: bool,
    moment: Moment,
) -> ItemState:
    state = known.get(code)
    if state is None:
        state = ItemState(
            checklist=checklist.code,
            item=code,
            site_id=site.id,
            organisation_id=site.unit.id,
            seen_at=moment.occurred_at,
            seen_on=shanghai_day(moment.occurred_at),
            present=present,
        )
        session.add(state)
    elif moment.occurred_at >= state.seen_at:
        state.present = present
        state.seen_at = moment.occurred_at
        state.seen_on = shanghai_day(moment.occurred_at)
    session.flush()
    return state


def make_ticket_of(
    session: Session,
    checklist: ChecklistView,
    site: Site,
    gap: MissingItem,
    *,
    actor: Actor,
    moment: Moment,
) -> Filed:
    """A missing item becomes a ticket of the checklist's category; it is there again when that is
    closed.

    Raises NotAllowed, NoTicketOfChecklist, SiteUnknown, ItemUnknown, ItemHasTicket, or what a
    report raises.
    """
    require(actor, "checklists.look", matter_of_unit(site.unit))
    if checklist.category is None:
        raise NoTicketOfChecklist("请用一般的上报。")
    view = _items_needed(checklist, site).get(gap.item)
    if view is None:
        raise ItemUnknown(fields={"item": [f"没有 {gap.item} 这一项"]})
    known = _states(session, checklist, site)
    _refuse_second(session, known.get(gap.item))
    look_at_site(session, checklist, site, {gap.item: False}, actor=actor, moment=moment)
    filed = report_problem(
        session, _report(checklist, checklist.category, site, view, gap, moment), actor=actor
    )
    if filed.ticket.community_id != site.unit.id:
        detail = "照片或位置不在这个社区（村），请选小区、网格或重新拍照。"
        raise SiteUnknown(detail, fields={"photo_ids": [detail]})
    state = _states(session, checklist, site)[gap.item]
    session.flush()
    state.ticket_id = filed.ticket.id
    session.flush()
    return filed


def _refuse_second(session: Session, state: ItemState | None) -> None:
    if state is None or state.ticket_id is None:
        return
    known = session.get_one(Ticket, state.ticket_id)
    if known.state not in (*GONE, State.closed):
        raise ItemHasTicket(f"见工单 {known.number}。", number=known.number)


def _report(
    checklist: ChecklistView,
    category: str,
    site: Site,
    view: ItemView,
    gap: MissingItem,
    moment: Moment,
) -> Report:
    place = PlaceAsked(
        compound=site.compound.code if site.compound else None,
        cell=gap.cell,
        position=gap.position,
        area=Area.notice_board if site.compound else None,
    )
    said = gap.description or f"{checklist.name}：缺“{view.name}”"
    return Report(
        category=category, place=place, moment=moment, description=said, photo_ids=gap.photo_ids
    )
