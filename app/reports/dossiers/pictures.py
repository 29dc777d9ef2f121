"""The pictures of a dossier: masked renditions only, or the words that stand in their place."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.evidence.outgoing.service import Undecided
from app.kernel.pdf import picture, words
from app.photos.models import Photo
from app.photos.store import PhotoStore
from app.reports.papers.pictures import MISSING
from app.reports.pictures import GONE, WAITS, picture_key, small_picture


@dataclass
class Pictures:
    """Gives pictures one at a time, and remembers by which decision about each (`given`); counts
    those that wait for somebody to look, and remembers the ones of tickets, which can be put on the
    list."""

    store: PhotoStore
    given: dict[UUID, UUID] = field(default_factory=dict)
    waiting: set[UUID] = field(default_factory=set)
    undecided: list[Undecided] = field(default_factory=list)

    def shown(self, photo: Photo) -> bytes | str:
        """A photo's picture, or why there is none."""
        if photo.purged_at is not None:
            return GONE
        key, mask_id = picture_key(photo.blob), photo.blob.mask_id
        if key is None or mask_id is None:
            self.waiting.add(photo.id)
            return WAITS
        found = small_picture(self.store, key)
        if found is None:
            return MISSING
        # Drawn twice, it is as old as the older one.
        self.given.setdefault(photo.id, mask_id)
        return found

    def of_ticket(self, photo: Photo, ticket_id: UUID, number: str) -> bytes | str:
        """The same of a photo in use in a ticket."""
        found = self.shown(photo)
        if found is WAITS:
            self.undecided.append(Undecided(photo.id, ticket_id, number))
        return found


def drawn(found: bytes | str, *, width_mm: float, height_mm: float) -> object:
    """A picture on a page, or its words."""
    if isinstance(found, str):
        return words(found, 9.5, align="center")
    return picture(found, width_mm=width_mm, height_mm=height_mm)


def photos_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, Photo]:
    """Photos with their bytes' rows; one query."""
    asked = select(Photo).where(Photo.id.in_(ids)).options(joinedload(Photo.blob))
    return {one.id: one for one in session.scalars(asked)}
