"""JSON of the dictionary under administration."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.administration.schemas.common import Name, On
from app.catalogue.models import Action, Audience, Clock
from app.kernel.schemas import Code, Day, Flag, Input, Output
from app.sla.limits import LimitUnit

ConditionCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
ClosingTest = Annotated[str, StringConstraints(min_length=1, max_length=400)]

_ENFORCEMENT = "true：须告知执法机构的情形；目前只标明，移交用 refer"


class DictionaryQuery(Input):
    """Whose dictionary, on which day."""

    town: Annotated[Code | None, Field(description="镇的编码；不填为全县通用的")] = None
    day: Annotated[Day | None, Field(description="哪一天的；不填为今天")] = None


class DayQuery(Input):
    """As on which day."""

    day: Annotated[Day | None, Field(description="哪一天的；不填为今天")] = None


class LimitBody(Input):
    """An amount of one unit of time."""

    amount: Annotated[int, Field(ge=1, le=366, description="数量")]
    unit: Annotated[
        LimitUnit,
        Field(description="hour 工作小时；day 工作日；urgent_hour、urgent_day 不停表"),
    ]


class ConditionBody(Input):
    """A condition with its limit."""

    code: ConditionCode
    name: Name
    limit: Annotated[LimitBody, Field(description="办理时限：数量和单位")]
    closing_test: ClosingTest
    enforcement: Annotated[Flag, Field(description=_ENFORCEMENT)] = False


class CategoryBody(Input):
    """A category, whole: its conditions replace those there were."""

    name: Name
    action: Annotated[Action | None, Field(description="所属的六项行动")] = None
    standard_code: Annotated[
        Annotated[str, StringConstraints(pattern=r"^\d{5}$")] | None,
        Field(description="标准里的代码，五位数字"),
    ] = None
    standard_ref: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    routable: Annotated[Flag, Field(description="false：由人判定责任单位")] = True
    conditions: Annotated[list[ConditionBody], Field(min_length=1, max_length=50)]
    from_on: On = None


class RungBody(Input):
    """A rung: at how many percent of which limit who is told."""

    clock: Annotated[
        Clock, Field(description="filing 立案；rectifying 整改；checking 核查；answering 答复")
    ]
    percent: Annotated[int, Field(ge=80, le=1000, description="用掉时限的百分之几")]
    tell: Annotated[
        Audience,
        Field(
            description="responsible 责任单位；lead 负责人；supervisors 督查员；administrators 管理"
        ),
    ]


class RungsBody(Input):
    """The whole ladder from a day on: it stands in for the county's."""

    rungs: Annotated[list[RungBody], Field(min_length=1, max_length=50, description="各级")]
    from_on: On = None


class RungOut(Output):
    """A rung."""

    clock: Annotated[Clock, Field(description="哪个期限")]
    clock_label: Annotated[str, Field(description="哪个期限，中文")]
    percent: Annotated[int, Field(description="用掉时限的百分之几")]
    tell: Annotated[Audience, Field(description="告诉谁")]
    tell_label: Annotated[str, Field(description="告诉谁，中文")]


class RungsOut(Output):
    """A ladder; `own` false: the county's."""

    own: Annotated[bool, Field(description="是不是自己的；false 为全县的")]
    rungs: Annotated[list[RungOut], Field(description="各级")]


class LimitOut(Output):
    """A limit as amount and unit."""

    amount: Annotated[int, Field(description="数量")]
    unit: Annotated[str, Field(description="单位")]


class DictionaryCondition(Output):
    """A condition as it holds."""

    code: str
    name: str
    limit: Annotated[LimitOut, Field(description="办理时限：数量和单位")]
    limit_label: str
    closing_test: str
    enforcement: Annotated[bool, Field(description=_ENFORCEMENT)]


class DictionaryCategory(Output):
    """A category as it holds, and whose row it is."""

    code: str
    name: str
    action: Annotated[str | None, Field(description="所属的六项行动")]
    action_label: Annotated[str | None, Field(description="六项行动的中文名")]
    standard_code: Annotated[str | None, Field(description="标准里的代码")]
    standard_ref: str
    routable: Annotated[bool, Field(description="false：由人判定责任单位")]
    conditions: list[DictionaryCondition]
    own: Annotated[bool, Field(description="true：所问的镇（或县）自己的；false：用全县的")]
    from_on: Annotated[str, Field(description="从哪天起")]
    to_on: Annotated[str | None, Field(description="到哪天为止，不含当天；没有期限为空")]


class DictionaryOut(Output):
    """The dictionary as it holds on a day."""

    items: list[DictionaryCategory]
