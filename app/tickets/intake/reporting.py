"""A report becomes a ticket: placed, filed under its condition, routed, with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue.models import Stage
from app.catalogue.queries import CategoryView, ConditionView, category_in_force
from app.kernel.clock import shanghai_day
from app.kernel.ids import new_id
from app.kernel.moments import Moment
from app.people.access import REPORTERS, Actor, ActorPost, Matter, require
from app.people.models import Organisation
from app.photos.evidence import PhotoRole
from app.photos.models import Photo
from app.tickets.errors import CategoryUnknown, EvidenceMissing
from app.tickets.handling.clocks import (
    begin_leg,
    end_leg,
    file_under,
    mark_rectified,
    stage_due_at,
)
from app.tickets.handling.evidence import attach_photos, photos_of_the_actor, refuse_same_bytes
from app.tickets.handling.timeline import append_event, next_number
from app.tickets.intake.placing import PlaceAsked, TicketPlace, place_of_report, put_in_place
from app.tickets.intake.repeats import mark_repeats
from app.tickets.intake.routing import routed_organisation
from app.tickets.intake.town_map import TownMap
from app.tickets.models import SOURCES_WITHOUT_PHOTO, LegOutcome, Source, State, Ticket


@dataclass(frozen=True)
class SpotFix:
    """A problem fixed where it was found: the after-photos and a note."""

    photo_ids: Sequence[UUID]
    note: str | None = None


@dataclass(frozen=True)
class Report:
    """What a reporter says."""

    category: str
    place: PlaceAsked
    moment: Moment
    condition: str | None = None
    description: str = ""
    photo_ids: Sequence[UUID] = field(default_factory=tuple)
    source: Source = Source.self_found
    external_number: str | None = None
    external_due_at: datetime | None = None
    spot_fix: SpotFix | None = None


def report_problem(session: Session, report: Report, *, actor: Actor) -> Ticket:
    """Files a report as a ticket; at once dispatched when routing names exactly one responsible.

    Raises NotAllowed, EvidenceMissing, PhotoNotYours, PhotoReused, CategoryUnknown, PlaceUnknown or
    RoundUnknown.
    """
    require(actor, "tickets.fix_on_the_spot" if report.spot_fix else "tickets.report")
    if not report.photo_ids and report.source not in SOURCES_WITHOUT_PHOTO:
        raise EvidenceMissing("请先拍照上传，再上报。", fields={"photo_ids": ["至少一张照片"]})
    day = shanghai_day(report.moment.occurred_at)
    before = photos_of_the_actor(session, actor, report.photo_ids)
    towns = frozenset(p.town_id for p in actor.posts_as(*REPORTERS) if p.town_id)
    place = place_of_report(TownMap(session, towns, day), report.place, before)
    category, condition = _filed_under(session, report, place)
    ticket = _new_ticket(session, report, place, category, condition, actor=actor)
    mark_repeats(session, ticket)
    if report.spot_fix is not None:
        _fix_on_the_spot(session, ticket, report, report.spot_fix, before, actor=actor)
    else:
        _route_and_record(session, ticket, report, place, category, before, actor=actor)
    return ticket


def _post_for(actor: Actor, permission: str, ticket: Ticket) -> ActorPost:
    matter = Matter(town_id=ticket.town_id, community_id=ticket.community_id)
    return require(actor, permission, matter)


def _filed_under(
    session: Session, report: Report, place: TicketPlace
) -> tuple[CategoryView, ConditionView]:
    day = shanghai_day(report.moment.occurred_at)
    town_id = place.community.town_id
    category = category_in_force(session, report.category, day=day, town_id=town_id)
    condition = category.condition(report.condition) if category else None
    if category is None or condition is None:
        name = "condition" if category else "category"
        raise CategoryUnknown("请重新选择。", fields={name: [CategoryUnknown.title]})
    return category, condition


def _new_ticket(
    session: Session,
    report: Report,
    place: TicketPlace,
    category: CategoryView,
    condition: ConditionView,
    *,
    actor: Actor,
) -> Ticket:
    """A ticket as it is before anybody is responsible: version 1, reported, its filing clock on."""
    now, town_id = report.moment.now, place.community.town_id
    assert town_id is not None
    ticket = Ticket(
        id=new_id(),
        number=next_number(session, town_id, shanghai_day(now)),
        state=State.reported,
        version=1,
        town_id=town_id,
        category_code=category.code,
        category_name=category.name,
        standard_ref=category.standard_ref,
        reporter_id=actor.person_id,
        reported_at=now,
        updated_at=now,
        filing_due_at=stage_due_at(session, Stage.filing, town_id=town_id, start=now),
        due_provisional=False,
        rework_count=0,
        extension_count=0,
        witness_ids=[],
        legs=[],
    )
    file_under(ticket, condition)
    put_in_place(ticket, place)
    _copy_report(ticket, report)
    return ticket


def _copy_report(ticket: Ticket, report: Report) -> None:
    ticket.description, ticket.source = report.description, report.source
    ticket.external_number = report.external_number
    ticket.external_due_at = report.external_due_at
    ticket.fixed_on_spot = report.spot_fix is not None
    ticket.round_id = report.place.round
    ticket.occurred_at = report.moment.occurred_at
    ticket.clock_offset_s = report.moment.offset_s


def _route_and_record(
    session: Session,
    ticket: Ticket,
    report: Report,
    place: TicketPlace,
    category: CategoryView,
    before: list[Photo],
    *,
    actor: Actor,
) -> None:
    moment, day = report.moment, shanghai_day(report.moment.occurred_at)
    post = _post_for(actor, "tickets.report", ticket)
    responsible = routed_organisation(session, place, category, day=day)
    if responsible is not None:
        ticket.state, ticket.dispatched_at = State.dispatched, moment.now
        begin_leg(session, ticket, responsible, now=moment.now)
    session.add(ticket)
    event = append_event(
        session,
        ticket,
        actor=actor,
        post=post,
        moment=moment,
        action="report",
        from_state=None,
        note=report.description or None,
        changes={"responsible": responsible.code if responsible else None},
    )
    attach_photos(session, ticket, event, before, PhotoRole.BEFORE, first=1, day=day)


def _fix_on_the_spot(
    session: Session,
    ticket: Ticket,
    report: Report,
    fix: SpotFix,
    before: list[Photo],
    *,
    actor: Actor,
) -> None:
    """Reported and rectified in one: the fixer's own community is responsible for it."""
    moment, day = report.moment, shanghai_day(report.moment.occurred_at)
    post = _post_for(actor, "tickets.fix_on_the_spot", ticket)
    fixer = session.get_one(Organisation, post.organisation_id)
    after = photos_of_the_actor(session, actor, fix.photo_ids)
    if not before:
        raise EvidenceMissing("请补上整改前的照片。", fields={"photo_ids": ["至少一张照片"]})
    refuse_same_bytes({photo.sha256 for photo in before}, after)
    leg = begin_leg(session, ticket, fixer, now=moment.now)
    end_leg(ticket, leg, LegOutcome.rectified, now=moment.now)
    ticket.state, ticket.dispatched_at = State.rectified, moment.now
    mark_rectified(session, ticket, by=actor, now=moment.now)
    session.add(ticket)
    event = append_event(
        session,
        ticket,
        actor=actor,
        post=post,
        moment=moment,
        action="report",
        from_state=None,
        note=fix.note or report.description or None,
        changes={"fixed_on_spot": True, "responsible": fixer.code},
    )
    attach_photos(session, ticket, event, before, PhotoRole.BEFORE, first=1, day=day)
    attach_photos(session, ticket, event, after, PhotoRole.AFTER, first=len(before) + 1, day=day)
