"""Who looked at what is sealed of a photo: its received file, and the picture without its mask."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.kernel.paging import Page, cut_page, decode_cursor
from app.photos.masking.models import PhotoLook

UNMASKED = "unmasked"
"""The last part of the address of the display rendition as it is without a mask."""


def note_look(
    session: Session, *, photo_id: UUID, kind: str, person_id: UUID | None, now: datetime
) -> None:
    """Notes that a person was given a file; None: whoever works at the server."""
    session.add(PhotoLook(photo_id=photo_id, kind=kind, person_id=person_id, looked_at=now))


def looks_at(
    session: Session, photo_id: UUID, *, limit: int, cursor: str | None
) -> Page[PhotoLook]:
    """A page of the looks at a photo, the newest first."""
    asked = select(PhotoLook).where(PhotoLook.photo_id == photo_id)
    asked = asked.options(joinedload(PhotoLook.person))
    if cursor is not None:
        (after,) = decode_cursor(cursor, UUID)
        asked = asked.where(PhotoLook.id < after)
    rows = session.scalars(asked.order_by(PhotoLook.id.desc()).limit(limit + 1)).all()
    return cut_page(rows, limit, lambda look: (str(look.id),))
