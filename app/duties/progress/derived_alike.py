"""What is derived from rounds, tickets and assignments, of units that nothing tells apart.

It says of many what derived.py says of one, with the same queries underneath.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.campaigns.counting import Counted, campaigns_by_unit
from app.catalogue.desk.models import Derived, PeriodKind
from app.catalogue.desk.queries import DutyRule, Quota
from app.duties.assignments.vacancy_counts import vacancies_less_words
from app.duties.periods import Period
from app.duties.progress.alike import Alike, Ground, bits_of, titles_held, titles_in
from app.duties.progress.derived import OF_CAMPAIGNS, campaigns_tally, put_right_same_day
from app.duties.quotas import Tally
from app.duties.units import in_use
from app.kernel.db import fetch
from app.people.models import COMMUNITY_TYPES, Organisation
from app.rounds.coverage_queries import DueRules, covered_by_community
from app.rounds.queries import Scope

Judged = tuple[DutyRule, Period]


@dataclass(frozen=True, slots=True)
class Read:
    """So many units of a class for which the same was read."""

    alike: Alike
    due: int
    done: int
    times: int

    def tally(self, quota: Quota, derived: Derived) -> Tally:
        """What was done of a derived duty."""
        return Tally(quota.count if derived is Derived.same_day else self.due, self.done)


def read_alike(
    session: Session, scope: Scope, ground: Ground, judged: Sequence[Judged], rules: DueRules
) -> dict[tuple[Derived, str], list[Read]]:
    """What is there for some derived duties, by kind and period's code; one query for each kind
    that is asked for. Units for which nothing is due are not in it."""
    by_kind: dict[Derived, dict[str, Period]] = {}
    for rule, period in judged:
        if rule.derived is not None:
            by_kind.setdefault(rule.derived, {})[period.code] = period
    found: dict[tuple[Derived, str], list[Read]] = {}
    zones = {kind: by_kind.pop(kind) for kind in OF_CAMPAIGNS if kind in by_kind}
    if zones:
        found |= _campaigns(session, scope, ground, zones)
    for derived, periods in by_kind.items():
        for code, read in _read(session, scope, ground, derived, list(periods.values()), rules):
            found.setdefault((derived, code), []).append(read)
    return found


def _read(
    session: Session,
    scope: Scope,
    ground: Ground,
    derived: Derived,
    periods: Sequence[Period],
    rules: DueRules,
) -> Iterator[tuple[str, Read]]:
    if derived is Derived.weekly_rounds:
        weeks = [one for one in periods if one.kind is PeriodKind.week]
        return _weekly(session, scope, ground, weeks, rules)
    if derived is Derived.same_day:
        return _same_day(session, scope, ground, periods)
    return _assigned(session, scope, ground, periods)


def _weekly(
    session: Session, scope: Scope, ground: Ground, weeks: Sequence[Period], rules: DueRules
) -> Iterator[tuple[str, Read]]:
    for week in weeks:
        by_unit = covered_by_community(scope, [week.code], rules).subquery()
        here = Organisation.path == by_unit.c.path
        figures = by_unit.c.due, by_unit.c.covered
        for *alike, times, due, done in _together(session, ground, week, by_unit, here, figures):
            yield week.code, Read(_class_of(alike), due, done, times)


def _same_day(
    session: Session, scope: Scope, ground: Ground, periods: Sequence[Period]
) -> Iterator[tuple[str, Read]]:
    for period in periods:
        by_unit = put_right_same_day(scope, [period]).subquery()
        here = Organisation.id == by_unit.c.community_id
        figures = (by_unit.c.done,)
        for *alike, times, done in _together(session, ground, period, by_unit, here, figures):
            yield period.code, Read(_class_of(alike), 0, int(done), times)


def _assigned(
    session: Session, scope: Scope, ground: Ground, periods: Sequence[Period]
) -> Iterator[tuple[str, Read]]:
    asked, words = vacancies_less_words(session, scope)
    used = in_use(scope.day)
    for period in periods:
        by_unit = asked.subquery()
        here = Organisation.path == by_unit.c.path
        figures = func.coalesce(by_unit.c.number, 0), used
        rows = _together(session, ground, period, by_unit, here, figures, every=True)
        for *alike, times, number, needs in rows:
            one = _class_of(alike)
            vacant = int(number) + (words[one.type] if needs and one.type in COMMUNITY_TYPES else 0)
            yield period.code, Read(one, max(1, vacant), 0 if vacant else 1, times)


def _campaigns(
    session: Session,
    scope: Scope,
    ground: Ground,
    zones: dict[Derived, dict[str, Period]],
) -> dict[tuple[Derived, str], list[Read]]:
    """Months and half years in one query."""
    each = [(derived, one) for derived, periods in zones.items() for one in periods.values()]
    days = [(one.first_on, one.last_on) for _, one in each]
    by_unit = campaigns_by_unit(scope.holds(), days, today=scope.day).subquery()
    held = titles_held([first for first, _ in days])
    titled = and_(held.c.unit_id == Organisation.id, held.c.first_on == by_unit.c.first_on)
    said = by_unit.c.compounds, by_unit.c.planned, by_unit.c.done
    alone = by_unit.c.number, ground.key, Organisation.type, bits_of(held), *said
    asked: Any = select(*alone, func.count()).select_from(by_unit)
    asked = asked.join(Organisation, Organisation.id == by_unit.c.organisation_id)
    asked = asked.outerjoin(held, titled).where(ground.there).group_by(*alone)
    found: dict[tuple[Derived, str], list[Read]] = {}
    rows: Sequence[Any] = fetch(session, asked)
    for number, *alike, compounds, planned, done, times in rows:
        derived, period = each[number]
        tally = campaigns_tally(derived, Counted(compounds, planned, done))
        read = Read(_class_of(alike), tally.quota, tally.done, times)
        found.setdefault((derived, period.code), []).append(read)
    return found


def _class_of(alike: Sequence[Any]) -> Alike:
    key, kind, bits = alike
    return Alike(key, kind, titles_in(bits))


def _together(
    session: Session,
    ground: Ground,
    period: Period,
    by_unit: Any,
    here: Any,
    figures: Sequence[Any],
    *,
    every: bool = False,
) -> Sequence[Any]:
    """Rows (key, type, bits, how many, figures…) of the units of which a query has a row; `every`:
    of the others too."""
    held = titles_held([period.first_on])
    titled = held.c.unit_id == Organisation.id
    alone = ground.key, Organisation.type, bits_of(held)
    asked: Any = select(*alone, func.count(), *figures).select_from(Organisation)
    asked = asked.join(by_unit, here, isouter=every).outerjoin(held, titled)
    return fetch(session, asked.where(ground.there).group_by(*alone, *figures))
