"""JSON of the change feed."""

from typing import Annotated

from pydantic import Field

from app.kernel.schemas import Input, Output
from app.tickets.answers import TicketItem


class ChangesQuery(Input):
    """`updated_since` is the cursor of the answer before, or an instant to begin with; without it
    everything is told."""

    updated_since: Annotated[
        str | None,
        Field(max_length=400, description="上一次给出的 cursor；第一次可以是时间，不填从头开始"),
    ] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class ChangesOut(Output):
    """Tickets in the order of their last change; `cursor` is always where to go on."""

    items: list[TicketItem]
    gone: Annotated[
        list[str], Field(description="改到别的社区、不再看得到的工单编号；从缓存里删去")
    ]
    cursor: Annotated[str, Field(description="下一次的 updated_since，总是有")]
    more: Annotated[bool, Field(description="true：马上还有，接着取")]
