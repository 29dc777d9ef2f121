"""Tables of dossiers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, ByteOrdered, Identified
from app.people.models import Organisation


class Dossier(Identified, Base):
    """The package of a unit's half year (2026H2) or year (2026), kept for a month.

    `sha256`, `bytes` and `files` are of the file, None until it is made; `waiting` are the photos
    that are not in it because nobody has looked yet what must be covered.
    """

    __tablename__ = "dossiers"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    term: Mapped[str] = mapped_column(String(8))
    began_at: Mapped[datetime]
    began_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    job_id: Mapped[UUID | None]
    made_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(ByteOrdered(64))
    bytes: Mapped[int | None]
    files: Mapped[int | None]
    waiting: Mapped[int | None]

    organisation: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (
        Index("ix_dossiers_organisation", "organisation_id", "id"),
        Index("ix_dossiers_began", "began_at"),
    )


class DossierPhoto(Base):
    """A photo in a dossier's file, with the decision about its picture that it was made by: when
    either is another now, the file is not given out any more."""

    __tablename__ = "dossier_photos"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    mask_id: Mapped[UUID]


class DossierPiece(Base):
    """A stretch of a dossier's bytes, as those of documents are kept."""

    __tablename__ = "dossier_pieces"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(ByteOrdered(64), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
