"""The kinds of case, every row there ever was, kept in the process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.cases.models import About, CaseKind, FieldKind, Need, Opens, RecordedBy
from app.catalogue.snapshots import snapshot_of


@dataclass(frozen=True, slots=True)
class Step:
    """A stage, or something noted besides."""

    code: str
    name: str
    by: RecordedBy
    needs: frozenset[Need]
    days: int | None


@dataclass(frozen=True, slots=True)
class Field:
    """What may be filled in."""

    code: str
    name: str
    kind: FieldKind
    choices: tuple[str, ...]
    expires: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case as one row says it."""

    id: UUID
    code: str
    section: str
    name: str
    about: About
    opens: Opens
    stages: tuple[Step, ...]
    events: tuple[Step, ...]
    fields: tuple[Field, ...]
    from_on: date
    to_on: date | None

    def stage(self, code: str) -> Step:
        """The stage with a code."""
        return next(each for each in self.stages if each.code == code)

    def after(self, code: str) -> Step | None:
        """The stage that follows another; None behind the last."""
        codes = [each.code for each in self.stages]
        place = codes.index(code) + 1
        return self.stages[place] if place < len(codes) else None


def kinds_known(session: Session) -> Mapping[UUID, Kind]:
    """Every row by its id: a case goes by its own."""
    return snapshot_of(session, _read)


def kinds_in_force(session: Session, *, day: date) -> list[Kind]:
    """The kinds in force on a day (Asia/Shanghai), in the order of the file."""
    every = kinds_known(session).values()
    return [k for k in every if k.from_on <= day and (k.to_on is None or day < k.to_on)]


def _read(session: Session) -> Mapping[UUID, Kind]:
    rows = session.scalars(select(CaseKind).order_by(CaseKind.position, CaseKind.from_on))
    return {row.id: _kind(row) for row in rows}


def _kind(row: CaseKind) -> Kind:
    return Kind(
        row.id,
        row.code,
        row.section,
        row.name,
        row.about,
        row.opens,
        tuple(map(_step, row.stages)),
        tuple(map(_step, row.events)),
        tuple(map(_field, row.fields)),
        row.from_on,
        row.to_on,
    )


def _step(said: dict[str, Any]) -> Step:
    needs = frozenset(map(Need, said["needs"]))
    return Step(said["code"], said["name"], RecordedBy(said["by"]), needs, said["days"])


def _field(said: dict[str, Any]) -> Field:
    choices = tuple(said["choices"])
    return Field(said["code"], said["name"], FieldKind(said["kind"]), choices, said["expires"])
