"""Sign in, sign out, who am I."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import current_app, request
from sqlalchemy.orm import Session

from app.kernel.clock import rfc3339
from app.kernel.errors import NotThere
from app.kernel.ids import parse_id
from app.people.access import Actor
from app.people.models import ROLE_LABELS, Person
from app.people.passwords import HashCost, check_password_rules, hash_password
from app.people.queries import actor_by_token, person_by_username, sign_ins_of
from app.people.schemas import MeOut, NewPassword, OwnSignIns, PasswordSignIn, SignInOut
from app.people.service import (
    BadCredentials,
    SignIn,
    WrongPassword,
    change_password,
    end_other_sign_ins,
    end_sign_in,
    issue_token,
    person_with_password,
    sign_out,
    token_digest,
)
from app.web.auth import csrf_token, request_token, session_cookie
from app.web.limits import limits
from app.web.routing import Answer, Call, Routes

routes = Routes("登录")

UnreadCount = Callable[[Session, UUID], int]
"""How many notices somebody has not read; notices know, people do not."""


def person_json(actor: Actor) -> dict[str, Any]:
    """A person with the posts in force."""
    posts = [
        {
            "id": str(post.id),
            "role": post.role,
            "role_label": ROLE_LABELS[post.role],
            "organisation": {"code": post.organisation_code, "name": post.organisation_name},
            "organisation_type": post.organisation_type,
            "communities": list(post.given_codes),
        }
        for post in actor.posts
    ]
    return {
        "id": str(actor.person_id),
        "name": actor.name,
        "username": actor.username,
        "posts": posts,
    }


def known_person(call: Call) -> Person:
    """Counts the try, then looks at the password, before any transaction that writes begins."""
    asked = call.body(PasswordSignIn)
    return _checked(call, asked.username, asked.password)


def _checked(call: Call, username: str, password: str) -> Person:
    """The person who knows the password; what is wrong counts towards the lock of the name."""
    limits().count_sign_in(address=request.remote_addr or "", username=username)
    limits().refuse_locked(call.session, username)
    try:
        return person_with_password(call.session, username=username, password=password)
    except BadCredentials:
        call.session.rollback()
        limits().count_failure(username)
        raise


@routes.post(
    "/auth/password",
    permission="public",
    body=PasswordSignIn,
    answer=SignInOut,
    prepare=known_person,
    refusals=(401, 429),
)
def post_password(call: Call) -> Answer:
    """用户名和口令登录"""
    made, body = signed_in(call, call.prepared)
    limits().forgive_failures(call.session, call.prepared.username)
    wants_cookie = call.body(PasswordSignIn).cookie
    return _page_session(call, made, body) if wants_cookie else Answer(body)


def signed_in(call: Call, person: Person) -> tuple[SignIn, dict[str, Any]]:
    """A fresh sign-in of a person who is known to be asking, and what they are told of it."""
    lifetime = timedelta(hours=call.settings.token_hours)
    agent = request.headers.get("User-Agent")
    made = issue_token(call.session, person, lifetime=lifetime, now=call.now, agent=agent)
    call.session.flush()
    actor = actor_by_token(call.session, token_digest(made.token), now=call.now)
    if actor is None:
        raise BadCredentials("账号刚被停用，请联系管理员。")
    body: dict[str, Any] = {
        "access_token": made.token,
        "expires_at": rfc3339(made.expires_at),
        "person": person_json(actor),
        "csrf_token": None,
    }
    return made, body


def _page_session(call: Call, made: SignIn, body: dict[str, Any]) -> Answer:
    """The token in a cookie that scripts cannot read, and the CSRF token that goes with it."""
    body |= {"access_token": None, "csrf_token": _csrf_token(call, made.token)}
    age = call.settings.token_hours * 3600
    cookie = session_cookie(made.token, max_age=age, secure=_is_secure(call))
    return Answer(body, headers={"Set-Cookie": cookie})


def _csrf_token(call: Call, token: str) -> str:
    return csrf_token(token, call.settings.keys_for("sessions")[0])


def _is_secure(call: Call) -> bool:
    return request.is_secure or (call.settings.public_url or "").startswith("https:")


@routes.post("/auth/logout", permission="signed_in", status=204)
def post_logout(call: Call) -> Answer:
    """退出登录"""
    token, from_cookie = request_token(request)
    sign_out(call.session, token=token, now=call.now)
    gone = session_cookie("", max_age=0, secure=_is_secure(call))
    return Answer(None, 204, headers={"Set-Cookie": gone} if from_cookie else {})


@routes.get("/me", permission="signed_in", answer=MeOut)
def get_me(call: Call) -> dict[str, Any]:
    """我的姓名和岗位，没有读的消息有几条；网页登录的另有写入须带的 X-CSRF-Token"""
    token, from_cookie = request_token(request)
    csrf = _csrf_token(call, token) if from_cookie else None
    unread: UnreadCount = current_app.extensions["gexun_unread"]
    count = unread(call.session, call.actor.person_id)
    return {**person_json(call.actor), "csrf_token": csrf, "unread": count}


@routes.get("/me/sign-ins", permission="signed_in", answer=OwnSignIns)
def get_sign_ins(call: Call) -> dict[str, Any]:
    """我在哪些设备上登录着，新的在前"""
    mine = token_digest(request_token(request)[0])
    items = [
        {
            "id": str(one.id),
            "issued_at": rfc3339(one.issued_at),
            "expires_at": rfc3339(one.expires_at),
            "agent": one.agent,
            "current": one.token_hash == mine,
        }
        for one in sign_ins_of(call.session, call.actor.person_id, now=call.now)
    ]
    return {"items": items}


@routes.delete("/me/sign-ins", permission="signed_in", status=204)
def delete_other_sign_ins(call: Call) -> Answer:
    """让我在别的设备上的登录都失效"""
    token, _ = request_token(request)
    end_other_sign_ins(call.session, call.actor.person_id, token=token, now=call.now)
    return Answer(None, 204)


@routes.delete("/me/sign-ins/<sign_in>", permission="signed_in", status=204, refusals=(404,))
def delete_sign_in(call: Call) -> Answer:
    """让我的一次登录失效"""
    sign_in_id = parse_id(call.args["sign_in"])
    if sign_in_id is None:
        raise NotThere("没有这次登录，或已经结束。")
    end_sign_in(call.session, call.actor.person_id, sign_in_id, now=call.now)
    return Answer(None, 204)


def chosen_password(call: Call) -> str:
    """The hash of the new password once the old one is known to be right, computed before any
    transaction that writes begins."""
    asked, username = call.body(NewPassword), call.actor.username
    try:
        person = _checked(call, username, asked.password)
    except BadCredentials:
        wrong = ["原口令不正确"]
        raise WrongPassword("请核对原口令。", fields={"password": wrong}) from None
    check_password_rules(asked.new_password, username=username, phone=person.phone)
    cost = HashCost(call.settings.argon2_memory_kib, call.settings.argon2_time_cost)
    return hash_password(asked.new_password, cost=cost)


@routes.put(
    "/me/password",
    permission="signed_in",
    body=NewPassword,
    status=204,
    prepare=chosen_password,
    refusals=(422, 429),
)
def put_password(call: Call) -> Answer:
    """改我的口令；别的设备上的登录失效"""
    person = person_by_username(call.session, call.actor.username)
    assert person is not None
    token, _ = request_token(request)
    change_password(call.session, person, call.prepared, token=token, now=call.now)
    limits().forgive_failures(call.session, person.username)
    return Answer(None, 204)
