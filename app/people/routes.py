"""Sign in, sign out, who am I."""

from datetime import timedelta
from typing import Any

from flask import request

from app.kernel.clock import rfc3339
from app.people.access import Actor
from app.people.models import ROLE_LABELS, Person
from app.people.queries import actor_by_token
from app.people.schemas import MeOut, PasswordSignIn, SignInOut
from app.people.service import (
    BadCredentials,
    SignIn,
    issue_token,
    person_with_password,
    sign_out,
    token_digest,
)
from app.web.auth import csrf_token, request_token, session_cookie
from app.web.limits import limits
from app.web.routing import Answer, Call, Routes

routes = Routes("登录")


def person_json(actor: Actor) -> dict[str, Any]:
    """A person with the posts in force."""
    posts = [
        {
            "id": str(post.id),
            "role": post.role,
            "role_label": ROLE_LABELS[post.role],
            "organisation": {"code": post.organisation_code, "name": post.organisation_name},
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
    limits().count_sign_in(address=request.remote_addr or "", username=asked.username)
    return person_with_password(call.session, username=asked.username, password=asked.password)


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
    lifetime = timedelta(hours=call.settings.token_hours)
    made = issue_token(call.session, call.prepared, lifetime=lifetime, now=call.now)
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
    wants_cookie = call.body(PasswordSignIn).cookie
    return _page_session(call, made, body) if wants_cookie else Answer(body)


def _page_session(call: Call, made: SignIn, body: dict[str, Any]) -> Answer:
    """The token in a cookie that scripts cannot read, and the CSRF token that goes with it."""
    body |= {"access_token": None, "csrf_token": _csrf_token(call, made.token)}
    age = call.settings.token_hours * 3600
    cookie = session_cookie(made.token, max_age=age, secure=_is_secure(call))
    return Answer(body, headers={"Set-Cookie": cookie})


def _csrf_token(call: Call, token: str) -> str:
    return csrf_token(token, call.settings.secret_key.get_secret_value())


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
    """我的姓名和岗位；网页登录的另有写入须带的 X-CSRF-Token"""
    token, from_cookie = request_token(request)
    csrf = _csrf_token(call, token) if from_cookie else None
    return {**person_json(call.actor), "csrf_token": csrf}
