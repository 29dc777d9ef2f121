"""Tables of photos: blobs known by SHA-256, and each upload with what its sender said."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, Identified
from app.kernel.geo import Datum
from app.kernel.recording import Recorded, waiting_index
from app.people.models import Person
from app.photos.evidence import PhotoSource, Verdict
from app.photos.numbering import NextNumber
from app.photos.store import BlobKind, blob_key, masked_key


@dataclass(frozen=True, slots=True)
class BlobFile:
    """A file in the store: its key, and the SHA-256 of its bytes."""

    key: str
    sha256: str


def masked_files(
    sha256: str, mask_id: UUID | None, display_sha256: str | None, thumb_sha256: str | None
) -> dict[BlobKind, BlobFile]:
    """The masked renditions of a blob, as its row names them; none where nothing is covered."""
    if mask_id is None or display_sha256 is None or thumb_sha256 is None:
        return {}
    hashes = {BlobKind.DISPLAY: display_sha256, BlobKind.THUMB: thumb_sha256}
    return {
        kind: BlobFile(masked_key(sha256, kind, mask_id), each) for kind, each in hashes.items()
    }


class PhotoBlob(Base):
    """Bytes in the store, as received, with their renditions beside them.

    `arrivals` counts how often they came from somebody who had not sent them before. What they look
    like: `hash_version` (None: not hashed yet), the 256 bits of `fine_hash`, and whether they show
    too little to be compared (`low_detail`); their other hashes are rows of PictureHash.
    `purged_at`: no photo needs the bytes any more, and they go; `files_gone`: they went.
    `quarantined_at`: a host warned of them, and they are shown only to who decides. `mask_id`: the
    PhotoMask in force (None: nobody decided); it covers something when there are masked
    renditions.
    """

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(32))
    width: Mapped[int]
    height: Mapped[int]
    display_sha256: Mapped[str] = mapped_column(String(64))
    thumb_sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime]
    number: Mapped[int] = mapped_column(unique=True, default=NextNumber())
    arrivals: Mapped[int] = mapped_column(default=1)
    hash_version: Mapped[int | None] = mapped_column(SmallInteger)
    low_detail: Mapped[bool | None]
    fine_hash: Mapped[builtins.bytes | None] = mapped_column(LargeBinary(32))
    purged_at: Mapped[datetime | None]
    quarantined_at: Mapped[datetime | None]
    files_gone: Mapped[bool] = mapped_column(default=False, server_default=false())
    mask_id: Mapped[UUID | None]
    masked_display_sha256: Mapped[str | None] = mapped_column(String(64))
    masked_thumb_sha256: Mapped[str | None] = mapped_column(String(64))

    @property
    def is_masked(self) -> bool:
        """Whether there are renditions with something covered."""
        return self.masked_display_sha256 is not None

    def files(self) -> dict[BlobKind, "BlobFile"]:
        """What is kept as it was received and first rendered."""
        hashes = (self.sha256, self.display_sha256, self.thumb_sha256)
        return {
            kind: BlobFile(blob_key(self.sha256, kind), digest)
            for kind, digest in zip(BlobKind, hashes, strict=True)
        }

    def shown_files(self) -> dict[BlobKind, "BlobFile"]:
        """The same, with masked renditions in the place of those without a mask."""
        return self.files() | masked_files(
            self.sha256, self.mask_id, self.masked_display_sha256, self.masked_thumb_sha256
        )


class Photo(Identified, Recorded, Base):
    """One upload by one person.

    `device_lng`, `device_lat` are as sent, in `device_datum`; `exif_*` and `lng`, `lat` (the one
    position in force: the device's before EXIF's) are WGS-84. `purged_at`: the period for which its
    files may be kept is over, and they are not shown any more.
    """

    __tablename__ = "photos"

    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"), index=True)
    maker_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    town_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    received_at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    clock_offset_s: Mapped[float | None]
    source: Mapped[PhotoSource]
    client_sha256: Mapped[str | None] = mapped_column(String(64))
    device_taken_at: Mapped[datetime | None]
    exif_taken_at: Mapped[datetime | None]
    device_lng: Mapped[float | None]
    device_lat: Mapped[float | None]
    device_datum: Mapped[Datum | None]
    device_accuracy_m: Mapped[float | None]
    device_fixed_at: Mapped[datetime | None]
    exif_lng: Mapped[float | None]
    exif_lat: Mapped[float | None]
    exif_problem: Mapped[str | None] = mapped_column(String(32))
    software: Mapped[str | None] = mapped_column(String(120))
    lng: Mapped[float | None]
    lat: Mapped[float | None]
    cell: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    cell_id: Mapped[UUID | None] = mapped_column(ForeignKey("cells.id"))
    verdict: Mapped[Verdict]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    purged_at: Mapped[datetime | None]

    blob: Mapped[PhotoBlob] = relationship()
    maker: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("maker_id", "sha256"),
        Index("ix_photos_town_received", "town_id", "received_at"),
        waiting_index("ix_photos_waiting", "received_at", "id"),
    )


class RemovalReason(StrEnum):
    """Why a photo is not there any more."""

    maker = "maker"
    retention = "retention"
    complaint = "complaint"


class PhotoRemoval(Recorded, Base):
    """A photo that was rightly removed: its maker did before anything used it, the period for which
    it may be kept is over, or a complaint showed that it should not be, by the `rule` named. Its
    hash stays."""

    __tablename__ = "photo_removals"

    photo_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    town_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    removed_at: Mapped[datetime]
    remover_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[RemovalReason]
    rule: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (waiting_index("ix_photo_removals_waiting", "removed_at", "photo_id"),)
