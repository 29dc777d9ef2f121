"""What waits for a decision, over HTTP."""

from typing import Any

from app.grid.sight import organisation_seen_by
from app.kernel.clock import shanghai_day
from app.tickets.review.queries import ReviewAsked, review_page
from app.tickets.review.reasons import reasons_json
from app.tickets.review.schemas import ReviewOut, ReviewQuery
from app.tickets.routes import viewer
from app.tickets.showing.presenting import ticket_items
from app.web.routing import Call, Routes

routes = Routes("工单")


@routes.get(
    "/review", permission="review.read", query=ReviewQuery, answer=ReviewOut, refusals=(404,)
)
def get_review(call: Call) -> dict[str, Any]:
    """等待核查、复核的工单，风险大的在前

    督查员：照片不符的、有疑点的、紧急的、违法建设、结案后待复核的、核查超期的；普通的由社区结案，
    不在其中。社区负责人：本社区待核查的。自己整改或结案的不在其中。
    """
    said = call.query(ReviewQuery)
    under = None
    if said.organisation is not None:
        day = shanghai_day(call.now)
        under = organisation_seen_by(call.session, call.actor, said.organisation, day=day)
    asked = ReviewAsked(under, said.reason, said.limit, said.cursor)
    page = review_page(call.session, call.actor, asked, now=call.now)
    shown = ticket_items(viewer(call), [each.ticket for each in page.items])
    items = [
        {"ticket": ticket, "reasons": reasons_json(each.reasons)}
        for ticket, each in zip(shown, page.items, strict=True)
    ]
    return {"items": items, "count": page.count, "next_cursor": page.next_cursor}
