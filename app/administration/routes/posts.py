"""Posts and leaves over HTTP."""

from dataclasses import dataclass
from typing import Any

from app.administration.models import Leave
from app.administration.routes.acting import (
    WRITE,
    act_of,
    organisation_of_body,
    ruled,
    today,
    towns_seen,
)
from app.administration.routes.people import (
    matter_changed_by,
    person_asked_for,
    person_json,
)
from app.administration.schemas.common import OnBody
from app.administration.schemas.people import AdministeredPerson, NewLeave, NewPost
from app.administration.sight import matter_changed, matter_of_person, person_in_sight
from app.administration.staff import leaves, posts
from app.administration.staff.queries import home_of, leave_of
from app.kernel.errors import NotThere, Rejected
from app.kernel.ids import parse_id
from app.people.access import Matter
from app.people.models import Person, Post
from app.web.routing import Call, Routes

routes = Routes("管理：岗位和代理")


@dataclass(frozen=True, slots=True)
class PersonAndPost:
    """A person and one of their posts."""

    person: Person
    post: Post


@dataclass(frozen=True, slots=True)
class PersonAndLeave:
    """A person and one of their leaves."""

    person: Person
    leave: Leave


def organisation_named(call: Call) -> Matter:
    """Who gives a post administers the place where it is to be."""
    place = organisation_of_body(call, "organisation")
    return matter_changed(place) if place is not None else Matter()


@routes.post(
    "/people/<username>/posts",
    permission=WRITE,
    body=NewPost,
    answer=AdministeredPerson,
    status=201,
    loads=person_asked_for,
    matter=organisation_named,
)
def post_post(call: Call) -> dict[str, Any]:
    """给一个人设岗位，从某天起"""
    said = call.body(NewPost)
    posts.give_post(
        call.session,
        call.loaded,
        role=said.role,
        organisation=ruled(call, said.organisation),
        from_on=said.from_on,
        act=act_of(call),
    )
    return person_json(call, call.loaded)


def post_asked_for(call: Call) -> PersonAndPost:
    """The person and the post named in the path; raises NotThere."""
    person, wanted = person_asked_for(call), parse_id(call.args["post"])
    post = next((one for one in person.posts if one.id == wanted), None)
    if post is None:
        raise NotThere("这个人没有这个岗位。")
    return PersonAndPost(person, post)


def place_of_post(call: Call) -> Matter:
    """Who ends a post administers the place where it is."""
    return matter_changed(call.loaded.post.organisation)


@routes.post(
    "/people/<username>/posts/<post>/end",
    permission=WRITE,
    body=OnBody,
    answer=AdministeredPerson,
    loads=post_asked_for,
    matter=place_of_post,
)
def post_ended_post(call: Call) -> dict[str, Any]:
    """结束一个岗位，从某天起"""
    said, found = call.body(OnBody), call.loaded
    posts.end_post(call.session, found.person, found.post, on=said.on, act=act_of(call))
    return person_json(call, found.person)


@routes.post(
    "/people/<username>/leave",
    permission=WRITE,
    body=NewLeave,
    answer=AdministeredPerson,
    status=201,
    loads=person_asked_for,
    matter=matter_changed_by,
)
def post_leave(call: Call) -> dict[str, Any]:
    """请假：代理人在这段时间有同样的岗位"""
    said, person = call.body(NewLeave), call.loaded
    leaves.begin_leave(
        call.session,
        person,
        deputy=_deputy(call, said.deputy),
        from_on=said.from_on,
        to_on=said.to_on,
        home=home_of(person, day=today(call)),
        act=act_of(call),
    )
    return person_json(call, person)


def _deputy(call: Call, username: str) -> Person:
    try:
        return person_in_sight(call.session, username, towns_seen(call))
    except NotThere as missing:
        raise Rejected(missing.detail, fields={"deputy": [missing.detail]}) from None


def leave_asked_for(call: Call) -> PersonAndLeave:
    """The person and the leave named in the path; raises NotThere."""
    person = person_asked_for(call)
    leave = leave_of(call.session, person, parse_id(call.args["leave"]))
    if leave is None:
        raise NotThere("没有这次请假。")
    return PersonAndLeave(person, leave)


def absent_person(call: Call) -> Matter:
    """Who ends a leave administers all of the places of the absent person."""
    return matter_of_person(call.session, call.loaded.person, day=today(call))


@routes.post(
    "/people/<username>/leave/<leave>/end",
    permission=WRITE,
    body=OnBody,
    answer=AdministeredPerson,
    loads=leave_asked_for,
    matter=absent_person,
)
def post_ended_leave(call: Call) -> dict[str, Any]:
    """提前回岗：代理当天结束"""
    said, found = call.body(OnBody), call.loaded
    home = home_of(found.person, day=today(call))
    leaves.end_leave(call.session, found.leave, on=said.on, home=home, act=act_of(call))
    return person_json(call, found.person)
