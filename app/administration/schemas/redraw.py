"""JSON of redrawing cells."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.kernel.schemas import Code, Day, Flag, Input, Named, Output


class RedrawBody(Input):
    """The cells as they shall be from a day on; what is not named stays."""

    features: Annotated[
        dict[str, Any],
        Field(
            description=(
                "GeoJSON 的 FeatureCollection（WGS-84）：要改和要新设的网格，"
                "properties 有 code、name、organisation，可以有 wardens（用户名）"
            )
        ),
    ]
    retire: Annotated[
        list[Code],
        Field(default_factory=list, max_length=500, description="要停用的网格编码"),
    ]
    from_on: Annotated[Day | None, Field(description="从哪天起；不填为今天，不能早于今天")] = None
    dry_run: Annotated[Flag, Field(description="true（默认）只预览；false 写入")] = True


class RedrawnCell(Output):
    """A cell that is drawn or retired."""

    code: str
    name: str
    change: Annotated[
        Literal["new", "redrawn", "unchanged", "retired"],
        Field(description="new 新设；redrawn 重划；unchanged 轮廓没变；retired 停用"),
    ]
    before_m2: Annotated[float | None, Field(description="原来的面积（平方米）；新设为空")]
    after_m2: Annotated[float | None, Field(description="以后的面积（平方米）；停用为空")]


class GroundMoved(Output):
    """Ground that goes from one cell to another."""

    from_cell: Annotated[Named | None, Field(description="原来的网格；空：原来不属于任何网格")]
    to_cell: Annotated[Named | None, Field(description="以后的网格；空：以后不属于任何网格")]
    area_m2: Annotated[float, Field(description="面积（平方米）")]


class CompoundMoved(Output):
    """A compound whose cells change."""

    compound: Named
    from_cells: Annotated[list[Named], Field(description="原来所跨的网格")]
    to_cells: Annotated[list[Named], Field(description="以后所跨的网格")]


class EffectOut(Output):
    """Things that lie where the cell changes."""

    kind: str
    label: Annotated[str, Field(description="种类的中文名")]
    count: Annotated[int, Field(description="几件")]


class RedrawOut(Output):
    """What a redrawing changes, or changed."""

    applied: Annotated[bool, Field(description="是否已写入")]
    from_on: Annotated[str, Field(description="从哪天起")]
    faults: Annotated[list[str], Field(description="错误，如重叠、空隙；有错误不能写入")]
    cells: Annotated[list[RedrawnCell], Field(description="所画的和停用的网格")]
    moves: Annotated[list[GroundMoved], Field(description="换了网格的地块，大的在前")]
    compounds: Annotated[list[CompoundMoved], Field(description="所跨网格有变的小区")]
    effects: Annotated[
        list[EffectOut], Field(description="位置落到别的网格的事项；它们自己的记录不变")
    ]
