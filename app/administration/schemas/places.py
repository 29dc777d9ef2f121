"""JSON of compounds, contracts and checkpoints under administration."""

from typing import Annotated, Any

from pydantic import Field

from app.administration.schemas.common import Name, NewCode, On
from app.grid.models import Area, CompoundKind
from app.grid.schemas import ContractOut
from app.kernel.schemas import Code, Day, Input, Named, Output

Count = Annotated[int, Field(ge=0, le=999_999)]
Outline = Annotated[
    dict[str, Any] | None,
    Field(description="轮廓：GeoJSON 的 Polygon 或 MultiPolygon，WGS-84；没有为空"),
]


class CheckpointBody(Input):
    """The whole state of a checkpoint."""

    name: Name
    area: Area


class CompoundBody(Input):
    """The whole new state of a compound."""

    name: Name
    organisation: Annotated[Code, Field(description="所属社区或村的编码")]
    kind: CompoundKind
    buildings: Count
    households: Count
    outline: Outline = None


class NewCompound(CompoundBody):
    """A compound to be made; its code stays for good."""

    code: NewCode
    in_service_on: Annotated[
        Day | None, Field(description="从哪天起使用；不填为今天，不能早于今天")
    ] = None
    checkpoints: Annotated[
        list[CheckpointBody],
        Field(default_factory=list, max_length=200, description="点位，按巡查的顺序"),
    ]


class ContractBody(Input):
    """The company in contract from a day on."""

    company: Annotated[Code | None, Field(description="物业公司编码；空：无物业")]
    from_on: On = None


class AdministeredCheckpoint(Output):
    """A checkpoint, in use or not."""

    id: str
    name: str
    area: Area
    area_label: str
    retired_on: str | None


class AdministeredCompound(Output):
    """A compound with all its contracts and checkpoints, past ones too."""

    id: str
    code: str
    name: str
    organisation: Named
    kind: CompoundKind
    kind_label: str
    buildings: int
    households: int
    outline: Outline
    in_service_on: str
    retired_on: str | None
    contracts: Annotated[list[ContractOut], Field(description="历次物业合同，旧的在前")]
    checkpoints: list[AdministeredCheckpoint]
