"""JSON of the log."""

from typing import Annotated, Any

from pydantic import Field

from app.administration.models import ChangeKind, SubjectKind
from app.administration.schemas.common import OrganisationQuery, PersonNamed
from app.kernel.schemas import Day, Named, Output


class AuditQuery(OrganisationQuery):
    """Changes, the newest first."""

    kind: Annotated[SubjectKind | None, Field(description="关于什么")] = None
    subject: Annotated[str | None, Field(max_length=80, description="所改内容的编码或用户名")] = (
        None
    )
    actor: Annotated[str | None, Field(max_length=64, description="操作人的用户名")] = None
    from_: Annotated[
        Day | None,
        Field(alias="from", description="从哪天起"),
    ] = None
    to: Annotated[Day | None, Field(description="到哪天为止，含当天")] = None


class AuditEntryOut(Output):
    """One change."""

    id: str
    at: str
    actor: Annotated[PersonNamed | None, Field(description="操作人；空：在服务器的命令行")]
    organisation: Annotated[Named | None, Field(description="所改内容属于哪个组织")]
    kind: Annotated[SubjectKind, Field(description="关于什么")]
    kind_label: str
    subject: Annotated[str, Field(description="所改内容的编码或用户名")]
    action: ChangeKind
    action_label: str
    before: Annotated[dict[str, Any] | None, Field(description="改前；新建的为空")]
    after: Annotated[dict[str, Any] | None, Field(description="改后")]
    request_id: Annotated[str | None, Field(description="请求编号 X-Request-ID")]


class AuditOut(Output):
    """A page of changes."""

    items: list[AuditEntryOut]
    next_cursor: str | None
