"""Writing organisations, persons and posts."""

from collections.abc import Sequence

from sqlalchemy import select

from app.grid.township.elsewhere import Elsewhere
from app.grid.township.rows import OrganisationRow, PostRow
from app.grid.township.run import LoadRun
from app.kernel.ids import new_id
from app.people.models import (
    ROLE_LABELS,
    Organisation,
    OrganisationType,
    Person,
    Post,
)


def write_organisations(run: LoadRun, rows: Sequence[OrganisationRow]) -> None:
    """Make the missing ones and update the township's own, parents before children."""
    waiting = list(rows)
    while waiting:
        ready = [r for r in waiting if not r.parent_code or r.parent_code in run.organisations]
        for row in ready:
            _write_organisation(run, row)
        waiting = [row for row in waiting if row not in ready]
    run.session.flush()


def _write_organisation(run: LoadRun, row: OrganisationRow) -> None:
    there = run.organisations.get(row.code)
    if there is None:
        parent = run.organisations[row.parent_code] if row.parent_code else None
        run.organisations[row.code] = new_organisation(row, parent)
        run.make("组织", run.organisations[row.code])
    elif run.is_own(there):
        retired = there.retired_on is not None and there.retired_on <= run.today
        values = {"name": row.name} | ({"retired_on": None} if retired else {})
        run.update("组织", there, values)
    else:
        _remark_on_county_row(run, row, there)


def new_organisation(row: OrganisationRow, parent: Organisation | None) -> Organisation:
    """A new node under its parent; a town is its own town."""
    own_id = new_id()
    is_town = row.type is OrganisationType.town
    return Organisation(
        id=own_id,
        code=row.code,
        name=row.name,
        type=row.type,
        parent_id=parent.id if parent else None,
        town_id=own_id if is_town else (parent.town_id if parent else None),
        path=(parent.path if parent else "") + own_id.hex,
    )


def _remark_on_county_row(run: LoadRun, row: OrganisationRow, there: Organisation) -> None:
    if there.name != row.name:
        run.report.remarks.append(
            f"{row.code} 在系统里叫“{there.name}”，文件里是“{row.name}”；县级的行不由镇改动"
        )
    if there.retired_on is not None:
        run.report.remarks.append(f"{row.code} {there.name} 已于 {there.retired_on} 停用，未恢复")


def write_people(run: LoadRun, rows: Sequence[PostRow]) -> None:
    """Make persons and posts that are missing.

    Somebody of another township may get posts here as well, which is told; the account is left as
    it is. A post at the county or a company that was ended there is not given again by a township.
    """
    usernames = sorted({row.username for row in rows})
    found = run.session.scalars(select(Person).where(Person.username.in_(usernames)))
    run.people = {person.username: person for person in found}
    elsewhere = Elsewhere(
        run.session, run.people.values(), town_code=run.report.town_code, today=run.today
    )
    for row in rows:
        _write_person(run, row, elsewhere)
    run.session.flush()
    held = _posts_held(run)
    for row in rows:
        person, organisation = run.people[row.username], run.organisations[row.organisation_code]
        key = (row.username, row.role.value, row.organisation_code)
        written = _write_post(run, row, held.get(key, []), person, organisation)
        if written and (places := elsewhere.serving(person)):
            run.report.remarks.append(
                f"{row.name}（{row.username}）已在其他镇任职（{'、'.join(places)}），"
                f"本次增加岗位：{organisation.name}{ROLE_LABELS[row.role]}"
            )
    run.session.flush()


def _write_person(run: LoadRun, row: PostRow, elsewhere: Elsewhere) -> None:
    person = run.people.get(row.username)
    if person is None:
        person = Person(id=new_id(), username=row.username, name=row.name, phone=row.phone)
        run.people[row.username] = person
        run.make("人员", person)
        return
    if not elsewhere.knows(person):
        run.update("人员", person, {"phone": row.phone})
    if person.deactivated_at is not None:
        remark = f"{row.username} {row.name} 的账号已停用，未恢复"
        if remark not in run.report.remarks:
            run.report.remarks.append(remark)


def _posts_held(run: LoadRun) -> dict[tuple[str, str, str], list[Post]]:
    """All posts, past ones too, of the people in the files, by username, role, organisation."""
    ids = [person.id for person in run.people.values()]
    rows = run.session.execute(
        select(Person.username, Organisation.code, Post)
        .join(Post, Post.person_id == Person.id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Person.id.in_(ids))
    )
    held: dict[tuple[str, str, str], list[Post]] = {}
    for username, code, post in rows:
        held.setdefault((username, post.role.value, code), []).append(post)
    return held


def _write_post(
    run: LoadRun, row: PostRow, held: list[Post], person: Person, organisation: Organisation
) -> bool:
    """Whether a post was made or taken up again."""
    if any(post.holds_on(run.today) for post in held):
        return False
    if held and not run.is_own(organisation):
        run.report.remarks.append(
            f"{row.username} 在 {organisation.name} 的{ROLE_LABELS[row.role]}岗位已结束，未恢复"
        )
        return False
    if organisation.retired_on is not None and organisation.retired_on <= run.today:
        run.report.remarks.append(f"{organisation.name}已停用，没有给 {row.username} 设岗位")
        return False
    ended_today = next((post for post in held if post.from_on == run.today), None)
    if ended_today is not None:
        run.update("岗位", ended_today, {"to_on": organisation.retired_on})
        return True
    run.make(
        "岗位",
        Post(
            person_id=person.id,
            role=row.role,
            organisation_id=organisation.id,
            from_on=run.today,
            to_on=organisation.retired_on,
        ),
    )
    return True
