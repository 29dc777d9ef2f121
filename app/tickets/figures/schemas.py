"""JSON of figures, in and out."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from app.catalogue.kpis import KpiCode
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Input, Named, Output
from app.kernel.schemas import Day as CalendarDay
from app.tickets.answers import TicketItem
from app.tickets.figures.definitions import Charged, Unit
from app.tickets.figures.freezes.service import month_days
from app.tickets.figures.grouping import By
from app.tickets.figures.summary import SummaryBy
from app.tickets.models import LegOutcome
from app.tickets.schemas import TicketFilters

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


def _month(text: str) -> str:
    if not re.fullmatch(r"(20|21)\d\d-\d\d", text, re.ASCII):
        raise ValueError("须为月份，例如 2026-11")
    try:
        month_days(text)
    except ValueError:
        raise ValueError("没有这个月份") from None
    return text


Month = Annotated[str, AfterValidator(_month)]
Day = Annotated[CalendarDay, Field(ge=FIRST_DAY, le=LAST_DAY)]


class TicketSummaryQuery(TicketFilters):
    """A list, and what it is summed up by."""

    by: Annotated[SummaryBy, Field(description="按什么汇总")]


class KpisQuery(Input):
    """Whose figures, of which days (both included; the current month), told apart by what."""

    organisation: Annotated[Code | None, Field(description="哪个组织的；不填为本人能看的全部")] = (
        None
    )
    from_: Annotated[Day | None, Field(alias="from", description="从哪天起；不填为本月第一天")] = (
        None
    )
    to: Annotated[Day | None, Field(description="到哪天为止，含当天；不填为本月最后一天")] = None
    by: Annotated[By | None, Field(description="按什么分组；不填不分")] = None

    @field_validator("to")
    @classmethod
    def _runs_forward(cls, to: date | None, said: ValidationInfo) -> date | None:
        first = said.data.get("from_")
        if first is not None and to is not None and to < first:
            raise ValueError("截止日期不能早于起始日期")
        return to


class CountedQuery(PageQuery, KpisQuery):
    """A page of what is behind a figure; `group` is the code of one group."""

    group: Annotated[
        str | None, Field(max_length=32, description="只列这一组的，写组的编码；- 为不属于任何一个")
    ] = None

    @field_validator("group")
    @classmethod
    def _group_of_what(cls, group: str | None, said: ValidationInfo) -> str | None:
        if group is not None and said.data.get("by", group) is None:
            raise ValueError("写了 group，就要写明 by")
        return group


class FreezeNamed(Input):
    """The one member of a body that says whose figures a freeze is of."""

    organisation: Code


class FreezeIn(FreezeNamed):
    """A month to be frozen."""

    organisation: Annotated[Code, Field(description="县、镇、社区或村的编码")]
    month: Annotated[Month, Field(description="已经结束的月份，例如 2026-11")]
    document: Annotated[str | None, Field(max_length=80, description="所依据或发布的文件")] = None
    reason: Annotated[
        str | None,
        Field(
            max_length=400,
            description="再次固定同一个月的原因，首次不用写；其中的电话、身份证号码和房号会被隐去",
        ),
    ] = None


class FreezesQuery(PageQuery):
    """A page of an organisation's frozen months."""

    organisation: Code


class LightsOut(Output):
    """How many tickets are under each light."""

    green: Annotated[int, Field(description="绿灯：时限未过八成")]
    yellow: Annotated[int, Field(description="黄灯：时限已过八成")]
    red: Annotated[int, Field(description="红灯：已过时限")]


class TicketSumOut(Output):
    """One group of a list."""

    code: str
    name: str
    total: Annotated[int, Field(description="工单数")]
    open: Annotated[int, Field(description="其中没有办结的")]
    lights: Annotated[LightsOut, Field(description="待整改的按红黄绿灯")]
    tickets: Annotated[str, Field(description="恰好列出这些工单的地址")]


class TicketSummaryOut(Output):
    """A list summed up."""

    by: SummaryBy
    total: Annotated[int, Field(description="工单数")]
    open: Annotated[int, Field(description="其中没有办结的")]
    items: list[TicketSumOut]


class KpiOut(Output):
    """One KPI with both halves, each with the address of what is behind it."""

    code: KpiCode
    name: str
    rule: Annotated[str, Field(description="怎么算")]
    unit: Annotated[Unit, Field(description="数的是环节（leg）还是工单（ticket）")]
    charged: Annotated[
        Charged, Field(description="记在谁头上：responsible 责任单位；checker 立案和核查的社区")
    ]
    more_is_better: Annotated[bool, Field(description="true：越高越好；false：越低越好")]
    numerator: Annotated[int, Field(description="分子")]
    denominator: Annotated[int, Field(description="分母")]
    rate: Annotated[float | None, Field(description="比率（0 至 1）；分母为 0 时为空")]
    numerator_link: Annotated[str | None, Field(description="恰好列出分子的地址；固定的统计为空")]
    denominator_link: Annotated[str | None, Field(description="恰好列出分母的地址；固定的统计为空")]


class CompositePartOut(Output):
    """A KPI in the composite."""

    code: KpiCode
    name: str
    weight: Annotated[int, Field(description="权重")]
    scaled_weight: Annotated[float | None, Field(description="折算成百分制的权重；不计入时为空")]
    value: Annotated[
        float | None,
        Field(description="得到权重的几成（0 至 1），越少越好的为 1 − 比率；没有应计数时为空"),
    ]


class CompositeOut(Output):
    """The composite of the KPIs."""

    score: Annotated[float | None, Field(description="综合得分（百分制）；无从计算时为空")]
    parts: Annotated[list[CompositePartOut], Field(description="由哪些指标组成")]
    note: str | None


class FiguresOut(Output):
    """All KPIs, and the composite."""

    items: list[KpiOut]
    composite: Annotated[CompositeOut, Field(description="综合指标")]


class FiguresOfGroup(FiguresOut):
    """The KPIs of one group."""

    code: str
    name: str


class KpisOut(FiguresOut):
    """The KPIs of an organisation in some days, and of each group."""

    organisation: Named | None
    from_: Annotated[str, Field(alias="from", description="从哪天起")]
    to: Annotated[str, Field(description="到哪天为止，含当天")]
    as_of: Annotated[str, Field(description="统计的时间")]
    by: Annotated[By | None, Field(description="按什么分组")]
    groups: Annotated[list[FiguresOfGroup], Field(description="各组；不分组时为空")]


class LegCountedOut(Output):
    """A leg that was counted."""

    id: str
    organisation: Named
    from_: Annotated[str, Field(alias="from")]
    to: str | None
    outcome: LegOutcome | None
    due_at: str
    in_time: Annotated[bool | None, Field(description="是否在期限内结束；没有结束为空")]


class CountedItem(Output):
    """A ticket that was counted; the leg, when it is legs that are."""

    ticket: TicketItem
    leg: Annotated[LegCountedOut | None, Field(description="所数的环节；数工单时为空")]


class CountedPage(Output):
    """A page of what is behind a figure."""

    items: list[CountedItem]
    next_cursor: str | None


class TicketNumbered(Output):
    """A ticket by its number."""

    id: str
    number: str


class ChangeOut(Output):
    """What came into and went out of one half of a KPI."""

    came: Annotated[list[TicketNumbered], Field(description="固定以后新算进来的")]
    went: Annotated[list[TicketNumbered], Field(description="固定以后不再算的")]


class KpiChangedOut(Output):
    """A KPI that is no longer what it was."""

    code: KpiCode
    name: str
    numerator: Annotated[ChangeOut, Field(description="分子的变化")]
    denominator: Annotated[ChangeOut, Field(description="分母的变化")]


class FreezeOut(Output):
    """A frozen month."""

    id: str
    organisation: Named
    month: Annotated[str, Field(description="月份")]
    sequence: Annotated[int, Field(description="这个月第几次固定")]
    document: Annotated[str | None, Field(description="所依据或发布的文件")]
    reason: Annotated[str | None, Field(description="再次固定的原因；首次为空")]
    frozen_at: Annotated[str, Field(description="固定的时间")]
    frozen: Annotated[FiguresOut, Field(description="固定时的统计")]


class FreezePage(Output):
    """A page of frozen months, the latest first."""

    items: list[FreezeOut]
    next_cursor: str | None


class FreezeWholeOut(FreezeOut):
    """A frozen month beside the same month as it is now."""

    now: Annotated[FiguresOut, Field(description="同一个月现在的统计")]
    changed: Annotated[list[KpiChangedOut], Field(description="固定以后有变化的指标，和进出的工单")]
