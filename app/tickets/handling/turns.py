"""One action being taken: what its effect reads."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.grid.models import Area
from app.kernel.clock import SHANGHAI
from app.kernel.moments import Moment
from app.people.access import Actor
from app.tickets.errors import TimeUnsuitable
from app.tickets.models import Ticket

Changes = dict[str, Any]


@dataclass(frozen=True)
class Outside:
    """A unit without accounts: its name, the number of the letter it was told by, and the day on
    that (None: today)."""

    name: str
    number: str
    on: date | None = None


class Asked(Protocol):
    """The part of what was asked that effects read."""

    @property
    def moment(self) -> Moment: ...
    @property
    def note(self) -> str | None: ...
    @property
    def organisation(self) -> str | None: ...
    @property
    def category(self) -> str | None: ...
    @property
    def condition(self) -> str | None: ...
    @property
    def compound(self) -> str | None: ...
    @property
    def cell(self) -> str | None: ...
    @property
    def area(self) -> Area | None: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def ticket_id(self) -> UUID | None: ...
    @property
    def outside(self) -> Outside | None: ...


@dataclass(frozen=True)
class Turn:
    """One action being taken; `doubtful`: something about its photos asks to be looked at again,
    as `second_look_percent` of all closures are."""

    session: Session
    ticket: Ticket
    asked: Asked
    actor: Actor
    now: datetime
    doubtful: bool = False
    second_look_percent: int = 0


def time_ahead(turn: Turn, *, than: datetime | None = None) -> datetime:
    """The time asked for; raises TimeUnsuitable unless it is later than now (and than another), and
    at most a year ahead."""
    until = turn.asked.until
    assert until is not None
    if until <= turn.now:
        raise unsuitable_time("须晚于现在。")
    if than is not None and until <= than:
        raise unsuitable_time("须晚于现在的期限。")
    if until > one_year_after(turn.now):
        raise unsuitable_time("最长一年。")
    return until


def one_year_after(instant: datetime) -> datetime:
    """The same day and time of the next year in Asia/Shanghai; 28 February for the 29th."""
    local = instant.astimezone(SHANGHAI)
    if (local.month, local.day) == (2, 29):
        local -= timedelta(days=1)
    return local.replace(year=local.year + 1)


def unsuitable_time(detail: str, *, field: str = "until") -> TimeUnsuitable:
    """The refusal of a time, with the reason."""
    return TimeUnsuitable(detail, fields={field: [detail]})
