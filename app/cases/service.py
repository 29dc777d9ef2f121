"""Opening a case, going through its stages, noting what happens besides, ending it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.errors import (
    CaseFieldUnsuitable,
    CaseKindUnknown,
    CaseStale,
    CaseStepImpossible,
    CaseSubjectUnsuitable,
)
from app.cases.filling import checked_fields, expiry
from app.cases.models import Case, CasePhoto, CaseStep, CaseTicket
from app.catalogue.cases.models import About, Need, Opens, RecordedBy
from app.catalogue.cases.queries import Kind, Step, kinds_in_force, kinds_known
from app.catalogue.queries import work_calendar
from app.grid.models import Compound
from app.kernel.clock import shanghai_day
from app.kernel.ids import new_id
from app.people.access import Actor, ActorPost, Matter, require
from app.people.models import Organisation
from app.sla.limits import Limit, LimitUnit, due_at
from app.tickets.errors import EvidenceMissing, ReasonMissing
from app.tickets.handling.copies import evidence_of_the_actor
from app.tickets.models import Ticket

PERMISSIONS = {
    RecordedBy.community: "cases.record",
    RecordedBy.lead: "cases.lead",
    RecordedBy.town: "cases.decide",
}


@dataclass(frozen=True)
class Said:
    """What somebody says of a step."""

    done_on: date | None = None
    note: str | None = None
    photo_ids: Sequence[UUID] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """What a case is to be about."""

    unit: Organisation
    compound: Compound | None = None
    tickets: Sequence[Ticket] = ()


def matter_of_unit(unit: Organisation) -> Matter:
    """What permissions ask about a community's or village's cases."""
    return Matter(town_id=unit.town_id, community_id=unit.id, paths=(unit.path,))


def kind_of(session: Session, case: Case) -> Kind:
    """The kind that a case goes by."""
    return kinds_known(session)[case.kind_id]


def kind_by_code(session: Session, code: str, *, day: date) -> Kind:
    """The kind with a code that a person may open on a day; raises CaseKindUnknown."""
    found = next((k for k in kinds_in_force(session, day=day) if k.code == code), None)
    if found is None or found.opens is Opens.repeats:
        detail = "请从列表中选择。" if found is None else "这一类由系统自动立。"
        raise CaseKindUnknown(detail, fields={"kind": [detail]})
    return found


def open_case(
    session: Session,
    kind: Kind,
    subject: Subject,
    title: str,
    said: Said,
    *,
    actor: Actor,
    now: datetime,
) -> Case:
    """A case in its first stage.

    Raises NotAllowed, CaseSubjectUnsuitable, CaseFieldUnsuitable, CaseStepImpossible,
    EvidenceMissing, ReasonMissing or PhotoNotYours.
    """
    first = kind.stages[0]
    post = require(actor, PERMISSIONS[first.by], matter_of_unit(subject.unit))
    _refuse_subject(kind, subject)
    case = new_case(session, kind, subject, title, now=now)
    _append(session, kind, case, first, said, actor=actor, post=post, now=now)
    return case


def new_case(
    session: Session,
    kind: Kind,
    subject: Subject,
    title: str,
    *,
    now: datetime,
    cause: str | None = None,
) -> Case:
    """A case in its first stage, of which nothing is recorded yet."""
    town_id = subject.unit.town_id
    assert town_id is not None
    made = Case(
        id=new_id(),
        kind_code=kind.code,
        kind_id=kind.id,
        town_id=town_id,
        organisation_id=subject.unit.id,
        compound_id=subject.compound.id if subject.compound else None,
        title=title,
        cause=cause,
        stage=kind.stages[0].code,
        due_on=due_day(session, kind.stages[0], now=now),
        fields={},
        version=1,
        opened_at=now,
        steps=[],
        tickets=[CaseTicket(ticket_id=each.id) for each in subject.tickets],
    )
    session.add(made)
    session.flush()
    session.refresh(made, ["organisation", "compound"])
    return made


def record(
    session: Session,
    case: Case,
    code: str,
    said: Said,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> Case:
    """The next stage, or something noted besides, on a case that is locked.

    Raises NotAllowed, CaseStale, CaseStepImpossible, CaseFieldUnsuitable, EvidenceMissing,
    ReasonMissing or PhotoNotYours.
    """
    kind = kind_of(session, case)
    step = _step_now(kind, case, code)
    post = require(actor, PERMISSIONS[step.by], matter_of_unit(case.organisation))
    _refuse_stale(case, version)
    _append(session, kind, case, step, said, actor=actor, post=post, now=now)
    case.version += 1
    if step in kind.stages:
        enter(session, kind, case, step, now=now)
    session.flush()
    return case


def enter(session: Session, kind: Kind, case: Case, stage: Step, *, now: datetime) -> None:
    """Puts a case into a stage; its last one closes it."""
    case.stage, case.due_on = stage.code, due_day(session, stage, now=now)
    if kind.after(stage.code) is None:
        case.closed_at = now


def drop(
    session: Session, case: Case, *, reason: str | None, version: int, actor: Actor, now: datetime
) -> Case:
    """Ends a case before its last stage, with the reason.

    Raises NotAllowed, CaseStale, CaseStepImpossible or ReasonMissing.
    """
    require(actor, "cases.lead", matter_of_unit(case.organisation))
    _refuse_stale(case, version)
    _refuse_closed(case)
    if not reason:
        raise ReasonMissing("请写明为什么终止。", fields={"note": ["请写明理由"]})
    case.closed_at, case.dropped_because, case.due_on = now, reason, None
    case.version += 1
    session.flush()
    return case


def possible_steps(kind: Kind, case: Case) -> tuple[Step, ...]:
    """What may be recorded now: the next stage, and what may be noted at any time."""
    if case.closed_at is not None:
        return ()
    following = kind.after(case.stage)
    return (*([following] if following else []), *kind.events)


def due_day(session: Session, stage: Step, *, now: datetime) -> date | None:
    """The day on which the stage behind one is due; None without a limit."""
    if stage.days is None:
        return None
    limit = Limit(stage.days, LimitUnit.day)
    return shanghai_day(due_at(now, limit, work_calendar(session)).at)


def _step_now(kind: Kind, case: Case, code: str) -> Step:
    _refuse_closed(case)
    possible = possible_steps(kind, case)
    found = next((each for each in possible if each.code == code), None)
    if found is None:
        names = "、".join(each.name for each in possible)
        raise CaseStepImpossible(f"现在可以记录：{names}。")
    return found


def _append(
    session: Session,
    kind: Kind,
    case: Case,
    step: Step,
    said: Said,
    *,
    actor: Actor,
    post: ActorPost,
    now: datetime,
) -> None:
    today = shanghai_day(now)
    _refuse_unproven(step, said)
    day = said.done_on or today
    _refuse_day(day, today)
    filled = checked_fields(kind, said.fields)
    photos = evidence_of_the_actor(session, actor, list(dict.fromkeys(said.photo_ids))).photos
    case.steps.append(
        CaseStep(
            id=new_id(),
            step=step.code,
            done_on=day,
            note=said.note,
            fields=filled,
            person_id=actor.person_id,
            post_id=post.id,
            recorded_at=now,
            photos=[CasePhoto(photo_id=each.id, sequence=n) for n, each in enumerate(photos, 1)],
        )
    )
    case.fields = {code: v for code, v in {**case.fields, **filled}.items() if v is not None}
    case.expires_on = expiry(kind, case.fields)
    session.flush()


def _refuse_subject(kind: Kind, subject: Subject) -> None:
    wrong = None
    if (kind.about is About.compound) != (subject.compound is not None):
        wrong = "compound", "请选小区" if kind.about is About.compound else "这一类不按小区立"
    elif kind.opens is Opens.spanning and len(subject.tickets) < 2:
        wrong = "tickets", "至少两张工单"
    elif any(t.community_id != subject.unit.id for t in subject.tickets):
        wrong = "tickets", "工单须在同一社区（村）"
    if wrong is not None:
        name, detail = wrong
        raise CaseSubjectUnsuitable(f"{detail}。", fields={name: [detail]})


def _refuse_unproven(step: Step, said: Said) -> None:
    if Need.photo in step.needs and not said.photo_ids:
        raise EvidenceMissing("请拍照上传。", fields={"photo_ids": ["至少一张照片"]})
    if Need.note in step.needs and not said.note:
        raise ReasonMissing("请写明情况。", fields={"note": ["请写明情况"]})


def _refuse_day(day: date, today: date) -> None:
    if day > today:
        detail = "不能晚于今天"
        raise CaseFieldUnsuitable(f"{detail}。", fields={"done_on": [detail]})


def _refuse_stale(case: Case, version: int) -> None:
    if version != case.version:
        raise CaseStale("请看过最新的情况再记录。", version=case.version)


def _refuse_closed(case: Case) -> None:
    if case.closed_at is not None:
        raise CaseStepImpossible("已经结束。")
