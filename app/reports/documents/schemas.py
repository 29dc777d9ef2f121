"""JSON of documents, in and out."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Input, Named, Output
from app.reports.documents.allowed import ReportAction
from app.reports.documents.models import ReportKind, ReportState
from app.reports.ledgers.schemas import MOST_DAYS
from app.tickets.answers import TicketItem
from app.tickets.figures.schemas import Day
from app.work.models import JobState

MOST_CASES = 200


class ReportNamed(Input):
    """The member of a body that says whose document it is."""

    organisation: Code


class NewReport(ReportNamed):
    """A document to be begun."""

    kind: Annotated[ReportKind, Field(description="bulletin 通报；work_report 工作汇报")]
    organisation: Annotated[Code, Field(description="县、镇、社区或村的编码")]
    from_: Annotated[Day, Field(alias="from", description="从哪天起")]
    to: Annotated[Day, Field(description="到哪天为止，含当天")]

    @field_validator("to")
    @classmethod
    def _runs_forward(cls, to: date, said: ValidationInfo) -> date:
        first = said.data.get("from_")
        if first is not None and to < first:
            raise ValueError("不能早于 from")
        if first is not None and (to - first).days >= MOST_DAYS:
            raise ValueError(f"一次最多 {MOST_DAYS} 天")
        return to


class VersionIn(Input):
    """The version that was seen."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, description="看到的 version")]


class VersionQuery(VersionIn):
    """The same in the address."""


Sentence = Annotated[str, Field(max_length=2000)]
SentenceKey = Annotated[str, Field(min_length=1, max_length=80)]


class ReportEdit(VersionIn):
    """What is changed; what is not named stays."""

    issue_number: Annotated[
        str | None, Field(max_length=40, description="期号，例如 第11期；空文字为去掉")
    ] = None
    dated_on: Annotated[Day | None, Field(description="落款日期；不填为生成的那天")] = None
    cases: Annotated[
        list[UUID] | None,
        Field(max_length=MOST_CASES, description="典型案例：工单的编号，按刊登的顺序"),
    ] = None
    sentences: Annotated[
        dict[SentenceKey, Sentence | None] | None,
        Field(
            max_length=MOST_CASES + 100,
            description="改写的文字，按 key；空为恢复系统写的；"
            "其中的电话、身份证号码和房号会被隐去",
        ),
    ] = None


class ReportsQuery(PageQuery):
    """A page of documents."""

    organisation: Annotated[Code | None, Field(description="只列这个组织的")] = None
    kind: Annotated[
        ReportKind | None, Field(description="只列 bulletin 通报或 work_report 工作汇报")
    ] = None
    state: Annotated[
        ReportState | None, Field(description="只列 draft 草稿、submitted 送审或 issued 已签发的")
    ] = None


class DocumentOut(Output):
    """The file of a document."""

    url: Annotated[str, Field(description="下载的地址")]
    sha256: Annotated[str, Field(description="文件的 SHA-256（十六进制）")]
    bytes: Annotated[int, Field(description="文件的字节数")]
    made_at: Annotated[str, Field(description="生成的时间，数据截至这时")]
    up_to_date: Annotated[bool, Field(description="false：之后改动过，要重新生成")]


class CaseOut(Output):
    """A typical case."""

    id: str
    number: Annotated[str, Field(description="工单号")]


class SentenceOut(Output):
    """A sentence of a document."""

    key: Annotated[str, Field(description="改写时用的名称")]
    generated: Annotated[str | None, Field(description="系统按数据写的；没有为空")]
    edited: Annotated[str | None, Field(description="改写的；没有改写为空")]
    text: Annotated[str, Field(description="文中用的；空文字不出现")]


class MakingOut(Output):
    """How far the making of a document is."""

    id: Annotated[str, Field(description="后台任务的编号，可用 /jobs/{job}/cancel 取消")]
    state: JobState
    state_label: str
    progress: Annotated[int, Field(description="做了百分之几（0–100）")]
    progress_text: Annotated[str, Field(description="正在做什么")]


class ReportItem(Output):
    """A document in a list."""

    id: str
    kind: ReportKind
    kind_label: str
    organisation: Named
    from_: Annotated[str, Field(alias="from", description="从哪天起")]
    to: Annotated[str, Field(description="到哪天为止，含当天")]
    state: Annotated[
        ReportState, Field(description="draft 草稿；submitted 送审；issued 已签发，不再改动")
    ]
    state_label: str
    version: int
    issue_number: Annotated[str | None, Field(description="期号")]
    dated_on: Annotated[str | None, Field(description="落款日期；没有指定为空")]
    began_at: Annotated[str, Field(description="开始做的时间")]
    submitted_at: Annotated[str | None, Field(description="送审的时间")]
    issued_at: Annotated[str | None, Field(description="签发的时间")]
    document: Annotated[DocumentOut | None, Field(description="文件；还没有生成为空")]


class ReportOut(ReportItem):
    """A document."""

    cases: Annotated[list[CaseOut], Field(description="典型案例")]
    sentences: Annotated[list[SentenceOut], Field(description="文中的各句话")]
    job: Annotated[MakingOut | None, Field(description="最近一次生成；已送审的为空")]
    allowed_actions: Annotated[
        list[ReportAction],
        Field(
            description="本人现在可以做的：edit 改、make 重新生成、submit 送审、delete 删除、"
            "return 退回修改、issue 签发"
        ),
    ]


class ReportPage(Output):
    """A page of documents."""

    items: list[ReportItem]
    next_cursor: str | None


class CandidatePage(Output):
    """A page of tickets that can be cases."""

    items: list[TicketItem]
    next_cursor: str | None
