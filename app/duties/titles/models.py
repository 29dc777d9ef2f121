"""The table of titles."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue.desk.models import UnitKind
from app.catalogue.models import words_column
from app.kernel.db import Base, Dated, Identified
from app.people.models import Organisation

TITLES = (UnitKind.civilised_community, UnitKind.civilised_village, UnitKind.waste_pilot)
"""The kinds of unit that a community or village is by a title."""


class UnitTitle(Identified, Dated, Base):
    """A community or village has a title for a time."""

    __tablename__ = "unit_titles"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    title: Mapped[UnitKind] = words_column(UnitKind)

    organisation: Mapped[Organisation] = relationship()
