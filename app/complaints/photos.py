"""Removing the photos of a ticket that a complaint showed to be wrong."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.complaints.bounds import refuse_in_question, refuse_removing
from app.complaints.errors import PhotoElsewhere
from app.complaints.models import Complaint
from app.complaints.service import refuse_stale
from app.kernel.masking import masked
from app.people.access import Actor
from app.photos.access import PhotoUses
from app.photos.retention.early import purge_early
from app.tickets.models import TicketPhoto
from app.work.service import enqueue

EMPTY = "empty_photos"
"""The kind of job that removes the files of photos that were purged by decision."""


def remove_photos(
    session: Session,
    complaint: Complaint,
    photo_ids: Sequence[UUID],
    uses: PhotoUses,
    *,
    reason: str,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Purges photos of the ticket of a complaint that is locked, with the reason on the record.

    Raises ComplaintAnswered, RemovalUnsuitable, TicketElsewhere, ComplaintStale, PhotoElsewhere,
    PhotoUsedElsewhere, PhotoInQuestion, PhotoNeeded or PhotoHeld.
    """
    refuse_removing(complaint)
    refuse_stale(complaint, version)
    asked = select(TicketPhoto.photo_id).where(TicketPhoto.ticket_id == complaint.ticket_id)
    used = set(session.scalars(asked))
    if complaint.ticket is None or not photo_ids or not used.issuperset(photo_ids):
        detail = "只能清除注明的那张工单的照片"
        raise PhotoElsewhere(f"{detail}。", fields={"photo_ids": [detail]})
    refuse_in_question(session, complaint.ticket.town_id, photo_ids)
    rule = {"complaint": complaint.number, "reason": masked(reason)}
    purge_early(session, uses, photo_ids, by=actor.person_id, rule=rule, now=now)
    complaint.version += 1
    session.flush()
    enqueue(session, EMPTY, {}, now=now)
