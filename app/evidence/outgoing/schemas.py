"""JSON of photos that wait."""

from typing import Annotated

from pydantic import Field

from app.kernel.schemas import Output
from app.photos.masking.schemas import WantedOut


class WaitingPhoto(Output):
    """A photo."""

    id: Annotated[str, Field(description="照片的编号")]
    thumb: Annotated[str, Field(description="缩略图的签名地址")]


class WaitingTicket(Output):
    """Its ticket."""

    id: Annotated[str, Field(description="工单的编号")]
    number: Annotated[str, Field(description="工单号")]
    place: Annotated[str, Field(description="在哪里")]
    category: Annotated[str, Field(description="事项类别")]


class ToMaskOut(Output):
    """A photo that waits, as part of a ticket."""

    photo: WaitingPhoto
    ticket: WaitingTicket
    wanted: Annotated[list[WantedOut], Field(description="谁等着对外用，先要的在前")]


class ToMaskPageOut(Output):
    """A page of photos that wait, the one that waits longest first."""

    photos: Annotated[int, Field(description="一共几张照片等着")]
    tickets: Annotated[int, Field(description="属于几张工单")]
    items: list[ToMaskOut]
    next_cursor: str | None
