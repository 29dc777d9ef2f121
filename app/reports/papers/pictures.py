"""The pictures of one ticket on paper, and which of them have to wait."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.photos.models import PhotoBlob
from app.photos.store import PhotoStore
from app.reports.papers.drawing import Json
from app.reports.pictures import GONE, WAITS, picture_key, small_picture

MISSING = "照片文件缺失"


@dataclass
class PaperPictures:
    """Gives each photo's picture as it may leave the office; `waiting` are those that were asked
    for and nobody has looked at yet."""

    store: PhotoStore
    keys: dict[str, str | None]
    waiting: set[UUID] = field(default_factory=set)

    def __call__(self, photo: Json) -> bytes | str:
        """The picture of a photo of an answer, or why there is none."""
        if photo["purged_at"]:
            return GONE
        key = self.keys[photo["sha256"]]
        if key is None:
            self.waiting.add(UUID(photo["id"]))
            return WAITS
        return small_picture(self.store, key) or MISSING


def pictures_of(session: Session, store: PhotoStore, ticket: Json) -> PaperPictures:
    """The pictures of a ticket as its reader sees it."""
    hashes = {use["photo"]["sha256"] for use in ticket["photos"]}
    blobs = session.scalars(select(PhotoBlob).where(PhotoBlob.sha256.in_(hashes)))
    return PaperPictures(store, {blob.sha256: picture_key(blob) for blob in blobs})
