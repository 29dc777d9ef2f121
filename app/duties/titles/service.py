"""Verbs and reads about titles: given from a day on, ended on a day, never removed."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import AlreadyRetired, OrganisationMisplaced
from app.administration.models import ChangeKind, SubjectKind
from app.administration.organisations import end_with
from app.catalogue.desk.models import UNIT_KIND_LABELS, UnitKind
from app.duties.titles.models import UnitTitle
from app.kernel.dated import day_from
from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType
from app.rounds.queries import Scope, visible_to


def give_title(
    session: Session, unit: Organisation, title: UnitKind, *, from_on: date | None, act: Act
) -> UnitTitle:
    """A unit has a title from a day (Asia/Shanghai) on; one that it has already stays as it is.

    Raises OrganisationMisplaced when its type cannot have it, BadDates for a day that is past.
    """
    start = day_from(from_on, today=act.today, field="from_on")
    _refuse_misplaced(unit, title)
    known = session.scalars(
        select(UnitTitle)
        .where(UnitTitle.organisation_id == unit.id, UnitTitle.title == title)
        .where(or_(UnitTitle.to_on.is_(None), UnitTitle.to_on > start))
    )
    for row in known:
        if row.to_on != row.from_on:
            return row
    given = UnitTitle(organisation_id=unit.id, organisation=unit, title=title, from_on=start)
    given.to_on = end_with(unit, from_on=start)
    session.add(given)
    session.flush()
    subject = Subject(SubjectKind.unit_title, title.value, unit)
    record_change(session, act, subject, ChangeKind.give, after=_state(given))
    return given


def end_title(session: Session, row: UnitTitle, *, on: date | None, act: Act) -> None:
    """A unit has a title no more from a day on; raises AlreadyRetired for one that has ended."""
    day = day_from(on, today=act.today, field="on")
    if row.to_on is not None and row.to_on <= act.today:
        raise AlreadyRetired(f"这个称号已于 {row.to_on} 结束。")
    before, row.to_on = _state(row), max(day, row.from_on)
    session.flush()
    subject = Subject(SubjectKind.unit_title, row.title.value, row.organisation)
    record_change(session, act, subject, ChangeKind.end, before=before, after=_state(row))


def _refuse_misplaced(unit: Organisation, title: UnitKind) -> None:
    fits = unit.type in COMMUNITY_TYPES
    if title is UnitKind.civilised_community:
        fits = unit.type is OrganisationType.community
    elif title is UnitKind.civilised_village:
        fits = fits and unit.type is not OrganisationType.community
    if not fits:
        detail = f"{unit.name}不能是{UNIT_KIND_LABELS[title]}。"
        raise OrganisationMisplaced(detail, fields={"title": [detail]})


def _state(row: UnitTitle) -> dict[str, Any]:
    return {
        "title": row.title.value,
        "from_on": row.from_on.isoformat(),
        "to_on": row.to_on.isoformat() if row.to_on else None,
    }


def titles_page(
    session: Session, scope: Scope, *, limit: int, cursor: str | None = None
) -> Page[UnitTitle]:
    """A page of the titles that units in a scope have today or are to have, the newest first."""
    lasting = or_(UnitTitle.to_on.is_(None), UnitTitle.to_on > scope.day)
    asked = (
        select(UnitTitle)
        .join(UnitTitle.organisation)
        .options(contains_eager(UnitTitle.organisation))
        .where(scope.holds(), lasting)
    )
    if cursor is not None:
        (after,) = decode_cursor(cursor, lambda each: UUID(str(each)))
        asked = asked.where(UnitTitle.id < after)
    rows = session.scalars(asked.order_by(UnitTitle.id.desc()).limit(limit + 1)).all()
    return cut_page(rows, limit, lambda one: (str(one.id),))


def title_in_sight(session: Session, actor: Actor, title_id: UUID | None) -> UnitTitle:
    """The title with an id, when the actor sees its unit; raises NotThere."""
    asked = (
        select(UnitTitle)
        .join(UnitTitle.organisation)
        .options(contains_eager(UnitTitle.organisation))
        .where(UnitTitle.id == title_id, visible_to(actor))
    )
    found = session.scalar(asked) if title_id else None
    if found is None:
        raise NotThere("没有这个称号，或不在您的范围内。")
    return found
