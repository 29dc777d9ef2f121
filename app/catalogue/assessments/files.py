"""The shape of assessments.toml; extra keys are faults."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.catalogue.assessments.models import (
    SOURCES_OF,
    WAY_OF,
    AssessmentScheme,
    SchemePeriod,
    Source,
    Subject,
    Way,
)
from app.catalogue.schemas import Name, Part, refuse_repeated

SchemeCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Points = Annotated[Decimal, Field(gt=0, le=100, decimal_places=2)]
Bound = Annotated[int, Field(strict=True, ge=0, le=100)]
FULL = 100


class ItemPart(Part):
    """One of the `items`; `each`: points by the piece, of what is counted by the piece."""

    source: Source
    name: Name
    points: Points
    each: Points | None = None
    basis: Annotated[str, StringConstraints(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (WAY_OF[self.source] is Way.share) == (self.each is not None):
            raise PydanticCustomError("desk", "按件扣分、加分的要写 each，按比率的不写")
        return self


class SchemePart(Part):
    """One `[[schemes]]`."""

    code: SchemeCode
    name: Name
    subject: Subject
    period: SchemePeriod
    objection_days: Annotated[int, Field(strict=True, ge=1, le=60)]
    red_from: Bound | None = None
    black_below: Bound | None = None
    items: Annotated[list[ItemPart], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        refuse_repeated("来源", (each.source.value for each in self.items))
        allowed = SOURCES_OF[self.subject]
        if any(each.source not in allowed for each in self.items):
            raise PydanticCustomError("desk", "有的来源不能用于这种对象")
        basic = (each.points for each in self.items if WAY_OF[each.source] is not Way.bonus)
        if sum(basic) != FULL:
            raise PydanticCustomError("desk", "加分以外各项的分数合计应为 100")
        bounds = self.red_from, self.black_below
        if self.subject is Subject.compound and bounds != (None, None):
            raise PydanticCustomError("desk", "小区不上红黑榜")
        if None not in bounds and bounds[0] <= bounds[1]:  # type: ignore[operator]
            raise PydanticCustomError("desk", "red_from 应高于 black_below")
        return self


class AssessmentsFile(Part):
    """assessments.toml; a folder may be without it."""

    schemes: list[SchemePart] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        refuse_repeated("方案代码", (each.code for each in self.schemes))
        return self


def scheme_rows(file: AssessmentsFile) -> Iterator[AssessmentScheme]:
    """The schemes as rows not yet in the session, in the file's order."""
    for position, part in enumerate(file.schemes):
        said = part.model_dump(exclude={"items"})
        items = [
            {
                "source": each.source.value,
                "name": each.name,
                "points": f"{each.points:.2f}",
                "each": f"{each.each:.2f}" if each.each is not None else None,
                "basis": each.basis,
            }
            for each in part.items
        ]
        yield AssessmentScheme(position=position, **said, items=items)
