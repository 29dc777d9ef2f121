"""What is held back from being purged."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.photos.retention.models import PhotoHold


def holds_now(now: datetime) -> Any:
    """The SQL condition that a hold holds."""
    ends = PhotoHold.to_at
    return (PhotoHold.from_at <= now) & (ends.is_(None) | (ends > now))


def holds_on(
    session: Session, photo_ids: Collection[UUID], ticket_ids: Collection[UUID], *, now: datetime
) -> dict[UUID, PhotoHold]:
    """The holds in force on some photos and tickets, by the id of what is held."""
    about = or_(PhotoHold.photo_id.in_(photo_ids), PhotoHold.ticket_id.in_(ticket_ids))
    asked = select(PhotoHold).where(about, holds_now(now)).order_by(PhotoHold.id.desc())
    return {(one.photo_id or one.ticket_id): one for one in session.scalars(asked)}  # type: ignore[misc]
