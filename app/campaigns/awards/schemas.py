"""JSON of award applications."""

from typing import Annotated

from pydantic import Field

from app.campaigns.awards.models import Award, AwardState
from app.campaigns.rules import Grade
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Input, Named, Output

YearNumber = Annotated[int, Field(ge=2000, le=2199)]


class AwardsQuery(PageQuery):
    """A page of applications of an organisation's subtree, a year, a state."""

    organisation: Code | None = None
    year: YearNumber | None = None
    state: AwardState | None = None


class ApplicationIn(Input):
    """An application; a unit is a building (3 栋 2 单元) or a number of households."""

    compound: Code
    award: Award
    grounds: Annotated[str, Field(max_length=2000)] = ""
    unit: Annotated[str, Field(max_length=40)] = ""
    year: YearNumber | None = None


class AwardAnswerIn(Input):
    """Why it is returned; for an acceptance as one likes."""

    note: Annotated[str, Field(max_length=500)] | None = None


class AwardOut(Output):
    """An application and its answer."""

    id: str
    award: Award
    award_label: str
    year: int
    compound: Named
    organisation: Named
    unit: str
    grounds: str
    grade: Grade | None
    grade_label: str | None
    direct: bool
    state: AwardState
    state_label: str
    applied_at: str
    answered_at: str | None
    answer: str | None


class AwardsOut(Output):
    """A page of applications, the newest first."""

    items: list[AwardOut]
    next_cursor: str | None
