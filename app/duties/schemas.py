"""JSON of the dictionary of the desk grid, and of titles."""

from typing import Annotated, Literal

from pydantic import Field

from app.administration.schemas.common import On
from app.catalogue.desk.models import Derived, DoneBy, Line, Measure, PeriodKind, UnitKind
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Input, Named, Output


class PartOut(Output):
    """So many of a quota's records are of some kinds."""

    name: str
    kinds: list[str]
    count: Annotated[int, Field(description="其中要有几条")]


class QuotaOut(Output):
    """How many a kind of unit has to do."""

    unit: UnitKind
    unit_label: Annotated[str, Field(description="单位种类的中文名")]
    count: Annotated[int, Field(description="每个时段要几条；0 为常态化，不算缺")]
    parts: Annotated[list[PartOut], Field(description="其中要有的")]


class DutyOut(Output):
    """A duty as it holds today."""

    code: str
    name: str
    section: Annotated[str, Field(description="工作汇报的章节")]
    period: PeriodKind
    period_label: str
    line: Line
    line_label: Annotated[str, Field(description="工作分工的中文名")]
    done_by: DoneBy
    done_by_label: Annotated[str, Field(description="由谁做，中文")]
    checked_by: DoneBy | None
    checked_by_label: Annotated[str | None, Field(description="由谁审核，中文；不审核为空")]
    derived: Derived | None
    measure: Measure
    kinds: list[str]
    quotas: Annotated[list[QuotaOut], Field(description="各种单位要多少")]
    reviewed: Annotated[bool, Field(description="true：审核通过才算")]
    scored: Annotated[bool, Field(description="false：只看，不计分")]
    due: Annotated[str | None, Field(description="每年的期限（月-日）；时段最后一天的为空")]


class DutiesOut(Output):
    """The duties in the order of the file."""

    items: list[DutyOut]


class RecordKindOut(Output):
    """A kind of record, and what its form asks for."""

    code: str
    name: str
    quantity_name: Annotated[str | None, Field(description="数字的含义；不问数字为空")]
    needs_photo: Annotated[bool, Field(description="必须有照片")]
    needs_link: Annotated[bool, Field(description="必须有链接")]


class RecordKindsOut(Output):
    """The kinds of record in the order of the file."""

    items: list[RecordKindOut]


Title = Literal["civilised_community", "civilised_village", "waste_pilot"]


class TitleIn(Input):
    """A unit gets a title."""

    organisation: Annotated[Code, Field(description="社区或村的编码")]
    title: Annotated[
        Title,
        Field(description="civilised_community 文明社区；civilised_village 文明村；"
              "waste_pilot 垃圾分类试点村"),
    ]  # fmt: skip
    from_on: On = None


class TitlesQuery(PageQuery):
    """A page of titles."""

    organisation: Code | None = None


class TitleOut(Output):
    """A unit's title, from a day to a day."""

    id: str
    organisation: Named
    title: Annotated[str, Field(description="称号")]
    title_label: Annotated[str, Field(description="称号的中文名")]
    from_on: str
    to_on: str | None


class TitlesOut(Output):
    """A page of titles."""

    items: list[TitleOut]
    next_cursor: str | None
