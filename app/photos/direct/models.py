"""Table of the uploads that were begun with an address."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Identified


class PhotoUpload(Identified, Base):
    """An address given to a person; `photo_id` is what came of it, None until it is completed."""

    __tablename__ = "photo_uploads"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("photos.id"), index=True)
