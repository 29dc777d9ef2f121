"""Many units together: how many stand how with each duty, without a row for every unit.

Units of a line with the same type and titles stand the same with a duty when they have done the
same, and most have nothing recorded for most duties. So what comes out of the database says how
many of them have done so many: a few hundred rows for a county of 3,700 units and forty duties.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from app.catalogue.desk.queries import DutyRule, Quota, desk_known
from app.duties.periods import Period, judged_between
from app.duties.progress.alike import Alike, Classes, Ground, Written, places_alike
from app.duties.progress.derived_alike import read_alike
from app.duties.progress.pausing import Standstill
from app.duties.progress.tallies import Asked, Done, tallies_of
from app.duties.quotas import Standing, Tally, quota_for, tally
from app.people.models import Organisation
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
Judged = tuple[DutyRule, Period]
Found = Iterator[tuple[Alike, Tally, int]]
"""Classes of units, each with what it has done and how many there are; fewer than none are taken
back."""


def progress_by_line(
    session: Session, scope: Scope, lines: Sequence[Organisation], rules: DueRules, *, day: date
) -> list[Line]:
    """How the units below each line stand in the periods that hold a day: by duty, in the order of
    the file. `scope.day` is today. Five queries, whatever the size."""
    if not lines:
        return []
    written = Written(scope.actor, scope.day, scope.organisation)
    return _Summing(session, written, lines, rules, day).lines()


class _Summing:
    """The classes of units of a scope, and what was counted for them."""

    def __init__(
        self,
        session: Session,
        scope: Scope,
        lines: Sequence[Organisation],
        rules: DueRules,
        day: date,
    ) -> None:
        desk = desk_known(session)
        self._judged = judged_between(desk.duties, day, day, desk.festivals)
        self._today, self._number_of = scope.day, _Lines(lines)
        self._still = Standstill(rules.days, [period for _, period in self._judged])
        on, depth = min(day, scope.day), self._number_of.depth
        ground = Ground(scope.holds(), on, depth, self._still.paths)
        firsts = [period.first_on for _, period in self._judged] or [day]
        self._classes = Classes(session, ground, firsts)
        self._read = read_alike(session, scope, ground, self._judged, rules)
        moved = [
            (rule, one)
            for rule, period in self._judged
            for one in dict.fromkeys(one for _, one in self._still.variants(period))
        ]
        self._done = _recorded(session, ground, [one for one in moved if _by_unit(one)])
        of_places = [one for one in moved if one[0].of_compounds]
        self._places: Counter[Alike] = Counter()
        if of_places:
            self._places = places_alike(session, ground, on=scope.day)
            self._done |= _recorded(session, ground, of_places, places_on=scope.day)
        self._lines: list[Line] = [{} for _ in lines]

    def lines(self) -> list[Line]:
        """Everything added up."""
        for rule, period in self._judged:
            for at, moved in self._still.variants(period):
                over = moved.due_on < self._today
                for alike, found, times in self._found(rule, moved):
                    line = self._number_of(alike.key)
                    if line is not None and self._still.at(alike.key) == at:
                        known = self._lines[line].setdefault(rule.code, Counts(rule))
                        known.add(found, over=over, times=times)
        return self._lines

    def _found(self, rule: DutyRule, period: Period) -> Found:
        if rule.derived is not None:
            for read in self._read.get((rule.derived, period.code), ()):
                quota = _quota_of(rule, read.alike)
                if quota is not None:
                    yield read.alike, read.tally(quota, rule.derived), read.times
        elif rule.of_compounds:
            yield from self._of_records(rule, period, self._places)
        else:
            yield from self._of_records(rule, period, self._classes.on(period.first_on))

    def _of_records(self, rule: DutyRule, period: Period, classes: Counter[Alike]) -> Found:
        """All as if nothing was recorded, then those for whom something is."""
        by_kind = {(one.type, one.titles): one for one in classes}
        quotas = {kind: _quota_of(rule, one) for kind, one in by_kind.items()}
        nothing = {kind: _nothing(quota) for kind, quota in quotas.items() if quota is not None}
        for alike, number in classes.items():
            if (alike.type, alike.titles) in nothing:
                yield alike, nothing[alike.type, alike.titles], number
        order = _parts_of(rule)
        for done in self._done[rule, period]:
            kind = done.alike.type, done.alike.titles
            quota = quotas.get(kind)
            if quota is not None:
                parts = [done.parts[order.index(part.kinds)] for part in quota.parts]
                yield done.alike, nothing[kind], -done.times
                yield done.alike, tally(quota, done.whole, parts), done.times


def _by_unit(judged: Judged) -> bool:
    return judged[0].derived is None and not judged[0].of_compounds


def _recorded(
    session: Session, ground: Ground, judged: Sequence[Judged], places_on: date | None = None
) -> dict[Judged, list[Done]]:
    asked = [Asked(rule, period, _parts_of(rule)) for rule, period in judged]
    return dict(zip(judged, tallies_of(session, ground, asked, places_on=places_on), strict=True))


def _parts_of(rule: DutyRule) -> tuple[frozenset[str], ...]:
    """The kinds of every part that any of its quotas has."""
    return tuple(dict.fromkeys(part.kinds for quota in rule.quotas for part in quota.parts))


def _quota_of(rule: DutyRule, alike: Alike) -> Quota | None:
    if rule.of_compounds:
        return rule.quotas[0]
    return quota_for(rule.quotas, alike.type, alike.titles)


class _Lines:
    """Finds the first line whose subtree a path lies in, by the beginnings of paths."""

    def __init__(self, lines: Sequence[Organisation]) -> None:
        self._by_path = {line.path: number for number, line in enumerate(lines)}
        self._lengths = sorted({len(path) for path in self._by_path})
        self.depth = self._lengths[-1]

    def __call__(self, path: str) -> int | None:
        """The line's number; None: it is below none."""
        found = (self._by_path.get(path[:length]) for length in self._lengths)
        return next((one for one in found if one is not None), None)


def _nothing(quota: Quota) -> Tally:
    return tally(quota, 0, [0] * len(quota.parts))
