"""Photos are wanted outside of the office; none goes before somebody decided what to cover."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict
from app.photos.masking.models import PhotoWanted, Purpose
from app.photos.models import Photo, PhotoBlob
from app.tickets.models import Ticket, TicketPhoto

_WAITS = or_(PhotoBlob.mask_id.is_(None), PhotoBlob.quarantined_at.is_not(None))
_SHOWN = 5
_AT_ONCE = 5000


class MasksPending(Conflict):
    """Photos of some tickets wait for somebody to look whether something must be covered;
    `tickets` in `extra` names them."""

    code: ClassVar[str] = "masks_pending"
    title: ClassVar[str] = "有照片还没有遮盖"


@dataclass(frozen=True, slots=True)
class Undecided:
    """A photo in use that nobody decided about yet."""

    photo_id: UUID
    ticket_id: UUID
    number: str


@dataclass(frozen=True)
class Wish:
    """For what photos are wanted outside, by whom, and for which document."""

    purpose: Purpose
    person_id: UUID
    now: datetime
    report_id: UUID | None = None


def undecided_photos(session: Session, ticket_ids: Collection[UUID]) -> list[Undecided]:
    """The photos in use in some tickets that nobody decided about, or that are in quarantine, by
    ticket; not those that were purged."""
    found: list[Undecided] = []
    ids = sorted(ticket_ids)
    for first in range(0, len(ids), _AT_ONCE):
        asked = (
            select(Photo.id, Ticket.id, Ticket.number)
            .join(TicketPhoto, TicketPhoto.photo_id == Photo.id)
            .join(Ticket, Ticket.id == TicketPhoto.ticket_id)
            .join(PhotoBlob, PhotoBlob.sha256 == Photo.sha256)
            .where(Ticket.id.in_(ids[first : first + _AT_ONCE]))
            .where(_WAITS, Photo.purged_at.is_(None))
            .distinct()
            .order_by(Ticket.number, Photo.id)
        )
        found += [Undecided(*row) for row in session.execute(asked)]
    return found


def pending(undecided: Iterable[Undecided], then: str) -> MasksPending:
    """The refusal that names the tickets of some photos; `then` says what to do afterwards."""
    by_ticket: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
    for one in undecided:
        by_ticket[one.ticket_id, one.number].append(one.photo_id)
    named = [number for _, number in by_ticket]
    said = "、".join(named[:_SHOWN]) + (f" 等 {len(named)} 张" if len(named) > _SHOWN else "")
    tickets: list[dict[str, Any]] = [
        {"id": str(ticket_id), "number": number, "photos": [str(one) for one in photos]}
        for (ticket_id, number), photos in by_ticket.items()
    ]
    why = f"工单 {said}的照片还没有人看过要不要遮盖，或正待人工审核；"
    return MasksPending(f"{why}请先在“待遮盖”里逐张定，再{then}。", tickets=tickets)


def want_photos(session: Session, undecided: Iterable[Undecided], *, wish: Wish) -> None:
    """Puts photos among those that wait, once for each ticket and purpose."""
    wanted = {(one.photo_id, one.ticket_id) for one in undecided}
    same = PhotoWanted.purpose == wish.purpose, _of_report(wish.report_id)
    asked = select(PhotoWanted.photo_id, PhotoWanted.ticket_id).where(
        PhotoWanted.photo_id.in_({photo_id for photo_id, _ in wanted}), *same
    )
    there = {(row.photo_id, row.ticket_id) for row in session.execute(asked)}
    for photo_id, ticket_id in sorted(wanted - there):
        session.add(
            PhotoWanted(
                photo_id=photo_id,
                ticket_id=ticket_id,
                purpose=wish.purpose,
                report_id=wish.report_id,
                wanted_at=wish.now,
                wanted_by_id=wish.person_id,
            )
        )
    session.flush()


def _of_report(report_id: UUID | None) -> Any:
    return PhotoWanted.report_id == report_id if report_id else PhotoWanted.report_id.is_(None)


def want_no_more(session: Session, report_id: UUID) -> None:
    """A document wants no photos any more."""
    session.execute(delete(PhotoWanted).where(PhotoWanted.report_id == report_id))
