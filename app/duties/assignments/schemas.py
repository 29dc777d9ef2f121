"""JSON of assignments."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from app.administration.schemas.common import On, PersonNamed
from app.administration.schemas.people import Username
from app.duties.assignments.models import AssignedKind, AssistantKind, Part
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Day, Input, Named, Output
from app.people.models import Role

MOST_SUBJECTS = 200


def _no_number(text: str) -> str:
    """A name is no place for a phone number."""
    if not text.isprintable() or any(each.isdigit() for each in text):
        raise ValueError("只写姓名或单位名称，不写电话等数字")
    return text


BareName = Annotated[
    str, StringConstraints(min_length=1, max_length=40), AfterValidator(_no_number)
]


class SubjectIn(Input):
    """What is assigned."""

    kind: Annotated[
        AssignedKind,
        Field(
            description="cell 网格；compound 小区；checkpoint 点位；duty 指标；line 村的工作分工"
        ),
    ]
    code: Annotated[
        str,
        StringConstraints(min_length=1, max_length=64),
        Field(description="网格、小区的编码，点位的编号，或指标、分工的代码"),
    ]


class AssignmentsIn(Input):
    """Somebody is to lead or assist."""

    organisation: Annotated[Code, Field(description="社区或村的编码")]
    subjects: Annotated[
        list[SubjectIn], Field(min_length=1, max_length=MOST_SUBJECTS, description="分工的对象")
    ]
    part: Part
    person: Annotated[Username, Field(description="用户名；负责的必填")] | None = None
    name: Annotated[BareName, Field(description="没有账号的协助人")] | None = None
    assists_as: AssistantKind | None = None
    from_on: On = None
    to_on: Annotated[Day | None, Field(description="到哪天为止，不含当天；不填为没有期限")] = None


class HandOverIn(Input):
    """Everything of one person passes to another."""

    organisation: Annotated[Code, Field(description="社区、村或镇的编码，含其下级")]
    person: Annotated[Username, Field(description="移交人的用户名")]
    to: Annotated[Username, Field(description="接手人的用户名")]
    on: On = None


class NameableQuery(PageQuery):
    """A page of who may be named for something of a unit."""

    organisation: Annotated[Code, Field(description="社区、村或镇的编码")]


class AssignmentsQuery(PageQuery):
    """A page of assignments that hold on a day."""

    organisation: Code | None = None
    kind: AssignedKind | None = None
    part: Part | None = None
    person: Annotated[Username, Field(description="用户名")] | None = None
    on: Annotated[Day | None, Field(description="哪天的分工；不填为今天")] = None


class VacantQuery(PageQuery):
    """A page of what has no one."""

    organisation: Code | None = None
    kind: Annotated[AssignedKind | None, Field(description="cell、checkpoint、duty、line")] = None


class VacantSummaryQuery(Input):
    """Below which organisation."""

    organisation: Code | None = None


class SubjectOut(Output):
    """What is assigned."""

    kind: AssignedKind
    kind_label: str
    code: Annotated[str, Field(description="网格、小区的编码，点位的编号，或分工的代码")]
    name: str


class AssignmentOut(Output):
    """Somebody leads or assists, from a day to a day."""

    id: str
    organisation: Named
    subject: SubjectOut
    part: Part
    part_label: str
    assists_as: AssistantKind | None
    assists_as_label: str | None
    person: Annotated[PersonNamed | None, Field(description="负责或协助的人；没有账号为空")]
    name: Annotated[str | None, Field(description="没有账号的协助人；有账号为空")]
    from_on: str
    to_on: str | None


class AssignmentsOut(Output):
    """Assignments."""

    items: list[AssignmentOut]
    next_cursor: str | None


class NameableOut(Output):
    """A person by a post through which they may answer for something."""

    person: Annotated[PersonNamed, Field(description="可以负责的人")]
    role: Role
    role_label: str
    organisation: Named


class NameablePage(Output):
    """A page of who may be named, by post."""

    items: list[NameableOut]
    next_cursor: str | None


class GivenOut(Output):
    """The assignments as they are now."""

    items: list[AssignmentOut]


class HandedOverOut(Output):
    """What passed to another; nothing when all had passed before."""

    items: Annotated[list[AssignmentOut], Field(description="接手的分工")]
    cells: Annotated[list[Named], Field(description="接手巡查的网格")]


class VacantOut(Output):
    """A subject that nobody leads."""

    organisation: Named
    subject: SubjectOut
    place: Annotated[str | None, Field(description="点位所在的小区；不是点位的为空")]


class VacantPage(Output):
    """A page of what has no one."""

    items: list[VacantOut]
    next_cursor: str | None


class VacantLine(Output):
    """How much has no one, of one organisation."""

    organisation: Named
    vacant: Annotated[int, Field(description="没有人负责的共几项")]
    cells: Annotated[int, Field(description="没有人负责的网格数")]
    checkpoints: Annotated[int, Field(description="没有人负责的点位数")]
    duties: Annotated[int, Field(description="没有人负责的指标数")]
    lines: Annotated[int, Field(description="没有人负责的工作分工数")]


class VacantSummary(Output):
    """By child organisation."""

    items: list[VacantLine]
