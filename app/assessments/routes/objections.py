"""Objections to frozen scores, and their answers."""

from typing import Any

from app.assessments.models import AssessmentObjection
from app.assessments.presenting import objection_json
from app.assessments.routes.frozen import score_named
from app.assessments.routes.scores import today
from app.assessments.schemas import ObjectionAnswerIn, ObjectionIn, ObjectionOut
from app.assessments.service import By, Decision, answer_objection, object_to
from app.assessments.sight import matter_of_score, objection_in_sight
from app.assessments.switching import require_on
from app.kernel.ids import parse_id
from app.people.access import Matter, require
from app.web.routing import Answer, Call, Routes

OBJECT, ANSWER = "assessments.object", "assessments.answer"
routes = Routes("考核参考分")


def its_score(call: Call) -> Matter:
    """What permissions ask about the score."""
    return matter_of_score(call.loaded)


@routes.post(
    "/assessments/scores/<score>/objections",
    permission=OBJECT,
    body=ObjectionIn,
    answer=ObjectionOut,
    status=201,
    loads=score_named,
    matter=its_score,
    refusals=(409,),
)
def post_objection(call: Call) -> Answer:
    """对一个参考分的一项提出异议，一次"""
    said = call.body(ObjectionIn)
    by = By(call.actor, require(call.actor, OBJECT, its_score(call)), call.now)
    made = object_to(call.session, call.loaded, said.item.value, said.text, by)
    return Answer(objection_json(made), 201)


def objection_named(call: Call) -> AssessmentObjection:
    """The objection that the path names; raises AssessmentOff or NotThere."""
    require_on(call.session, today(call))
    return objection_in_sight(call.session, call.actor, parse_id(call.args["objection"]))


def its_objection(call: Call) -> Matter:
    """What permissions ask about the objection's score."""
    return matter_of_score(call.loaded.score)


@routes.post(
    "/assessments/objections/<objection>/answer",
    permission=ANSWER,
    body=ObjectionAnswerIn,
    answer=ObjectionOut,
    loads=objection_named,
    matter=its_objection,
    refusals=(409,),
)
def post_objection_answer(call: Call) -> dict[str, Any]:
    """答复异议，一次；改的分数记在固定的分数旁边"""
    said = call.body(ObjectionAnswerIn)
    points = round(said.points * 100) if said.points is not None else None
    decided = Decision(said.accepted, said.text, said.exempt, points)
    by = By(call.actor, require(call.actor, ANSWER, its_objection(call)), call.now)
    answer_objection(call.session, call.loaded, decided, by)
    return objection_json(call.loaded)
