"""JSON of complaints."""

import re
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.complaints.models import ComplaintKind, ComplaintSource, Outcome
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Input, Named, Output, Reference

LONGEST = 1000
_PHONE = re.compile(r"[0-9+() -]{5,20}")
_LINE = re.compile(r"[0-9+()（） 、，转-]{3,40}")

MASKED = "其中的电话、身份证号码和房号会被隐去"
Words = Annotated[str, Field(min_length=1, max_length=LONGEST, description=f"要说的话；{MASKED}")]
OnceKey = Annotated[str, Field(min_length=16, max_length=64, pattern=r"^[!-~]+$")]
Version = Annotated[int, Field(ge=1, strict=True)]


def _telephone(text: str) -> str | None:
    if text and not _PHONE.fullmatch(text):
        raise ValueError("须为电话号码，只写数字、空格、-、+ 和括号")
    return text or None


def _line(text: str) -> str:
    if not _LINE.fullmatch(text):
        raise ValueError("须为电话号码，只写数字、空格、-、+、转和括号")
    return text


Telephone = Annotated[str, Field(max_length=20), AfterValidator(_telephone)]
TicketNumber = Annotated[str, StringConstraints(max_length=40)]


class ResidentIn(Input):
    """What a resident says. `once` is drawn by the page: the same sent again is one complaint."""

    kind: ComplaintKind
    text: Words
    phone: Telephone | None = None
    ticket_number: TicketNumber | None = None
    once: OnceKey


class StaffIn(Input):
    """What staff say under their own name, to their township's office or another."""

    kind: ComplaintKind
    text: Words
    office: Code | None = None


class AnonymousIn(StaffIn):
    """What staff say without a name. `once` is drawn by the page."""

    once: OnceKey


class ReceiptIn(Input):
    """The two halves of a receipt."""

    number: Annotated[str, Field(min_length=1, max_length=40)]
    code: Annotated[str, Field(min_length=1, max_length=40)]


class ComplaintsQuery(PageQuery):
    """A page of complaints: only what waits, only what is late, of one office."""

    open: Annotated[bool, Field(description="1 为只看没有答复的")] = False
    overdue: Annotated[bool, Field(description="1 为只看超期没有答复的")] = False
    office: Code | None = None


class LinkIn(Input):
    """Which ticket a complaint is about."""

    version: Version
    ticket: Reference


class RemoveIn(Input):
    """Which photos of the ticket go, and why."""

    version: Version
    photo_ids: Annotated[list[UUID], Field(min_length=1, max_length=40)]
    reason: Annotated[str, Field(min_length=1, max_length=400, description=f"理由；{MASKED}")]


class AnswerIn(Input):
    """The office's answer."""

    version: Version
    outcome: Outcome
    answer: Annotated[
        str, Field(min_length=1, max_length=2000, description=f"答复的内容；{MASKED}")
    ]


class OfficeIn(Input):
    """How an office is reached."""

    phone: Annotated[str, Field(max_length=40), AfterValidator(_line)]
    hours: Annotated[str, Field(max_length=40)] = ""


class OfficeOut(Output):
    """An office that answers, and how long it may take."""

    code: str
    name: str
    phone: str | None
    hours: str | None
    answering_limit: str


class KindOut(Output):
    """A kind of complaint."""

    code: ComplaintKind
    name: str


class PlaceOut(Output):
    """Where a code hangs, and who answers for it."""

    compound: Named
    office: OfficeOut
    kinds: list[KindOut]


class ReceiptOut(Output):
    """A receipt; the code is told once."""

    number: str
    code: str
    answer_by: str


class ReceivedOut(Output):
    """What became of a complaint, for who has its receipt, or said it under their own name."""

    number: str
    kind: ComplaintKind
    kind_label: str
    text: str
    office: Named
    received_on: str
    answer_by: str
    answered_on: str | None
    outcome: Outcome | None
    outcome_label: str | None
    answer: str | None


class ReceivedPageOut(Output):
    """A page of one's own."""

    items: list[ReceivedOut]
    next_cursor: str | None


class ComplaintTicketOut(Output):
    """The ticket that a complaint is about."""

    id: str
    number: str
    state: str
    state_label: str


class ComplaintOut(Output):
    """A complaint as the office sees it. `by` is named by themselves only."""

    id: str
    number: str
    kind: ComplaintKind
    kind_label: str
    source: ComplaintSource
    source_label: str
    office: Named
    compound: Named | None
    text: str
    phone: str | None
    by: str | None
    ticket: ComplaintTicketOut | None
    received_on: str
    due_at: str
    overdue: bool
    answered_at: str | None
    answered_by: str | None
    outcome: Outcome | None
    outcome_label: str | None
    answer: str | None
    version: int


class IssuedOut(Output):
    """An issued document."""

    id: str
    name: str


class RemovedOut(ComplaintOut):
    """A complaint after photos were removed, and the issued documents that still show them."""

    issued_documents: list[IssuedOut]


class ComplaintsOut(Output):
    """A page of complaints, what came last first."""

    items: list[ComplaintOut]
    next_cursor: str | None
