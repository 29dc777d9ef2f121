"""The inbox over HTTP."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from app.kernel.clock import rfc3339
from app.notices.models import NOTICE_KIND_LABELS, Notice
from app.notices.queries import notices_page, unread_count
from app.notices.schemas import NoticesOut, NoticesQuery, ReadBody, ReadOut
from app.notices.service import mark_read
from app.people.access import Actor
from app.web.routing import Call, Routes

routes = Routes("消息")

NumbersSeen = Callable[[Session, Actor, Sequence[UUID]], Mapping[UUID, str]]
"""The numbers of those of some tickets that somebody sees; tickets know, notices do not."""


@routes.get("/notices", permission="signed_in", query=NoticesQuery, answer=NoticesOut)
def get_notices(call: Call) -> dict[str, Any]:
    """我的消息，新的在前；看不到的工单没有链接"""
    asked, person_id = call.query(NoticesQuery), call.actor.person_id
    page = notices_page(
        call.session, person_id, unread=asked.unread, limit=asked.limit, cursor=asked.cursor
    )
    seen: NumbersSeen = current_app.extensions["gexun_ticket_numbers"]
    numbers = seen(call.session, call.actor, [i for each in page.items if (i := each.ticket_id)])
    return {
        "items": [_notice_json(each, numbers) for each in page.items],
        "next_cursor": page.next_cursor,
        "unread": unread_count(call.session, person_id),
    }


@routes.post("/notices/read", permission="signed_in", body=ReadBody, answer=ReadOut)
def post_notices_read(call: Call) -> dict[str, Any]:
    """把消息标为已读；不写编号的是全部"""
    person_id = call.actor.person_id
    mark_read(call.session, person_id, ids=call.body(ReadBody).ids, now=call.now)
    return {"unread": unread_count(call.session, person_id)}


def _notice_json(notice: Notice, numbers: Mapping[UUID, str]) -> dict[str, Any]:
    number = numbers.get(notice.ticket_id) if notice.ticket_id else None
    return {
        "id": str(notice.id),
        "kind": notice.kind.value,
        "kind_label": NOTICE_KIND_LABELS[notice.kind],
        "text": notice.text,
        "ticket": {"id": str(notice.ticket_id), "number": number} if number else None,
        "created_at": rfc3339(notice.created_at),
        "read_at": rfc3339(notice.read_at),
    }
