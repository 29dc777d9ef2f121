"""Reads about rounds: who sees which, lists by keyset, one round whole."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, tuple_
from sqlalchemy.orm import Load, Session, contains_eager, selectinload

from app.grid.models import Checkpoint, Compound
from app.grid.queries import under_organisation
from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor, ActorPost
from app.people.models import Organisation, OrganisationType, Role
from app.rounds.coverage import checked_week
from app.rounds.models import Round, RoundCheck

READERS = (Role.warden, Role.lead, Role.supervisor, Role.administrator)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on an Organisation row that the actor sees the rounds of its compounds.

    Warden and lead: their community; supervisor: the town, or what the group was given;
    administrator: the subtree. Companies and enforcement bodies see none.
    """
    return or_(false(), *(_seen_by_post(post) for post in actor.posts_as(*READERS)))


def _seen_by_post(post: ActorPost) -> ColumnElement[bool]:
    if post.role is Role.administrator:
        return and_(Organisation.path >= post.path, Organisation.path < post.path + "g")
    if post.organisation_type is OrganisationType.management_group:
        return Organisation.id.in_(post.given)
    if post.role is Role.supervisor:
        return Organisation.town_id == post.town_id
    return Organisation.id == post.organisation_id


@dataclass(frozen=True)
class Scope:
    """Whose rounds and coverage are asked for: what the actor sees of a subtree, or all of it.

    `day` is the day (Asia/Shanghai) whose management groups count.
    """

    actor: Actor
    day: date
    organisation: Organisation | None = None

    def holds(self) -> ColumnElement[bool]:
        """The condition on an Organisation row that it is in the scope."""
        if self.organisation is None:
            return visible_to(self.actor)
        return and_(visible_to(self.actor), under_organisation(self.organisation, day=self.day))


def round_to_add_to(session: Session, *, compound_id: UUID, week: str) -> Round | None:
    """The round of a compound and week, locked until the transaction ends."""
    return session.scalar(
        select(Round)
        .where(Round.compound_id == compound_id, Round.week == week)
        .options(selectinload(Round.checks).joinedload(RoundCheck.person))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def load_service_days(session: Session, compound: Compound) -> None:
    """Makes a compound and its checkpoints ready to say on which days they were in service, in two
    queries."""
    whole = select(Compound).where(Compound.id == compound.id).options(*_service_days())
    session.scalars(whole).unique().one()


def _service_days() -> tuple[Load, Load]:
    points = Load(Compound).selectinload(Compound.checkpoints).joinedload(Checkpoint.gaps)
    return Load(Compound).joinedload(Compound.gaps), points


def round_in_sight(session: Session, actor: Actor, round_id: UUID | None) -> Round:
    """The round with an id, whole, when the actor sees it; raises NotThere."""
    asked = _whole_rounds().where(Round.id == round_id, visible_to(actor))
    found = session.scalars(asked).unique().one_or_none() if round_id else None
    if found is None:
        raise NotThere("没有这次巡查，或不在您的范围内。")
    return found


def _whole_rounds() -> Select[Round]:
    """Rounds with all they are shown with, in three queries."""
    return (
        select(Round)
        .join(Round.compound)
        .join(Compound.organisation)
        .options(
            contains_eager(Round.compound).options(*_service_days()),
            selectinload(Round.checks).joinedload(RoundCheck.person),
        )
    )


def rounds_page(
    session: Session,
    scope: Scope,
    *,
    week: str | None = None,
    compound: Compound | None = None,
    limit: int,
    cursor: str | None = None,
) -> Page[Round]:
    """A page of the rounds in a scope: newest week first, in it the newest round."""
    asked = _whole_rounds().where(scope.holds())
    if week is not None:
        asked = asked.where(Round.week == week)
    if compound is not None:
        asked = asked.where(Round.compound_id == compound.id)
    if cursor is not None:
        after_week, after_id = decode_cursor(cursor, _week, _id)
        asked = asked.where(tuple_(Round.week, Round.id) < (after_week, after_id))
    asked = asked.order_by(Round.week.desc(), Round.id.desc()).limit(limit + 1)
    rows = session.scalars(asked).unique().all()
    return cut_page(rows, limit, lambda one: (one.week, str(one.id)))


def _week(value: Any) -> str:
    return checked_week(str(value))


def _id(value: Any) -> UUID:
    return UUID(str(value))
