"""Accounts over HTTP."""

from typing import Any

from app.administration.audit import Act
from app.administration.presenting.people import people_json
from app.administration.routes.acting import (
    READ,
    WRITE,
    act_of,
    meant,
    organisation_of_query,
    ruled,
    text_after,
    today,
    towns_ruled,
    towns_seen,
)
from app.administration.schemas.people import (
    AdministeredPeople,
    AdministeredPerson,
    FreshPassword,
    NewPerson,
    PeopleQuery,
    PersonBody,
)
from app.administration.sight import matter_changed, matter_of_person, person_in_sight
from app.administration.staff import accounts
from app.administration.staff.posts import give_post
from app.administration.staff.queries import home_of, people_administered
from app.kernel.errors import DomainError
from app.kernel.paging import cut_page
from app.people.access import Matter
from app.people.administration import readable_password
from app.people.models import Organisation, Person
from app.people.passwords import HashCost, hash_password
from app.web.limits import limits
from app.web.routing import Answer, Call, Routes

routes = Routes("管理：人员")


def person_asked_for(call: Call) -> Person:
    """The person named in the path; raises NotThere."""
    return person_in_sight(call.session, call.args["username"], towns_seen(call))


def matter_read(call: Call) -> Matter:
    """Who reads an account administers one of the places it acts at."""
    person: Person = call.loaded
    paths = tuple(post.organisation.path for post in person.posts)
    return Matter(paths=paths) if paths else matter_changed_by(call)


def matter_changed_by(call: Call) -> Matter:
    """Who changes an account administers all of the places it may act at."""
    return matter_of_person(call.session, call.loaded, day=today(call))


def person_json(call: Call, person: Person) -> dict[str, Any]:
    """An account with all of its posts."""
    call.session.refresh(person, ["posts"])
    return people_json(call.session, [person], day=today(call), past=True)[0]


@routes.get(
    "/people",
    permission=READ,
    query=PeopleQuery,
    answer=AdministeredPeople,
    refusals=(404,),
)
def get_people(call: Call) -> dict[str, Any]:
    """人员列表，按用户名排列"""
    asked = call.query(PeopleQuery)
    rows = people_administered(
        call.session,
        towns_ruled(call),
        day=today(call),
        under=organisation_of_query(call, asked.organisation),
        word=asked.q,
        after=text_after(asked.cursor),
        limit=asked.limit + 1,
    )
    page = cut_page(rows, asked.limit, lambda one: (one.username,))
    items = people_json(call.session, page.items, day=today(call))
    return {"items": items, "next_cursor": page.next_cursor}


def home_named(call: Call) -> Organisation | None:
    """Where the first post of a new account is to be."""
    post = call.raw.get("post")
    code = post.get("organisation") if isinstance(post, dict) else None
    try:
        return meant(call, code, "post.organisation") if isinstance(code, str) else None
    except DomainError:
        return None


def home_changed(call: Call) -> Matter:
    """The matter of the first post."""
    return matter_changed(call.loaded) if call.loaded is not None else Matter()


@routes.post(
    "/people",
    permission=WRITE,
    body=NewPerson,
    answer=AdministeredPerson,
    status=201,
    loads=home_named,
    matter=home_changed,
)
def post_person(call: Call) -> dict[str, Any]:
    """新建账号和第一个岗位；口令另设"""
    said, act = call.body(NewPerson), act_of(call)
    home = ruled(call, said.post.organisation, "post.organisation")
    person = accounts.make_person(
        call.session,
        username=said.username,
        name=said.name,
        phone=said.phone,
        home=home,
        act=act,
    )
    give_post(call.session, person, role=said.post.role, organisation=home, from_on=None, act=act)
    return person_json(call, person)


@routes.get(
    "/people/<username>",
    permission=READ,
    answer=AdministeredPerson,
    loads=person_asked_for,
    matter=matter_read,
)
def get_person(call: Call) -> dict[str, Any]:
    """一个账号：岗位（含已结束的）、请假"""
    return person_json(call, call.loaded)


@routes.put(
    "/people/<username>",
    permission=WRITE,
    body=PersonBody,
    answer=AdministeredPerson,
    loads=person_asked_for,
    matter=matter_changed_by,
    refusals=(409,),
)
def put_person(call: Call) -> dict[str, Any]:
    """修改姓名和手机号"""
    said, person = call.body(PersonBody), call.loaded
    accounts.change_person(
        call.session,
        person,
        name=said.name,
        phone=said.phone,
        home=home_of(person, day=today(call)),
        act=act_of(call),
    )
    return person_json(call, person)


def _account(call: Call) -> tuple[Person, Organisation | None, Act]:
    return call.loaded, home_of(call.loaded, day=today(call)), act_of(call)


@routes.post(
    "/people/<username>/deactivate",
    permission=WRITE,
    answer=AdministeredPerson,
    loads=person_asked_for,
    matter=matter_changed_by,
)
def post_deactivated(call: Call) -> dict[str, Any]:
    """停用账号：登录立即失效，做过的事都保留"""
    person, home, act = _account(call)
    accounts.close_account(call.session, person, home=home, act=act)
    return person_json(call, person)


@routes.post(
    "/people/<username>/activate",
    permission=WRITE,
    answer=AdministeredPerson,
    loads=person_asked_for,
    matter=matter_changed_by,
)
def post_activated(call: Call) -> dict[str, Any]:
    """恢复停用的账号"""
    person, home, act = _account(call)
    accounts.open_account(call.session, person, home=home, act=act)
    return person_json(call, person)


@routes.post(
    "/people/<username>/sign-out",
    permission=WRITE,
    answer=AdministeredPerson,
    loads=person_asked_for,
    matter=matter_changed_by,
)
def post_signed_out(call: Call) -> dict[str, Any]:
    """让一个人在所有设备上的登录失效"""
    person, home, act = _account(call)
    accounts.end_sign_ins(call.session, person, home=home, act=act)
    return person_json(call, person)


@routes.post(
    "/people/<username>/unbind",
    permission=WRITE,
    answer=AdministeredPerson,
    loads=person_asked_for,
    matter=matter_changed_by,
)
def post_unbound(call: Call) -> dict[str, Any]:
    """解除一个人的微信绑定：此前的登录失效，下次用微信登录时重新绑定"""
    person, home, act = _account(call)
    accounts.unbind(call.session, person, home=home, act=act)
    return person_json(call, person)


def fresh_password(call: Call) -> tuple[str, str]:
    """A random password and its hash, computed before any transaction that writes begins."""
    cost = HashCost(call.settings.argon2_memory_kib, call.settings.argon2_time_cost)
    text = readable_password()
    return text, hash_password(text, cost=cost)


@routes.post(
    "/people/<username>/reset-password",
    permission=WRITE,
    answer=FreshPassword,
    loads=person_asked_for,
    matter=matter_changed_by,
    prepare=fresh_password,
)
def post_fresh_password(call: Call) -> Answer:
    """重设口令：随机生成，只告诉这一次；此前的登录失效"""
    person, home, act = _account(call)
    text, password_hash = call.prepared
    accounts.keep_password(call.session, person, password_hash, home=home, act=act)
    limits().forgive_failures(call.session, person.username)
    told = {"username": person.username, "password": text}
    return Answer(told, kept={**told, "password": None})
