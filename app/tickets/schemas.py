"""JSON of tickets, in."""

import re
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.grid.models import Area
from app.kernel.clock import day_start
from app.kernel.geo import Datum
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Input, Instant, Reference
from app.sla.lights import Light
from app.tickets.models import SecondLook, Source, State


def start_of_day(value: Any) -> Any:
    """A day (Asia/Shanghai) stands for its first instant; what is no day stays."""
    return day_start(date.fromisoformat(value)) if _is_day(value) else value


def end_of_day(value: Any) -> Any:
    """A day (Asia/Shanghai) stands for its last instant; what is no day stays."""
    if not _is_day(value):
        return value
    return day_start(date.fromisoformat(value)) + timedelta(days=1, microseconds=-1)


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", value) is not None


Words = Annotated[str, Field(max_length=2000)]
References = Annotated[list[Reference], Field(max_length=20, default_factory=list)]
Lng = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
FirstInstant = Annotated[Instant, BeforeValidator(start_of_day)]
LastInstant = Annotated[Instant, BeforeValidator(end_of_day)]
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


class AssignIn(ActionIn):
    """Who of the responsible organisation works on it."""

    person: Reference


class UntilIn(ActionIn):
    """Until when."""

    until: Instant


class OutsideIn(Input):
    """A unit without accounts: its name, and the number under which it was told."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    number: Annotated[str, Field(min_length=1, max_length=64)]


class ReferIn(UntilIn):
    """To whom: an enforcement body by its code, or a unit outside."""

    organisation: Code | None = None
    outside: OutsideIn | None = None


class MergeIn(ActionIn):
    """The ticket of the same problem."""

    ticket: Reference


class TicketsQuery(PageQuery):
    """What a list of tickets is narrowed to; `organisation` means its subtree. A report's time may
    be given as a day (Asia/Shanghai), both ends included."""

    state: Annotated[list[State], Field(default_factory=list)]
    organisation: Code | None = None
    compound: Code | None = None
    cell: Code | None = None
    category: Code | None = None
    responsible: Code | None = None
    light: Light | None = None
    mine: bool = False
    second_look: SecondLook | None = None
    reported_from: FirstInstant | None = None
    reported_to: LastInstant | None = None
    updated_since: Instant | None = None
    q: Annotated[str, Field(min_length=2, max_length=50)] | None = None
    sort: Annotated[str, Field(pattern="^(newest|due)$")] = "newest"


class NearbyQuery(Input):
    """A position, and the category one is about to report."""

    lng: Lng
    lat: Lat
    datum: Datum = Datum.WGS84
    category: Code | None = None
