"""Tickets over HTTP: the dictionary, report, lists, one ticket, and an address for each action."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import current_app

from app.catalogue.models import ACTION_LABELS as SIX_ACTION_LABELS
from app.catalogue.queries import CategoryView, categories_in_force
from app.grid.sight import organisation_seen_by
from app.kernel.clock import shanghai_day
from app.kernel.errors import DomainError
from app.kernel.geo import distance_m, to_wgs84
from app.kernel.moments import moment_of
from app.tickets.answers import CategoriesOut, NearbyOut, TicketOut, TicketPage
from app.tickets.circumstances import matter_of
from app.tickets.errors import StaleVersion
from app.tickets.handling.turns import Outside
from app.tickets.importing.queries import import_in_sight, tickets_made_by
from app.tickets.intake.placing import PlaceAsked
from app.tickets.intake.reporting import Report, SpotFix, report_problem
from app.tickets.intake.town_map import Position
from app.tickets.listing import TicketFilter, tickets_page
from app.tickets.models import Ticket
from app.tickets.queries import open_tickets_nearby, ticket_in_sight
from app.tickets.schemas import (
    ActionIn,
    AssignIn,
    DispatchIn,
    MergeIn,
    NearbyQuery,
    ReclassifyIn,
    ReferIn,
    ReportIn,
    TicketFilters,
    TicketsQuery,
    UntilIn,
)
from app.tickets.service import ActionAsked, check_action, take_action
from app.tickets.showing.presenting import (
    Viewer,
    fresh_ticket_json,
    ticket_items,
    ticket_json,
)
from app.tickets.workflow import ACTION_LABELS, Action
from app.web.references import References, references, resolve_reference
from app.web.routing import Answer, Call, Routes

routes = Routes("工单")

ACTION_BODIES: dict[Action, type[ActionIn]] = {
    Action.dispatch: DispatchIn,
    Action.reclassify: ReclassifyIn,
    Action.assign: AssignIn,
    Action.request_extension: UntilIn,
    Action.suspend: UntilIn,
    Action.refer: ReferIn,
    Action.merge_into: MergeIn,
}
"""The bodies of actions that take more than a note and photos."""


def viewer(call: Call) -> Viewer:
    """The asker as a viewer of tickets."""
    return Viewer(call.session, call.actor, call.now, current_app.extensions["gexun_photo_uses"])


@routes.get("/categories", permission="places.read", answer=CategoriesOut)
def get_categories(call: Call) -> dict[str, Any]:
    """事项类别和立案条件"""
    town_id = next(iter(call.actor.town_ids), None)
    day = shanghai_day(call.now)
    found = categories_in_force(call.session, day=day, town_id=town_id)
    return {"items": [_category(category) for category in found]}


def _category(category: CategoryView) -> dict[str, Any]:
    return {
        "code": category.code,
        "name": category.name,
        "action": category.action.value if category.action else None,
        "action_label": SIX_ACTION_LABELS[category.action] if category.action else None,
        "conditions": [
            {
                "code": condition.code,
                "name": condition.name,
                "limit": {
                    "amount": condition.limit.amount,
                    "unit": condition.limit.unit.value,
                },
                "limit_label": condition.limit.label,
                "closing_test": condition.closing_test,
            }
            for condition in category.conditions
        ],
        "standard_ref": category.standard_ref,
    }


def _references(call: Call, *texts: str | None) -> References:
    """What the keys among all references of a body name; one query."""
    return references(call.session, texts, person_id=call.actor.person_id)


def _place(said: ReportIn, known: References) -> PlaceAsked:
    position = None
    if said.position is not None:
        at = said.position
        position = Position.from_given(at.lng, at.lat, at.datum, at.accuracy_m)
    return PlaceAsked(
        compound=said.compound,
        cell=said.cell,
        position=position,
        area=said.area,
        checkpoint=said.checkpoint,
        round=known.one("round", said.round) if said.round else None,
    )


@routes.post(
    "/tickets",
    permission="tickets.report",
    body=ReportIn,
    answer=TicketOut,
    status=201,
    made="ticket",
)
def post_ticket(call: Call) -> Answer:
    """上报一个问题"""
    said = call.body(ReportIn)
    fix = said.fixed_on_spot
    after = fix.photo_ids if fix else []
    known = _references(call, *said.photo_ids, *after, said.round, said.follow_up_of)
    report = Report(
        category=said.category,
        condition=said.condition,
        description=said.description,
        place=_place(said, known),
        moment=moment_of(call.now, said.occurred_at, said.sent_at),
        photo_ids=known.all("photo", said.photo_ids),
        source=said.source,
        external_number=said.external_number or None,
        follow_up_of=known.one("ticket", said.follow_up_of) if said.follow_up_of else None,
        external_due_at=said.external_due_at,
        spot_fix=SpotFix(known.all("photo", after), fix.note) if fix else None,
    )
    filed = report_problem(call.session, report, actor=call.actor)
    shown = fresh_ticket_json(viewer(call), filed.ticket, filed.event, filed.photos)
    return Answer(shown, 201, made=filed.ticket.id)


def filter_asked(call: Call, asked: TicketFilters) -> TicketFilter:
    """What tickets are narrowed to; raises NotThere for an organisation or an import out of
    sight."""
    under = None
    if asked.organisation is not None:
        day = shanghai_day(call.now)
        under = organisation_seen_by(call.session, call.actor, asked.organisation, day=day)
    among = None
    if asked.import_ is not None:
        among = tickets_made_by(import_in_sight(call.session, call.actor, asked.import_))
    renamed = {"state", "organisation", "q", "assignee", "import_"}
    said = asked.model_dump(include=set(TicketFilters.model_fields) - renamed)
    said["assignee"] = call.actor.person_id if asked.assignee == "me" else asked.assignee
    return TicketFilter(states=asked.state, under=under, words=asked.q, among=among, **said)


@routes.get(
    "/tickets",
    permission="tickets.list",
    query=TicketsQuery,
    answer=TicketPage,
    refusals=(404,),
)
def get_tickets(call: Call) -> dict[str, Any]:
    """工单列表"""
    asked = call.query(TicketsQuery)
    wanted = replace(
        filter_asked(call, asked),
        by_due=asked.sort == "due",
        by_external_due=asked.sort == "external_due",
        limit=asked.limit,
        cursor=asked.cursor,
    )
    page = tickets_page(call.session, call.actor, wanted, now=call.now)
    items = ticket_items(viewer(call), page.items)
    return {"items": items, "next_cursor": page.next_cursor}


@routes.get("/tickets/nearby", permission="tickets.list", query=NearbyQuery, answer=NearbyOut)
def get_nearby(call: Call) -> dict[str, Any]:
    """附近还没有办结的工单，上报前先看"""
    asked = call.query(NearbyQuery)
    lng, lat = to_wgs84(asked.lng, asked.lat, asked.datum)
    found = open_tickets_nearby(call.session, call.actor, lng=lng, lat=lat, category=asked.category)
    items = ticket_items(viewer(call), [each.ticket for each in found])
    return {"items": [{**item, "distance_m": _metres(lng, lat, item)} for item in items]}


def _metres(lng: float, lat: float, item: dict[str, Any]) -> float:
    """Metres to the position as it is shown: the distance tells no more than that does."""
    position = item["position"]
    return round(distance_m(lng, lat, position["lng"], position["lat"]), 1)


def loaded_ticket(call: Call) -> Ticket:
    """The ticket a path names, when the asker sees it; locked when it is about to be changed."""
    person_id = call.actor.person_id
    reference = call.args["ticket"]
    found = resolve_reference(call.session, reference, kind="ticket", person_id=person_id)
    changing = call.route.method != "GET"
    return ticket_in_sight(call.session, call.actor, found, for_update=changing)


@routes.get(
    "/tickets/<ticket>",
    permission="tickets.read",
    answer=TicketOut,
    loads=loaded_ticket,
    matter=lambda call: matter_of(call.loaded),
    refusals=(422,),
)
def get_ticket(call: Call) -> dict[str, Any]:
    """一张工单"""
    return ticket_json(viewer(call), call.loaded)


def _version_sent(call: Call) -> int | None:
    """The version in a body that is not validated yet; None when there is none to compare."""
    try:
        version = call.raw.get("version")
    except DomainError:
        return None
    return version if type(version) is int else None


def _act(call: Call, action: Action) -> dict[str, Any]:
    ticket, session = call.loaded, call.session
    try:
        circumstances = check_action(
            session,
            ticket,
            action,
            actor=call.actor,
            version=_version_sent(call),
            now=call.now,
        )
    except StaleVersion as error:
        error.extra["current"] = call.signed(ticket_json(viewer(call), ticket))
        raise
    asked = _asked(call, call.body(ACTION_BODIES.get(action, ActionIn)))
    percent = current_app.extensions["gexun_settings"].second_look_percent
    take_action(
        session, circumstances, action, asked, actor=call.actor, second_look_percent=percent
    )
    return ticket_json(viewer(call), ticket)


def _asked(call: Call, said: ActionIn) -> ActionAsked:
    more = said.model_dump(
        include={"organisation", "category", "condition", "compound", "cell", "area", "until"}
    )
    other = said.ticket if isinstance(said, MergeIn) else None
    known = _references(call, *said.photo_ids, other)
    if isinstance(said, AssignIn):
        more["person_id"] = said.person
    if isinstance(said, MergeIn):
        more["ticket_id"] = known.one("ticket", said.ticket)
    if isinstance(said, ReferIn) and said.outside is not None:
        more["outside"] = Outside(**dict(said.outside))
    return ActionAsked(
        moment=moment_of(call.now, said.occurred_at, said.sent_at),
        note=said.note or None,
        photo_ids=known.all("photo", said.photo_ids),
        **more,
    )


def _action_view(action: Action) -> Callable[[Call], dict[str, Any]]:
    def view(call: Call) -> dict[str, Any]:
        return _act(call, action)

    view.__name__ = f"post_ticket_{action.value}"
    view.__doc__ = f"工单：{ACTION_LABELS[action]}"
    return view


for _action in Action:
    routes.post(
        f"/tickets/<ticket>/{_action.value}",
        permission=f"tickets.{_action.value}",
        checked_by_view=True,
        body=ACTION_BODIES.get(_action, ActionIn),
        answer=TicketOut,
        loads=loaded_ticket,
    )(_action_view(_action))
