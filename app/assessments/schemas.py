"""JSON of assessment."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from app.assessments.periods import stretch
from app.catalogue.assessments.models import SchemePeriod, Source, Subject, Way
from app.kernel.clock import utc_now
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Input, Named, Output


def _period(text: str) -> str:
    try:
        stretch(text, utc_now())
    except ValueError:
        raise ValueError("须为月份或年份，例如 2026-11、2026") from None
    return text


PeriodCode = Annotated[
    str, AfterValidator(_period), Field(description="月份或年份，例如 2026-11、2026")
]
SchemeCode = Annotated[str, Field(min_length=1, max_length=40, description="方案的代码")]
HIDDEN = "其中的电话、身份证号码和房号会被隐去"
Words = Annotated[str, Field(min_length=1, max_length=1000)]


class SwitchIn(Input):
    """On or off, and by which paper."""

    on: Annotated[bool, Field(description="true 启用；false 停用")]
    document: Annotated[str, Field(min_length=1, max_length=160, description="依据的文件")]


class SwitchedOut(Output):
    """Days on which assessment was on."""

    from_on: Annotated[str, Field(description="从哪天起")]
    to_on: Annotated[str | None, Field(description="到哪天为止（当天已停用）；仍启用为空")]
    document: Annotated[str, Field(description="依据的文件")]
    switched_at: Annotated[str, Field(description="什么时候启用的")]


class SwitchOut(Output):
    """Whether assessment is on, and when it was."""

    on: Annotated[bool, Field(description="今天是否启用")]
    history: Annotated[list[SwitchedOut], Field(description="历次启用，新的在前")]


class RuleOut(Output):
    """An item of a scheme."""

    source: Annotated[Source, Field(description="从什么算出")]
    name: str
    way: Annotated[Way, Field(description="share 按比率得分；pieces 按件扣分；bonus 加分")]
    way_label: Annotated[str, Field(description="得分办法的中文名")]
    points: Annotated[float, Field(description="满分；加分项为至多加几分")]
    each: Annotated[float | None, Field(description="每件几分；按比率的为空")]
    says: Annotated[str, Field(description="数的是什么")]
    basis: Annotated[str, Field(description="分数从哪里来")]


class SchemeOut(Output):
    """A scheme of assessment."""

    code: str
    name: str
    subject: Annotated[Subject, Field(description="考核的对象")]
    subject_label: Annotated[str, Field(description="对象的中文名")]
    period: Annotated[SchemePeriod, Field(description="month 月调度；year 年度考核")]
    period_label: Annotated[str, Field(description="月调度或年度考核")]
    objection_days: Annotated[int, Field(description="固定以后几天内可以提出异议")]
    red_from: Annotated[int | None, Field(description="不低于几分上红榜；不上榜为空")]
    black_below: Annotated[int | None, Field(description="低于几分上黑榜；不上榜为空")]
    highest: Annotated[float, Field(description="最高几分，含加分")]
    items: Annotated[list[RuleOut], Field(description="各项")]


class SchemesOut(Output):
    """The schemes in force."""

    items: list[SchemeOut]


class ScoresQuery(Input):
    """Which scheme, which township, which period."""

    scheme: SchemeCode
    organisation: Annotated[Code, Field(description="镇（或镇内单位）的编码")]
    period: PeriodCode


class ScoreLineOut(Output):
    """One thing that was counted, and where it is."""

    text: Annotated[str, Field(description="数了什么")]
    url: Annotated[str, Field(description="在哪里看")]


class ScoredItemOut(RuleOut):
    """What an item earned, and how."""

    numerator: Annotated[int, Field(description="分子；按件的为件数")]
    denominator: Annotated[int, Field(description="分母；按件的为 0 或不用")]
    earned: Annotated[float, Field(description="得分")]
    formula: Annotated[str, Field(description="算式，可以照着再算一遍")]
    numerator_url: Annotated[str | None, Field(description="分子是哪些工单；不是工单的为空")]
    denominator_url: Annotated[str | None, Field(description="分母是哪些工单；不是工单的为空")]
    lines: Annotated[list[ScoreLineOut], Field(description="不是工单的，一条一条")]


class LiveOut(Output):
    """A score as of now."""

    subject: Annotated[Named, Field(description="考核的是谁、哪里")]
    total: Annotated[float, Field(description="合计")]
    items: Annotated[list[ScoredItemOut], Field(description="各项得分")]


class ScoresOut(Output):
    """The scores of a peer group as of now, by code."""

    scheme: Annotated[Named, Field(description="哪个方案")]
    period: Annotated[str, Field(description="哪个时段，例如 2026-11、2026")]
    over: Annotated[bool, Field(description="时段已经结束")]
    data_version: Annotated[dict[str, Any], Field(description="按哪一版字典和规则、算到什么时候")]
    items: list[LiveOut]


class AssessmentTown(Input):
    """The township of a body, whatever else it says."""

    organisation: Annotated[Code, Field(description="镇（或镇内单位）的编码")]


class AssessmentFreezeIn(Input):
    """A period to be frozen."""

    scheme: SchemeCode
    organisation: Annotated[Code, Field(description="镇（或镇内单位）的编码")]
    period: PeriodCode
    reason: Annotated[
        str | None,
        Field(max_length=400, description="再次固定的原因；其中的电话、身份证号码和房号会被隐去"),
    ] = None


class AssessmentFreezesQuery(PageQuery):
    """A page of a township's freezes."""

    organisation: Annotated[Code, Field(description="镇（或镇内单位）的编码")]


class AssessmentFreezeOut(Output):
    """A freeze without its scores."""

    id: str
    scheme: Annotated[Named, Field(description="哪个方案")]
    organisation: Named
    period: Annotated[str, Field(description="哪个时段，例如 2026-11、2026")]
    sequence: Annotated[int, Field(description="第几次固定")]
    reason: Annotated[str | None, Field(description="再次固定的原因")]
    frozen_at: Annotated[str, Field(description="什么时候固定的")]
    data_version: Annotated[dict[str, Any], Field(description="按哪一版字典和规则、算到什么时候")]


class AssessmentFreezesOut(Output):
    """A page of freezes."""

    items: list[AssessmentFreezeOut]
    next_cursor: str | None


class FrozenLine(Output):
    """A frozen score in a list."""

    id: str
    subject: Annotated[Named, Field(description="考核的是谁、哪里")]
    total: Annotated[float, Field(description="固定时的分数")]
    corrected: Annotated[float, Field(description="答复异议以后的分数")]


class AssessmentFreezeWholeOut(AssessmentFreezeOut):
    """A freeze with the scores that the asker sees."""

    scores: Annotated[list[FrozenLine], Field(description="看得到的考核分，按编码")]


class ObjectionOut(Output):
    """An objection with its answer."""

    id: str
    item: Annotated[str, Field(description="对哪一项")]
    text: Annotated[str, Field(description="异议的理由")]
    made_at: Annotated[str, Field(description="什么时候提出的")]
    accepted: Annotated[bool | None, Field(description="是否同意；没有答复为空")]
    exempt: Annotated[bool | None, Field(description="是否尽职免责；没有答复为空")]
    change: Annotated[float | None, Field(description="这一项改了几分；没有答复为空")]
    answer: Annotated[str | None, Field(description="答复")]
    answered_at: Annotated[str | None, Field(description="什么时候答复的；没有答复为空")]


class ScoreOut(FrozenLine):
    """A frozen score whole."""

    freeze: Annotated[AssessmentFreezeOut, Field(description="哪一次固定的")]
    items: Annotated[list[ScoredItemOut], Field(description="各项得分")]
    sum: Annotated[str, Field(description="各项相加的算式")]
    objections_until: Annotated[str, Field(description="哪天以前（含当天）可以提出异议")]
    objection: Annotated[ObjectionOut | None, Field(description="异议；没有为空")]


class ObjectionIn(Input):
    """Which item is wrong, and why."""

    item: Annotated[Source, Field(description="对哪一项")]
    text: Annotated[Words, Field(description="理由和依据；" + HIDDEN)]


class ObjectionAnswerIn(Input):
    """The one answer."""

    accepted: Annotated[bool, Field(description="true 同意；false 不同意")]
    text: Annotated[Words, Field(description="答复；" + HIDDEN)]
    exempt: Annotated[bool, Field(description="已尽职并有记录，免责：这一项得满分")] = False
    points: Annotated[
        float | None, Field(ge=0, le=100, description="同意的，这一项改为几分（两位小数以内）")
    ] = None


class BoardLine(Output):
    """A unit or company on a board."""

    subject: Annotated[Named, Field(description="考核的是谁、哪里")]
    corrected: Annotated[float, Field(description="分数")]


class BoardOut(Output):
    """The red and the black board."""

    freeze: Annotated[AssessmentFreezeOut, Field(description="哪一次固定的")]
    red: Annotated[list[BoardLine], Field(description="红榜")]
    black: Annotated[list[BoardLine], Field(description="黑榜")]
