"""JSON of what waits for a decision."""

from typing import Annotated

from pydantic import Field

from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Output
from app.tickets.answers import TicketItem
from app.tickets.review.reasons import ReviewReason


class ReviewQuery(PageQuery):
    """A page of what waits, of an organisation's subtree or for one reason."""

    organisation: Code | None = None
    reason: Annotated[ReviewReason | None, Field(description="只看有这个理由的")] = None


class ReviewReasonOut(Output):
    """Why a ticket waits."""

    code: Annotated[ReviewReason, Field(description="要看的理由")]
    label: Annotated[str, Field(description="理由的中文名")]


class ReviewItem(Output):
    """A ticket that waits for a decision."""

    ticket: Annotated[TicketItem, Field(description="工单")]
    reasons: Annotated[list[ReviewReasonOut], Field(description="为什么要看，最要紧的在前")]


class ReviewOut(Output):
    """A page of what waits, the riskiest first."""

    items: Annotated[list[ReviewItem], Field(description="等待决定的工单，风险大的在前")]
    count: Annotated[int, Field(description="从这一页的第一张起，还有多少张在等")]
    next_cursor: str | None
