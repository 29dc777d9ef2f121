"""What has no one: the places and lines of work that nobody in office leads; it should be empty.

A cell counts as led when somebody is its lead or a warden walks it, a checkpoint when it or its
compound has a lead. Who has no account in use or no post in the township any more leads nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Exists,
    Select,
    String,
    and_,
    cast,
    column,
    exists,
    literal,
    or_,
    select,
    values,
)
from sqlalchemy.orm import Session, aliased

from app.duties.assignments.models import LINE_LABELS, AssignedKind, Assignment, Line, Part
from app.duties.assignments.subjects import duties_of
from app.duties.units import in_use
from app.grid.models import Cell, CellWarden, Checkpoint, Compound
from app.kernel.paging import BadCursor, Page, decode_cursor, encode_cursor
from app.people.models import Organisation, OrganisationType, Person, Post
from app.rounds.queries import Scope

Words = list[tuple[OrganisationType, str, str]]
"""Types of unit with the codes and names of what they need a lead for."""

VACANT_KINDS = (AssignedKind.cell, AssignedKind.checkpoint, AssignedKind.duty, AssignedKind.line)
"""The kinds that must have a lead, in the order of the list."""

FIELD_GRID = (OrganisationType.community, OrganisationType.resettlement_village)
"""Where every place has a name; a village divides its work into lines instead."""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A subject that nobody leads; `code` is a cell's, a checkpoint's id, or a word."""

    kind: AssignedKind
    code: str
    name: str
    place: str | None
    unit_code: str
    unit_name: str


def vacancies_page(
    session: Session,
    scope: Scope,
    *,
    kind: AssignedKind | None,
    limit: int,
    cursor: str | None = None,
) -> Page[Vacancy]:
    """A page of what nobody leads, by kind, unit and code; a query for each kind at most."""
    first, after = VACANT_KINDS[0], ("", "")
    if cursor is not None:
        at, unit, code = decode_cursor(cursor, _kind, str, str)
        first, after = at, (unit, _checked(at, code))
    found: list[Vacancy] = []
    for one in VACANT_KINDS[VACANT_KINDS.index(first) :]:
        if kind in (None, one) and len(found) <= limit:
            asked = vacant_of(session, one, scope, after).limit(limit + 1 - len(found))
            rows = session.execute(asked)
            found += [Vacancy(one, str(code), *rest) for code, *rest in rows]
        after = ("", "")
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    return Page(found[:limit], encode_cursor(last.kind.value, last.unit_code, last.code))


def _kind(value: Any) -> AssignedKind:
    kind = AssignedKind(value)
    if kind not in VACANT_KINDS:
        raise ValueError(value)
    return kind


def _checked(kind: AssignedKind, code: str) -> str:
    try:
        return str(UUID(code)) if kind is AssignedKind.checkpoint else code
    except ValueError:
        raise BadCursor("请从第一页重新开始。") from None


def vacant_of(
    session: Session, kind: AssignedKind, scope: Scope, after: tuple[str, str]
) -> Select[Any]:
    """Rows (code, name, place, unit's code, unit's name) of what has no one, in the list's order,
    behind a unit and code."""
    if kind is AssignedKind.cell:
        asked = _cells(scope.day)
    elif kind is AssignedKind.checkpoint:
        asked = _checkpoints(scope.day)
    else:
        asked = _worded(kind, words_of(session, kind, scope.day), scope.day)
    code = asked.selected_columns[0]
    unit, behind = Organisation.code, after[0]
    last: Any = after[1]
    if kind is AssignedKind.checkpoint:
        last = UUID(last) if last else UUID(int=0)
    later = or_(unit > behind, and_(unit == behind, code > last))
    return asked.where(scope.holds(), in_use(scope.day), later).order_by(unit, code)


def _columns(code: Any, name: Any, place: Any) -> tuple[Any, ...]:
    unit = Organisation.code.label("unit"), Organisation.name.label("unit_name")
    return code.label("code"), name.label("name"), place.label("place"), *unit


def _cells(day: date) -> Select[Any]:
    walks = CellWarden.cell_id == Cell.id, CellWarden.in_force(day)
    walked = in_office(day, CellWarden.person_id, Organisation.town_id, *walks).correlate_except(
        CellWarden, Person, Post, HOME
    )
    return (
        select(*_columns(Cell.code, Cell.name, literal(None, String)))
        .join(Organisation, Organisation.id == Cell.organisation_id)
        .where(
            Organisation.type.in_(FIELD_GRID),
            Cell.in_service(day),
            ~walked,
            ~led_by_somebody(day, Assignment.cell_id == Cell.id),
        )
    )


def _checkpoints(day: date) -> Select[Any]:
    itself, its_compound = about_checkpoints()
    return (
        select(*_columns(Checkpoint.id, Checkpoint.name, Compound.name))
        .join(Compound, Compound.id == Checkpoint.compound_id)
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .where(
            Organisation.type.in_(FIELD_GRID),
            Compound.in_service(day),
            Checkpoint.in_service(day),
            ~led_by_somebody(day, itself),
            ~led_by_somebody(day, its_compound),
        )
    )


def about_checkpoints() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that an Assignment row is about a Checkpoint row, and about its compound."""
    its_compound = and_(
        Assignment.compound_id == Compound.id, Assignment.kind == AssignedKind.compound
    )
    return Assignment.checkpoint_id == Checkpoint.id, its_compound


def words_of(session: Session, kind: AssignedKind, day: date) -> Words:
    """What units of a type need a lead for: type, word, name."""
    if kind is AssignedKind.line:
        return [(OrganisationType.village, line.value, LINE_LABELS[line]) for line in Line]
    return [
        (unit, rule.code, rule.name)
        for unit in FIELD_GRID
        for rule in duties_of(session, unit, day=day)
    ]


def _worded(kind: AssignedKind, needed: Words, day: date) -> Select[Any]:
    columns = column("type", String), column("code", String), column("name", String)
    rows = [(unit.value, word, name) for unit, word, name in needed] or [("", "", "")]
    words = values(*columns, name=f"{kind.value}_values").data(rows).cte(f"words_{kind.value}")
    about = (
        Assignment.organisation_id == Organisation.id,
        Assignment.kind == kind,
        Assignment.word == words.c.code,
    )
    return (
        select(*_columns(words.c.code, words.c.name, literal(None, String)))
        .select_from(Organisation)
        .join(words, cast(Organisation.type, String) == words.c.type)
        .where(~led_by_somebody(day, *about))
    )


def led_by_somebody(day: date, *about: ColumnElement[bool]) -> Exists:
    """The condition that somebody in office leads what an Assignment row is about."""
    unit = aliased(Organisation)
    leads = Assignment.part == Part.lead, Assignment.in_force(day)
    at = unit.id == Assignment.organisation_id
    led = in_office(day, Assignment.person_id, unit.town_id, at, *leads, *about)
    return led.correlate_except(Assignment, unit, Person, Post, HOME)


HOME = aliased(Organisation)
"""Where the post is by which somebody is in office."""


def in_office(day: date, person_id: Any, town_id: Any, *about: ColumnElement[bool]) -> Exists:
    """The condition that there is somebody who can sign in and has a post in a township: all in
    one, so that a database can look for everybody at once."""
    return exists().where(
        *about,
        Person.id == person_id,
        Person.deactivated_at.is_(None),
        Post.person_id == Person.id,
        Post.in_force(day),
        HOME.id == Post.organisation_id,
        HOME.town_id == town_id,
    )
