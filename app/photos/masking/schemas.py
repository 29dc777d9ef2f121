"""JSON of masks."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from app.kernel.schemas import Input, Output
from app.photos.masking.models import MaskDecision, MaskState, Purpose

MOST_BOXES = 100
Pixel = Annotated[int, Field(ge=-32_768, le=32_768)]
Side = Annotated[int, Field(ge=1, le=32_768)]


class BoxIn(Input):
    """What is covered."""

    x: Annotated[Pixel, Field(description="左边，显示图上的像素；可以略出边界")]
    y: Annotated[Pixel, Field(description="上边")]
    width: Annotated[Side, Field(description="宽（像素）")]
    height: Annotated[Side, Field(description="高（像素）")]


class NewMask(Input):
    """A decision about a picture; it replaces the one before, which is kept."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1, description="看到的 version；还没有的是 0")]
    decision: Annotated[
        MaskDecision, Field(description="masked 遮盖方框里的；clear 看过了，无需遮盖")
    ]
    boxes: Annotated[
        list[BoxIn],
        Field(max_length=MOST_BOXES, description="全部方框，不只是新加的；无需遮盖的为空"),
    ]

    @field_validator("boxes")
    @classmethod
    def _fit_the_decision(cls, boxes: list[BoxIn], said: ValidationInfo) -> list[BoxIn]:
        decision = said.data.get("decision")
        if decision is MaskDecision.masked and not boxes:
            raise ValueError("请画出要遮盖的地方")
        if decision is MaskDecision.clear and boxes:
            raise ValueError("无需遮盖的不能有方框")
        return boxes


class BoxOut(Output):
    """A box in pixels of the display rendition, from its upper left corner."""

    x: Annotated[int, Field(description="左边，显示图上的像素")]
    y: Annotated[int, Field(description="上边")]
    width: Annotated[int, Field(description="宽（像素）")]
    height: Annotated[int, Field(description="高（像素）")]


class MaskOut(Output):
    """A version of a mask."""

    version: Annotated[int, Field(description="第几次")]
    decision: Annotated[MaskDecision, Field(description="masked 遮盖；clear 无需遮盖")]
    decision_label: Annotated[str, Field(description="决定的中文名")]
    boxes: Annotated[list[BoxOut], Field(description="遮盖的方框；无需遮盖的为空")]
    made_at: Annotated[str, Field(description="什么时候定的")]
    made_by: Annotated[str | None, Field(description="谁定的；您看不到的镇定的为空")]


class WantedOut(Output):
    """Who wants it outside, and for what."""

    purpose: Annotated[
        Purpose,
        Field(
            description="bulletin 公文案例；package 对外证据包；notice 整改通知书；"
            "sheet 打印工单；dossier 半年档案"
        ),
    ]
    purpose_label: Annotated[str, Field(description="用途的中文名")]
    wanted_at: Annotated[str, Field(description="什么时候要的")]
    wanted_by: Annotated[str, Field(description="谁要的")]


class LookOut(Output):
    """A look at what is sealed."""

    kind: Annotated[
        Literal["received", "unmasked", "quarantined"],
        Field(description="received 原图；unmasked 没有遮盖的显示图；quarantined 待人工审核的图"),
    ]
    kind_label: str
    looked_at: Annotated[str, Field(description="什么时候看的")]
    person: Annotated[str, Field(description="谁看的；服务器上的命令没有说是谁的，为“系统”")]


class LooksOut(Output):
    """A page of looks, the newest first."""

    items: list[LookOut]
    next_cursor: str | None


class MaskUrls(Output):
    """Signed addresses."""

    display: Annotated[str, Field(description="现在给人看的显示图；已遮盖的是遮盖后的")]
    unmasked: Annotated[str, Field(description="没有遮盖的显示图，画框用；每看一次都有记录")]


class MasksOut(Output):
    """Where a picture stands, and all that was decided about it."""

    photo_id: Annotated[str, Field(description="照片的编号")]
    state: Annotated[
        MaskState,
        Field(
            description="not_reviewed 未查看；pending 有人要对外用，待遮盖；"
            "masked 已遮盖；clear 无需遮盖"
        ),
    ]
    state_label: str
    version: Annotated[int, Field(description="定过几次；改的时候带上")]
    boxes: Annotated[list[BoxOut], Field(description="现在遮盖的方框，显示图上的像素")]
    wanted: Annotated[list[WantedOut], Field(description="谁等着对外用；您看不到的镇的不列")]
    items: Annotated[list[MaskOut], Field(description="历次决定，新的在前")]
    urls: MaskUrls
