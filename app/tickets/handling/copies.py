"""Photos about to be used, with every photo of the same bytes or near-identical to them, and what
used it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased, joinedload, load_only

from app.kernel.geo import distance_m
from app.people.access import Actor
from app.photos.access import is_ours
from app.photos.errors import purged
from app.photos.evidence import EarlierCopy, PhotoRole
from app.photos.models import Photo
from app.photos.queries import same_or_nearly_so
from app.tickets.errors import PhotoNotYours
from app.tickets.models import Leg, State, Ticket, TicketPhoto

SAME_PLACE_M = 100.0
"""Tickets at most this far apart, or in one compound, are neighbours: one photo may serve both."""


GONE = (State.withdrawn, State.voided)


@dataclass(frozen=True)
class PhotoUse:
    """A photo of some bytes and one use of it (None: it has none); `gone`: the ticket was taken
    back, merged or voided."""

    photo: Photo
    use: TicketPhoto | None = None
    ticket: Ticket | None = None
    gone: bool = False


@dataclass(frozen=True)
class Evidence:
    """Photos in the order asked, and all uses of all photos of their bytes or nearly identical;
    `apart`: how many of 64 bits differ, by the SHA-256 of an asked one and of the other."""

    photos: tuple[Photo, ...] = ()
    uses: tuple[PhotoUse, ...] = ()
    apart: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def only(self, photo_ids: Sequence[UUID]) -> "Evidence":
        """Some of the photos, in this order."""
        known = {photo.id: photo for photo in self.photos}
        return replace(self, photos=tuple(known[photo_id] for photo_id in photo_ids))


def evidence_of_the_actor(session: Session, actor: Actor, photo_ids: Sequence[UUID]) -> Evidence:
    """The photos with what is known of their bytes, one query; raises PhotoNotYours unless the
    actor or a colleague of the same organisation made every one of them, PhotoPurged for one whose
    files are gone.

    On PostgreSQL the photos are kept from being purged until the transaction ends; while one is
    being purged this waits, and then sees that it was.
    """
    if not photo_ids:
        return Evidence()
    asked = uses_of_their_bytes().with_for_update(read=True, key_share=True, of=Photo)
    rows = session.execute(asked, {"photo_ids": photo_ids}).all()
    # From the rows, not from the photos: the session may have read those before it had to wait.
    gone = {row.Photo.id: row.gone_at for row in rows}
    uses = {(row.Photo.id, row.TicketPhoto and row.TicketPhoto.id): row[:3] for row in rows}
    found = {row.Photo.id: row.Photo for row in rows}
    photos = tuple(found[photo_id] for photo_id in photo_ids if photo_id in found)
    if len(photos) != len(photo_ids) or not all(is_ours(actor, photo) for photo in photos):
        raise PhotoNotYours("只能用您本人或本单位同事上传的照片，请重新拍照上传。")
    for photo in photos:
        if (at := gone[photo.id]) is not None:
            raise purged(at)
    apart = {(row.of, row.Photo.sha256): row.whole for row in rows}
    return Evidence(photos, tuple(_use(*each) for each in uses.values()), apart)


def _use(photo: Photo, use: TicketPhoto | None, ticket: Ticket | None) -> PhotoUse:
    return PhotoUse(photo, use, ticket, gone=ticket is not None and ticket.state in GONE)


@cache
def uses_of_their_bytes() -> Select[Photo, TicketPhoto, Ticket, datetime | None, str, int]:
    """All photos of the bytes of some (`photo_ids`) or near-identical to them, with their uses."""
    asked = aliased(Photo)
    bytes_asked = select(asked.sha256).where(asked.id.in_(bindparam("photo_ids", expanding=True)))
    nearly = same_or_nearly_so(bytes_asked)
    return (
        select(
            *(Photo, TicketPhoto, Ticket, Photo.purged_at.label("gone_at")),
            *(nearly.c.of, nearly.c.whole),
        )
        .join(nearly, nearly.c.like == Photo.sha256)
        .outerjoin(TicketPhoto, TicketPhoto.photo_id == Photo.id)
        .outerjoin(Ticket, Ticket.id == TicketPhoto.ticket_id)
        .options(joinedload(Photo.blob), load_only(Ticket.id, *_COMPARED))
    )


_COMPARED = (
    Ticket.state,
    Ticket.compound_id,
    Ticket.cell_id,
    Ticket.lng,
    Ticket.lat,
    Ticket.accuracy_m,
)
"""What is asked of another ticket in which a photo is used."""


def earlier_copies(
    ticket: Ticket, leg: Leg | None, evidence: Evidence, photo: Photo
) -> tuple[EarlierCopy, ...]:
    """The photos of the same bytes and how each was used, in the leg that is the newest; the photo
    itself only when a use of it may tell against it."""
    uses: dict[UUID, list[PhotoUse]] = {}
    for use in evidence.uses:
        if use.photo.sha256 == photo.sha256:
            uses.setdefault(use.photo.id, []).append(use)
    mine = {each.id for each in evidence.photos}
    copies = (_copy(ticket, leg, used, is_mine=each in mine) for each, used in uses.items())
    return tuple(copy for copy in copies if copy.photo_id not in mine or _matters(copy))


def _matters(copy: EarlierCopy) -> bool:
    return copy.used_elsewhere or copy.returned_here or copy.handed_in_at is not None


def _copy(
    ticket: Ticket, leg: Leg | None, used: Sequence[PhotoUse], *, is_mine: bool
) -> EarlierCopy:
    photo = used[0].photo
    others = [use.ticket for use in used if use.ticket and counts(ticket, use)]
    return EarlierCopy(
        photo.id,
        photo.received_at,
        is_mine,
        used_elsewhere=any(not are_neighbours(ticket, other) for other in others),
        handed_in_at=min(_handed_in(ticket, used), default=None),
        returned_here=any(_was_returned(ticket, leg, use) for use in used),
    )


def counts(ticket: Ticket, used: PhotoUse) -> bool:
    """Whether a use in another ticket says where a photo belongs: whoever took a report back may
    report the same thing rightly, and what was merged or voided is no place of its own."""
    return used.ticket is not None and used.ticket.id != ticket.id and not used.gone


def _handed_in(ticket: Ticket, used: Sequence[PhotoUse]) -> Iterator[datetime]:
    """When it was handed in as after-evidence of other tickets."""
    for each in used:
        if each.use is None or not counts(ticket, each):
            continue
        if each.use.role is PhotoRole.AFTER:
            yield each.use.attached_at


def _was_returned(ticket: Ticket, leg: Leg | None, used: PhotoUse) -> bool:
    """Whether it was after-evidence of an earlier leg: a return begins a new leg, a recall does
    not, so who recalled may hand in the same again."""
    use = used.use
    if use is None or use.ticket_id != ticket.id or use.role is not PhotoRole.AFTER:
        return False
    return leg is not None and use.attached_at <= leg.from_at


def are_neighbours(ticket: Ticket, other: Ticket) -> bool:
    """Whether two tickets are of one compound or at most 100 m apart."""
    if ticket.compound_id is not None and ticket.compound_id == other.compound_id:
        return True
    if ticket.lng is None or ticket.lat is None or other.lng is None or other.lat is None:
        return ticket.cell_id is not None and ticket.cell_id == other.cell_id
    return distance_m(ticket.lng, ticket.lat, other.lng, other.lat) <= SAME_PLACE_M
