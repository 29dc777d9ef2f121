"""Tables of cells, compounds, their companies and their checkpoints."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.grid.serving import Retirable, Serving
from app.grid.serving import ServiceGap as ServiceGap
from app.kernel.db import Base, Dated, Identified
from app.people.models import Organisation, Person


class CompoundKind(StrEnum):
    """The kinds of place that is walked."""

    commercial_housing = "commercial_housing"
    old_housing = "old_housing"
    resettlement_housing = "resettlement_housing"
    scattered_households = "scattered_households"
    settlement = "settlement"


COMPOUND_KIND_LABELS = {
    CompoundKind.commercial_housing: "商品房小区",
    CompoundKind.old_housing: "老旧小区",
    CompoundKind.resettlement_housing: "安置小区",
    CompoundKind.scattered_households: "散户",
    CompoundKind.settlement: "居民点",
}

WALKED_WEEKLY = frozenset(CompoundKind) - {CompoundKind.settlement}
"""The kinds due a round every week as shipped; a county may add settlements."""


class Area(StrEnum):
    """The part of a compound that a checkpoint stands for."""

    main_entrance = "main_entrance"
    main_road = "main_road"
    shared_grounds = "shared_grounds"
    stairwell = "stairwell"
    notice_board = "notice_board"
    waste_station = "waste_station"


AREA_LABELS = {
    Area.main_entrance: "主出入口",
    Area.main_road: "主干道",
    Area.shared_grounds: "公共环境",
    Area.stairwell: "楼道",
    Area.notice_board: "宣传栏",
    Area.waste_station: "垃圾分类亭",
}


class Cell(Retirable, Base):
    """The smallest managed area, known by its 15-digit code (GB/T 30428.1).

    Its outlines say from which day on it is there.
    """

    __tablename__ = "cells"

    code: Mapped[str] = mapped_column(String(15), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)

    organisation: Mapped[Organisation] = relationship()


class CellOutline(Identified, Dated, Base):
    """The shape of a cell for a time: a GeoJSON Polygon or MultiPolygon in WGS-84 (RFC 7946)."""

    __tablename__ = "cell_outlines"

    cell_id: Mapped[UUID] = mapped_column(ForeignKey("cells.id"), index=True)
    outline: Mapped[dict[str, Any]] = mapped_column(JSON)

    cell: Mapped[Cell] = relationship()


class CellWarden(Identified, Dated, Base):
    """A warden of a cell for a time; it orders work and notices and grants nothing."""

    __tablename__ = "cell_wardens"

    cell_id: Mapped[UUID] = mapped_column(ForeignKey("cells.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)

    person: Mapped[Person] = relationship()


class Compound(Serving, Base):
    """A place that is walked; `outline` is GeoJSON in WGS-84 or unknown."""

    __tablename__ = "compounds"

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[CompoundKind]
    buildings: Mapped[int]
    households: Mapped[int]
    outline: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    organisation: Mapped[Organisation] = relationship()
    checkpoints: Mapped[list["Checkpoint"]] = relationship(order_by="Checkpoint.position")
    contracts: Mapped[list["CompanyContract"]] = relationship(viewonly=True)


class CompanyContract(Identified, Dated, Base):
    """A property company's contract for a compound."""

    __tablename__ = "company_contracts"

    compound_id: Mapped[UUID] = mapped_column(ForeignKey("compounds.id"), index=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)

    company: Mapped[Organisation] = relationship()


class Checkpoint(Serving, Base):
    """A place in a compound that a round must look at."""

    __tablename__ = "checkpoints"

    compound_id: Mapped[UUID] = mapped_column(ForeignKey("compounds.id"))
    name: Mapped[str] = mapped_column(String(80))
    area: Mapped[Area]
    position: Mapped[int]

    __table_args__ = (UniqueConstraint("compound_id", "name"),)


class GridVersion(Base):
    """One row that changes with every change of cells, compounds or their outlines.

    Processes keep indexes of outlines in memory under this version; a fresh UUID each time can
    never be mistaken for that of another database, of a copy, or of a change undone.
    """

    __tablename__ = "grid_versions"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[UUID]
