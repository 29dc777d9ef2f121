"""Verbs about assignments: given from a day on, ended on a day, never removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from app.administration.audit import Act, record_change
from app.administration.audit import Subject as Logged
from app.administration.errors import AlreadyRetired
from app.administration.models import ChangeKind, SubjectKind
from app.administration.organisations import end_with
from app.duties.assignments.errors import AssigneeUnsuitable
from app.duties.assignments.models import ANSWERING, Assignment, AssistantKind, Part
from app.duties.assignments.subjects import Subject
from app.kernel.dated import BadDates, day_from, refuse_later
from app.people.models import Organisation, Person, Post


@dataclass(frozen=True, slots=True)
class Assignee:
    """Who is to lead or assist: a person with an account, or only a name."""

    part: Part
    person: Person | None = None
    name: str | None = None
    assists_as: AssistantKind | None = None


def give_assignments(
    session: Session,
    unit: Organisation,
    subjects: Sequence[Subject],
    who: Assignee,
    *,
    from_on: date | None,
    to_on: date | None,
    act: Act,
) -> list[Assignment]:
    """Somebody leads or assists at subjects of a unit from a day (Asia/Shanghai) on.

    A lead takes over from the one before; who has the part already keeps it. Raises
    AssigneeUnsuitable, BadDates, or ChangePlanned when another lead is to begin later.
    """
    start = day_from(from_on, today=act.today, field="from_on")
    end = end_with(unit, from_on=start)
    if to_on is not None:
        if to_on <= start:
            raise BadDates("结束日须在开始日之后。", fields={"to_on": ["须晚于 from_on"]})
        end = min(end, to_on) if end else to_on
    if who.person is not None:
        refuse_unsuitable(session, who.person, unit, who.part, day=start)
    there = _assignments_to(session, unit, subjects, since=start)
    return [
        _give(session, unit, subject, who, there.get(subject, []), (start, end), act)
        for subject in subjects
    ]


def _give(
    session: Session,
    unit: Organisation,
    subject: Subject,
    who: Assignee,
    there: list[Assignment],
    days: tuple[date, date | None],
    act: Act,
) -> Assignment:
    start, end = days
    there = [row for row in there if end is None or row.from_on < end]
    same = [row for row in there if _is_of(row, who)]
    kept = next((row for row in same if row.part is who.part and row.from_on <= start), None)
    if kept is not None and kept.to_on == end:
        return kept
    if who.part is Part.lead:
        others = [row for row in there if row.part is Part.lead and row not in same]
        refuse_later(others, start)
        same = [*same, *others]
    for row in same:
        end_assignment(session, row, start, act)
    given = Assignment(
        organisation_id=unit.id,
        organisation=unit,
        part=who.part,
        assists_as=who.assists_as,
        person_id=who.person.id if who.person else None,
        person=who.person,
        name=who.name,
        from_on=start,
        to_on=end,
        **subject.columns,
    )
    session.add(given)
    session.flush()
    _log(session, given, ChangeKind.give, act, after=state_of(given))
    return given


def _is_of(row: Assignment, who: Assignee) -> bool:
    """Whether a row is of the same person, or bears the same name."""
    if who.person is not None:
        return row.person_id == who.person.id
    return row.person_id is None and row.name == who.name


def end_assignment(session: Session, row: Assignment, day: date, act: Act) -> None:
    """Ends an assignment on a day, or cancels one that is to begin later."""
    before = state_of(row)
    row.to_on = max(day, row.from_on)
    session.flush()
    _log(session, row, ChangeKind.end, act, before=before, after=state_of(row))


def end_given(session: Session, row: Assignment, *, on: date | None, act: Act) -> None:
    """Ends an assignment on a day, today unless given; raises AlreadyRetired for one that has."""
    day = day_from(on, today=act.today, field="on")
    if row.to_on is not None and row.to_on <= act.today:
        raise AlreadyRetired(f"这项分工已于 {row.to_on} 结束。")
    end_assignment(session, row, day, act)


def refuse_unsuitable(
    session: Session, person: Person, unit: Organisation, part: Part, *, day: date
) -> None:
    """Raises AssigneeUnsuitable unless a person in use can answer for something of a unit: who
    leads has a post in its township on the day that answers for work, who assists any post at all.
    """
    held = exists().where(Post.person_id == person.id, Post.in_force(day))
    if part is Part.lead:
        home = Organisation.id == Post.organisation_id
        held = held.where(home, _in_township_of(unit), Post.role.in_(ANSWERING))
    if person.deactivated_at is not None or not session.scalar(select(held)):
        detail = f"{person.name}在 {day} 没有可以负责这项工作的岗位。"
        raise AssigneeUnsuitable(detail, fields={"person": [AssigneeUnsuitable.title]})


def _in_township_of(unit: Organisation) -> ColumnElement[bool]:
    return Organisation.town_id == unit.town_id


def _assignments_to(
    session: Session, unit: Organisation, subjects: Sequence[Subject], *, since: date
) -> dict[Subject, list[Assignment]]:
    """The rows of a unit that hold on a day or later, by subject."""
    kinds = {subject.kind for subject in subjects}
    rows = session.scalars(
        select(Assignment)
        .where(
            Assignment.organisation_id == unit.id,
            Assignment.kind.in_(kinds),
            or_(Assignment.to_on.is_(None), Assignment.to_on > since),
        )
        .order_by(Assignment.id)
    )
    found: dict[Subject, list[Assignment]] = {}
    for row in rows:
        if row.to_on != row.from_on:
            found.setdefault(subject_of(row), []).append(row)
    return found


def subject_of(row: Assignment) -> Subject:
    """What an assignment is about."""
    place_id: UUID | None = row.cell_id or row.compound_id or row.checkpoint_id
    return Subject(row.kind, place_id, row.word)


def state_of(row: Assignment) -> dict[str, Any]:
    """An assignment as the log keeps it."""
    subject = subject_of(row)
    return {
        "kind": row.kind.value,
        "of": str(subject.place_id or subject.word),
        "part": row.part.value,
        "assists_as": row.assists_as.value if row.assists_as else None,
        "person": row.person.username if row.person else None,
        "name": row.name,
        "from_on": row.from_on.isoformat(),
        "to_on": row.to_on.isoformat() if row.to_on else None,
    }


def _log(
    session: Session, row: Assignment, action: ChangeKind, act: Act, **states: dict[str, Any]
) -> None:
    subject = subject_of(row)
    code = str(subject.place_id or subject.word)
    logged = Logged(SubjectKind.assignment, code, row.organisation)
    record_change(session, act, logged, action, **states)
