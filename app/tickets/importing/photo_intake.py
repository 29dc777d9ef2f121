"""The photos that rows name: their bytes kept and examined first, their rows written afterwards."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import DomainError, Unavailable
from app.kernel.moments import Moment
from app.people.access import Actor
from app.photos.models import Photo
from app.photos.service import KeptBytes, PhotoClaims, keep_bytes, take_in_photo
from app.photos.store import PhotoStore
from app.tickets.importing.photo_files import PhotoFiles, UnreadableFile, known_as
from app.tickets.importing.reading.quoting import quoted
from app.tickets.importing.reading.rows import SaidRow


@dataclass(frozen=True, slots=True)
class KeptPhotos:
    """What came of the files that rows name: bytes in the store, or why not; and what nobody
    named."""

    kept: Mapping[str, KeptBytes] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    def fault(self, name: str) -> str | None:
        """Why a photo cannot be had; None when it can."""
        return self.faults.get(known_as(name))

    def of(self, row: SaidRow) -> list[KeptBytes]:
        """The photos of a row in their order, those that can be had."""
        names = [known_as(name) for name in row.photos]
        return [self.kept[name] for name in names if name in self.kept]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How photos are kept: where, up to which size, and who says that one is known already."""

    store: PhotoStore
    max_bytes: int
    known: Callable[[str], bool]


def keep_photos(files: PhotoFiles, rows: Iterable[SaidRow], keeping: Keeping) -> KeptPhotos:
    """Keeps the bytes of every photo that a row names, each file once; outside of any transaction,
    because pictures take their time. Raises Unavailable when the store does not answer."""
    kept: dict[str, KeptBytes] = {}
    faults: dict[str, str] = {}
    named = {known_as(name): name for row in rows for name in row.photos}
    for key, name in named.items():
        if name not in files:
            faults[key] = f"没有这张照片：{quoted(name)}"
            continue
        try:
            with files.opened(name) as stream:
                kept[key] = keep_bytes(
                    stream, keeping.store, max_bytes=keeping.max_bytes, known=keeping.known
                )
        except UnreadableFile:
            faults[key] = f"{quoted(name)}：文件读不出来"
        except Unavailable:
            raise
        except DomainError as refused:
            faults[key] = f"{quoted(name)}：{refused.title}"
    unused = tuple(name for name in files.names() if known_as(name) not in named)
    return KeptPhotos(kept, faults, unused)


def positions_in(
    session: Session, kept: Iterable[KeptBytes], *, actor: Actor
) -> Mapping[str, Photo]:
    """Each photo by its hash as far as a place is looked for in it: the actor's own row where the
    bytes were sent before, else one in memory with the position that EXIF gives."""
    every = list(kept)
    known = session.scalars(
        select(Photo).where(
            Photo.maker_id == actor.person_id, Photo.sha256.in_({one.sha256 for one in every})
        )
    )
    found = {photo.sha256: photo for photo in known}
    for one in every:
        if one.sha256 not in found and one.examined is not None:
            exif = one.examined.exif
            found[one.sha256] = Photo(sha256=one.sha256, lng=exif.lng, lat=exif.lat)
    return found


def take_in_photos(
    session: Session, kept: Iterable[KeptBytes], *, actor: Actor, now: datetime
) -> Mapping[str, UUID]:
    """The ids of the actor's photos of these bytes, by hash. Raises PhotoJustRemoved."""
    claims = PhotoClaims(Moment(now, now))
    ids: dict[str, UUID] = {}
    for one in kept:
        if one.sha256 not in ids:
            ids[one.sha256] = take_in_photo(session, one, claims, actor=actor).photo.id
    return ids
