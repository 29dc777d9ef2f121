"""JSON of records."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from app.duties.records.models import RecordAction, RecordState
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Day, Input, Instant, Named, Output, Reference
from app.photos.schemas import PhotoOut

MOST_PHOTOS, MOST_LINKS = 9, 5
KindCode = Annotated[str, StringConstraints(min_length=1, max_length=40)]


def _address(text: str) -> str:
    """A link is an address of the web, and nothing that a browser would run."""
    head, _, rest = text.partition("://")
    if head.lower() not in ("http", "https") or not rest or not text.isprintable() or " " in text:
        raise ValueError("须为 http:// 或 https:// 开头的网址")
    return text


Link = Annotated[str, StringConstraints(max_length=500), AfterValidator(_address)]


class RecordBody(Input):
    """What a unit did."""

    kinds: Annotated[
        list[KindCode],
        Field(min_length=1, max_length=5, description="记录的种类；一件事可以算几种"),
    ]
    happened_on: Annotated[Day | None, Field(description="哪天的事；不填为今天")] = None
    subject: Annotated[
        str,
        StringConstraints(min_length=1, max_length=120),
        Field(description="做了什么，一句话；其中的电话、身份证号码和房号会被隐去"),
    ]
    place: Annotated[str | None, Field(max_length=80, description="在哪里")] = None
    quantity: Annotated[
        int | None,
        Field(ge=0, le=10_000_000, description="数字，含义随种类（人数、户数……）"),
    ] = None
    note: Annotated[str, Field(max_length=1000)] | None = None
    links: Annotated[list[Link], Field(max_length=MOST_LINKS, description="网址")] = Field(
        default_factory=list
    )
    photo_ids: Annotated[list[Reference], Field(max_length=MOST_PHOTOS)] = Field(
        default_factory=list
    )


class RecordIn(RecordBody):
    """A record to be made."""

    organisation: Annotated[
        Code | None, Field(description="社区、村或镇的编码；不填为本人所在的")
    ] = None
    compound: Annotated[Code | None, Field(description="小区的编码")] = None
    occurred_at: Instant | None = None
    sent_at: Instant | None = None


class CorrectionIn(RecordBody):
    """The whole of a record as it should be."""

    version: int
    reason: Annotated[str | None, Field(max_length=200, description="为什么更正")] = None


class RecordActionIn(Input):
    """An action on a record as it was seen."""

    version: int
    note: Annotated[str, Field(max_length=500)] | None = None


class RecordsQuery(PageQuery):
    """A page of records; days are both included."""

    organisation: Code | None = None
    compound: Code | None = None
    kind: Annotated[list[KindCode], Field(description="记录的种类，可重复")] = Field(
        default_factory=list
    )
    state: Annotated[list[RecordState], Field(description="记录的状态，可重复")] = Field(
        default_factory=list
    )
    from_on: Annotated[Day | None, Field(description="不早于哪天")] = None
    to_on: Annotated[Day | None, Field(description="不晚于哪天")] = None


class KindNamed(Output):
    """A kind of record inside another object."""

    code: str
    name: str


class ChangeOut(Output):
    """What somebody did to a record."""

    at: str
    action: RecordAction
    action_label: str
    actor: Annotated[str, Field(description="谁做的")]
    note: str | None
    before: Annotated[dict[str, object] | None, Field(description="更正之前写的；不是更正为空")]


class RecordItem(Output):
    """A record in a list."""

    id: str
    organisation: Named
    compound: Named | None
    kinds: Annotated[list[KindNamed], Field(description="记录的种类")]
    state: RecordState
    state_label: str
    version: Annotated[int, Field(description="版本号，每次操作加一")]
    happened_on: Annotated[str, Field(description="哪天的事")]
    subject: Annotated[str, Field(description="做了什么")]
    place: Annotated[str | None, Field(description="在哪里")]
    quantity: Annotated[int | None, Field(description="数字，含义随种类")]
    note: str | None
    links: Annotated[list[str], Field(description="网址")]
    recorded_by: Annotated[str, Field(description="谁记录的")]
    received_at: str
    photos: Annotated[list[PhotoOut], Field(description="照片")]


class RecordOut(RecordItem):
    """A record whole."""

    changes: Annotated[list[ChangeOut], Field(description="更正、撤回和审核，旧的在前，只增不改")]


class RecordsOut(Output):
    """A page of records, the newest day first."""

    items: list[RecordItem]
    next_cursor: str | None
