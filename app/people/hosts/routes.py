"""Signing in with WeChat, and what it pushes."""

from typing import Any

from flask import Response, current_app, request

from app.kernel.errors import NotThere
from app.kernel.sealing import Sealer
from app.people.hosts.binding import (
    bind,
    consent,
    identity_of_ticket,
    part,
    person_of,
    withdraw_consent,
)
from app.people.hosts.errors import ConsentRequired
from app.people.hosts.port import HostIdentity, HostPlatform
from app.people.hosts.pushes import HostPush, HostPushes, Reaction, take_push
from app.people.hosts.schemas import HostBind, HostSignIn
from app.people.routes import signed_in
from app.people.schemas import SignInOut
from app.web.limits import limits
from app.web.routing import Answer, Call, Routes

routes = Routes("登录")

REFUSALS = (401, 403, 404, 409, 422, 429, 503)


def wechat() -> HostPlatform:
    """The adapter of WeChat; raises NotThere where it is not set up."""
    hosts: dict[str, HostPlatform] = current_app.extensions["gexun_hosts"]
    if "wechat" not in hosts:
        raise NotThere("没有开通微信登录，请用用户名和口令登录。")
    return hosts["wechat"]


def _tickets(call: Call) -> Sealer:
    return Sealer((call.settings.secret_key.get_secret_value(),), purpose="binding-tickets")


def known_at_wechat(call: Call) -> HostIdentity:
    """Who asks, according to WeChat; asked before any transaction that writes begins."""
    asked = call.body(HostSignIn)
    platform = wechat()
    limits().count_sign_in(address=request.remote_addr or "", username=None)
    return platform.exchange(asked.code)


@routes.post(
    "/auth/wechat",
    permission="public",
    body=HostSignIn,
    answer=SignInOut,
    prepare=known_at_wechat,
    refusals=REFUSALS,
)
def post_wechat(call: Call) -> dict[str, Any]:
    """用微信登录：wx.login 的 code 换令牌

    还没有绑定的是 409 binding_required，带 10 分钟内有效的 binding_ticket；没有同意现行
    隐私保护指引的是 409 consent_required。两者都带 privacy_version。
    """
    asked, version = call.body(HostSignIn), call.settings.privacy_version
    person = person_of(
        call.session,
        call.prepared,
        sealer=_tickets(call),
        privacy_version=version,
        now=call.now,
    )
    consent(call.session, person.id, asked.consent, version=version, now=call.now)
    return signed_in(call, person)[1]


def number_at_wechat(call: Call) -> tuple[HostIdentity, str]:
    """Who asks, by their ticket, and their number according to WeChat."""
    asked, platform = call.body(HostBind), wechat()
    identity = identity_of_ticket(
        asked.binding_ticket, platform, sealer=_tickets(call), now=call.now
    )
    if asked.consent != call.settings.privacy_version:
        version = call.settings.privacy_version
        raise ConsentRequired("请阅读后点同意，再授权手机号。", privacy_version=version)
    subject = f"{identity.host}/{identity.tenant}/{identity.subject}"
    limits().count_sign_in(address=request.remote_addr or "", username=subject)
    return identity, platform.phone_number(asked.phone_code)


@routes.post(
    "/auth/wechat/bind",
    permission="public",
    body=HostBind,
    answer=SignInOut,
    prepare=number_at_wechat,
    refusals=REFUSALS,
)
def post_wechat_bind(call: Call) -> dict[str, Any]:
    """把微信绑定到登记了这个手机号的账号，并登录；须同意隐私保护指引"""
    asked, (identity, phone) = call.body(HostBind), call.prepared
    person = bind(call.session, identity, phone, now=call.now)
    version = call.settings.privacy_version
    consent(call.session, person.id, asked.consent, version=version, now=call.now)
    return signed_in(call, person)[1]


@routes.delete("/me/wechat", permission="signed_in", status=204)
def delete_wechat(call: Call) -> Answer:
    """解除我的微信绑定，撤回对隐私保护指引的同意"""
    person_id = call.actor.person_id
    part(call.session, person_id, by=person_id, now=call.now)
    withdraw_consent(call.session, person_id, now=call.now)
    return Answer(None, 204)


def pushes() -> HostPushes:
    """What reads WeChat's pushes; raises NotThere where it is not set up."""
    found: HostPushes | None = current_app.extensions["gexun_pushes"]
    if found is None:
        raise NotThere("没有开通微信的消息推送。")
    return found


def _as_text(text: str) -> Response:
    return Response(text, 200, content_type="text/plain; charset=utf-8")


@routes.get("/wechat/push", permission="public", media_type="text/plain", refusals=(403, 404))
def get_push(call: Call) -> Response:
    """微信核对消息推送的地址时的应答"""
    return _as_text(pushes().echo(request.args, now=call.now))


def push_read(call: Call) -> HostPush:
    """The push that came, signed and opened before anything is written."""
    return pushes().read(request.args, request.get_data(), now=call.now)


@routes.post(
    "/wechat/push",
    permission="public",
    media_type="text/plain",
    prepare=push_read,
    refusals=(403, 404, 413, 422),
)
def post_push(call: Call) -> Response:
    """微信推送来的事件：明文或安全模式，JSON 或 XML；重复的只处理一次"""
    reactions: dict[str, Reaction] = current_app.extensions["gexun_push_reactions"]
    take_push(call.session, call.prepared, reactions, now=call.now)
    return _as_text("success")
