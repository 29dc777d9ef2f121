"""Thresholds over HTTP."""

from typing import Any

from app.administration.routes.acting import act_of, today
from app.evidence.thresholds.schemas import ThresholdsBody, ThresholdsOut, ThresholdsQuery
from app.evidence.thresholds.service import change_thresholds, thresholds_json
from app.web.routing import Call, Routes

routes = Routes("照片疑点的界限")


@routes.get(
    "/photo-thresholds",
    permission="thresholds.read",
    query=ThresholdsQuery,
    answer=ThresholdsOut,
)
def get_thresholds(call: Call) -> dict[str, Any]:
    """照片的疑点按什么界限判：某一天的，和县里定过的每一套"""
    return thresholds_json(call.session, call.query(ThresholdsQuery).day or today(call))


@routes.put(
    "/photo-thresholds",
    permission="thresholds.write",
    body=ThresholdsBody,
    answer=ThresholdsOut,
    refusals=(409,),
)
def put_thresholds(call: Call) -> dict[str, Any]:
    """从某天起改界限，全县一样；那天起收到的照片按新的判，以前的不变"""
    said = call.body(ThresholdsBody)
    day = change_thresholds(call.session, said.figures, from_on=said.from_on, act=act_of(call))
    return thresholds_json(call.session, day)
