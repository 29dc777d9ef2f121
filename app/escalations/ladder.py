"""The ladder of reminders: which rungs of a running limit have come, and when the next does. Pure.

A rung comes past its instant, as a light turns: at 100 % past the due time, not at it. It comes
once in a limit, whatever moves the due time afterwards; a limit that begins anew, and one that is
extended, is climbed anew.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from app.catalogue.models import Clock
from app.catalogue.reminders import Rung
from app.sla.allowances import Allowance
from app.sla.calendar import WorkCalendar
from app.sla.limits import instant_after, time_counted


@dataclass(frozen=True)
class RunningClock:
    """A limit that runs: `begun` tells it from every other of the same ticket and kind."""

    kind: Clock
    begun: str
    allowance: Allowance
    due: datetime


@dataclass(frozen=True)
class Climb:
    """The rungs that have come and were not told, the lowest first; those that came before anybody
    was to be told; and when the next comes, None when there is none."""

    come: tuple[Rung, ...]
    passed: tuple[Rung, ...]
    next_at: datetime | None


def comes_at(rung: Rung, clock: RunningClock, calendar: WorkCalendar) -> datetime:
    """The instant past which a rung has come: `percent` of the time from the start to the due time,
    of the kind that the limit counts."""
    if rung.percent == 100:
        return clock.due
    facts = clock.allowance
    stops = (facts.stops, ())
    allowed = time_counted(facts.start, clock.due, facts.limit, calendar, *stops)
    if not allowed:
        return clock.due
    return instant_after(facts.start, allowed * rung.percent // 100, facts.limit, calendar, *stops)


def climb(
    clock: RunningClock,
    rungs: Iterable[Rung],
    calendar: WorkCalendar,
    *,
    told: Collection[Rung],
    since: datetime,
    now: datetime,
) -> Climb:
    """Where a limit stands on the ladder; what came up to `since` is told to nobody."""
    instants = sorted(
        (comes_at(rung, clock, calendar), rung)
        for rung in rungs
        if rung.clock is clock.kind and rung not in told
    )
    come = [(at, rung) for at, rung in instants if at < now]
    later = [at for at, _ in instants if at >= now]
    return Climb(
        tuple(rung for at, rung in come if at > since),
        tuple(rung for at, rung in come if at <= since),
        min(later, default=None),
    )
