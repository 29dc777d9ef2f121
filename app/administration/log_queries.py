"""Reads of the log."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.administration.models import AuditEntry, SubjectKind
from app.grid.indexes import Towns
from app.grid.queries import under_organisation
from app.kernel.clock import day_start, parse_instant
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.models import Organisation, Person


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes: days are those of Asia/Shanghai, both included."""

    organisation: Organisation | None = None
    kind: SubjectKind | None = None
    subject: str | None = None
    actor: str | None = None
    from_on: date | None = None
    to_on: date | None = None


def changes_page(
    session: Session, towns: Towns, wanted: Wanted, *, day: date, limit: int, cursor: str | None
) -> Page[AuditEntry]:
    """A page of changes in some townships, the newest first; None: of the whole deployment."""
    asked = (
        select(AuditEntry)
        .options(joinedload(AuditEntry.actor), joinedload(AuditEntry.organisation))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit + 1)
    )
    if towns is not None:
        asked = asked.where(AuditEntry.town_id.in_(towns))
    if cursor is not None:
        at, entry_id = decode_cursor(cursor, parse_instant, UUID)
        older = and_(AuditEntry.at == at, AuditEntry.id < entry_id)
        asked = asked.where(or_(AuditEntry.at < at, older))
    rows = session.scalars(_narrowed(asked, wanted, day)).all()
    return cut_page(rows, limit, lambda one: (one.at.isoformat(), str(one.id)))


def _narrowed(asked: Select[AuditEntry], wanted: Wanted, day: date) -> Select[AuditEntry]:
    if wanted.organisation is not None:
        below = select(Organisation.id).where(under_organisation(wanted.organisation, day=day))
        asked = asked.where(AuditEntry.organisation_id.in_(below))
    if wanted.kind is not None:
        asked = asked.where(AuditEntry.subject_kind == wanted.kind)
    if wanted.subject is not None:
        asked = asked.where(AuditEntry.subject_code == wanted.subject)
    if wanted.actor is not None:
        person = select(Person.id).where(Person.username == wanted.actor)
        asked = asked.where(AuditEntry.actor_id == person.scalar_subquery())
    if wanted.from_on is not None:
        asked = asked.where(AuditEntry.at >= day_start(wanted.from_on))
    if wanted.to_on is not None:
        asked = asked.where(AuditEntry.at < _day_after(wanted.to_on))
    return asked


def _day_after(day: date) -> datetime:
    return day_start(day + timedelta(days=1))
