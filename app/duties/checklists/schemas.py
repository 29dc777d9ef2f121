"""JSON of checklists."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.catalogue.desk.models import SiteKind
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Flag, Input, Instant, Named, Output, Reference
from app.tickets.models import State
from app.tickets.schemas import PositionIn

ItemCode = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class ItemOut(Output):
    """An item of a checklist."""

    code: str
    name: str


class ChecklistOut(Output):
    """A checklist as it holds today."""

    code: str
    name: str
    section: Annotated[str, Field(description="工作汇报的章节")]
    site: Annotated[
        SiteKind,
        Field(description="unit 每个社区（村）一处；compound 每个小区一处；square 看过的才算"),
    ]
    units: Annotated[list[str], Field(description="哪些种类的单位")]
    category: Annotated[str | None, Field(description="缺的一项转成哪类工单；不转为空")]
    items: Annotated[list[ItemOut], Field(description="要有的各项")]


class ChecklistsOut(Output):
    """The checklists in the order of the file."""

    items: list[ChecklistOut]


class SitesQuery(PageQuery):
    """A page of a checklist's sites."""

    organisation: Code | None = None


class TicketOfItem(Output):
    """The ticket made of a missing item."""

    id: str
    number: str
    state: State
    state_label: str


class ItemStanding(Output):
    """How an item stands at a site."""

    code: str
    name: str
    present: Annotated[bool | None, Field(description="有没有；没有看过为空")]
    seen_on: Annotated[str | None, Field(description="最近一次看到是哪天；没有看过为空")]
    ticket: Annotated[TicketOfItem | None, Field(description="正在办的工单；没有为空")]


class SiteOut(Output):
    """How a site stands."""

    organisation: Named
    compound: Named | None
    complete: Annotated[bool, Field(description="各项是否都有")]
    missing: Annotated[int, Field(description="缺几项")]
    unseen: Annotated[int, Field(description="还没有看过的几项")]
    items: Annotated[list[ItemStanding], Field(description="各项的情况")]


class SitesOut(Output):
    """A page of sites by code."""

    items: list[SiteOut]
    next_cursor: str | None


class SiteIn(Input):
    """A site: a unit, or a compound."""

    organisation: Annotated[Code, Field(description="社区或村的编码；看小区的不填")] | None = None
    compound: Annotated[Code, Field(description="小区的编码；看社区（村）的不填")] | None = None
    occurred_at: Instant | None = None
    sent_at: Instant | None = None


class SeenItem(Input):
    """Whether an item is there."""

    item: Annotated[ItemCode, Field(description="清单项的代码")]
    present: Annotated[Flag, Field(description="有没有")]


class LookIn(SiteIn):
    """What somebody saw at a site."""

    items: Annotated[list[SeenItem], Field(max_length=100, description="看到的各项")] = Field(
        default_factory=list
    )
    all_present: Annotated[Flag, Field(description="true：其余各项都有")] = False


class GapIn(SiteIn):
    """A missing item that is to be a ticket."""

    item: Annotated[ItemCode, Field(description="清单项的代码")]
    photo_ids: Annotated[list[Reference], Field(max_length=9)] = Field(default_factory=list)
    description: Annotated[str, Field(max_length=500)] | None = None
    cell: Code | None = None
    position: PositionIn | None = None


class SummaryQuery(Input):
    """Below which organisation."""

    organisation: Code | None = None


class ChecklistLine(Output):
    """How the sites of a checklist stand together."""

    checklist: Annotated[Named, Field(description="清单")]
    sites: Annotated[int, Field(description="几处")]
    complete: Annotated[int, Field(description="各项都有的几处")]
    missing: Annotated[int, Field(description="共缺几项")]
    unseen: Annotated[int, Field(description="共有几项还没有看过")]


class ChecklistSummary(Output):
    """By checklist."""

    items: list[ChecklistLine]
