"""JSON of the check of texts."""

from typing import Annotated

from pydantic import Field

from app.kernel.schemas import Output
from app.photos.safety.models import CheckState


class TextCheckOut(Output):
    """A text that waits for a person, or what was decided."""

    id: Annotated[str, Field(description="这段文字的编号（SHA-256）")]
    text: Annotated[str, Field(description="原文，隐藏的也在这里")]
    place: Annotated[str, Field(description="写在哪里，如“工单的问题描述”；多处相同的是其中一处")]
    state: Annotated[CheckState, Field(description="检查到哪一步")]
    state_label: Annotated[str, Field(description="检查到哪一步，中文")]
    label: Annotated[int | None, Field(description="微信给的类别代码；没有为空")]
    hidden: Annotated[bool, Field(description="现在是不是隐藏")]
    written_at: Annotated[str, Field(description="什么时候写的")]
    decided_at: Annotated[str | None, Field(description="人工决定的时间；没有为空")]
    reason: Annotated[str | None, Field(description="人工决定的理由；没有为空")]


class TextChecksOut(Output):
    """A page of texts that wait for a person."""

    items: list[TextCheckOut]
    next_cursor: str | None
