"""What is counted besides tickets, of the units of a township or of its compounds.

Every reading answers by the id of the subject, each fact with where to look it up.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.assessments.periods import Stretch
from app.assessments.rules import Fact
from app.campaigns.awards.models import AwardApplication, AwardState
from app.campaigns.progress import Progress, progress_page
from app.cases.models import Case
from app.catalogue.assessments.models import SchemePeriod, Source
from app.duties.progress.service import progress_between
from app.duties.quotas import STANDING_LABELS, Standing
from app.duties.records.models import DutyRecord, RecordMark, RecordState
from app.grid.models import Compound
from app.grid.queries import under_organisation
from app.kernel.clock import day_start
from app.people.access import Actor
from app.people.models import Organisation
from app.rounds.coverage_queries import DueRules, coverage_figures, weeks_covered
from app.rounds.queries import Scope as Walked

NOBODY = Actor(UUID(int=0), "", "", ())
ENOUGH = 1000
"""More units than a township has."""


@dataclass(frozen=True)
class Area(Walked):
    """All of a township, for a score: whose rows are shown to whom is decided afterwards."""

    def holds(self) -> ColumnElement[bool]:
        """The condition on an Organisation row that it is in the township."""
        assert self.organisation is not None
        return under_organisation(self.organisation, day=self.day)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was counted or missing: in words, and the address (below the API's root)
    where it is."""

    said: str
    path: str


@dataclass(slots=True)
class Read:
    """A fact with the lines behind it."""

    fact: Fact = field(default_factory=Fact)
    lines: list[Line] = field(default_factory=list)


Reads = dict[UUID, Read]


@dataclass(frozen=True)
class Asked:
    """Whose work, of which days, and what is due to be walked."""

    session: Session
    town: Organisation
    stretch: Stretch
    rules: DueRules

    @property
    def area(self) -> Area:
        """The township as today."""
        return Area(NOBODY, self.stretch.today, self.town)


def _coverage(asked: Asked, units: Sequence[Organisation]) -> Reads:
    weeks = asked.stretch.weeks
    by_path = coverage_figures(asked.session, asked.area, weeks, asked.rules) if weeks else {}
    found: Reads = {}
    for unit in units:
        by_week = by_path.get(unit.path, {})
        due = sum(one.due for one in by_week.values())
        fact = Fact(sum(one.covered for one in by_week.values()), due)
        lines = [
            Line(f"{week}：{one.covered} ÷ {one.due}", _coverage_path(unit, week))
            for week, one in sorted(by_week.items())
        ]
        found[unit.id] = Read(fact, lines)
    return found


def _coverage_path(unit: Organisation, week: str) -> str:
    return f"/coverage?organisation={unit.code}&week={week}"


def coverage_of_compounds(asked: Asked, compounds: Sequence[Compound]) -> Reads:
    """In how many of the weeks each compound was due, and covered."""
    ids = [one.id for one in compounds]
    walked = weeks_covered(asked.session, ids, asked.stretch.weeks, asked.rules)
    found: Reads = {}
    for one in compounds:
        due, covered = walked.get(one.id, (0, 0))
        said = f"应巡查 {due} 周，全覆盖 {covered} 周"
        found[one.id] = Read(Fact(covered, due), [Line(said, f"/rounds?compound={one.code}")])
    return found


def _duties(asked: Asked, units: Sequence[Organisation]) -> Reads:
    """Duties due in the days: met of all that are met or missed. What only is looked at (articles
    above all) does not count, nor what is derived from rounds and tickets, which have items of
    their own."""
    stretch = asked.stretch
    progress = progress_between(
        asked.session,
        asked.area,
        first_on=stretch.first,
        last_on=stretch.judged_on,
        rules=asked.rules,
    )
    found: Reads = {unit.id: Read() for unit in units}
    codes = {unit.id: unit.code for unit in units}
    for one in progress:
        due = one.period.due_on
        read = found.get(one.unit.id)
        judged = one.standing is Standing.missed or (
            one.standing is Standing.met and due < stretch.today
        )
        if read is None or not one.rule.scored or one.rule.derived or not judged:
            continue
        if stretch.first <= due <= stretch.last:
            met = one.standing is Standing.met
            read.fact = Fact(read.fact.numerator + met, read.fact.denominator + 1)
            name = f"{one.place.name}{one.rule.name}" if one.place else one.rule.name
            done = f"{one.tally.done} ÷ {one.tally.quota}"
            said = f"{name}（{one.period.label}）：{done}，{STANDING_LABELS[one.standing]}"
            day = one.period.first_on
            path = f"/duties/progress?organisation={codes[one.unit.id]}&on={day}"
            read.lines.append(Line(said, path))
    return found


def _campaigns(asked: Asked, units: Sequence[Organisation]) -> Reads:
    """Of a month: planned of those needed. Of a year: compounds through in a half year, of all, in
    both halves together."""
    found: Reads = {unit.id: Read() for unit in units}
    for half in asked.stretch.halves:
        if half.first > asked.stretch.today:
            continue
        page = progress_page(
            asked.session,
            asked.area,
            half,
            today=asked.stretch.today,
            limit=ENOUGH,
            cursor=None,
        )
        for one in page.items:
            read = found.get(one.organisation.id)
            if read is None:
                continue
            done, of = _planned(one, asked.stretch)
            if asked.stretch.kind is SchemePeriod.year:
                done, of = one.done, one.compounds
            read.fact = Fact(read.fact.numerator + done, read.fact.denominator + of)
            path = f"/campaigns/progress?organisation={one.organisation.code}&half={half.code}"
            read.lines.append(Line(f"{half.code}：{done} ÷ {of}", path))
    return found


def _planned(one: Progress, stretch: Stretch) -> tuple[int, int]:
    months = [month for month in one.months if month.month == stretch.code]
    needed = sum(month.needed for month in months)
    return min(needed, sum(month.planned for month in months)), needed


def _overdue_cases(asked: Asked, units: Sequence[Organisation]) -> Reads:
    """Cases whose next stage was due in the days, and which still wait for it."""
    stretch = asked.stretch
    rows = asked.session.execute(
        select(Case.organisation_id, Case.id, Case.title)
        .where(Case.town_id == asked.town.id, Case.closed_at.is_(None))
        .where(Case.due_on.between(stretch.first, stretch.last), Case.due_on < stretch.today)
        .order_by(Case.id)
    )
    return _pieces(units, ((row[0], f"{row[2]}", f"/cases/{row[1]}") for row in rows))


def _moral_lectures(asked: Asked, units: Sequence[Organisation]) -> Reads:
    counting = (RecordState.recorded, RecordState.waiting, RecordState.accepted)
    rows = asked.session.execute(
        select(RecordMark.organisation_id, DutyRecord.id, DutyRecord.subject)
        .join(DutyRecord, DutyRecord.id == RecordMark.record_id)
        .where(RecordMark.kind == "moral_lecture", DutyRecord.state.in_(counting))
        .where(RecordMark.organisation_id.in_([unit.id for unit in units]))
        .where(RecordMark.happened_on.between(asked.stretch.first, asked.stretch.last))
        .order_by(DutyRecord.id)
    )
    return _pieces(units, ((row[0], row[2], f"/records/{row[1]}") for row in rows))


def _awards(asked: Asked, units: Sequence[Organisation]) -> Reads:
    """Applications agreed to in the days."""
    first = day_start(asked.stretch.first)
    behind = day_start(asked.stretch.last + timedelta(days=1))
    rows = asked.session.execute(
        select(Compound.organisation_id, Compound.name, Compound.code, func.count())
        .join(AwardApplication, AwardApplication.compound_id == Compound.id)
        .where(AwardApplication.town_id == asked.town.id)
        .where(AwardApplication.state == AwardState.accepted)
        .where(AwardApplication.answered_at >= first, AwardApplication.answered_at < behind)
        .group_by(Compound.organisation_id, Compound.name, Compound.code, AwardApplication.id)
        .order_by(Compound.code)
    )
    codes = {unit.id: unit.code for unit in units}
    return _pieces(
        units,
        (
            (row[0], row[1], f"/awards?organisation={codes.get(row[0], '')}&state=accepted")
            for row in rows
        ),
    )


def _pieces(units: Sequence[Organisation], rows: Iterable[tuple[UUID, str, str]]) -> Reads:
    found: Reads = {unit.id: Read() for unit in units}
    for unit_id, said, path in rows:
        read = found.get(unit_id)
        if read is not None:
            read.fact = Fact(read.fact.numerator + 1)
            read.lines.append(Line(said, path))
    return found


OF_UNITS: dict[Source, Callable[[Asked, Sequence[Organisation]], Any]] = {
    Source.coverage: _coverage,
    Source.duties: _duties,
    Source.campaigns: _campaigns,
    Source.overdue_cases: _overdue_cases,
    Source.moral_lectures: _moral_lectures,
    Source.awards: _awards,
}
"""How each source that is no KPI is read, of units."""
