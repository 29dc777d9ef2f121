"""The change feed over HTTP."""

from typing import Any

from app.tickets.feed.queries import changes_since
from app.tickets.feed.schemas import ChangesOut, ChangesQuery
from app.tickets.routes import viewer
from app.tickets.showing.presenting import ticket_items
from app.web.routing import Call, Routes

routes = Routes("工单")


@routes.get("/tickets/changes", permission="tickets.list", query=ChangesQuery, answer=ChangesOut)
def get_changes(call: Call) -> dict[str, Any]:
    """上次以后有变动的工单，旧的在前；作废、撤回、并单是状态，不会消失

    变动满 1 分钟才出现在这里，迟到的提交因此不会漏掉；只看有没有刚办的事，请用工单列表。
    没有人操作而期限变了的（登记、结束暂停，公布节假日）也在内：version 不变，updated_at 变。
    手机上已有的，一律用这里给出的整条替换，不要因为 version 相同就略过。
    """
    asked = call.query(ChangesQuery)
    found = changes_since(
        call.session, call.actor, asked.updated_since, limit=asked.limit, now=call.now
    )
    return {
        "items": ticket_items(viewer(call), found.tickets),
        "gone": [str(each) for each in found.gone],
        "cursor": found.cursor,
        "more": found.more,
    }
