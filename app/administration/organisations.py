"""Verbs about organisations: make, rename, give to a group, retire with a date."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import (
    AlreadyRetired,
    AlreadyTaken,
    OrganisationMisplaced,
    StillInUse,
)
from app.administration.models import ChangeKind, SubjectKind
from app.administration.presenting.organisations import organisation_state
from app.administration.sight import of_towns
from app.grid.indexes import Towns
from app.grid.models import Cell, CompanyContract, Compound
from app.grid.queries import under_organisation
from app.grid.township.organisations import PARENT_TYPES
from app.grid.township.rows import OrganisationRow
from app.grid.township.writing_people import new_organisation
from app.kernel.dated import day_from
from app.people.administration import give_to_group, scopes_of_group, take_from_group
from app.people.models import (
    ORGANISATION_TYPE_LABELS,
    GroupScope,
    Organisation,
    OrganisationType,
    Post,
)
from app.people.queries import organisation_by_code


def organisations_administered(
    session: Session,
    towns: Towns,
    *,
    day: date,
    under: Organisation | None = None,
    type_: OrganisationType | None = None,
    after: str | None = None,
    limit: int,
) -> Sequence[Organisation]:
    """Organisations of some townships and of the county by code, retired ones too."""
    asked = select(Organisation).where(of_towns(towns)).order_by(Organisation.code).limit(limit)
    if under is not None:
        asked = asked.where(under_organisation(under, day=day))
    if type_ is not None:
        asked = asked.where(Organisation.type == type_)
    if after is not None:
        asked = asked.where(Organisation.code > after)
    return session.scalars(asked).all()


def make_organisation(
    session: Session,
    *,
    code: str,
    name: str,
    type_: OrganisationType,
    parent: Organisation,
    act: Act,
) -> Organisation:
    """Hang a new organisation under another; raises AlreadyTaken, OrganisationMisplaced, or
    AlreadyRetired when the other is to be retired."""
    allowed = PARENT_TYPES[type_]
    if parent.type not in allowed:
        wanted = "或".join(ORGANISATION_TYPE_LABELS[one] for one in allowed) or "（没有上级）"
        detail = f"{ORGANISATION_TYPE_LABELS[type_]}的上级应是{wanted}。"
        raise OrganisationMisplaced(detail, fields={"parent": [detail]})
    if organisation_by_code(session, code) is not None:
        raise AlreadyTaken(f"编码 {code} 已有组织使用。", fields={"code": ["已被使用"]})
    refuse_ending(parent)
    made = new_organisation(OrganisationRow(code, name, type_, parent.code), parent)
    session.add(made)
    session.flush()
    after = {**organisation_state(made), "parent": parent.code}
    record_change(session, act, _subject(made), ChangeKind.create, after=after)
    return made


def rename_organisation(
    session: Session, organisation: Organisation, *, name: str, act: Act
) -> None:
    """Give an organisation in use another name; raises AlreadyRetired."""
    refuse_retired(organisation.retired_on, act)
    before = organisation_state(organisation)
    organisation.name = name
    after = organisation_state(organisation)
    record_change(
        session, act, _subject(organisation), ChangeKind.change, before=before, after=after
    )


def set_given(
    session: Session, group: Organisation, communities: Collection[Organisation], *, act: Act
) -> None:
    """Make what a management group looks after, from today on, these communities and no others.

    Raises ScopeImpossible for what is no community of its township, AlreadyRetired for a group
    that is none any more.
    """
    refuse_retired(group.retired_on, act)
    before = given_codes(session, group, act)
    wanted = {community.code for community in communities}
    gone = session.scalars(select(Organisation).where(Organisation.code.in_(before)))
    give_to_group(session, group, communities, today=act.today)
    dropped = [one for one in gone if one.code not in wanted]
    take_from_group(session, group, dropped, today=act.today)
    record_given(session, group, before, act=act)


def retire_organisation(
    session: Session, organisation: Organisation, *, on: date | None, act: Act
) -> None:
    """Retire an organisation with a date: its posts and what a group was given end with it.

    Raises StillInUse while organisations, compounds, cells or contracts hang on it.
    """
    refuse_retired(organisation.retired_on, act)
    day = day_from(on, today=act.today, field="on")
    if users := _users(session, organisation, day):
        raise StillInUse(f"{organisation.name}下面还有：{'、'.join(users[:10])}。请先停用它们。")
    before = organisation_state(organisation)
    organisation.retired_on = day
    _end_posts_and_scopes(session, organisation, day)
    session.flush()
    after = organisation_state(organisation)
    record_change(
        session, act, _subject(organisation), ChangeKind.retire, before=before, after=after
    )


def given_codes(session: Session, group: Organisation, act: Act) -> list[str]:
    """The codes of what a management group looks after on the day of an act."""
    ids = [scope.organisation_id for scope in scopes_of_group(session, group, day=act.today)]
    codes = session.scalars(select(Organisation.code).where(Organisation.id.in_(ids)))
    return sorted(codes)


def record_given(session: Session, group: Organisation, before: list[str], *, act: Act) -> None:
    """Log what a management group looks after now, beside what it did before."""
    after = {"given": given_codes(session, group, act)}
    record_change(
        session, act, _subject(group), ChangeKind.change, before={"given": before}, after=after
    )


def refuse_retired(retired_on: date | None, act: Act) -> None:
    """Raises AlreadyRetired for what is out of use today."""
    if retired_on is not None and retired_on <= act.today:
        raise AlreadyRetired(f"已于 {retired_on} 停用，不能再改。")


def refuse_ending(place: Organisation) -> None:
    """Raises AlreadyRetired for what has been, or is to be, retired: nothing without an end can
    hang on it, as it could not be retired then."""
    if place.retired_on is not None:
        raise AlreadyRetired(f"{place.name}（{place.code}）从 {place.retired_on} 起停用。")


def end_with(*places: Organisation | Compound, from_on: date) -> date | None:
    """When what hangs on some places from a day on ends with the first of them, if ever; raises
    AlreadyRetired when one is retired by that day."""
    ending = sorted((one.retired_on, one.name) for one in places if one.retired_on is not None)
    if not ending:
        return None
    day, name = ending[0]
    if day <= from_on:
        raise AlreadyRetired(f"{name}从 {day} 起停用。")
    return day


def _users(session: Session, organisation: Organisation, day: date) -> list[str]:
    """The names of what is in use on a day and hangs on an organisation."""

    def in_use(column: ColumnElement[date | None]) -> ColumnElement[bool]:
        return or_(column.is_(None), column > day)

    own = organisation.id
    asked = (
        select(Organisation.name).where(
            Organisation.parent_id == own, in_use(Organisation.__table__.c.retired_on)
        ),
        select(Compound.name).where(
            Compound.organisation_id == own, in_use(Compound.__table__.c.retired_on)
        ),
        select(Cell.name).where(Cell.organisation_id == own, in_use(Cell.__table__.c.retired_on)),
        select(Compound.name)
        .join(CompanyContract, CompanyContract.compound_id == Compound.id)
        .where(CompanyContract.company_id == own, in_use(CompanyContract.__table__.c.to_on)),
    )
    return [name for one in asked for name in session.scalars(one.limit(10))]


def _end_posts_and_scopes(session: Session, organisation: Organisation, day: date) -> None:
    own = organisation.id
    posts = session.scalars(select(Post).where(Post.organisation_id == own)).all()
    scopes = session.scalars(
        select(GroupScope).where(or_(GroupScope.group_id == own, GroupScope.organisation_id == own))
    ).all()
    rows: list[Post | GroupScope] = [*posts, *scopes]
    for row in rows:
        if row.to_on is None or row.to_on > day:
            row.to_on = max(day, row.from_on)


def _subject(organisation: Organisation) -> Subject:
    return Subject(SubjectKind.organisation, organisation.code, organisation)
