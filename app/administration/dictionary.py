"""Changing the dictionary of what can be wrong, from a date on, for a township or for all."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import OrganisationMisplaced
from app.administration.models import ChangeKind, SubjectKind
from app.administration.presenting.dictionary import category_state
from app.catalogue.overriding import end_category, override_category
from app.catalogue.queries import CategoryView, category_in_force
from app.catalogue.schemas import CategoryPart
from app.kernel.dated import day_from
from app.people.models import Organisation, OrganisationType


def town_of_dictionary(organisation: Organisation) -> UUID | None:
    """Whose dictionary an organisation stands for: a township's own, or (the county) everybody's.

    Raises OrganisationMisplaced for any other.
    """
    if organisation.type is OrganisationType.county:
        return None
    if organisation.type is not OrganisationType.town:
        raise OrganisationMisplaced("只有县和镇有自己的事项字典。")
    return organisation.id


def change_category(
    session: Session, place: Organisation, part: CategoryPart, *, from_on: date | None, act: Act
) -> date:
    """From a day on a category is what `part` says, whole; the day. Raises ChangePlanned."""
    day = day_from(from_on, today=act.today, field="from_on")
    town_id = town_of_dictionary(place)
    before = category_in_force(session, part.code, day=day, town_id=town_id)
    override_category(
        session, part, from_on=day, now=act.now, town_id=town_id, actor_id=act.actor_id
    )
    after = category_in_force(session, part.code, day=day, town_id=town_id)
    _record(session, act, place, part.code, day, before, after, ChangeKind.change)
    return day


def end_own_category(
    session: Session, place: Organisation, code: str, *, on: date | None, act: Act
) -> date:
    """From a day on a township has the deployment's category again; the day.

    The county's own then holds nowhere but where a township has one. Raises NotOverridden.
    """
    day = day_from(on, today=act.today, field="on")
    town_id = town_of_dictionary(place)
    before = category_in_force(session, code, day=day, town_id=town_id)
    end_category(session, code, on=day, now=act.now, town_id=town_id, actor_id=act.actor_id)
    after = category_in_force(session, code, day=day, town_id=town_id)
    _record(session, act, place, code, day, before, after, ChangeKind.end)
    return day


def _record(
    session: Session,
    act: Act,
    place: Organisation,
    code: str,
    day: date,
    before: CategoryView | None,
    after: CategoryView | None,
    action: ChangeKind,
) -> None:
    if before == after and action is ChangeKind.change:
        return
    record_change(
        session,
        act,
        Subject(SubjectKind.category, code, place),
        action,
        before=category_state(before),
        after={**(category_state(after) or {}), "from_on": day.isoformat()},
    )
