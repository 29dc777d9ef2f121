"""Reads about cases: who sees which, lists by keyset, one case whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.cases.models import Case, CasePhoto, CaseStep
from app.catalogue.models import KeptAs
from app.grid.models import Compound
from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor
from app.people.models import Organisation
from app.photos.access import SeenThrough, seen_columns
from app.photos.retention.rules import Need
from app.rounds.queries import Scope, visible_to

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Wanted:
    """What a list of cases is narrowed to. `overdue` and `expiring` are as on `today`."""

    today: date
    kind: str | None = None
    compound: Compound | None = None
    open: bool = False
    overdue: bool = False
    expiring: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL conditions on cases."""
        found: list[ColumnElement[bool]] = []
        if self.kind is not None:
            found.append(Case.kind_code == self.kind)
        if self.compound is not None:
            found.append(Case.compound_id == self.compound.id)
        if self.open or self.overdue:
            found.append(Case.closed_at.is_(None))
        if self.overdue:
            found.append(Case.due_on < self.today)
        if self.expiring:
            found += [Case.expires_on <= self.today + SOON, Case.dropped_because.is_(None)]
        return found


def cases_page(
    session: Session, scope: Scope, wanted: Wanted, *, limit: int, cursor: str | None
) -> Page[Case]:
    """A page of the cases in a scope, those opened last first."""
    asked = _whole().where(scope.holds(), *wanted.conditions())
    if cursor is not None:
        (last,) = decode_cursor(cursor, lambda each: UUID(str(each)))
        asked = asked.where(Case.id < last)
    asked = asked.order_by(Case.id.desc()).limit(limit + 1)
    return cut_page(session.scalars(asked).all(), limit, lambda one: (str(one.id),))


def case_in_sight(
    session: Session, scope: Scope, case_id: UUID | None, *, for_update: bool = False
) -> Case:
    """The case with an id, when the actor sees it; raises NotThere. For an update it is locked
    before its steps are read."""
    if case_id is not None and for_update:
        session.execute(select(Case.id).where(Case.id == case_id).with_for_update())
    asked = _whole().where(Case.id == case_id, scope.holds())
    fresh = {"populate_existing": for_update}
    found = session.scalar(asked, execution_options=fresh) if case_id else None
    if found is None:
        raise NotThere("没有这个专项，或不在您的范围内。")
    return found


def _whole() -> Select[Case]:
    return (
        select(Case)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .options(
            joinedload(Case.organisation),
            joinedload(Case.compound),
            selectinload(Case.tickets),
            selectinload(Case.steps).options(
                selectinload(CaseStep.photos), joinedload(CaseStep.person)
            ),
        )
    )


def _used_in_cases(actor: Actor, photo_ids: Sequence[UUID]) -> Select[Any]:
    return (
        select(*seen_columns(CasePhoto.photo_id))
        .join(CaseStep, CaseStep.id == CasePhoto.step_id)
        .join(Case, Case.id == CaseStep.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(CasePhoto.photo_id.in_(photo_ids), visible_to(actor))
    )


SEEN_IN_CASES = SeenThrough(_used_in_cases)


def is_used_in_a_case(session: Session, photo_id: UUID) -> bool:
    """Whether a case uses a photo."""
    used = select(CasePhoto.photo_id).where(CasePhoto.photo_id == photo_id).limit(1)
    return session.scalar(used) is not None


def needed_by_cases(session: Session, photo_ids: Sequence[UUID]) -> Iterator[Need]:
    """What cases need of some photos, from when the case ended; one query."""
    asked = (
        select(CasePhoto.photo_id, Case.closed_at)
        .join(CaseStep, CaseStep.id == CasePhoto.step_id)
        .join(Case, Case.id == CaseStep.case_id)
        .where(CasePhoto.photo_id.in_(photo_ids))
    )
    for photo_id, closed_at in session.execute(asked):
        yield Need(photo_id, KeptAs.case, closed_at)
