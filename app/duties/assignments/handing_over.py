"""Somebody leaves: all that they have below an organisation is another's from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.administration.audit import Act, record_change
from app.administration.audit import Subject as Logged
from app.administration.models import ChangeKind, SubjectKind
from app.duties.assignments.errors import AssigneeUnsuitable
from app.duties.assignments.models import Assignment, Part
from app.duties.assignments.service import (
    Assignee,
    end_assignment,
    give_assignments,
    refuse_unsuitable,
    subject_of,
)
from app.grid.models import Cell, CellWarden
from app.grid.queries import under_organisation
from app.kernel.dated import day_from
from app.people.models import Organisation, Person, Post, Role

Row = TypeVar("Row", Assignment, CellWarden)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What passed to another: assignments as they are now, and the cells that they walk."""

    assignments: list[Assignment]
    cells: list[Cell]


def hand_over(
    session: Session,
    under: Organisation,
    person: Person,
    to: Person,
    *,
    on: date | None,
    act: Act,
) -> HandedOver:
    """All that a person has below an organisation, the cells they walk included, passes to another
    from a day (Asia/Shanghai) on; what is to begin later passes as planned.

    Doing it again finds nothing more. Raises AssigneeUnsuitable, and then nothing has passed.
    """
    day = day_from(on, today=act.today, field="on")
    if person.id == to.id:
        raise AssigneeUnsuitable("不能交给本人。", fields={"to": [AssigneeUnsuitable.title]})
    passed = [
        _pass_assignment(session, row, to, max(day, row.from_on), act)
        for row in _lasting(session, _assignments_of(person, under, day), day)
    ]
    wardens = _lasting(session, _cells_of(person, under, day), day)
    cells = [_pass_cell(session, row, to, max(day, row.from_on), act) for row in wardens]
    session.flush()
    return HandedOver(passed, cells)


def _pass_assignment(
    session: Session, row: Assignment, to: Person, day: date, act: Act
) -> Assignment:
    until, unit = row.to_on, row.organisation
    refuse_unsuitable(session, to, unit, row.part, day=day)
    end_assignment(session, row, day, act)
    if row.part is Part.assistant and (leads := _leads_there(session, row, to, day)):
        return leads
    who = Assignee(row.part, to, None, row.assists_as)
    (given,) = give_assignments(
        session, unit, [subject_of(row)], who, from_on=day, to_on=until, act=act
    )
    return given


def _leads_there(session: Session, row: Assignment, to: Person, day: date) -> Assignment | None:
    """Who leads has no need to assist beside."""
    same = {name: getattr(row, name) for name in ("organisation_id", "kind", "word")}
    places = {name: getattr(row, name) for name in ("cell_id", "compound_id", "checkpoint_id")}
    asked = select(Assignment).filter_by(**same, **places, part=Part.lead, person_id=to.id)
    return session.scalars(asked.where(Assignment.in_force(day)).limit(1)).first()


def _pass_cell(session: Session, row: CellWarden, to: Person, day: date, act: Act) -> Cell:
    """The other walks the cell, unless they do already; the cells say who walks them, and this is
    the same row as a township's files write."""
    cell = session.get_one(Cell, row.cell_id)
    _refuse_who_cannot_walk(session, to, cell, day)
    until, row.to_on = row.to_on, day
    session.flush()
    walks = exists().where(
        CellWarden.cell_id == cell.id, CellWarden.person_id == to.id, CellWarden.in_force(day)
    )
    if not session.scalar(select(walks)):
        taken = CellWarden(cell_id=cell.id, person_id=to.id, from_on=day, to_on=until)
        session.add(taken)
    logged = Logged(SubjectKind.cell, cell.code, cell.organisation)
    states = {"before": {"warden": row.person.username}, "after": {"warden": to.username}}
    record_change(session, act, logged, ChangeKind.change, **states)
    return cell


def _refuse_who_cannot_walk(session: Session, to: Person, cell: Cell, day: date) -> None:
    held = exists().where(
        Post.person_id == to.id,
        Post.organisation_id == cell.organisation_id,
        Post.role.in_((Role.warden, Role.lead)),
        Post.in_force(day),
    )
    if to.deactivated_at is not None or not session.scalar(select(held)):
        detail = f"网格“{cell.name}”只能交给本社区（村）的网格员或负责人。"
        raise AssigneeUnsuitable(detail, fields={"to": [AssigneeUnsuitable.title]})


def _assignments_of(person: Person, under: Organisation, day: date) -> Select[Assignment]:
    return (
        select(Assignment)
        .join(Assignment.organisation)
        .options(contains_eager(Assignment.organisation), joinedload(Assignment.person))
        .where(Assignment.person_id == person.id, under_organisation(under, day=day))
        .where(or_(Assignment.to_on.is_(None), Assignment.to_on > day))
        .order_by(Assignment.id)
    )


def _cells_of(person: Person, under: Organisation, day: date) -> Select[CellWarden]:
    return (
        select(CellWarden)
        .join(Cell, Cell.id == CellWarden.cell_id)
        .join(Organisation, Organisation.id == Cell.organisation_id)
        .options(joinedload(CellWarden.person))
        .where(CellWarden.person_id == person.id, under_organisation(under, day=day))
        .where(or_(CellWarden.to_on.is_(None), CellWarden.to_on > day))
        .order_by(CellWarden.id)
    )


def _lasting(session: Session, asked: Select[Row], day: date) -> Sequence[Row]:
    """The rows that hold on some day from a day on, but those that were cancelled."""
    return [row for row in session.scalars(asked) if row.to_on != row.from_on]
