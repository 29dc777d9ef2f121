"""Photos as evidence in a ticket: whose they are, and what is noticed about each use."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grid.indexes import cell_index, compound_index
from app.grid.locate import distance_to_outline_m
from app.kernel.db import write_new
from app.kernel.ids import new_id
from app.photos.evidence import Fix, PhotoRole, Thresholds, UsedLike, UseFacts, Verdict
from app.photos.findings import findings_of_use, verdict
from app.photos.judging import facts_of, finding_json
from app.photos.models import Photo
from app.photos.thresholds.in_force import thresholds_at
from app.photos.use_rules import metres_away
from app.tickets.errors import PhotoReused
from app.tickets.handling.alikes import pictures_alike, pictures_before
from app.tickets.handling.copies import Evidence, earlier_copies
from app.tickets.models import Leg, Ticket, TicketEvent, TicketPhoto


def refuse_reused(session: Session, ticket: Ticket, photo_ids: Sequence[UUID]) -> None:
    """Raises PhotoReused when one of the photos, or its bytes, is the ticket's before-evidence."""
    before = (
        select(Photo.sha256)
        .join(TicketPhoto, TicketPhoto.photo_id == Photo.id)
        .where(TicketPhoto.ticket_id == ticket.id, TicketPhoto.role == PhotoRole.BEFORE)
    )
    asked = select(Photo.id).where(Photo.id.in_(photo_ids), Photo.sha256.in_(before))
    if session.scalar(asked.limit(1)) is not None:
        raise _reused()


def refuse_same_bytes(before: set[str], after: Sequence[Photo]) -> None:
    """Raises PhotoReused when an after-photo has the bytes of a before-photo."""
    if any(photo.sha256 in before for photo in after):
        raise _reused()


def _reused() -> PhotoReused:
    return PhotoReused("请重新拍摄整改后的照片。")


@dataclass(frozen=True)
class Attachment:
    """Photos to be put to use in one role; `first` is the sequence of the first of them. `towns`
    and `day` say whose outlines, and of which day, they are measured against; `before` are the
    before-photos of the same report, `leg` the newest leg."""

    evidence: Evidence
    role: PhotoRole
    first: int
    day: date
    towns: frozenset[UUID]
    before: Sequence[Photo] = ()
    with_report: bool = False
    leg: Leg | None = None


def attach_photos(
    session: Session, ticket: Ticket, event: TicketEvent, *attached: Attachment
) -> list[TicketPhoto]:
    """Puts photos to use in a ticket; the uses, with what is noticed about each."""
    uses = [use for each in attached for use in _uses(session, ticket, event, each)]
    write_new(session, uses)
    return uses


def _uses(
    session: Session, ticket: Ticket, event: TicketEvent, attached: Attachment
) -> Iterator[TicketPhoto]:
    for sequence, photo in enumerate(attached.evidence.photos, start=attached.first):
        limits = thresholds_at(session, photo.received_at)
        facts = facts_of_use(session, ticket, photo, attached, limits)
        found = findings_of_use(facts_of(photo), facts, limits)
        yield TicketPhoto(
            id=new_id(),
            ticket_id=ticket.id,
            photo_id=photo.id,
            photo=photo,
            event_id=event.id,
            role=attached.role,
            attached_at=event.at,
            sequence=sequence,
            verdict=verdict(found),
            findings=[finding_json(finding) for finding in found],
            later_findings=[],
        )


def facts_of_use(
    session: Session, ticket: Ticket, photo: Photo, attached: Attachment, limits: Thresholds
) -> UseFacts:
    """What the rules look at about a photo as evidence in a ticket."""
    place = _place(session, ticket, attached, limits)
    distance = place.metres_to(photo)
    return UseFacts(
        role=attached.role,
        reported_at=ticket.reported_at,
        occurred_at=ticket.occurred_at,
        position=place.position,
        distance_m=distance,
        inside_place=None if distance is None else distance == 0,
        # Only the photos of the report itself are older than the ticket; rework is not.
        fixed_on_spot=ticket.fixed_on_spot and attached.with_report,
        earlier_copies=earlier_copies(ticket, attached.leg, attached.evidence, photo),
        likes=_likes(ticket, photo, attached, place, limits),
    )


def _likes(
    ticket: Ticket, photo: Photo, attached: Attachment, place: "_Place", limits: Thresholds
) -> tuple[UsedLike, ...]:
    """The pictures alike; before-photos of the same report have no use yet."""

    def away(other: Photo) -> float | None:
        use = UseFacts(
            attached.role,
            ticket.reported_at,
            position=place.position,
            distance_m=place.metres_to(other),
        )
        return metres_away(facts_of(other).position, use)

    alike = pictures_alike(ticket, attached.evidence, photo, limits, away)
    return (*alike, *pictures_before(photo, attached.before, limits))


@dataclass(frozen=True)
class _Place:
    """What photos are measured against: the outline of the ticket's compound, else of its cell,
    where they are known, and the ticket's position where it lies there."""

    outline: BaseGeometry | None
    position: Fix | None

    def metres_to(self, photo: Photo) -> float | None:
        if self.outline is None or photo.lng is None or photo.lat is None:
            return None
        return distance_to_outline_m(self.outline, photo.lng, photo.lat)


def _place(session: Session, ticket: Ticket, attached: Attachment, limits: Thresholds) -> _Place:
    """A position stated elsewhere than the place that was chosen says nothing about that place: a
    photo taken at the position would seem to be taken at the place. A cell is large: where a
    position lies in it, the position alone counts."""
    day, towns, stated = attached.day, attached.towns, _fix(ticket)
    compound = cell = None
    if ticket.compound_id:
        compound = compound_index(session, day=day, town_ids=towns).get(ticket.compound_id)
    if compound is None and ticket.cell_id:
        cell = cell_index(session, day=day, town_ids=towns).get(ticket.cell_id)
    chosen = compound or cell
    if chosen is None or stated is None:
        return _Place(chosen.outline if chosen else None, stated)
    accuracy = limits.assumed_accuracy_m if stated.accuracy_m is None else stated.accuracy_m
    off = distance_to_outline_m(chosen.outline, stated.lng, stated.lat)
    if off > limits.place_tolerance_m + accuracy:
        return _Place(chosen.outline, None)
    return _Place(compound.outline if compound else None, stated)


def _fix(ticket: Ticket) -> Fix | None:
    if ticket.lng is None or ticket.lat is None:
        return None
    return Fix(ticket.lng, ticket.lat, ticket.accuracy_m)


@dataclass(frozen=True)
class Doubts:
    """What was found about the photos of a ticket: the verdicts of the after-photos that came with
    the newest rectification, who made a photo that is contradicted in its use here, and whether
    one of those or of the other photos is doubtful."""

    after_verdicts: tuple[Verdict, ...]
    contradicted_makers: frozenset[UUID]
    doubtful: bool


def doubts_about(uses: Iterable[tuple[int, PhotoRole, Verdict, UUID]]) -> Doubts:
    """What follows from photos in use, each with the sequence of its event, its role, its verdict
    and its maker."""
    known = list(uses)
    after = [(sequence, verdict) for sequence, role, verdict, _ in known if role is PhotoRole.AFTER]
    newest = max((sequence for sequence, _ in after), default=None)
    last_after = tuple(verdict for sequence, verdict in after if sequence == newest)
    others = [verdict for _, role, verdict, _ in known if role is not PhotoRole.AFTER]
    return Doubts(
        last_after,
        frozenset(maker for *_, verdict, maker in known if verdict is Verdict.CONTRADICTED),
        any(verdict is not Verdict.CONSISTENT for verdict in (*last_after, *others)),
    )


def doubts_about_photos(session: Session, ticket: Ticket) -> Doubts:
    """What was found about the photos of a ticket; one query."""
    rows = session.execute(
        select(TicketEvent.sequence, TicketPhoto.role, TicketPhoto.verdict, Photo.maker_id)
        .join(TicketEvent, TicketEvent.id == TicketPhoto.event_id)
        .join(Photo, Photo.id == TicketPhoto.photo_id)
        .where(TicketPhoto.ticket_id == ticket.id)
    )
    return doubts_about(rows)
