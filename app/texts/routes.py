"""The check of texts over HTTP: what waits for a person, and the decision."""

from typing import Any

from app.kernel.clock import rfc3339
from app.kernel.paging import PageQuery
from app.people.access import Matter, require
from app.photos.safety.schemas import DecideIn
from app.texts.models import HIDING, TEXT_STATE_LABELS, TextCheck
from app.texts.schemas import TextCheckOut, TextChecksOut
from app.texts.service import checked_text, decide, place_of, waiting_page
from app.web.routing import Call, Routes

routes = Routes("内容安全")
PERMISSION = "photos.checks"


@routes.get("/text-checks", permission=PERMISSION, query=PageQuery, answer=TextChecksOut)
def get_text_checks(call: Call) -> dict[str, Any]:
    """微信认为有风险的（已隐藏）和没有结论的文字，等人工看，新的在前"""
    asked = call.query(PageQuery)
    page = waiting_page(call.session, call.actor, limit=asked.limit, cursor=asked.cursor)
    return {"items": [_json(each) for each in page.items], "next_cursor": page.next_cursor}


def text_named(call: Call) -> TextCheck:
    """The text in the path that was checked, when the asker decides about it; raises NotThere."""
    return checked_text(call.session, call.actor, call.args["text"], for_update=True)


@routes.post(
    "/text-checks/<text>/decide",
    permission=PERMISSION,
    body=DecideIn,
    answer=TextCheckOut,
    loads=text_named,
    refusals=(409,),
)
def post_text_decision(call: Call) -> dict[str, Any]:
    """恢复显示（以后不再隐藏），或确认有问题、继续隐藏；文字不删除"""
    body, check = call.body(DecideIn), call.loaded
    town = place_of(call.session, check)
    matter = Matter(town_id=check.town_id, paths=(town.path,) if town else ())
    post = require(call.actor, PERMISSION, matter)
    decide(
        check, release=body.release, reason=body.reason, actor=call.actor, post=post, now=call.now
    )
    return _json(check)


def _json(check: TextCheck) -> dict[str, Any]:
    return {
        "id": check.mark,
        "text": check.said or "",
        "place": check.place,
        "state": check.state,
        "state_label": TEXT_STATE_LABELS[check.state],
        "label": check.label,
        "hidden": check.state in HIDING,
        "written_at": rfc3339(check.written_at),
        "decided_at": rfc3339(check.decided_at),
        "reason": check.reason,
    }
