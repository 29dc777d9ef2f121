"""Many units together: how many stand how with each duty, without a row for every unit.

Most units of a kind have nothing recorded for most duties, and all of those stand the same; only
who has something is looked at by itself. A county of 3,700 units and forty duties is a few
thousand steps instead of 150,000.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue.desk.models import UnitKind
from app.catalogue.desk.queries import DutyRule, Quota, desk_known
from app.duties.periods import Period, judged_between
from app.duties.progress.counting import Counted, Wanted
from app.duties.progress.service import Reading
from app.duties.progress.units import Unit, units_in
from app.duties.quotas import Standing, Tally, quota_for, tally
from app.people.models import Organisation, OrganisationType
from app.rounds.coverage_queries import DueRules
from app.rounds.queries import Scope


@dataclass
class Counts:
    """How many units (or compounds) of a line stand how with one duty in its periods."""

    rule: DutyRule
    standings: Counter[Standing] = field(default_factory=Counter)
    missing: int = 0
    done: int = 0

    def add(self, found: Tally, *, over: bool, times: int = 1) -> None:
        """So many units (fewer than none: no longer) with this tally."""
        self.standings[found.standing(over=over)] += times
        self.missing += found.missing * times
        self.done += found.done * times


Line = dict[str, Counts]
Class = tuple[OrganisationType, frozenset[UnitKind]]


def progress_by_line(
    session: Session, scope: Scope, lines: Sequence[Organisation], rules: DueRules, *, day: date
) -> list[Line]:
    """How the units below each line stand in the periods that hold a day: by duty, in the order of
    the file. `scope.day` is today."""
    return _Summing(session, scope, lines, rules, day).lines()


class _Summing:
    """The units of a scope on their lines, and what was counted for them."""

    def __init__(
        self,
        session: Session,
        scope: Scope,
        lines: Sequence[Organisation],
        rules: DueRules,
        day: date,
    ) -> None:
        desk = desk_known(session)
        judged = judged_between(desk.duties, day, day, desk.festivals)
        self._units = units_in(session, scope.holds(), day=min(day, scope.day))
        self._line_of = dict(_on_lines(self._units, lines))
        self._reading = Reading(session, scope, self._units, judged, rules)
        self._lines: list[Line] = [{} for _ in lines]

    def lines(self) -> list[Line]:
        """Everything added up."""
        for rule, period in self._reading.judged:
            if rule.derived or rule.of_compounds:
                self._one_by_one(rule, period)
            else:
                self._by_class(rule, period)
        return self._lines

    def _counts(self, line: int, rule: DutyRule) -> Counts:
        known = self._lines[line].get(rule.code)
        if known is None:
            known = self._lines[line][rule.code] = Counts(rule)
        return known

    def _one_by_one(self, rule: DutyRule, period: Period) -> None:
        for unit in self._units:
            line = self._line_of.get(unit.id)
            if line is None:
                continue
            for one in self._reading.standing_with(unit, rule, period):
                over = one.period.due_on < self._reading.today
                self._counts(line, rule).add(one.tally, over=over)

    def _by_class(self, rule: DutyRule, period: Period) -> None:
        """All units as if nothing was recorded, then those for whom something is."""
        over = period.due_on < self._reading.today
        quotas: dict[Class, Quota | None] = {}
        alike: Counter[tuple[int, Class]] = Counter()
        class_of: dict[UUID, tuple[int, Class]] = {}
        for unit in self._units:
            line = self._line_of.get(unit.id)
            if line is not None:
                titles = unit.titles_on(period.first_on) if unit.titles else frozenset()
                class_of[unit.id] = line, (unit.type, titles)
                alike[class_of[unit.id]] += 1
        for (line, kind), number in alike.items():
            if kind not in quotas:
                quotas[kind] = quota_for(rule.quotas, *kind)
            quota = quotas[kind]
            if quota is not None:
                self._counts(line, rule).add(_nothing(quota), over=over, times=number)
        for unit_id in self._recorded(rule, period):
            if unit_id not in class_of:
                continue
            line, kind = class_of[unit_id]
            quota = quotas[kind]
            if quota is not None:
                counts = self._counts(line, rule)
                counts.add(_nothing(quota), over=over, times=-1)
                counts.add(self._tally(unit_id, rule, period, quota), over=over)

    def _recorded(self, rule: DutyRule, period: Period) -> Iterable[UUID]:
        """The units that have a record of a duty's kinds; a part's are among them."""
        return self._of(rule.kinds, period)

    def _of(self, kinds: frozenset[str], period: Period) -> dict[UUID, Counted]:
        wanted = Wanted(kinds, period.first_on, period.last_on)
        return self._reading.counts.get(wanted, {})

    def _tally(self, unit_id: UUID, rule: DutyRule, period: Period, quota: Quota) -> Tally:
        def done(kinds: frozenset[str]) -> int:
            counted = self._of(kinds, period).get(unit_id)
            if counted is None:
                return 0
            sums = counted.accepted if rule.reviewed else counted.recorded
            return sums.measured(rule.measure)

        return tally(quota, done(rule.kinds), [done(part.kinds) for part in quota.parts])


def _on_lines(units: Iterable[Unit], lines: Sequence[Organisation]) -> Iterator[tuple[UUID, int]]:
    """Each unit with the first line whose subtree it lies in."""
    by_path = {line.path: number for number, line in enumerate(lines)}
    lengths = sorted({len(path) for path in by_path})
    for unit in units:
        found = (by_path.get(unit.path[:length]) for length in lengths)
        number = next((one for one in found if one is not None), None)
        if number is not None:
            yield unit.id, number


def _nothing(quota: Quota) -> Tally:
    return tally(quota, 0, [0] * len(quota.parts))
