"""How units stand with their duties: the one place that says what is met and what is missing.

`progress_between` and `records_between` (in records/queries.py) are what reports are made of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy.orm import Session

from app.catalogue.desk.queries import DutyRule, Quota, desk_known
from app.duties.periods import Period, judged_between
from app.duties.progress.counting import Counted, Sums, Wanted, counts_of
from app.duties.progress.derived import Readings, readings_of
from app.duties.progress.pausing import Standstill
from app.duties.progress.units import Place, Unit, places_of, units_in
from app.duties.quotas import Standing, Tally, quota_for, tally
from app.people.models import Organisation
from app.rounds.coverage_queries import DueRules
from app.rounds.queries import Scope

Judged = tuple[DutyRule, Period]
FEW = 50
"""So many units are counted by themselves."""
NONE = Counted(Sums(), Sums())


@dataclass(frozen=True, slots=True)
class Progress:
    """How a unit (or one of its compounds) stands with a duty in a period.

    `waiting` records are not accepted yet; `of`: of how many a soft goal counts its done.
    """

    unit: Unit
    rule: DutyRule
    period: Period
    tally: Tally
    standing: Standing
    place: Place | None = None
    waiting: int = 0
    of: int | None = None


def progress_between(
    session: Session,
    scope: Scope,
    *,
    first_on: date,
    last_on: date,
    rules: DueRules,
    units: Sequence[Unit] | None = None,
) -> list[Progress]:
    """How every unit of a scope stands with every duty in every period that has a day between two
    days, both included, by unit, in the order of the duties' file and of time.

    `scope.day` is today: what is due later is open, what was due before and lacks something is
    missed. `units`: only these of the scope. Six queries at most, however many units; of stretches
    longer than a quarter a few more.
    """
    desk = desk_known(session)
    judged = judged_between(desk.duties, first_on, last_on, desk.festivals)
    if units is None:
        units = units_in(session, scope.holds(), day=min(last_on, scope.day))
    reading = Reading(session, scope, units, judged, rules)
    return [one for unit in units for one in reading.progress_of(unit)]


class Reading:
    """Everything that is counted for some duties and periods, read at once."""

    def __init__(
        self,
        session: Session,
        scope: Scope,
        units: Sequence[Unit],
        judged: Sequence[Judged],
        rules: DueRules,
    ) -> None:
        self.today, self.judged = scope.day, judged
        self.still = Standstill(rules.days, [period for _, period in judged])
        holds = scope.holds()
        if len(units) <= FEW:
            holds = and_(holds, Organisation.id.in_([unit.id for unit in units]))
        by_unit = [each for each in judged if not each[0].derived and not each[0].of_compounds]
        by_compound = [each for each in judged if each[0].of_compounds]
        derived = [(rule.derived, period) for rule, period in judged if rule.derived]
        self.counts = counts_of(session, holds, self._wanted(by_unit))
        self.places: Sequence[Place] = ()
        self.by_place: dict[Wanted, dict[UUID, Counted]] = {}
        if by_compound:
            self.places = places_of(session, holds, day=scope.day)
            self.by_place = counts_of(session, holds, self._wanted(by_compound), by_compound=True)
        self.readings: Readings = readings_of(session, scope, derived, rules)

    def progress_of(self, unit: Unit) -> Iterable[Progress]:
        """How one unit stands, duty by duty; what pauses excuse is not in it."""
        at = self.still.at(unit.path)
        for rule, period in self.judged:
            moved = self.still.moved(at, period)
            if moved is not None:
                yield from self.standing_with(unit, rule, moved)

    def standing_with(self, unit: Unit, rule: DutyRule, period: Period) -> Iterable[Progress]:
        """How one unit stands with one duty; nothing when it is none of its."""
        if rule.of_compounds:
            return self._of_places(unit, rule, period)
        quota = quota_for(rule.quotas, unit.type, unit.titles_on(period.first_on))
        return () if quota is None else self._of_unit(unit, rule, period, quota)

    def _of_unit(
        self, unit: Unit, rule: DutyRule, period: Period, quota: Quota
    ) -> Iterable[Progress]:
        if rule.derived is not None:
            found = self.readings.tally(rule.derived, quota, unit, period)
            if found is not None:
                yield self._progress(unit, rule, period, found[0], of=found[1])
            return
        whole, done = self._counted(unit, None, rule, period, quota)
        yield self._progress(unit, rule, period, done, waiting=whole.waiting)

    def _of_places(self, unit: Unit, rule: DutyRule, period: Period) -> Iterable[Progress]:
        for place in self.places:
            if place.unit_id == unit.id:
                whole, done = self._counted(unit, place, rule, period, rule.quotas[0])
                yield self._progress(unit, rule, period, done, place=place, waiting=whole.waiting)

    def _counted(
        self, unit: Unit, place: Place | None, rule: DutyRule, period: Period, quota: Quota
    ) -> tuple[Counted, Tally]:
        counts = self.by_place if place else self.counts
        subject = place.id if place else unit.id

        def of(kinds: frozenset[str]) -> Counted:
            wanted = Wanted(kinds, period.first_on, period.last_on)
            return counts.get(wanted, {}).get(subject, NONE)

        def done(counted: Counted) -> int:
            sums = counted.accepted if rule.reviewed else counted.recorded
            return sums.measured(rule.measure)

        whole = of(rule.kinds)
        return whole, tally(quota, done(whole), [done(of(part.kinds)) for part in quota.parts])

    def _progress(
        self,
        unit: Unit,
        rule: DutyRule,
        period: Period,
        done: Tally,
        *,
        place: Place | None = None,
        waiting: int = 0,
        of: int | None = None,
    ) -> Progress:
        standing = done.standing(over=period.due_on < self.today)
        waits = waiting if rule.reviewed else 0
        return Progress(unit, rule, period, done, standing, place, waits, of)

    def _wanted(self, judged: Sequence[Judged]) -> list[Wanted]:
        """The kinds of each duty, and of each part of its quotas, in its period as it is due
        anywhere."""
        found = []
        for rule, period in judged:
            parts = [part.kinds for quota in rule.quotas for part in quota.parts]
            days = {(one.first_on, one.last_on): None for _, one in self.still.variants(period)}
            found += [Wanted(kinds, *each) for kinds in (rule.kinds, *parts) for each in days]
        return found
