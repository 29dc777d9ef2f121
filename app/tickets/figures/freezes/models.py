"""The table of frozen months."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, ByteOrdered, FreeText, Identified
from app.people.models import Organisation


class KpiFreeze(Identified, Base):
    """The figures of an organisation's month as they were when somebody froze them; never edited.

    A further freeze of the same month stands beside the others with its reason, `sequence` one
    higher. `figures` is what was shown; `counted` the ids of the legs and tickets behind it.
    """

    __tablename__ = "kpi_freezes"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    month: Mapped[str] = mapped_column(ByteOrdered(7))
    sequence: Mapped[int]
    document: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(FreeText(400))
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    counted: Mapped[dict[str, list[str]]] = mapped_column(JSON, deferred=True)

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (UniqueConstraint("organisation_id", "month", "sequence"),)
