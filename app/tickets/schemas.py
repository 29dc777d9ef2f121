"""JSON of tickets, in."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from app.grid.models import Area
from app.kernel.clock import day_start
from app.kernel.geo import Datum
from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Day, Input, Instant, Reference, is_rfc3339
from app.sla.lights import Light
from app.tickets.models import PendingKind, SecondLook, Source, State


def start_of_day(value: Any) -> Any:
    """A day (Asia/Shanghai) stands for its first instant; an instant stays."""
    day = _day(value)
    return _instant(value) if day is None else day_start(day)


def end_of_day(value: Any) -> Any:
    """A day (Asia/Shanghai) stands for its last instant; an instant stays."""
    day = _day(value)
    if day is None:
        return _instant(value)
    return day_start(day) + timedelta(days=1, microseconds=-1)


def _day(value: Any) -> date | None:
    if not isinstance(value, str) or not re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("没有这一天") from None


def _instant(value: Any) -> Any:
    if is_rfc3339(value):
        return value
    raise ValueError("须为日期（如 2026-11-23）或带时区的时间（如 2026-11-23T09:30:00+08:00）")


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

    photo_ids: list[Reference] = Field(
        default_factory=list, max_length=20, json_schema_extra={"minItems": 1}
    )
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
    checkpoint: UUID | None = None
    round: Reference | None = None
    follow_up_of: Reference | None = None
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

    person: UUID


class UntilIn(ActionIn):
    """Until when."""

    until: Instant


class OutsideIn(Input):
    """A unit without accounts: its name, and the number and day of the letter it was told by."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    number: Annotated[str, Field(min_length=1, max_length=64)]
    on: Day | None = None


class ReferIn(UntilIn):
    """To whom: an enforcement body by its code, or a unit outside."""

    organisation: Code | None = None
    outside: OutsideIn | None = None


class MergeIn(ActionIn):
    """The ticket of the same problem."""

    ticket: Reference


class TicketFilters(Input):
    """What tickets are narrowed to; `organisation` means its subtree, `-` for a cell, a compound or
    a responsible those without one. A report's time may be given as a day (Asia/Shanghai), both
    ends included."""

    state: Annotated[list[State], Field(default_factory=list)]
    organisation: Code | None = None
    compound: Code | None = None
    cell: Code | None = None
    category: Code | None = None
    responsible: Code | None = None
    light: Light | None = None
    mine: bool = False
    second_look: SecondLook | None = None
    pending: Annotated[list[PendingKind], Field(default_factory=list)]
    assignee: Literal["me"] | UUID | None = None
    reported_from: FirstInstant | None = None
    reported_to: LastInstant | None = None
    updated_since: Instant | None = None
    q: Annotated[str, Field(min_length=2, max_length=50)] | None = None
    import_: Annotated[UUID | None, Field(alias="import", description="某次导入的：导入的编号")] = (
        None
    )

    @field_validator("reported_to")
    @classmethod
    def _runs_forward(cls, to: datetime | None, said: ValidationInfo) -> datetime | None:
        first = said.data.get("reported_from")
        if first is not None and to is not None and to < first:
            raise ValueError("不能早于 reported_from")
        return to


class TicketsQuery(PageQuery, TicketFilters):
    """A page of tickets."""

    sort: Literal["newest", "due", "external_due"] = "newest"


class NearbyQuery(Input):
    """A position, and the category one is about to report."""

    lng: Lng
    lat: Lat
    datum: Datum = Datum.WGS84
    category: Code | None = None
