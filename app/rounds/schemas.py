"""JSON of rounds and coverage."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from app.grid.models import Area
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Flag, Input, Instant, Named, Output, Reference
from app.rounds.coverage import checked_week
from app.rounds.models import CheckResult

Week = Annotated[str, AfterValidator(checked_week)]
"""An ISO 8601 week of Asia/Shanghai, written 2026-W48."""


class CheckBody(Input):
    """What was seen at one checkpoint; `ticket` is the problem's."""

    checkpoint: UUID
    result: CheckResult
    ticket: Reference | None = None
    note: Annotated[str, Field(max_length=500)] | None = None


class SeenBody(Input):
    """What one person saw at the checkpoints of a compound."""

    all_fine: Flag | None = None
    checks: Annotated[list[CheckBody], Field(max_length=200)] | None = None
    occurred_at: Instant | None = None
    sent_at: Instant | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.all_fine and not self.checks:
            raise ValueError("请填写点位结果，或选择全部正常")
        return self


class RoundBody(SeenBody):
    """What one person saw on a walk of a compound."""

    compound: Code


class CompoundNamed(Input):
    """The one member of a body that says whose community a round concerns."""

    compound: Code


class RoundsQuery(PageQuery):
    """A page of rounds of an organisation's subtree, a week, a compound."""

    organisation: Code | None = None
    week: Week | None = None
    compound: Code | None = None


class CoverageQuery(PageQuery):
    """A page of the compounds due in a week (default this one)."""

    organisation: Code | None = None
    week: Week | None = None


class SummaryQuery(Input):
    """How many weeks back from this one, this one included."""

    organisation: Code | None = None
    weeks: Annotated[int, Field(ge=1, le=53)] = 8


class RoundCheckpoint(Output):
    """A checkpoint inside a round."""

    id: str
    name: str
    area: Area
    area_label: str


class RoundPerson(Output):
    """Who saw it."""

    id: str
    name: str


class CheckOut(Output):
    """The result of a checkpoint that counts."""

    checkpoint: RoundCheckpoint
    result: CheckResult
    result_label: str
    by: RoundPerson
    at: str
    ticket: str | None
    note: str | None


class RoundOut(Output):
    """A compound's round of an ISO week, shared by all of its wardens."""

    id: str
    week: str
    compound: Named
    complete: bool
    checks: list[CheckOut]
    missing: list[RoundCheckpoint]
    completed_at: str | None


class RoundsOut(Output):
    """A page of rounds, newest first."""

    items: list[RoundOut]
    next_cursor: str | None


class CoverageItemOut(Output):
    """One compound due in the week."""

    compound: Named
    organisation: Named
    covered: bool
    round_id: str | None
    completed_at: str | None
    missing: list[RoundCheckpoint]


class SpotFiguresOut(Output):
    """Clean rounds drawn for a spot check, walked again, and found with problems."""

    drawn: int
    walked: int
    with_problems: int


class WeekFigures(Output):
    """The coverage of one organisation in one week, and beside it what spot checks found."""

    week: str
    due: int
    covered: int
    rate: Annotated[float | None, Field(description="没有应走的小区为 null")]
    spot_checks: SpotFiguresOut


class CoverageOut(WeekFigures):
    """The coverage of a week; the figures are over everything, not the page."""

    items: list[CoverageItemOut]
    next_cursor: str | None


class SummaryItem(Output):
    """One organisation's weeks, oldest first."""

    organisation: Named
    weeks: list[WeekFigures]


class SummaryOut(Output):
    """Coverage by child organisation and week."""

    weeks: list[str]
    items: list[SummaryItem]
