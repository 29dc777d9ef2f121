"""Turns the catalogue's files into dated rows; the database is the truth from then on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.assessments.files import scheme_rows
from app.catalogue.assessments.models import AssessmentScheme
from app.catalogue.cases.files import case_kind_rows
from app.catalogue.cases.models import CaseKind
from app.catalogue.desk import rows as desk
from app.catalogue.desk.models import Checklist, Duty, Festival, RecordKind
from app.catalogue.files import CatalogueFiles, read_catalogue
from app.catalogue.models import (
    CalendarYear,
    CatalogueVersion,
    Category,
    CompositePart,
    Condition,
    Entry,
    ReminderRung,
    RetentionPeriod,
    StageLimit,
)
from app.catalogue.schemas import FiguresFile, RemindersFile, RetentionFile, YearPart
from app.catalogue.snapshots import look_again
from app.kernel.clock import shanghai_day
from app.kernel.dated import refuse_later
from app.kernel.ids import new_id
from app.people.models import Person

Row = TypeVar("Row", bound=Entry)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, counted in rows; `version` is None when nothing had changed."""

    name: str
    version: int | None
    opened: int
    closed: int
    updated: int
    unchanged: int

    @property
    def changed(self) -> bool:
        """Whether the load changed anything."""
        return self.version is not None


def load_catalogue(
    session: Session,
    *,
    directory: Path,
    now: datetime,
    actor: Person | None = None,
    town_id: UUID | None = None,
) -> LoadReport:
    """Make the catalogue in force from today (Asia/Shanghai) what a folder's files say.

    A row that differs ends today and its successor begins; one already changed today is corrected
    in place; one no longer named ends; the rest is untouched, so the same files twice change
    nothing. The deployment's very first rows hold from the file's `in_force_from`. With `town_id`
    the files override whole categories and stage limits for that township alone. A calendar year
    the files do not name stays. Raises CatalogueFaulty before anything is written, ChangePlanned
    when a row is to begin later.
    """
    files = read_catalogue(directory, for_town=town_id is not None)
    load = _Load(session, files, now, actor, town_id)
    load.settle(Category, load.categories())
    load.settle(Condition, load.conditions())
    load.settle(StageLimit, load.stage_limits())
    _settle_the_rest(load, files)
    load.settle_years(files.calendars.years)
    session.flush()
    look_again(session)
    return load.report()


def _settle_the_rest(load: "_Load", files: CatalogueFiles) -> None:
    """What a folder may be without."""
    told: list[tuple[Any, type[Entry], Callable[[Any], Iterable[Entry]]]] = [
        (files.figures, CompositePart, load.composite_parts),
        (files.reminders, ReminderRung, load.rungs),
        (files.duties, RecordKind, desk.record_kind_rows),
        (files.duties, Festival, desk.festival_rows),
        (files.duties, Duty, desk.duty_rows),
        (files.checklists, Checklist, desk.checklist_rows),
        (files.retention, RetentionPeriod, load.periods),
        (files.cases, CaseKind, case_kind_rows),
        (files.assessments, AssessmentScheme, scheme_rows),
    ]
    for file, kind, rows in told:
        if file is not None:
            load.settle(kind, rows(file))


class _Load:
    """One load under way: it opens a version when the first difference is met."""

    def __init__(
        self,
        session: Session,
        files: CatalogueFiles,
        now: datetime,
        actor: Person | None,
        town_id: UUID | None,
    ) -> None:
        self._session = session
        self._files = files
        self._now = now
        self._actor = actor
        self._town_id = town_id
        self._today = shanghai_day(now)
        self._version: CatalogueVersion | None = None
        self._opened = self._closed = self._updated = self._unchanged = 0

    def report(self) -> LoadReport:
        """What has been done so far."""
        return LoadReport(
            name=self._files.categories.name,
            version=self._version.number if self._version else None,
            opened=self._opened,
            closed=self._closed,
            updated=self._updated,
            unchanged=self._unchanged,
        )

    def categories(self) -> Iterator[Category]:
        """The categories the file names, as rows not yet in the session."""
        for position, part in enumerate(self._files.categories.categories):
            yield Category(
                organisation_id=self._town_id,
                position=position,
                **part.model_dump(exclude={"conditions"}),
            )

    def conditions(self) -> Iterator[Condition]:
        """The conditions of all categories the file names."""
        for category in self._files.categories.categories:
            for position, part in enumerate(category.conditions):
                yield Condition(
                    organisation_id=self._town_id,
                    category_code=category.code,
                    position=position,
                    limit_amount=part.limit.amount,
                    limit_unit=part.limit.unit,
                    **part.model_dump(exclude={"limit"}),
                )

    def stage_limits(self) -> Iterator[StageLimit]:
        """The limits of filing and checking that the file names."""
        for position, (stage, limit) in enumerate(sorted(self._files.categories.limits.items())):
            yield StageLimit(
                organisation_id=self._town_id,
                position=position,
                stage=stage,
                limit_amount=limit.amount,
                limit_unit=limit.unit,
            )

    def composite_parts(self, file: FiguresFile) -> Iterator[CompositePart]:
        """The weights of the composite."""
        for position, part in enumerate(file.composite):
            yield CompositePart(position=position, kpi=part.kpi, weight=part.weight)

    def rungs(self, file: RemindersFile) -> Iterator[ReminderRung]:
        """The rungs of the ladder of reminders."""
        for position, part in enumerate(file.rungs):
            yield ReminderRung(
                position=position, clock=part.clock, percent=part.percent, audience=part.tell
            )

    def periods(self, file: RetentionFile) -> Iterator[RetentionPeriod]:
        """For how long photos are kept."""
        for position, part in enumerate(file.periods):
            yield RetentionPeriod(position=position, kept_as=part.use, days=part.days)

    def settle(self, kind: type[Row], wanted: Iterable[Row]) -> None:
        """Make the rows of one table, for this organisation, those that are wanted."""
        latest = self._latest(kind)
        first_on = self._today if latest else self._first_on()
        for row in wanted:
            known = latest.pop(row.key, None)
            if known is None:
                self._open(row, first_on)
            else:
                self._renew(known, row)
        for row in latest.values():
            if self._lasts(row):
                self._close(row)

    def settle_years(self, years: Iterable[YearPart]) -> None:
        """Write the years named, each corrected in place."""
        known = {row.year: row for row in self._session.scalars(select(CalendarYear))}
        for part in years:
            content = _year_content(part)
            row = known.get(part.year)
            if row and all(getattr(row, name) == value for name, value in content.items()):
                self._unchanged += 1
                continue
            version_id = self._version_id()
            self._session.merge(CalendarYear(year=part.year, version_id=version_id, **content))
            self._updated, self._opened = self._updated + bool(row), self._opened + (not row)

    def _latest(self, kind: type[Row]) -> dict[str, Row]:
        """The newest row of each key, whether or not it still holds.

        Raises ChangePlanned when one begins later: files speak of today only.
        """
        mine = kind.organisation_id == self._town_id
        rows = self._session.scalars(select(kind).where(mine).order_by(kind.from_on)).all()
        refuse_later(rows, self._today)
        return {row.key: row for row in rows if row.from_on <= self._today}

    def _lasts(self, row: Entry) -> bool:
        return row.to_on is None or row.to_on > self._today

    def _first_on(self) -> date:
        """From when the first rows of a table hold; a township's begin today."""
        stated = self._files.categories.in_force_from
        return self._today if stated is None or self._town_id else min(stated, self._today)

    def _renew(self, known: Row, wanted: Row) -> None:
        if known.to_on is None and known.content == wanted.content:
            self._place(known, wanted.position)
        elif known.from_on >= self._today:
            self._correct(known, wanted)
        else:
            if self._lasts(known):
                self._close(known)
            self._open(wanted, self._today)

    def _place(self, known: Row, position: int) -> None:
        """Keep a row, at its place in the file."""
        if known.position == position:
            self._unchanged += 1
            return
        known.version_id = self._version_id()
        known.position = position
        self._updated += 1

    def _correct(self, known: Row, wanted: Row) -> None:
        """Rewrite a row that began today: an interval of no days would say nothing."""
        known.version_id = self._version_id()
        known.position = wanted.position
        known.to_on = None
        for name, value in wanted.content.items():
            setattr(known, name, value)
        self._updated += 1

    def _open(self, row: Row, first_on: date) -> None:
        row.from_on = first_on
        row.version_id = self._version_id()
        self._session.add(row)
        self._opened += 1

    def _close(self, row: Row) -> None:
        row.version_id = self._version_id()
        row.to_on = self._today
        self._closed += 1

    def _version_id(self) -> UUID:
        if self._version is None:
            self._version = self._next_version()
            self._session.add(self._version)
            self._session.flush()
        return self._version.id

    def _next_version(self) -> CatalogueVersion:
        number = self._session.scalar(select(func.max(CatalogueVersion.number))) or 0
        return CatalogueVersion(
            id=new_id(),
            number=number + 1,
            name=self._files.categories.name,
            organisation_id=self._town_id,
            loaded_at=self._now,
            loaded_by_id=self._actor.id if self._actor else None,
            sha256=self._files.sha256,
        )


def _year_content(part: YearPart) -> dict[str, object]:
    return {
        "title": part.title,
        "document": part.document,
        "holidays": [day.isoformat() for day in part.holidays],
        "working_days": [day.isoformat() for day in part.working_days],
    }
