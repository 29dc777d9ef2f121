"""Award applications over HTTP."""

from typing import Any

from app.campaigns.awards.models import (
    AWARD_LABELS,
    AWARD_STATE_LABELS,
    Award,
    AwardApplication,
    AwardState,
)
from app.campaigns.awards.queries import application_in_sight, applications_page
from app.campaigns.awards.schemas import (
    ApplicationIn,
    AwardAnswerIn,
    AwardOut,
    AwardsOut,
    AwardsQuery,
)
from app.campaigns.awards.service import (
    Application,
    answer_application,
    apply_for_award,
    matter_of,
)
from app.campaigns.candidates import Year
from app.campaigns.routes.places import compound_named, matter_of_body
from app.campaigns.rules import GRADE_LABELS, Grade
from app.kernel.clock import rfc3339, shanghai_day
from app.kernel.ids import parse_id
from app.people.access import Matter
from app.rounds.errors import CompoundUnknown
from app.rounds.presenting import named_json
from app.rounds.routes import due_rules, scope_asked
from app.web.routing import Answer, Call, Routes

routes = Routes("评选申报")


def award_json(application: AwardApplication) -> dict[str, Any]:
    """An application with its answer."""
    grade, compound = application.grade, application.compound
    return {
        "id": str(application.id),
        "award": application.award,
        "award_label": AWARD_LABELS[application.award],
        "year": application.year,
        "compound": named_json(compound),
        "organisation": named_json(compound.organisation),
        "unit": application.unit,
        "grounds": application.grounds,
        "grade": grade,
        "grade_label": GRADE_LABELS[grade] if grade else None,
        "direct": application.award is Award.civilised_compound and grade is Grade.model,
        "state": application.state,
        "state_label": AWARD_STATE_LABELS[application.state],
        "applied_at": rfc3339(application.applied_at),
        "answered_at": rfc3339(application.answered_at),
        "answer": application.answer,
    }


@routes.get(
    "/awards",
    permission="awards.read",
    query=AwardsQuery,
    answer=AwardsOut,
    refusals=(404,),
)
def get_awards(call: Call) -> dict[str, Any]:
    """评选申报的列表，新的在前"""
    asked = call.query(AwardsQuery)
    page = applications_page(
        call.session,
        scope_asked(call, asked.organisation),
        year=asked.year,
        state=asked.state,
        limit=asked.limit,
        cursor=asked.cursor,
    )
    return {"items": [award_json(each) for each in page.items], "next_cursor": page.next_cursor}


@routes.post(
    "/awards",
    permission="awards.apply",
    body=ApplicationIn,
    answer=AwardOut,
    status=201,
    loads=compound_named(ApplicationIn),
    matter=matter_of_body,
    refusals=(409,),
    made="award",
)
def post_award(call: Call) -> Answer:
    """申报文明小区、文明单元、最美业主"""
    said = call.body(ApplicationIn)
    if call.loaded is None:
        detail = "请从小区列表中选择。"
        raise CompoundUnknown(detail, fields={"compound": [CompoundUnknown.title]})
    year = Year(said.year or shanghai_day(call.now).year, call.now, due_rules(call))
    application = Application(call.loaded, said.award, said.grounds, said.unit)
    made = apply_for_award(call.session, application, year, actor=call.actor, now=call.now)
    return Answer(award_json(made), made=made.id)


def award_named(call: Call) -> AwardApplication:
    """The application named in the path, when the asker sees it; raises NotThere."""
    wanted = parse_id(call.args["award"])
    return application_in_sight(call.session, scope_asked(call, None), wanted, for_update=True)


def matter_named(call: Call) -> Matter:
    """What permissions ask about the application named."""
    return matter_of(call.loaded)


def _answered(call: Call, state: AwardState) -> dict[str, Any]:
    note = call.body(AwardAnswerIn).note or None
    return award_json(
        answer_application(
            call.session, call.loaded, state, note=note, actor=call.actor, now=call.now
        )
    )


@routes.post(
    "/awards/<award>/accept",
    permission="awards.answer",
    body=AwardAnswerIn,
    answer=AwardOut,
    loads=award_named,
    matter=matter_named,
    refusals=(409,),
)
def post_award_accept(call: Call) -> dict[str, Any]:
    """同意申报"""
    return _answered(call, AwardState.accepted)


@routes.post(
    "/awards/<award>/return",
    permission="awards.answer",
    body=AwardAnswerIn,
    answer=AwardOut,
    loads=award_named,
    matter=matter_named,
    refusals=(409,),
)
def post_award_return(call: Call) -> dict[str, Any]:
    """退回申报，写明理由"""
    return _answered(call, AwardState.returned)


@routes.post(
    "/awards/<award>/withdraw",
    permission="awards.apply",
    body=AwardAnswerIn,
    answer=AwardOut,
    loads=award_named,
    matter=matter_named,
    refusals=(409,),
)
def post_award_withdraw(call: Call) -> dict[str, Any]:
    """撤回申报"""
    return _answered(call, AwardState.withdrawn)
