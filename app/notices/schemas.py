"""Notices as JSON."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kernel.paging import PageQuery
from app.kernel.schemas import Input, Output
from app.notices.models import NoticeKind


class NoticesQuery(PageQuery):
    """A page of one's notices; `unread`: only those not read."""

    unread: bool = False


class ReadBody(Input):
    """Which notices were read; all of them when none is named."""

    ids: Annotated[list[UUID], Field(max_length=200)] | None = None


class TicketNamed(Output):
    """A ticket that the reader sees."""

    id: str
    number: str


class NoticeOut(Output):
    """One notice."""

    id: str
    kind: NoticeKind
    kind_label: str
    text: str
    ticket: TicketNamed | None
    created_at: str
    read_at: str | None


class NoticesOut(Output):
    """A page of notices, and how many are not read."""

    items: list[NoticeOut]
    next_cursor: str | None
    unread: int


class ReadOut(Output):
    """How many are still not read."""

    unread: int
