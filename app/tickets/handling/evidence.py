"""Photos as evidence in a ticket: whose they are, and what is noticed about each use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from app.grid.indexes import cell_index, compound_index
from app.grid.locate import distance_to_outline_m
from app.kernel.geo import distance_m
from app.people.access import Actor
from app.photos.access import is_ours
from app.photos.evidence import EarlierCopy, Fix, PhotoRole, UseFacts, Verdict
from app.photos.findings import findings_of_use, verdict
from app.photos.models import Photo
from app.photos.service import facts_of, finding_json
from app.tickets.errors import PhotoNotYours, PhotoReused
from app.tickets.models import State, Ticket, TicketEvent, TicketPhoto

SAME_PLACE_M = 100.0
"""Tickets at most this far apart, or in one compound, are neighbours: one photo may serve both."""


def photos_of_the_actor(session: Session, actor: Actor, photo_ids: Sequence[UUID]) -> list[Photo]:
    """The photos in the order asked; raises PhotoNotYours unless the actor or a colleague of the
    same organisation made every one of them."""
    if not photo_ids:
        return []
    found = {p.id: p for p in session.scalars(select(Photo).where(Photo.id.in_(photo_ids)))}
    photos = [found[photo_id] for photo_id in photo_ids if photo_id in found]
    if len(photos) != len(photo_ids) or not all(is_ours(actor, photo) for photo in photos):
        raise PhotoNotYours("只能用您本人或本单位同事上传的照片，请重新拍照上传。")
    return photos


def refuse_reused(session: Session, ticket: Ticket, photos: Sequence[Photo]) -> None:
    """Raises PhotoReused when one of the photos, or its bytes, is the ticket's before-evidence."""
    before = session.scalars(
        select(Photo.sha256)
        .join(TicketPhoto, TicketPhoto.photo_id == Photo.id)
        .where(TicketPhoto.ticket_id == ticket.id, TicketPhoto.role == PhotoRole.BEFORE)
    )
    refuse_same_bytes(set(before), photos)


def refuse_same_bytes(before: set[str], after: Sequence[Photo]) -> None:
    """Raises PhotoReused when an after-photo has the bytes of a before-photo."""
    if any(photo.sha256 in before for photo in after):
        raise PhotoReused("请重新拍摄整改后的照片。")


def attach_photos(
    session: Session,
    ticket: Ticket,
    event: TicketEvent,
    photos: Sequence[Photo],
    role: PhotoRole,
    *,
    first: int,
    day: date,
) -> None:
    """Puts photos to use in a ticket in one role; `first` is the sequence of the first of them."""
    copies = _copies(session, ticket, photos)
    for offset, photo in enumerate(photos):
        found = findings_of_use(
            facts_of(photo), _use(session, ticket, photo, role, copies.get(photo.sha256, ()), day)
        )
        session.add(
            TicketPhoto(
                ticket=ticket,
                photo=photo,
                event=event,
                role=role,
                attached_at=event.at,
                sequence=first + offset,
                verdict=verdict(found),
                findings=[finding_json(finding) for finding in found],
            )
        )


def _use(
    session: Session,
    ticket: Ticket,
    photo: Photo,
    role: PhotoRole,
    copies: tuple[EarlierCopy, ...],
    day: date,
) -> UseFacts:
    distance = _metres_to_place(session, ticket, photo, day)
    return UseFacts(
        role=role,
        reported_at=ticket.reported_at,
        occurred_at=ticket.occurred_at,
        position=_fix(ticket),
        distance_m=distance,
        inside_place=None if distance is None else distance == 0,
        # Only the photos of the report itself are older than the ticket; rework is not.
        fixed_on_spot=ticket.fixed_on_spot and ticket.version == 1,
        earlier_copies=copies,
    )


def _fix(ticket: Ticket) -> Fix | None:
    if ticket.lng is None or ticket.lat is None:
        return None
    return Fix(ticket.lng, ticket.lat, ticket.accuracy_m)


def _metres_to_place(session: Session, ticket: Ticket, photo: Photo, day: date) -> float | None:
    """Metres from the photo to the outline of the ticket's compound, else of its cell."""
    if photo.lng is None or photo.lat is None:
        return None
    place, towns = None, frozenset({ticket.town_id})
    if ticket.compound_id:
        place = compound_index(session, day=day, town_ids=towns).get(ticket.compound_id)
    if place is None and ticket.cell_id and ticket.lng is None:
        place = cell_index(session, day=day, town_ids=towns).get(ticket.cell_id)
    return None if place is None else distance_to_outline_m(place.outline, photo.lng, photo.lat)


def _copies(
    session: Session, ticket: Ticket, photos: Sequence[Photo]
) -> dict[str, tuple[EarlierCopy, ...]]:
    """Earlier photos of the same bytes, this one's own uses for other places among them."""
    if not photos:
        return {}
    used_in = aliased(Ticket)
    rows = session.execute(
        select(Photo, used_in)
        .outerjoin(TicketPhoto, TicketPhoto.photo_id == Photo.id)
        .outerjoin(
            used_in,
            and_(
                used_in.id == TicketPhoto.ticket_id,
                used_in.id != ticket.id,
                # Whoever took a report back may report the same thing rightly.
                used_in.state != State.withdrawn,
            ),
        )
        .where(Photo.sha256.in_({photo.sha256 for photo in photos}))
    ).all()
    mine = {photo.id for photo in photos}
    found: dict[str, dict[UUID, EarlierCopy]] = {}
    for photo, other in rows:
        elsewhere = other is not None and not are_neighbours(ticket, other)
        if photo.id in mine and not elsewhere:
            continue
        known = found.setdefault(photo.sha256, {})
        if photo.id not in known or elsewhere:
            known[photo.id] = EarlierCopy(photo.id, photo.received_at, photo.id in mine, elsewhere)
    return {sha256: tuple(copies.values()) for sha256, copies in found.items()}


def are_neighbours(ticket: Ticket, other: Ticket) -> bool:
    """Whether two tickets are of one compound or at most 100 m apart."""
    if ticket.compound_id is not None and ticket.compound_id == other.compound_id:
        return True
    if ticket.lng is None or ticket.lat is None or other.lng is None or other.lat is None:
        return ticket.cell_id is not None and ticket.cell_id == other.cell_id
    return distance_m(ticket.lng, ticket.lat, other.lng, other.lat) <= SAME_PLACE_M


@dataclass(frozen=True)
class Doubts:
    """What was found about the photos of a ticket: the verdicts of the after-photos that came with
    the newest rectification, and who made a photo that is contradicted in its use here."""

    after_verdicts: tuple[Verdict, ...]
    contradicted_makers: frozenset[UUID]


def doubts_about(uses: Iterable[tuple[int, PhotoRole, Verdict, UUID]]) -> Doubts:
    """What follows from photos in use, each with the sequence of its event, its role, its verdict
    and its maker."""
    known = list(uses)
    after = [(sequence, verdict) for sequence, role, verdict, _ in known if role is PhotoRole.AFTER]
    newest = max((sequence for sequence, _ in after), default=None)
    return Doubts(
        tuple(verdict for sequence, verdict in after if sequence == newest),
        frozenset(maker for *_, verdict, maker in known if verdict is Verdict.CONTRADICTED),
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
