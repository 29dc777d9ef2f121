"""Applying for an award, answering, taking an application back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns.awards.models import AWARD_STATE_LABELS, Award, AwardApplication, AwardState
from app.campaigns.candidates import Year, judged
from app.campaigns.errors import AwardExists, NotACandidate
from app.campaigns.rules import CRITERION_LABELS, Grade
from app.campaigns.service import matter_of_compound
from app.grid.models import Compound
from app.kernel.ids import new_id
from app.people.access import Actor, Matter, require
from app.rounds.queries import Scope
from app.tickets.errors import OwnWork, ReasonMissing


@dataclass(frozen=True)
class Application:
    """What a community says: which compound, which award, why."""

    compound: Compound
    award: Award
    grounds: str
    unit: str = ""


def matter_of(application: AwardApplication) -> Matter:
    """What permissions ask about an application."""
    return matter_of_compound(application.compound)


def apply_for_award(
    session: Session, said: Application, year: Year, *, actor: Actor, now: datetime
) -> AwardApplication:
    """An application, open until the town answers.

    文明小区 asks for a grade that the year's figures bear out; a model compound's goes on directly.
    Raises NotAllowed, NotACandidate, AwardExists or ReasonMissing.
    """
    matter = matter_of_compound(said.compound)
    post = require(actor, "awards.apply", matter)
    if not said.grounds:
        raise ReasonMissing("请写明理由。", fields={"grounds": ["请写明理由"]})
    grade = _grade(session, said, year, actor=actor)
    _refuse_repeated(session, said, year.year)
    assert matter.town_id is not None
    made = AwardApplication(
        id=new_id(),
        town_id=matter.town_id,
        compound_id=said.compound.id,
        award=said.award,
        year=year.year,
        unit=said.unit,
        grounds=said.grounds,
        grade=grade,
        state=AwardState.applied,
        person_id=actor.person_id,
        post_id=post.id,
        applied_at=now,
    )
    session.add(made)
    session.flush()
    session.refresh(made, ["compound"])
    return made


def _grade(session: Session, said: Application, year: Year, *, actor: Actor) -> Grade | None:
    scope = Scope(actor, year.last, said.compound.organisation)
    (found,) = judged(session, scope, year, [said.compound])
    if said.award is Award.civilised_compound and found.grade is None:
        missed = [each for each in found.reasons(Grade.qualified) if each.met is False]
        names = "、".join(CRITERION_LABELS[each.bound.criterion] for each in missed)
        raise NotACandidate(f"还没有达到：{names}。")
    return found.grade


def _refuse_repeated(session: Session, said: Application, year: int) -> None:
    standing = select(AwardApplication.id).where(
        AwardApplication.compound_id == said.compound.id,
        AwardApplication.award == said.award,
        AwardApplication.year == year,
        AwardApplication.unit == said.unit,
        AwardApplication.state.in_((AwardState.applied, AwardState.accepted)),
    )
    if session.scalar(standing.limit(1)) is not None:
        raise AwardExists("这一年已经申报过。")


def answer_application(
    session: Session,
    application: AwardApplication,
    state: AwardState,
    *,
    note: str | None,
    actor: Actor,
    now: datetime,
) -> AwardApplication:
    """The town's answer, accepted or returned with a reason; or the community takes it back.

    On an application that is locked. Raises NotAllowed, OwnWork, AwardExists or ReasonMissing.
    """
    taken_back = state is AwardState.withdrawn
    require(actor, "awards.apply" if taken_back else "awards.answer", matter_of(application))
    if not taken_back and application.person_id == actor.person_id:
        raise OwnWork("请由没有参与申报的人员答复。")
    if application.state is not AwardState.applied:
        raise AwardExists(f"已经是“{AWARD_STATE_LABELS[application.state]}”。")
    if state is AwardState.returned and not note:
        raise ReasonMissing("请写明为什么退回。", fields={"note": ["请写明理由"]})
    application.state, application.answer = state, note
    application.answered_by_id, application.answered_at = actor.person_id, now
    session.flush()
    return application
