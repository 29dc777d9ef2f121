"""Answers over HTTP."""

from flask import Response

from app.kernel.clock import shanghai_day
from app.kernel.spreadsheets import XLSX
from app.tickets.importing.routes import xlsx_response
from app.tickets.replying.schemas import AnswersQuery
from app.tickets.replying.service import answers_wanted, answers_workbook
from app.web.routing import Call, Routes

routes = Routes("外来工单")


@routes.get(
    "/tickets/answers.xlsx",
    permission="tickets.import",
    query=AnswersQuery,
    media_type=XLSX,
    refusals=(404,),
)
def get_answers(call: Call) -> Response:
    """外来工单的办理情况，供回复用"""
    asked = call.query(AnswersQuery)
    wanted = answers_wanted(
        call.session,
        call.actor,
        source=asked.source,
        reported_from=asked.from_,
        reported_to=asked.to,
        organisation=asked.organisation,
    )
    data, _ = answers_workbook(call.session, call.actor, wanted, now=call.now)
    return xlsx_response(data, f"answers-{shanghai_day(call.now)}.xlsx")
