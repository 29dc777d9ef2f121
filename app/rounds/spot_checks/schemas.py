"""JSON of spot checks."""

from typing import Annotated

from pydantic import Field

from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Named, Output
from app.rounds.models import CheckResult
from app.rounds.schemas import RoundCheckpoint, SeenBody, Week
from app.rounds.spot_checks.models import SpotCheckState


class SpotChecksQuery(PageQuery):
    """A page of spot checks of an organisation's subtree, a week, a state."""

    organisation: Code | None = None
    week: Week | None = None
    state: Annotated[SpotCheckState | None, Field(description="waiting 待抽查；walked 已抽查")] = (
        None
    )


class SpotResultBody(SeenBody):
    """What the walk of a spot check found."""

    note: Annotated[str, Field(max_length=500)] | None = None


class SpotCheckpointOut(Output):
    """What was found at one checkpoint."""

    checkpoint: RoundCheckpoint
    result: CheckResult
    result_label: str
    ticket: str | None
    note: str | None


class SpotCheckOut(Output):
    """A clean round drawn for a supervisor to walk again; nobody is named in it."""

    id: str
    week: str
    compound: Named
    organisation: Named
    drawn_at: str
    state: SpotCheckState
    state_label: str
    result: CheckResult | None
    result_label: str | None
    checks: list[SpotCheckpointOut]
    note: str | None
    walked_at: str | None


class SpotChecksOut(Output):
    """A page of spot checks, the newest week first."""

    items: list[SpotCheckOut]
    next_cursor: str | None
