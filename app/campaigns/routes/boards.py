"""The half year's board and the year's candidates, over HTTP."""

from typing import Any

from app.campaigns.candidates import Year, candidates_page
from app.campaigns.presenting import candidate_json, progress_json
from app.campaigns.progress import progress_page
from app.campaigns.routes.places import today
from app.campaigns.rules import half_year_of
from app.campaigns.schemas import (
    CandidatesOut,
    CandidatesQuery,
    ProgressOut,
    ProgressQuery,
    half_year,
)
from app.rounds.routes import due_rules, scope_asked
from app.web.routing import Call, Routes

routes = Routes("一月一区")


@routes.get(
    "/campaigns/progress",
    permission="campaigns.read",
    query=ProgressQuery,
    answer=ProgressOut,
    refusals=(404,),
)
def get_campaigns_progress(call: Call) -> dict[str, Any]:
    """各社区半年的进度：每月安排了几个，还差哪些小区"""
    asked = call.query(ProgressQuery)
    half = half_year(asked.half) if asked.half else half_year_of(today(call))
    page = progress_page(
        call.session,
        scope_asked(call, asked.organisation),
        half,
        today=today(call),
        limit=asked.limit,
        cursor=asked.cursor,
    )
    items = [progress_json(each) for each in page.items]
    return {"half": half.code, "items": items, "next_cursor": page.next_cursor}


@routes.get(
    "/campaigns/candidates",
    permission="campaigns.candidates",
    query=CandidatesQuery,
    answer=CandidatesOut,
    refusals=(404,),
)
def get_campaigns_candidates(call: Call) -> dict[str, Any]:
    """年底示范小区、达标小区的候选和理由"""
    asked = call.query(CandidatesQuery)
    year = Year(asked.year or today(call).year, call.now, due_rules(call))
    page = candidates_page(
        call.session,
        scope_asked(call, asked.organisation),
        year,
        limit=asked.limit,
        cursor=asked.cursor,
    )
    items = [candidate_json(each) for each in page.items]
    return {"year": year.year, "items": items, "next_cursor": page.next_cursor}
