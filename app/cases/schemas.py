"""JSON of cases."""

from typing import Annotated, Any

from pydantic import Field

from app.catalogue.cases.models import About, FieldKind, Need, Opens, RecordedBy
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Day, Input, Named, Output, Reference
from app.tickets.schemas import References

Note = Annotated[str, Field(max_length=1000)]
Version = Annotated[int, Field(ge=1, strict=True)]


class CasesQuery(PageQuery):
    """A page of cases of an organisation's subtree, a kind, a compound; only what is open, overdue
    or about to expire."""

    organisation: Code | None = None
    kind: Code | None = None
    compound: Code | None = None
    open: Annotated[bool, Field(description="1 为只看没有结束的")] = False
    overdue: Annotated[bool, Field(description="1 为只看下一步已经过期的")] = False
    expiring: Annotated[bool, Field(description="1 为只看 30 天内到期和已经到期的")] = False


class RecordIn(Input):
    """What is recorded of a step."""

    done_on: Day | None = None
    note: Note | None = None
    photo_ids: References
    fields: dict[Code, Any] = Field(default_factory=dict, max_length=20)


class OpenIn(RecordIn):
    """A case: of which kind, about what, and its first stage."""

    kind: Code
    title: Annotated[str, Field(min_length=1, max_length=120)]
    organisation: Code | None = None
    compound: Code | None = None
    tickets: Annotated[list[Reference], Field(max_length=20, default_factory=list)]


class StepRecordIn(RecordIn):
    """The next stage, or something noted besides."""

    step: Code
    version: Version


class DropCaseIn(Input):
    """Why it ends before its last stage."""

    version: Version
    note: Note | None = None


class CaseStepKindOut(Output):
    """A stage of a kind, or something noted besides."""

    code: str
    name: str
    by: RecordedBy
    needs: list[Need]
    days: int | None


class CaseFieldOut(Output):
    """What may be filled in."""

    code: str
    name: str
    kind: FieldKind
    choices: list[str]
    expires: bool


class CaseKindOut(Output):
    """A kind of case."""

    code: str
    name: str
    section: str
    about: About
    opens: Opens
    stages: list[CaseStepKindOut]
    events: list[CaseStepKindOut]
    fields: list[CaseFieldOut]


class CaseKindsOut(Output):
    """The kinds in force today."""

    items: list[CaseKindOut]


class CaseItemOut(Output):
    """A case in a list."""

    id: str
    kind: Named
    title: str
    organisation: Named
    compound: Named | None
    stage: str
    stage_label: str
    due_on: str | None
    expires_on: str | None
    version: int
    opened_at: str
    closed_at: str | None
    dropped_because: str | None
    ticket_ids: list[str]


class CaseStepOut(Output):
    """What was recorded; by nobody where the case did it by itself."""

    step: str
    step_label: str
    done_on: str
    note: str | None
    fields: dict[str, Any]
    by: str | None
    recorded_at: str
    photo_ids: list[str]


class CaseTicketOut(Output):
    """A ticket of a case that the asker sees."""

    id: str
    number: str


class CaseWholeOut(CaseItemOut):
    """A case whole."""

    fields: dict[str, Any]
    field_names: dict[str, str]
    steps: list[CaseStepOut]
    next: list[CaseStepKindOut]
    tickets: list[CaseTicketOut]


class CasesOut(Output):
    """A page of cases, those opened last first."""

    items: list[CaseItemOut]
    next_cursor: str | None
