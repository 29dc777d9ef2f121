"""Reads about spot checks: who sees which, lists by keyset. Their figures are coverage's."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.grid.models import Compound
from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor
from app.people.models import Organisation, Role
from app.rounds.coverage import checked_week
from app.rounds.queries import Scope
from app.rounds.spot_checks.models import SpotCheck, SpotCheckState

SEES_WHAT_WAITS = (Role.supervisor, Role.administrator)
"""Who may know what is to be walked: whoever answers for the place would put it right first."""


def spot_checks_page(
    session: Session,
    scope: Scope,
    *,
    week: str | None,
    state: SpotCheckState | None,
    limit: int,
    cursor: str | None,
) -> Page[SpotCheck]:
    """A page of the spot checks in a scope: newest week first."""
    asked = _whole().where(scope.holds(), in_sight(scope.actor))
    if week is not None:
        asked = asked.where(SpotCheck.week == week)
    if state is not None:
        waiting = SpotCheck.result.is_(None)
        asked = asked.where(waiting if state is SpotCheckState.waiting else ~waiting)
    if cursor is not None:
        after = decode_cursor(cursor, lambda each: checked_week(str(each)), lambda e: UUID(str(e)))
        asked = asked.where(tuple_(SpotCheck.week, SpotCheck.id) < after)
    asked = asked.order_by(SpotCheck.week.desc(), SpotCheck.id.desc()).limit(limit + 1)
    return cut_page(session.scalars(asked).all(), limit, lambda one: (one.week, str(one.id)))


def spot_check_in_sight(session: Session, scope: Scope, check_id: UUID | None) -> SpotCheck:
    """The spot check with an id, when the actor sees it; raises NotThere."""
    asked = _whole().where(SpotCheck.id == check_id, scope.holds(), in_sight(scope.actor))
    found = session.scalar(asked) if check_id else None
    if found is None:
        raise NotThere("没有这次抽查，或不在您的范围内。")
    return found


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may know of a spot check: what waits, only those above."""
    if next(iter(actor.posts_as(*SEES_WHAT_WAITS)), None) is None:
        return SpotCheck.result.is_not(None)
    own = [post.organisation_id for post in actor.posts_as(Role.lead, Role.warden)]
    return or_(SpotCheck.result.is_not(None), SpotCheck.community_id.not_in(own))


def _whole() -> Select[SpotCheck]:
    return (
        select(SpotCheck)
        .join(SpotCheck.compound)
        .join(Organisation, Organisation.id == SpotCheck.community_id)
        .options(
            contains_eager(SpotCheck.compound).options(
                joinedload(Compound.organisation), selectinload(Compound.checkpoints)
            )
        )
    )
