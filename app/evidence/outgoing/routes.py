"""Photos that wait for a mask, over HTTP."""

from typing import Any

from app.evidence.outgoing.queries import ToMask, to_mask_page
from app.evidence.outgoing.schemas import ToMaskPageOut
from app.kernel.paging import PageQuery
from app.photos.masking.presenting import wanted_json
from app.photos.presenting import photo_link
from app.photos.store import BlobKind
from app.web.routing import Call, Routes

routes = Routes("照片遮盖")


@routes.get("/photos/to-mask", permission="photos.mask", query=PageQuery, answer=ToMaskPageOut)
def get_photos_to_mask(call: Call) -> dict[str, Any]:
    """等着遮盖的照片：有人要对外用、还没有人看过的，等得久的在前

    选进公文案例、取过对外证据包、打印过工单或整改通知书的工单里的照片才在其中。
    """
    asked = call.query(PageQuery)
    page = to_mask_page(call.session, call.actor, limit=asked.limit, cursor=asked.cursor)
    return {
        "photos": page.photos,
        "tickets": page.tickets,
        "items": [_waiting_json(one) for one in page.items],
        "next_cursor": page.next_cursor,
    }


def _waiting_json(one: ToMask) -> dict[str, Any]:
    ticket = one.ticket
    return {
        "photo": {"id": str(one.photo_id), "thumb": photo_link(one.photo_id, BlobKind.THUMB)},
        "ticket": {
            "id": str(ticket.id),
            "number": ticket.number,
            "place": ticket.compound.name if ticket.compound else ticket.community.name,
            "category": ticket.category_name,
        },
        "wanted": [wanted_json(each) for each in one.wanted],
    }
