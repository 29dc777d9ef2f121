"""JSON of content safety."""

from typing import Annotated

from pydantic import Field

from app.kernel.schemas import Flag, Input, Output
from app.photos.safety.models import CheckState


class DecideIn(Input):
    """What a person decides, and why."""

    release: Annotated[Flag, Field(description="true 恢复显示；false 确认有问题，继续隐藏")]
    reason: Annotated[
        str,
        Field(
            min_length=1,
            max_length=400,
            description="理由；其中的电话、身份证号码和房号会被隐去",
        ),
    ]


class CheckOut(Output):
    """A photo that waits for a person, or what was decided."""

    photo: Annotated[str, Field(description="照片的编号")]
    state: Annotated[CheckState, Field(description="检查到哪一步")]
    state_label: Annotated[str, Field(description="检查到哪一步，中文")]
    label: Annotated[int | None, Field(description="微信给的类别代码；没有为空")]
    hidden: Annotated[bool, Field(description="照片现在是不是隐藏")]
    received_at: Annotated[str, Field(description="收到照片的时间")]
    asked_at: Annotated[str, Field(description="最近一次请微信检查的时间")]
    decided_at: Annotated[str | None, Field(description="人工决定的时间；没有为空")]
    reason: Annotated[str | None, Field(description="人工决定的理由；没有为空")]


class ChecksOut(Output):
    """A page of photos that wait for a person."""

    items: list[CheckOut]
    next_cursor: str | None
