"""What one lets the host tell, over HTTP."""

from collections.abc import Sequence
from typing import Any

from flask import current_app

from app.kernel.clock import rfc3339
from app.kernel.errors import Rejected
from app.notices.messages.ledger import note_grant, note_refusal, quota_of, refusals_of
from app.notices.messages.schemas import SubscriptionsBody, SubscriptionsOut
from app.notices.messages.templates import Template
from app.notices.models import NOTICE_KIND_LABELS
from app.web.routing import Call, Routes

routes = Routes("消息")


class TemplateUnknown(Rejected):
    """No template of this deployment has this id."""

    code = "template_unknown"
    title = "没有这个消息模板"


def templates() -> Sequence[Template]:
    """The templates of this deployment."""
    found: Sequence[Template] = current_app.extensions["gexun_templates"]
    return found


@routes.get("/notices/subscriptions", permission="signed_in", answer=SubscriptionsOut)
def get_subscriptions(call: Call) -> dict[str, Any]:
    """微信订阅消息：有哪些模板，我还可以收几条，拒收了哪些"""
    return _subscriptions(call)


def _subscriptions(call: Call) -> dict[str, Any]:
    person_id = call.actor.person_id
    left, refused = quota_of(call.session, person_id), refusals_of(call.session, person_id)
    items = [
        {
            "template": one.id,
            "name": one.name,
            "kind_labels": [NOTICE_KIND_LABELS[kind] for kind in sorted(one.kinds)],
            "lasting": one.lasting,
            "left": left.get(one.id, 0),
            "refused_at": rfc3339(refused.get(one.id)),
        }
        for one in templates()
    ]
    return {"items": items}


@routes.post(
    "/notices/subscriptions",
    permission="signed_in",
    body=SubscriptionsBody,
    answer=SubscriptionsOut,
)
def post_subscriptions(call: Call) -> dict[str, Any]:
    """登记 wx.requestSubscribeMessage 的结果：同意一次是一条的额度"""
    said, person_id = call.body(SubscriptionsBody), call.actor.person_id
    known = {one.id for one in templates()}
    for name, ids in (("accepted", said.accepted), ("refused", said.refused)):
        if not set(ids) <= known:
            raise TemplateUnknown("请先取模板列表。", fields={name: ["有不认识的模板"]})
    for template in dict.fromkeys(said.accepted):
        note_grant(call.session, person_id, template, by_host=False, at=call.now)
    for template in dict.fromkeys(said.refused):
        note_refusal(call.session, person_id, template, at=call.now, for_all=False)
    return _subscriptions(call)
