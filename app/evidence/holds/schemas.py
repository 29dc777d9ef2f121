"""JSON of holds."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.kernel.schemas import Input, Instant, Output

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class NewHold(Input):
    """Why and until when."""

    reason: Annotated[
        Reason, Field(description="为什么保全，如案号；电话、身份证号码和房号会被隐去")
    ]
    until: Annotated[Instant | None, Field(description="保全到什么时候；不填为一直到解除")] = None


class Release(Input):
    """Why a hold ends."""

    reason: Annotated[Reason, Field(description="为什么解除；电话、身份证号码和房号会被隐去")]


class HoldOut(Output):
    """A hold: from when, until when, by whom and why."""

    id: str
    reason: Annotated[str, Field(description="为什么保全")]
    from_at: Annotated[str, Field(description="开始的时间")]
    until: Annotated[str | None, Field(description="到什么时候；为空的到解除为止")]
    holds: Annotated[bool, Field(description="现在是否在保全")]
    made_by: Annotated[str, Field(description="谁保全的")]
    released_at: Annotated[str | None, Field(description="解除的时间；没有解除为空")]
    released_by: Annotated[str | None, Field(description="谁解除的；没有解除为空")]
    release_reason: Annotated[str | None, Field(description="为什么解除；没有解除为空")]


class HoldsOut(Output):
    """The holds of a ticket or a photo, the newest first."""

    items: list[HoldOut]
