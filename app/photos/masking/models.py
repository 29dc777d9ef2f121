"""Tables of masking: what was decided about a picture, and who wants it outside of the office."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, Identified
from app.people.models import Person


class MaskDecision(StrEnum):
    """What a person decided about a picture."""

    masked = "masked"
    clear = "clear"


MASK_DECISION_LABELS = {MaskDecision.masked: "遮盖", MaskDecision.clear: "无需遮盖"}


class MaskState(StrEnum):
    """Where a picture stands; `pending`: nobody decided, and somebody wants it outside."""

    not_reviewed = "not_reviewed"
    pending = "pending"
    masked = "masked"
    clear = "clear"


MASK_STATE_LABELS = {
    MaskState.not_reviewed: "未查看",
    MaskState.pending: "待遮盖",
    MaskState.masked: "已遮盖",
    MaskState.clear: "无需遮盖",
}


class PhotoMask(Identified, Base):
    """A version of the mask of a picture, never edited: of all photos that have these bytes.

    `boxes` are in pixels of the upright display rendition, which had `width` and `height`. The one
    in force is named by the blob (`mask_id`).
    """

    __tablename__ = "photo_masks"

    sha256: Mapped[str] = mapped_column(String(64), ForeignKey("blobs.sha256"))
    version: Mapped[int]
    decision: Mapped[MaskDecision]
    boxes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    width: Mapped[int]
    height: Mapped[int]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))

    made_by: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("sha256", "version"),)


class Purpose(StrEnum):
    """For what somebody wants a picture outside of the office."""

    bulletin = "bulletin"
    package = "package"
    notice = "notice"
    sheet = "sheet"
    dossier = "dossier"


PURPOSE_LABELS = {
    Purpose.bulletin: "公文案例",
    Purpose.package: "对外证据包",
    Purpose.notice: "整改通知书",
    Purpose.sheet: "打印工单",
    Purpose.dossier: "半年档案",
}


class PhotoWanted(Identified, Base):
    """A photo that somebody wants outside of the office: as part of which ticket and for what, and
    in which document (`report_id`), where it is one."""

    __tablename__ = "photos_wanted"

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"))
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    purpose: Mapped[Purpose]
    report_id: Mapped[UUID | None]
    wanted_at: Mapped[datetime]
    wanted_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))

    wanted_by: Mapped[Person] = relationship()

    __table_args__ = (
        Index("ix_photos_wanted_photo", "photo_id"),
        Index("ix_photos_wanted_ticket", "ticket_id"),
        Index("ix_photos_wanted_report", "report_id"),
    )


class PhotoLook(Identified, Base):
    """Somebody looked at what is sealed of a photo: at the received file, or at the picture without
    its mask. It stays when the photo goes. `person_id` None: a command at the server did, and
    nobody was named."""

    __tablename__ = "photo_looks"

    photo_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    looked_at: Mapped[datetime]

    person: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_photo_looks_photo", "photo_id", "id"),)
