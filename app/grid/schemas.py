"""JSON of cells and compounds."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.grid.locate import Match
from app.grid.models import Area, CompoundKind
from app.kernel.geo import Datum
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Input, Named, Output
from app.people.models import Role


class LocateQuery(Input):
    """A position in degrees on `datum` with its accuracy in metres."""

    lng: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    datum: Datum = Datum.WGS84
    accuracy_m: Annotated[float, Field(ge=0)] | None = None


class OrganisationQuery(Input):
    """The organisation whose subtree is asked for; left out: all that the asker sees."""

    organisation: Code | None = None


class PlacesQuery(PageQuery):
    """A page of the places of an organisation's subtree."""

    organisation: Code | None = None


class LocatedOut(Output):
    """The cell that holds a position, its rivals within the accuracy, and the compounds there."""

    match: Match
    match_label: str
    cell: Named | None
    candidates: list[Named]
    compounds: list[Named]


class PersonNamed(Output):
    """A person inside another object."""

    id: str
    name: str


class CellOut(Output):
    """A cell with its wardens."""

    id: str
    code: str
    name: str
    organisation: Named
    wardens: list[PersonNamed]


class CellsOut(Output):
    """A page of cells by code."""

    items: list[CellOut]
    next_cursor: str | None


class CellFeature(Output):
    """A cell as a GeoJSON feature (RFC 7946, WGS-84)."""

    type: Literal["Feature"]
    id: str
    properties: dict[str, Any]
    geometry: dict[str, Any]


class CellMap(Output):
    """The cells' outlines in force today."""

    type: Literal["FeatureCollection"]
    features: list[CellFeature]


class CompoundOut(Output):
    """A compound with the company in contract today."""

    id: str
    code: str
    name: str
    kind: CompoundKind
    kind_label: str
    organisation: Named
    company: Named | None
    buildings: int
    households: int


class CompoundsOut(Output):
    """A page of compounds by code."""

    items: list[CompoundOut]
    next_cursor: str | None


class CheckpointOut(Output):
    """A place in a compound that a round must look at."""

    id: str
    name: str
    area: Area
    area_label: str


class ResponsibleOut(Output):
    """Somebody who answers for a compound."""

    id: str
    name: str
    role: Role
    role_label: str
    organisation: Named


class ContractOut(Output):
    """A company's contract for a compound, with its dates."""

    company: Named
    from_on: Annotated[str, Field(description="从哪天起")]
    to_on: Annotated[str | None, Field(description="到哪天为止，不含当天；没有期限为空")]


class CompoundDetail(CompoundOut):
    """A compound with all that a round or a ticket needs to know about it."""

    cells: list[Named]
    outline: dict[str, Any] | None
    in_service_on: str
    retired_on: str | None
    contracts: Annotated[list[ContractOut], Field(description="历次物业合同，旧的在前")]
    checkpoints: list[CheckpointOut]
    responsible_people: list[ResponsibleOut]
