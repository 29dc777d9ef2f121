"""The summary of progress counted anew, record by record: slow, and by another way than the
product's, which counts in the database."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.desk.models import Measure
from app.catalogue.desk.queries import DutyRule, desk_known
from app.duties.periods import Period, judged_between
from app.duties.quotas import Standing, Tally, quota_for, tally
from app.duties.records.models import DutyRecord, RecordState
from app.duties.titles.models import UnitTitle
from app.people.models import Organisation

DAY = timedelta(days=1)
RECORDED = {RecordState.recorded, RecordState.waiting, RecordState.accepted}


@dataclass
class Recount:
    """How many units stand how, how many are missing and done."""

    standings: Counter[Standing] = field(default_factory=Counter)
    missing: int = 0
    done: int = 0


def recounted(
    session: Session,
    units: list[Organisation],
    *,
    day: date,
    today: date,
    paused: dict[str, set[date]],
) -> dict[str, Recount]:
    """By duty, of those that records meet; a unit at a time, a record at a time. `paused` are the
    days on which what lies below a path stands still."""
    desk = desk_known(session)
    records = session.scalars(select(DutyRecord)).all()
    titles = session.scalars(select(UnitTitle)).all()
    found: dict[str, Recount] = {}
    for rule, period in judged_between(desk.duties, day, day, desk.festivals):
        for unit in units if not rule.derived and not rule.of_compounds else ():
            moved = _as_due(period, unit, paused)
            for done in _tallies(unit, rule, moved, records, titles) if moved else ():
                line = found.setdefault(rule.code, Recount())
                line.standings[done.standing(over=moved.due_on < today)] += 1
                line.missing += done.missing
                line.done += done.done
    return found


def _as_due(period: Period, unit: Organisation, paused: dict[str, set[date]]) -> Period | None:
    """A period with the days it lost put behind it; None when it lost all of them."""
    still = {day for path, days in paused.items() if unit.path.startswith(path) for day in days}
    days = [period.first_on + DAY * at for at in range((period.last_on - period.first_on).days + 1)]
    if still.issuperset(days):
        return None
    behind = (period.due_on + DAY * at for at in itertools.count(1))
    running = (day for day in behind if day not in still)
    lost = sum(day in still for day in days if day <= period.due_on)
    due = [period.due_on, *itertools.islice(running, lost)][-1]
    return replace(period, due_on=due, last_on=max(due, period.last_on))


def _tallies(
    unit: Organisation,
    rule: DutyRule,
    period: Period,
    records: object,
    titles: object,
) -> Iterator[Tally]:
    held = frozenset(
        one.title for one in titles  # type: ignore[attr-defined]
        if one.organisation_id == unit.id and one.holds_on(period.first_on)
    )  # fmt: skip
    quota = quota_for(rule.quotas, unit.type, held)
    if quota is None:
        return
    states = {RecordState.accepted} if rule.reviewed else RECORDED
    its = [
        one for one in records  # type: ignore[attr-defined]
        if one.organisation_id == unit.id and one.state in states
        and period.first_on <= one.happened_on <= period.last_on
    ]  # fmt: skip
    parts = [sum(bool(part.kinds & set(one.kinds)) for one in its) for part in quota.parts]
    its = [one for one in its if rule.kinds & set(one.kinds)]
    numbers = [one.quantity or 0 for one in its]
    whole = {
        Measure.records: len(its),
        Measure.total: sum(numbers),
        Measure.largest: max(numbers, default=0),
    }
    yield tally(quota, whole[rule.measure], parts)
