"""How much has no one, counted by unit."""

from collections import Counter
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy import union_all as union
from sqlalchemy.orm import Session

from app.duties.assignments.models import AssignedKind, Assignment, Part
from app.duties.assignments.vacancies import (
    FIELD_GRID,
    HOME,
    Words,
    about_checkpoints,
    in_office,
    led_by_somebody,
    vacant_of,
    words_of,
)
from app.duties.units import in_use
from app.grid.models import Checkpoint, Compound
from app.people.models import Organisation, OrganisationType, Person, Post
from app.rounds.queries import Scope


def vacancy_counts(session: Session, scope: Scope) -> dict[str, dict[AssignedKind, int]]:
    """How many subjects of each kind nobody leads, by path of the unit; one query. Of words it
    counts those that are led: the rest of what a unit needs is vacant."""
    needed = {kind: words_of(session, kind, scope.day) for kind in WORDED}
    parts = _counted_parts(session, scope, needed)
    parts.append(
        select(cast(Organisation.type, String), Organisation.path, literal(0)).where(
            scope.holds(), in_use(scope.day)
        )
    )
    counts: dict[str, dict[AssignedKind, int]] = {}
    for kind, path, number in session.execute(union(*parts)):
        of_unit = counts.setdefault(path, {})
        if kind in set(OrganisationType):
            for word_kind, words in needed.items():
                wanted = sum(unit.value == kind for unit, _, _ in words)
                of_unit[word_kind] = of_unit.get(word_kind, 0) + wanted
        elif kind in PLACES:
            of_unit[AssignedKind(kind)] = number
        else:
            of_unit[AssignedKind(kind)] = of_unit.get(AssignedKind(kind), 0) - number
    return {path: found for path, found in counts.items() if any(found.values())}


def vacancies_less_words(
    session: Session, scope: Scope
) -> tuple[Select[str, int], Counter[OrganisationType]]:
    """A query (path, how many places nobody leads, less the words that somebody leads), with no
    row for a unit that has neither; and how many words each type of unit needs a lead for. Both
    together are what `vacancy_counts` counts."""
    needed = {kind: words_of(session, kind, scope.day) for kind in WORDED}
    rows = union(*_counted_parts(session, scope, needed)).subquery()
    kind, path, number = rows.columns
    signed = case((kind.in_([one.value for one in PLACES]), number), else_=-number)
    asked: Any = select(path.label("path"), func.sum(signed).label("number")).group_by(path)
    return asked, Counter(unit for words in needed.values() for unit, _, _ in words)


def _counted_parts(
    session: Session, scope: Scope, needed: dict[AssignedKind, Words]
) -> list[Select[str, str, int]]:
    """Rows (kind, path, number): of places those that nobody leads, of words those that are led."""
    cells = _counted(vacant_of(session, AssignedKind.cell, scope, ("", "")), AssignedKind.cell)
    parts = [cells, _counted_checkpoints(scope)]
    return parts + [_counted(_led_words(kind, needed[kind], scope), kind) for kind in WORDED]


PLACES = (AssignedKind.cell, AssignedKind.checkpoint)
WORDED = (AssignedKind.duty, AssignedKind.line)


def _counted(asked: Select[Any], kind: AssignedKind) -> Select[str, str, int]:
    """How many rows of a query there are, by path of the unit."""
    path = Organisation.path.label("path")
    rows = asked.order_by(None).with_only_columns(path).subquery()
    return select(literal(kind.value), rows.c.path, func.count()).group_by(rows.c.path)


def _counted_checkpoints(scope: Scope) -> Select[str, str, int]:
    """The same of the checkpoints that nobody leads. Those of a compound are counted before it is
    looked at: there are tens of thousands of them in a county."""
    itself, its_compound = about_checkpoints()
    by_compound = (
        select(Checkpoint.compound_id, func.count().label("number"))
        .where(Checkpoint.in_service(scope.day), ~led_by_somebody(scope.day, itself))
        .group_by(Checkpoint.compound_id)
        .subquery()
    )
    kind, path = literal(AssignedKind.checkpoint.value), Organisation.path
    return (
        select(kind, path, cast(func.sum(by_compound.c.number), Integer))
        .select_from(by_compound)
        .join(Compound, Compound.id == by_compound.c.compound_id)
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .where(
            Organisation.type.in_(FIELD_GRID),
            Compound.in_service(scope.day),
            ~led_by_somebody(scope.day, its_compound),
            scope.holds(),
            in_use(scope.day),
        )
        .group_by(path)
    )


def _led_words(kind: AssignedKind, needed: Words, scope: Scope) -> Select[Any]:
    """A row for every word that a unit needs and somebody in office leads."""
    types = sorted({unit for unit, _, _ in needed})
    wanted = (
        and_(Organisation.type == one, Assignment.word.in_([w for u, w, _ in needed if u is one]))
        for one in types
    )
    leads = Assignment.kind == kind, Assignment.part == Part.lead, Assignment.in_force(scope.day)
    held = in_office(scope.day, Assignment.person_id, Organisation.town_id)
    asked: Any = (
        select(Organisation.path, Assignment.word)
        .join(Assignment, Assignment.organisation_id == Organisation.id)
        .where(scope.holds(), in_use(scope.day), *leads, or_(false(), *wanted))
        .where(held.correlate_except(Person, Post, HOME))
    )
    rows: Select[Any] = asked
    return rows
