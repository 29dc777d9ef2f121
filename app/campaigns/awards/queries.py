"""Reads about award applications."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from app.campaigns.awards.models import AwardApplication, AwardState
from app.grid.models import Compound
from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.models import Organisation
from app.rounds.queries import Scope


def applications_page(
    session: Session,
    scope: Scope,
    *,
    year: int | None,
    state: AwardState | None,
    limit: int,
    cursor: str | None,
) -> Page[AwardApplication]:
    """A page of the applications in a scope, the newest first."""
    asked = _whole().where(scope.holds())
    if year is not None:
        asked = asked.where(AwardApplication.year == year)
    if state is not None:
        asked = asked.where(AwardApplication.state == state)
    if cursor is not None:
        (last,) = decode_cursor(cursor, lambda each: UUID(str(each)))
        asked = asked.where(AwardApplication.id < last)
    asked = asked.order_by(AwardApplication.id.desc()).limit(limit + 1)
    return cut_page(session.scalars(asked).all(), limit, lambda one: (str(one.id),))


def application_in_sight(
    session: Session, scope: Scope, application_id: UUID | None, *, for_update: bool = False
) -> AwardApplication:
    """The application with an id, when the actor sees it; raises NotThere."""
    asked = _whole().where(AwardApplication.id == application_id, scope.holds())
    if for_update:
        asked = asked.with_for_update(of=AwardApplication)
    found = session.scalar(asked) if application_id else None
    if found is None:
        raise NotThere("没有这份申报，或不在您的范围内。")
    return found


def _whole() -> Select[AwardApplication]:
    return (
        select(AwardApplication)
        .join(AwardApplication.compound)
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .options(contains_eager(AwardApplication.compound).contains_eager(Compound.organisation))
    )
