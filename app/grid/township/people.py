"""Rules of people.csv: who a username is, whose a phone is, where each role can be held."""

from collections import defaultdict
from collections.abc import Sequence

from app.grid.township.faults import Cause, Fault
from app.grid.township.fields import (
    NO_PHONE,
    code_text,
    labelled,
    phone_text,
    required_text,
    username_text,
)
from app.grid.township.organisations import Directory
from app.grid.township.reading import PEOPLE, Row
from app.grid.township.rows import Known, PostRow
from app.people.models import ORGANISATION_TYPE_LABELS, ROLE_HOMES, ROLE_LABELS, Role
from app.people.two_sides import NOT_BOTH, other_side


def check_people(
    rows: Sequence[Row], directory: Directory, known: Known, faults: list[Fault]
) -> tuple[PostRow, ...]:
    """The rows that are well formed; every broken rule is added to `faults`."""
    read = [
        (row, checked) for row in rows if (checked := _read(row, directory, faults)) is not None
    ]
    _check_within_file(read, faults)
    _check_known(read, known, faults)
    return tuple(checked for _, checked in read)


def _read(row: Row, directory: Directory, faults: list[Fault]) -> PostRow | None:
    username = username_text(row, faults)
    name = required_text(row, "姓名", faults)
    phone = phone_text(row, faults)
    organisation = code_text(row, "组织编码", faults)
    role = labelled(row, "角色", ROLE_LABELS, faults)
    if organisation:
        _check_home(row, organisation, role, directory, faults)
    if not (username and name and phone and organisation and role):
        return None
    return PostRow(username, name, None if phone == NO_PHONE else phone, role, organisation)


def _check_home(
    row: Row, code: str, role: Role | None, directory: Directory, faults: list[Fault]
) -> None:
    if not directory.has(code):
        faults.append(row.fault(f"没有编码为 {code} 的组织", directory.lacking(code)))
        return
    type_ = directory.type_of(code)
    if role is not None and type_ is not None and type_ not in ROLE_HOMES[role]:
        what = f"{ORGANISATION_TYPE_LABELS[type_]} {code} 不能设{ROLE_LABELS[role]}"
        faults.append(row.fault(what))


def _check_within_file(read: Sequence[tuple[Row, PostRow]], faults: list[Fault]) -> None:
    by_username: dict[str, tuple[Row, PostRow]] = {}
    by_phone: dict[str, tuple[Row, PostRow]] = {}
    posts: dict[tuple[str, Role, str], Row] = {}
    roles: dict[str, set[Role]] = defaultdict(set)
    for row, post in read:
        earlier, same = by_username.setdefault(post.username, (row, post))
        if (post.name, post.phone) != (same.name, same.phone):
            what = f"用户名 {post.username} 的姓名或手机号与第 {earlier.line} 行不同"
            faults.append(row.fault(what))
        earlier, same = by_phone.setdefault(post.phone or f"@{post.username}", (row, post))
        if post.username != same.username:
            what = f"手机号 {post.phone} 与第 {earlier.line} 行的 {same.username} 重复"
            faults.append(row.fault(what))
        key = (post.username, post.role, post.organisation_code)
        if (first := posts.setdefault(key, row)) is not row:
            faults.append(row.fault(f"与第 {first.line} 行重复"))
        roles[post.username].add(post.role)
        if has := other_side({post.role}, roles[post.username]):
            faults.append(row.fault(f"{post.name}在表里也是{has}，{NOT_BOTH}"))


def _check_known(read: Sequence[tuple[Row, PostRow]], known: Known, faults: list[Fault]) -> None:
    holders = known.username_of_phone()
    for row, post in read:
        there, who = known.people.get(post.username), Cause(PEOPLE.name, post.username)
        if there and there.name != post.name:
            what = f"用户名 {post.username} 在系统里是“{there.name}”，不是“{post.name}”"
            faults.append(row.fault(what, who))
        if there and there.phone not in (None, post.phone):
            said = post.phone or NO_PHONE
            what = f"用户名 {post.username} 在系统里的手机号是 {there.phone}，不是 {said}"
            faults.append(row.fault(what, who))
        if there and (has := other_side({post.role}, there.roles)):
            what = f"{post.name}（{post.username}）在系统里已是{has}，{NOT_BOTH}请先结束原来的岗位"
            faults.append(row.fault(what, who))
        holder = holders.get(post.phone) if post.phone else None
        if holder not in (None, post.username):
            faults.append(row.fault(f"手机号 {post.phone} 已是系统里 {holder} 的", who))
