"""Scores are frozen, objected to and answered: each appended, none edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.assessments.errors import (
    AlreadyAssessed,
    ObjectionLate,
    ObjectionMade,
    ObjectionUnsuitable,
    PeriodNotOver,
    SchemeUnknown,
)
from app.assessments.models import AssessmentFreeze, AssessmentObjection, AssessmentScore
from app.assessments.periods import Stretch
from app.assessments.rules import RULES_VERSION
from app.assessments.scores import Score
from app.catalogue.assessments.models import Way
from app.catalogue.assessments.queries import Scheme, schemes_in_force, schemes_known
from app.catalogue.models import CatalogueVersion
from app.kernel.clock import rfc3339, shanghai_day
from app.kernel.errors import NotAllowed
from app.kernel.ids import new_id
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor, ActorPost
from app.people.models import Organisation


@dataclass(frozen=True)
class By:
    """Who acts, by which post, when."""

    actor: Actor
    post: ActorPost
    now: datetime


def scheme_asked(session: Session, code: str, stretch: Stretch) -> Scheme:
    """The scheme with a code that holds on the last day of a period that can be judged; raises
    SchemeUnknown."""
    for one in schemes_in_force(session, day=stretch.judged_on):
        if one.code == code and one.period is stretch.kind:
            return one
    detail = "请从 GET /assessments/schemes 中选择，月调度填月份，年度考核填年份。"
    raise SchemeUnknown(detail, fields={"scheme": [detail]})


def refuse_unfreezable(
    session: Session, town: Organisation, scheme: Scheme, stretch: Stretch, reason: str | None
) -> int:
    """The number of the freeze to be made, the township's row locked; raises PeriodNotOver or
    AlreadyAssessed."""
    if not stretch.over:
        detail = "请等这个时段结束以后再固定。"
        raise PeriodNotOver(detail, fields={"period": [detail]})
    session.execute(select(Organisation.id).where(Organisation.id == town.id).with_for_update())
    known = select(func.max(AssessmentFreeze.sequence)).where(
        AssessmentFreeze.town_id == town.id,
        AssessmentFreeze.scheme_code == scheme.code,
        AssessmentFreeze.period == stretch.code,
    )
    sequence = (session.scalar(known) or 0) + 1
    if sequence > 1 and not reason:
        raise AlreadyAssessed("要再固定一次，请写明原因；原来的仍然保留。")
    return sequence


def freeze_scores(
    session: Session,
    town: Organisation,
    scheme: Scheme,
    stretch: Stretch,
    scores: Sequence[tuple[Score, list[dict[str, Any]]]],
    *,
    sequence: int,
    reason: str | None,
    by: By,
) -> AssessmentFreeze:
    """Keeps scores with their items as they are shown, and what they were computed by."""
    freeze = AssessmentFreeze(
        id=new_id(),
        town_id=town.id,
        town=town,
        scheme_code=scheme.code,
        scheme_id=scheme.id,
        period=stretch.code,
        sequence=sequence,
        reason=reason,
        data_version=data_version(session, stretch),
        frozen_at=by.now,
        frozen_by_id=by.actor.person_id,
        post_id=by.post.id,
    )
    session.add(freeze)
    for position, (score, items) in enumerate(scores):
        session.add(_row(freeze, position, score, items))
    session.flush()
    return freeze


def data_version(session: Session, stretch: Stretch) -> dict[str, Any]:
    """By which dictionary and rules scores are computed, and as of when."""
    number = session.scalar(select(func.max(CatalogueVersion.number))) or 0
    as_of = rfc3339(stretch.now)
    return {"catalogue": number, "rules": RULES_VERSION, "as_of": as_of}


def _row(
    freeze: AssessmentFreeze, position: int, score: Score, items: list[dict[str, Any]]
) -> AssessmentScore:
    return AssessmentScore(
        id=new_id(),
        freeze=freeze,
        position=position,
        subject_code=score.scoree.code,
        subject_name=score.scoree.name,
        organisation_id=score.scoree.organisation_id,
        community_id=score.scoree.community_id,
        compound_id=score.scoree.compound_id,
        total=score.total,
        items=items,
        counted=score.counted,
    )


def freezes_page(
    session: Session, town: Organisation, *, limit: int, cursor: str | None
) -> Page[AssessmentFreeze]:
    """A page of a township's freezes, the latest made first."""
    asked = select(AssessmentFreeze).where(AssessmentFreeze.town_id == town.id)
    if cursor is not None:
        (last,) = decode_cursor(cursor, lambda each: UUID(str(each)))
        asked = asked.where(AssessmentFreeze.id < last)
    asked = asked.options(joinedload(AssessmentFreeze.town))
    asked = asked.order_by(AssessmentFreeze.id.desc()).limit(limit + 1)
    return cut_page(session.scalars(asked).all(), limit, lambda one: (str(one.id),))


def scheme_of(session: Session, freeze: AssessmentFreeze) -> Scheme:
    """The scheme that a freeze went by."""
    return schemes_known(session)[freeze.scheme_id]


def objections_until(session: Session, freeze: AssessmentFreeze) -> date:
    """The last day on which a frozen score is objected to."""
    days = scheme_of(session, freeze).objection_days
    return shanghai_day(freeze.frozen_at) + timedelta(days=days)


def object_to(
    session: Session, score: AssessmentScore, source: str, text: str, by: By
) -> AssessmentObjection:
    """The one objection to a score; raises ObjectionLate, ObjectionMade or ObjectionUnsuitable."""
    if all(item["source"] != source for item in score.items):
        detail = "请填这个考核分里的一项。"
        raise ObjectionUnsuitable(detail, fields={"item": [detail]})
    until = objections_until(session, score.freeze)
    if shanghai_day(by.now) > until:
        raise ObjectionLate(f"期限是 {until}。")
    if score.objection is not None:
        raise ObjectionMade("一个考核分可以提出一次异议。")
    made = AssessmentObjection(
        id=new_id(),
        score=score,
        source=source,
        text=text,
        made_at=by.now,
        person_id=by.actor.person_id,
        post_id=by.post.id,
    )
    session.add(made)
    session.flush()
    return made


@dataclass(frozen=True)
class Decision:
    """What the office decides: `points` (hundredths) the item is to have, or that the duty was
    done and documented, so that the item loses nothing."""

    accepted: bool
    text: str
    exempt: bool = False
    points: int | None = None


def answer_objection(
    session: Session, objection: AssessmentObjection, said: Decision, by: By
) -> None:
    """The one answer; what it changes stands beside the frozen score. Raises NotAllowed for who
    objected, ObjectionMade or ObjectionUnsuitable."""
    if objection.answered_at is not None:
        raise ObjectionMade("这条异议已经答复。")
    if objection.person_id == by.actor.person_id:
        raise NotAllowed("自己提出的异议由别人答复。")
    objection.accepted, objection.answer = said.accepted, said.text
    objection.exempt = said.accepted and said.exempt
    objection.change = _change(objection, said) if said.accepted else 0
    objection.answered_at, objection.answered_by_id = by.now, by.actor.person_id
    objection.answered_post_id = by.post.id
    session.flush()


def _change(objection: AssessmentObjection, said: Decision) -> int:
    (item,) = [each for each in objection.score.items if each["source"] == objection.source]
    most, earned = round(item["points"] * 100), round(item["earned"] * 100)
    if said.exempt and item["way"] == Way.bonus:
        detail = "加分项没有免责。"
        raise ObjectionUnsuitable(detail, fields={"exempt": [detail]})
    points = most if said.exempt else said.points
    if points is None or not 0 <= points <= most:
        detail = f"同意的写明这一项改为几分（0 至 {item['points']}），或写明尽职免责。"
        raise ObjectionUnsuitable(detail, fields={"points": [detail]})
    return int(points - earned)
