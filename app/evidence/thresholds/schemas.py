"""JSON of thresholds."""

from typing import Annotated

from pydantic import Field

from app.kernel.schemas import Day, Input, Output

Number = Annotated[float, Field(strict=True)]


class ThresholdsQuery(Input):
    """On which day."""

    day: Annotated[Day | None, Field(description="哪一天的；不填为今天")] = None


class ThresholdsBody(Input):
    """The figures that change, and from which day."""

    from_on: Annotated[
        Day | None,
        Field(description="从哪天起，最早是明天；不填为明天"),
    ] = None
    figures: Annotated[
        dict[str, Number],
        Field(
            min_length=1,
            max_length=50,
            description="要改的界限，名称见 GET 的 figures；没有写到的，照那一天原来的",
        ),
    ]


class FigureOut(Output):
    """One figure as it holds, with its bounds."""

    name: Annotated[str, Field(description="界限的名称")]
    label: Annotated[str, Field(description="界限的中文名")]
    unit: Annotated[str, Field(description="单位")]
    value: Annotated[float, Field(description="这一天的数值")]
    shipped: Annotated[float, Field(description="系统自带的数值")]
    least: Annotated[float, Field(description="最小可以改到")]
    most: Annotated[float, Field(description="最大可以改到")]


class ThresholdSetOut(Output):
    """A set of figures that a county wrote."""

    rule_version: Annotated[str, Field(description="规则版本，疑点里写的就是它")]
    from_on: Annotated[str, Field(description="从哪天起")]
    to_on: Annotated[str | None, Field(description="到哪天为止，不含当天；没有期限为空")]
    made_at: Annotated[str, Field(description="什么时候定的")]
    figures: Annotated[dict[str, float], Field(description="名称和数值")]


class ThresholdsOut(Output):
    """The thresholds of a day, and every set there ever was."""

    day: Annotated[str, Field(description="哪一天")]
    rule_version: Annotated[str, Field(description="这一天的规则版本")]
    figures: Annotated[list[FigureOut], Field(description="这一天的界限")]
    sets: Annotated[
        list[ThresholdSetOut], Field(description="县里定过的，先后为序；没有定过的日子用系统自带的")
    ]
