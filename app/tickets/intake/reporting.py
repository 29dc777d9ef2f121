"""A report becomes a ticket: placed, filed under its condition, routed, with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue.models import Stage
from app.catalogue.queries import CategoryView, ConditionView, category_in_force
from app.kernel.clock import shanghai_day
from app.kernel.db import write_new
from app.kernel.ids import new_id
from app.kernel.moments import Moment
from app.people.access import Actor, ActorPost, Matter, require
from app.people.models import Organisation
from app.people.predicates import REPORTERS
from app.photos.evidence import PhotoRole
from app.tickets.errors import CategoryUnknown, EvidenceMissing
from app.tickets.handling.clocks import (
    begin_leg,
    end_leg,
    file_under,
    mark_filed,
    mark_rectified,
    stage_due_at,
)
from app.tickets.handling.copies import Evidence, evidence_of_the_actor
from app.tickets.handling.evidence import Attachment, attach_photos, refuse_same_bytes
from app.tickets.handling.timeline import append_event, next_number
from app.tickets.intake.elsewhere import refuse_limit_far_away
from app.tickets.intake.following import followed_up
from app.tickets.intake.placing import PlaceAsked, TicketPlace, place_of_report, put_in_place
from app.tickets.intake.repeats import mark_repeats
from app.tickets.intake.routing import routed_organisation
from app.tickets.intake.telling import tell_of_filing
from app.tickets.intake.town_map import TownMap
from app.tickets.models import (
    SOURCES_WITHOUT_PHOTO,
    LegOutcome,
    Source,
    State,
    Ticket,
    TicketEvent,
    TicketPhoto,
)


@dataclass(frozen=True)
class SpotFix:
    """A problem fixed where it was found: the after-photos and a note."""

    photo_ids: Sequence[UUID]
    note: str | None = None


@dataclass(frozen=True)
class Report:
    """What a reporter says.

    `handed_down_at`: when a body above or outside passed it on, as told, however long ago.
    """

    category: str
    place: PlaceAsked
    moment: Moment
    condition: str | None = None
    description: str = ""
    photo_ids: Sequence[UUID] = field(default_factory=tuple)
    source: Source = Source.self_found
    external_number: str | None = None
    external_due_at: datetime | None = None
    handed_down_at: datetime | None = None
    spot_fix: SpotFix | None = None
    follow_up_of: UUID | None = None


@dataclass(frozen=True)
class Filed:
    """A fresh ticket, the first entry of its timeline and the photos in use, to be shown: they are
    written, and no session knows them."""

    ticket: Ticket
    event: TicketEvent
    photos: list[TicketPhoto]


@dataclass(frozen=True)
class _Found:
    """What a report was found to be about: the place, the townships looked in, the evidence."""

    place: TicketPlace
    towns: frozenset[UUID]
    category: CategoryView
    before: Evidence
    after: Evidence


def report_problem(session: Session, report: Report, *, actor: Actor) -> Filed:
    """Files a report as a ticket; at once dispatched when routing names exactly one responsible.

    Raises NotAllowed, EvidenceMissing, TimeUnsuitable, PhotoNotYours, PhotoReused, CategoryUnknown,
    PlaceUnknown, RoundUnknown or FollowUpUnsuitable.
    """
    require(actor, "tickets.fix_on_the_spot" if report.spot_fix else "tickets.report")
    if not report.photo_ids and report.source not in SOURCES_WITHOUT_PHOTO:
        raise EvidenceMissing("请先拍照上传，再上报。", fields={"photo_ids": ["至少一张照片"]})
    if report.spot_fix and not report.spot_fix.photo_ids:
        fields = {"fixed_on_spot.photo_ids": ["至少一张照片"]}
        raise EvidenceMissing("请拍摄整改后的照片，再按当场整改上报。", fields=fields)
    refuse_limit_far_away(report.external_due_at, now=report.moment.now)
    day = shanghai_day(report.moment.occurred_at)
    before, after = _evidence(session, report, actor=actor)
    towns = frozenset(p.town_id for p in actor.posts_as(*REPORTERS) if p.town_id)
    place = place_of_report(TownMap(session, towns, day), report.place, before.photos)
    category, condition = _filed_under(session, report, place)
    ticket = _new_ticket(session, report, place, category, condition, actor=actor)
    mark_repeats(session, ticket)
    if report.follow_up_of is not None:
        ticket.follow_up_of_id = followed_up(session, ticket, report.follow_up_of, actor=actor)
    found = _Found(place, towns, category, before, after)
    if report.spot_fix is not None:
        filed = _fix_on_the_spot(session, ticket, report, report.spot_fix, found, actor=actor)
    else:
        filed = _route_and_record(session, ticket, report, found, actor=actor)
    tell_of_filing(session, ticket, category, by=actor.person_id, now=ticket.reported_at)
    return filed


def _evidence(session: Session, report: Report, *, actor: Actor) -> tuple[Evidence, Evidence]:
    """The photos of before and after, one query; one photo cannot be both."""
    after_ids = report.spot_fix.photo_ids if report.spot_fix else ()
    every = list(dict.fromkeys((*report.photo_ids, *after_ids)))
    found = evidence_of_the_actor(session, actor, every)
    return found.only(report.photo_ids), found.only(after_ids)


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
        due_provisional=False,
        rework_count=0,
        extension_count=0,
        witness_ids=[],
        legs=[],
    )
    file_under(ticket, condition)
    put_in_place(ticket, place)
    ticket.filing_due_at = stage_due_at(session, Stage.filing, ticket, start=now)
    _copy_report(ticket, report)
    return ticket


def _copy_report(ticket: Ticket, report: Report) -> None:
    ticket.description, ticket.source = report.description, report.source
    ticket.external_number = report.external_number
    ticket.external_due_at = report.external_due_at
    ticket.fixed_on_spot = report.spot_fix is not None
    ticket.round_id = report.place.round
    ticket.occurred_at = report.handed_down_at or report.moment.occurred_at
    ticket.clock_offset_s = report.moment.offset_s


def _route_and_record(
    session: Session, ticket: Ticket, report: Report, found: _Found, *, actor: Actor
) -> Filed:
    moment, day = report.moment, shanghai_day(report.moment.occurred_at)
    post = _post_for(actor, "tickets.report", ticket)
    responsible = routed_organisation(found.place, found.category, day=day)
    if responsible is not None:
        ticket.state, ticket.dispatched_at = State.dispatched, moment.now
        mark_filed(ticket, now=moment.now)
        begin_leg(session, ticket, responsible, now=moment.now)
    _write(session, ticket)
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
    return Filed(ticket, event, _attach(session, ticket, event, found, day=day))


def _write(session: Session, ticket: Ticket) -> None:
    write_new(session, [ticket])
    write_new(session, ticket.legs)


def _attach(
    session: Session, ticket: Ticket, event: TicketEvent, found: _Found, *, day: date
) -> list[TicketPhoto]:
    before = Attachment(found.before, PhotoRole.BEFORE, 1, day, found.towns, with_report=True)
    behind = len(found.before.photos) + 1
    earlier = found.before.photos
    after = replace(
        before, evidence=found.after, role=PhotoRole.AFTER, first=behind, before=earlier
    )
    return attach_photos(session, ticket, event, before, after)


def _fix_on_the_spot(
    session: Session, ticket: Ticket, report: Report, fix: SpotFix, found: _Found, *, actor: Actor
) -> Filed:
    """Reported and rectified in one: the fixer's own community is responsible for it."""
    moment, day = report.moment, shanghai_day(report.moment.occurred_at)
    post = _post_for(actor, "tickets.fix_on_the_spot", ticket)
    fixer = session.get_one(Organisation, post.organisation_id)
    if not found.before.photos:
        raise EvidenceMissing("请补上整改前的照片。", fields={"photo_ids": ["至少一张照片"]})
    refuse_same_bytes({photo.sha256 for photo in found.before.photos}, found.after.photos)
    leg = begin_leg(session, ticket, fixer, now=moment.now)
    end_leg(ticket, leg, LegOutcome.rectified, now=moment.now)
    ticket.state, ticket.dispatched_at = State.rectified, moment.now
    mark_filed(ticket, now=moment.now)
    mark_rectified(session, ticket, by=actor, now=moment.now)
    _write(session, ticket)
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
    return Filed(ticket, event, _attach(session, ticket, event, found, day=day))
