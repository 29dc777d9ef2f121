"""JSON of progress."""

from typing import Annotated

from pydantic import Field

from app.catalogue.desk.models import PeriodKind
from app.duties.quotas import Standing
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Day, Input, Named, Output


class ProgressQuery(PageQuery):
    """A page of units with their progress in the periods that hold a day, or between two days."""

    organisation: Code | None = None
    on: Annotated[Day | None, Field(description="哪天所在的各时段；不填为今天")] = None
    from_on: Annotated[Day | None, Field(description="从哪天起的各时段，和 to_on 一起用")] = None
    to_on: Annotated[Day | None, Field(description="到哪天为止的各时段，至多一年")] = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class ProgressSummaryQuery(Input):
    """Below which organisation, in the periods that hold which day."""

    organisation: Code | None = None
    on: Annotated[Day | None, Field(description="哪天所在的各时段；不填为今天")] = None


class PeriodOut(Output):
    """A stretch of time in which a duty is counted."""

    kind: PeriodKind
    code: Annotated[str, Field(description="时段的代码，如 2026-W48、2026-11、2026-Q4")]
    label: Annotated[str, Field(description="时段的中文名")]
    first_on: Annotated[str, Field(description="时段的第一天")]
    last_on: Annotated[str, Field(description="时段的最后一天")]
    due_on: Annotated[str, Field(description="最晚哪天完成")]


class PartProgress(Output):
    """How a part of a quota stands."""

    name: str
    quota: Annotated[int, Field(description="要几条")]
    done: Annotated[int, Field(description="已有几条")]
    missing: Annotated[int, Field(description="还差几条")]


class DutyProgress(Output):
    """How a unit stands with a duty in a period."""

    duty: Named
    section: Annotated[str, Field(description="工作汇报的章节")]
    compound: Annotated[Named | None, Field(description="按小区计的，哪个小区；其余为空")]
    period: Annotated[PeriodOut, Field(description="哪个时段")]
    quota: Annotated[int, Field(description="要多少；0 为常态化")]
    done: Annotated[int, Field(description="已完成多少")]
    of: Annotated[int | None, Field(description="问题不过当日：共有多少问题；其余为空")]
    waiting: Annotated[int, Field(description="待审核的几条，还不算完成")]
    missing: Annotated[int, Field(description="还差多少")]
    parts: Annotated[list[PartProgress], Field(description="其中要有的，各完成多少")]
    standing: Annotated[
        Standing,
        Field(description="met 已完成；open 还差，没有到期；missed 到期没有完成；as_usual 常态化"),
    ]
    standing_label: Annotated[str, Field(description="完成情况的中文名")]
    scored: Annotated[bool, Field(description="false：只看，不计分")]


class UnitProgress(Output):
    """How a unit stands with all of its duties."""

    organisation: Named
    duties: Annotated[list[DutyProgress], Field(description="各项指标，按章节")]


class ProgressOut(Output):
    """A page of units by code."""

    items: list[UnitProgress]
    next_cursor: str | None


class DutyCounts(Output):
    """How many of an organisation's units stand how with one duty."""

    duty: Named
    section: Annotated[str, Field(description="工作汇报的章节")]
    met: Annotated[int, Field(description="已完成的单位数")]
    open: Annotated[int, Field(description="还差、没有到期的单位数")]
    missed: Annotated[int, Field(description="到期没有完成的单位数")]
    missing: Annotated[int, Field(description="共还差多少")]
    done: Annotated[int, Field(description="共完成多少")]


class ProgressLine(Output):
    """An organisation's units together."""

    organisation: Named
    met: Annotated[int, Field(description="已完成几项")]
    open: Annotated[int, Field(description="还差、没有到期的几项")]
    missed: Annotated[int, Field(description="到期没有完成的几项")]
    duties: Annotated[list[DutyCounts], Field(description="各项指标，按章节")]


class ProgressSummary(Output):
    """By child organisation."""

    on: Annotated[str, Field(description="哪天所在的各时段")]
    items: list[ProgressLine]
