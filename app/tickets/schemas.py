"""JSON of tickets, in."""

from typing import Annotated

from pydantic import Field

from app.grid.models import Area
from app.kernel.geo import Datum
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Input, Instant, Reference
from app.sla.lights import Light
from app.tickets.models import Source, State

Words = Annotated[str, Field(max_length=2000)]
References = Annotated[list[Reference], Field(max_length=20, default_factory=list)]
Lng = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Metres = Annotated[float, Field(ge=0, le=100_000)]


class PositionIn(Input):
    """A position in degrees on its datum."""

    lng: Lng
    lat: Lat
    datum: Datum = Datum.WGS84
    accuracy_m: Metres | None = None


class SpotFixIn(Input):
    """The problem was fixed where it was found: after-photos and a note."""

    photo_ids: Annotated[list[Reference], Field(min_length=1, max_length=20)]
    note: Words | None = None


class OfflineIn(Input):
    """When offline work happened, and the phone's clock when sending."""

    occurred_at: Instant | None = None
    sent_at: Instant | None = None


class ReportIn(OfflineIn):
    """A report. The place is the cell, else the position, else the photos' position."""

    category: Code
    condition: Code | None = None
    description: Words = ""
    photo_ids: References
    source: Source = Source.self_found
    external_number: Annotated[str, Field(max_length=64)] | None = None
    external_due_at: Instant | None = None
    compound: Code | None = None
    cell: Code | None = None
    position: PositionIn | None = None
    area: Area | None = None
    checkpoint: Reference | None = None
    round: Reference | None = None
    fixed_on_spot: SpotFixIn | None = None


class ActionIn(OfflineIn):
    """What every action takes: the version seen, a note (the reason), photos."""

    version: Annotated[int, Field(ge=1, strict=True)]
    note: Words | None = None
    photo_ids: References


class DispatchIn(ActionIn):
    """Whom to make responsible, and under which condition."""

    organisation: Code
    condition: Code | None = None


class ReclassifyIn(ActionIn):
    """What to change: the category, the condition, the place."""

    category: Code | None = None
    condition: Code | None = None
    compound: Code | None = None
    cell: Code | None = None
    area: Area | None = None


class TicketsQuery(PageQuery):
    """What a list of tickets is narrowed to; `organisation` means its subtree."""

    state: Annotated[list[State], Field(default_factory=list)]
    organisation: Code | None = None
    compound: Code | None = None
    cell: Code | None = None
    category: Code | None = None
    responsible: Code | None = None
    light: Light | None = None
    mine: bool = False
    reported_from: Instant | None = None
    reported_to: Instant | None = None
    updated_since: Instant | None = None
    q: Annotated[str, Field(min_length=2, max_length=50)] | None = None
    sort: Annotated[str, Field(pattern="^(newest|due)$")] = "newest"


class NearbyQuery(Input):
    """A position, and the category one is about to report."""

    lng: Lng
    lat: Lat
    datum: Datum = Datum.WGS84
    category: Code | None = None
