"""The log over HTTP."""

from typing import Any

from app.administration.log_queries import Wanted, changes_page
from app.administration.presenting.audit import entry_json
from app.administration.routes.acting import READ, organisation_of_query, today, towns_ruled
from app.administration.schemas.audit import AuditOut, AuditQuery
from app.web.routing import Call, Routes

routes = Routes("管理：变更记录")


@routes.get("/audit", permission=READ, query=AuditQuery, answer=AuditOut, refusals=(404,))
def get_audit(call: Call) -> dict[str, Any]:
    """变更记录：谁在什么时候把什么从什么改成什么，新的在前"""
    asked = call.query(AuditQuery)
    wanted = Wanted(
        organisation=organisation_of_query(call, asked.organisation),
        kind=asked.kind,
        subject=asked.subject,
        actor=asked.actor,
        from_on=asked.from_,
        to_on=asked.to,
    )
    page = changes_page(
        call.session,
        towns_ruled(call),
        wanted,
        day=today(call),
        limit=asked.limit,
        cursor=asked.cursor,
    )
    items = [entry_json(one) for one in page.items]
    return {"items": items, "next_cursor": page.next_cursor}
