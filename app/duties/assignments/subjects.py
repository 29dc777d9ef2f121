"""What a unit's people answer for, as it is named from outside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.catalogue.desk.queries import DutyRule, desk_known, on_day
from app.duties.assignments.errors import SubjectUnknown
from app.duties.assignments.models import AssignedKind, Line
from app.duties.quotas import quota_for
from app.duties.titles.models import TITLES
from app.grid.models import Cell, Checkpoint, Compound
from app.kernel.ids import parse_id
from app.people.models import Organisation, OrganisationType


@dataclass(frozen=True, slots=True)
class SubjectNamed:
    """A subject as somebody names it: the code of a cell or compound, the id of a checkpoint, or a
    word."""

    kind: AssignedKind
    code: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of a unit: a place by its id, else a word."""

    kind: AssignedKind
    place_id: UUID | None = None
    word: str | None = None

    @property
    def columns(self) -> dict[str, object]:
        """What a row about it has."""
        if self.place_id is None:
            return {"kind": self.kind, "word": self.word}
        return {"kind": self.kind, f"{self.kind.value}_id": self.place_id}


def subjects_of_unit(
    session: Session, unit: Organisation, asked: Sequence[SubjectNamed], *, day: date
) -> list[Subject]:
    """The subjects named, in their order and without repetition, in use on a day; at most a query
    for each kind. Raises SubjectUnknown."""
    known = {kind: _places(session, unit, kind, asked, day) for kind in {one.kind for one in asked}}
    words: dict[AssignedKind, Collection[str]] = {
        AssignedKind.line: set(Line) if unit.type is OrganisationType.village else set(),
        AssignedKind.duty: {rule.code for rule in duties_of(session, unit.type, day=day)},
    }
    found = []
    for index, one in enumerate(asked):
        subject = _subject(one, known[one.kind], words)
        if subject is None:
            field = f"subjects.{index}.code"
            raise SubjectUnknown("请核对编码。", fields={field: [SubjectUnknown.title]})
        found.append(subject)
    return list(dict.fromkeys(found))


def _subject(
    one: SubjectNamed, known: dict[str, UUID], words: Mapping[AssignedKind, Collection[str]]
) -> Subject | None:
    if one.kind in words:
        return Subject(one.kind, word=one.code) if one.code in words[one.kind] else None
    place_id = known.get(one.code.lower())
    return Subject(one.kind, place_id=place_id) if place_id else None


def duties_of(session: Session, kind: OrganisationType, *, day: date) -> list[DutyRule]:
    """The duties that hold on a day of units of a type, whatever their titles."""
    titled = frozenset(TITLES)
    return [
        rule
        for rule in on_day(desk_known(session).duties, day)
        if rule.of_compounds or quota_for(rule.quotas, kind, titled)
    ]


def _places(
    session: Session,
    unit: Organisation,
    kind: AssignedKind,
    asked: Sequence[SubjectNamed],
    day: date,
) -> dict[str, UUID]:
    """Ids by code in small letters, of those of a kind that are the unit's and in use."""
    codes = [one.code for one in asked if one.kind is kind]
    statement = _statement(unit, kind, codes, day)
    if statement is None:
        return {}
    return {str(code).lower(): place_id for place_id, code in session.execute(statement)}


def _statement(
    unit: Organisation, kind: AssignedKind, codes: list[str], day: date
) -> Select[UUID, UUID | str] | None:
    if kind is AssignedKind.cell:
        there = Cell.organisation_id == unit.id, Cell.in_service(day), Cell.code.in_(codes)
        return select(Cell.id, Cell.code).where(*there)
    of_the_unit = Compound.organisation_id == unit.id, Compound.in_service(day)
    if kind is AssignedKind.compound:
        return select(Compound.id, Compound.code).where(*of_the_unit, Compound.code.in_(codes))
    if kind is AssignedKind.checkpoint:
        ids = [found for code in codes if (found := parse_id(code))]
        joined = select(Checkpoint.id, Checkpoint.id).join(
            Compound, Compound.id == Checkpoint.compound_id
        )
        return joined.where(*of_the_unit, Checkpoint.in_service(day), Checkpoint.id.in_(ids))
    return None
