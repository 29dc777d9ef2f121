"""The shape of cases.toml; extra keys are faults."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.catalogue.cases.models import About, CaseKind, FieldKind, Need, Opens, RecordedBy
from app.catalogue.schemas import Name, Part, refuse_repeated

WordCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
Section = Annotated[str, StringConstraints(pattern=r"^\d{1,2}(\.\d)?$")]
Days = Annotated[int, Field(strict=True, ge=1, le=365)]
Yes = Annotated[bool, Field(strict=True)]


class StepPart(Part):
    """One of the `stages` or `events`; `days`: working days until the next stage is due."""

    code: WordCode
    name: Name
    by: RecordedBy
    needs: list[Need] = Field(default_factory=list)
    days: Days | None = None


class FieldPart(Part):
    """One of the `fields`."""

    code: WordCode
    name: Name
    kind: FieldKind
    choices: list[Name] = Field(default_factory=list)
    expires: Yes = False

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.kind is FieldKind.choice) != bool(self.choices):
            raise PydanticCustomError("desk", "choice 要写 choices，别的不写")
        if self.expires and self.kind is not FieldKind.date:
            raise PydanticCustomError("desk", "expires 只用于 date")
        return self


class CaseKindPart(Part):
    """One `[[cases]]`."""

    code: WordCode
    section: Section
    name: Name
    about: About
    opens: Opens = Opens.hand
    stages: Annotated[list[StepPart], Field(min_length=2)]
    events: list[StepPart] = Field(default_factory=list)
    fields: list[FieldPart] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        refuse_repeated("步骤代码", (each.code for each in (*self.stages, *self.events)))
        refuse_repeated("字段代码", (each.code for each in self.fields))
        if self.stages[-1].days is not None:
            raise PydanticCustomError("desk", "最后一步没有期限")
        if any(each.days is not None for each in self.events):
            raise PydanticCustomError("desk", "随时记的事没有期限")
        if self.opens is Opens.repeats and self.about is not About.compound:
            raise PydanticCustomError("desk", "自动立的按小区")
        if sum(each.expires for each in self.fields) > 1:
            raise PydanticCustomError("desk", "到期日只有一个")
        return self


class CasesFile(Part):
    """cases.toml; a folder may be without it."""

    cases: list[CaseKindPart] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        refuse_repeated("专项代码", (each.code for each in self.cases))
        for opens in (Opens.repeats, Opens.spanning):
            if sum(each.opens is opens for each in self.cases) > 1:
                raise PydanticCustomError("desk", "自动立的和由工单组成的各只有一类")
        return self


def case_kind_rows(file: CasesFile) -> Iterator[CaseKind]:
    """The kinds of case as rows not yet in the session, in the file's order."""
    for position, part in enumerate(file.cases):
        parts = part.model_dump(mode="json", include={"stages", "events", "fields"})
        said = part.model_dump(exclude={"stages", "events", "fields"})
        yield CaseKind(position=position, **said, **parts)
