"""What people are told."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Identified


class NoticeKind(StrEnum):
    """What a notice is about."""

    illegal_building = "illegal_building"


NOTICE_KIND_LABELS = {NoticeKind.illegal_building: "违法建设上报"}


class Notice(Identified, Base):
    """One sentence to one person about one ticket: the same is told once."""

    __tablename__ = "notices"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[NoticeKind]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    text: Mapped[str] = mapped_column(String(400))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("person_id", "kind", "ticket_id"),
        Index("ix_notices_person_created", "person_id", "created_at", "id"),
    )
