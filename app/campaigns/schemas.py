"""JSON of campaigns."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from app.campaigns.rules import Criterion, Grade, HalfYear, Step
from app.catalogue.models import Action
from app.grid.models import Area
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Day, Input, Named, Output
from app.tickets.figures.schemas import Month
from app.tickets.schemas import References

Note = Annotated[str, Field(max_length=500)]


def _half(text: str) -> str:
    if not re.fullmatch(r"(20|21)\d\dH[12]", text, re.ASCII):
        raise ValueError("须为半年，例如 2026H2")
    return text


Half = Annotated[str, AfterValidator(_half), Field(description="半年，例如 2026H2")]


def half_year(text: str) -> HalfYear:
    """The half year written 2026H2."""
    year, half = text.split("H")
    return HalfYear(int(year), int(half))


class CampaignsQuery(PageQuery):
    """A page of campaigns of an organisation's subtree, a month, a compound."""

    organisation: Code | None = None
    month: Month | None = None
    compound: Code | None = None


class PlanIn(Input):
    """A compound, or an area of it, for a month."""

    compound: Code
    month: Annotated[Month, Field(description="月份，例如 2026-11")]
    area: Area | None = None


class DropIn(Input):
    """Why it is taken off the plan."""

    note: Note | None = None


class StepIn(Input):
    """One step of one action, with its day and proof."""

    action: Action
    step: Step
    done_on: Day
    note: Note | None = None
    photo_ids: References


class StepOut(Output):
    """A step that was done."""

    id: str
    step: Step
    step_label: str
    done_on: str
    note: str | None
    photo_ids: list[str]
    recorded_at: str


class NextStepOut(Output):
    """A step that may be recorded now."""

    step: Step
    step_label: str


class PartOut(Output):
    """One of the six actions: its steps, what may follow, how many problems were found and put
    right."""

    action: Action
    action_label: str
    steps: list[StepOut]
    next: list[NextStepOut]
    found: int
    closed: int


class CampaignItemOut(Output):
    """A campaign in a list."""

    id: str
    month: str
    compound: Named
    organisation: Named
    area: Area | None
    area_label: str | None
    actions_done: int
    actions: int
    completed_on: str | None
    dropped_at: str | None
    dropped_because: str | None


class CampaignOut(CampaignItemOut):
    """A campaign whole."""

    parts: list[PartOut]


class CampaignsOut(Output):
    """A page of campaigns, the newest month first."""

    items: list[CampaignItemOut]
    next_cursor: str | None


class ProgressQuery(PageQuery):
    """Whose half year (the present one)."""

    organisation: Code | None = None
    half: Half | None = None


class MonthPlannedOut(Output):
    """What a month needs and has."""

    month: str
    needed: int
    planned: int


class ProgressLineOut(Output):
    """A community's half year."""

    organisation: Named
    compounds: int
    done: int
    rate: float | None
    missing: list[Named]
    months: list[MonthPlannedOut]


class ProgressOut(Output):
    """A page of communities, by code."""

    half: str
    items: list[ProgressLineOut]
    next_cursor: str | None


class CandidatesQuery(PageQuery):
    """Whose compounds, in which year (the present one)."""

    organisation: Code | None = None
    year: Annotated[int, Field(ge=2000, le=2199)] | None = None


class ReasonOut(Output):
    """One criterion; `met` is null where there is nothing to judge by."""

    criterion: Criterion
    criterion_label: str
    observed: float | None
    at_least: float | None
    at_most: float | None
    met: bool | None


class GradeOut(Output):
    """The reasons for and against one grade."""

    grade: Grade
    grade_label: str
    reasons: list[ReasonOut]


class CandidateOut(Output):
    """A compound at the year's end."""

    compound: Named
    organisation: Named
    grade: Grade | None
    grade_label: str | None
    grades: list[GradeOut]


class CandidatesOut(Output):
    """A page of compounds, by code."""

    year: int
    items: list[CandidateOut]
    next_cursor: str | None
