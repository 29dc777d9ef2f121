"""Reads about complaints: who sees which, lists by keyset, by receipt."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from app.complaints.errors import ReceiptUnknown
from app.complaints.models import Complaint, ComplaintOffice
from app.complaints.receipts import code_hash, plain_number
from app.kernel.clock import parse_instant
from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor, ActorPost
from app.people.models import Organisation, OrganisationType, Role


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to: what waits, what is late, one office."""

    open: bool = False
    overdue: bool = False
    office: Organisation | None = None


def read_by(actor: Actor) -> ColumnElement[bool]:
    """The condition, beside the office's Organisation row, that somebody reads a complaint: the
    supervisors at the office, and the administrators above it."""
    posts = actor.posts_as(Role.supervisor, Role.administrator)
    return or_(false(), *(_read_by_post(post) for post in posts))


def _read_by_post(post: ActorPost) -> ColumnElement[bool]:
    if post.role is Role.administrator:
        return and_(Organisation.path >= post.path, Organisation.path < post.path + "g")
    if post.organisation_type is OrganisationType.town:
        return Organisation.id == post.organisation_id
    return false()


def complaints_page(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    *,
    limit: int,
    cursor: str | None,
    now: datetime,
) -> Page[Complaint]:
    """A page of what somebody reads, what came last first; nothing that is not the office's yet."""
    asked = _whole().where(read_by(actor), Complaint.received_at <= now)
    if wanted.office is not None:
        asked = asked.where(Complaint.office_id == wanted.office.id)
    if wanted.open or wanted.overdue:
        asked = asked.where(Complaint.answered_at.is_(None))
    if wanted.overdue:
        asked = asked.where(Complaint.due_at < now)
    return _page(session, asked, limit=limit, cursor=cursor)


def own_complaints(
    session: Session, person_id: UUID, *, limit: int, cursor: str | None
) -> Page[Complaint]:
    """A page of what a person said under their own name, the last first."""
    asked = _whole().where(Complaint.person_id == person_id)
    return _page(session, asked, limit=limit, cursor=cursor)


def _page(
    session: Session, asked: Select[Complaint], *, limit: int, cursor: str | None
) -> Page[Complaint]:
    if cursor is not None:
        at, last = decode_cursor(cursor, parse_instant, lambda each: UUID(str(each)))
        asked = asked.where(tuple_(Complaint.received_at, Complaint.id) < tuple_(at, last))
    ordered = asked.order_by(Complaint.received_at.desc(), Complaint.id.desc()).limit(limit + 1)
    return cut_page(session.scalars(ordered).all(), limit, _position)


def _position(complaint: Complaint) -> tuple[Any, ...]:
    return complaint.received_at.isoformat(), str(complaint.id)


def complaint_in_sight(
    session: Session,
    actor: Actor,
    complaint_id: UUID | None,
    *,
    now: datetime,
    for_update: bool = False,
) -> Complaint:
    """The complaint with an id that somebody reads, locked for an update; raises NotThere."""
    if complaint_id is not None and for_update:
        session.execute(select(Complaint.id).where(Complaint.id == complaint_id).with_for_update())
    asked = _whole().where(
        Complaint.id == complaint_id, read_by(actor), Complaint.received_at <= now
    )
    fresh = {"populate_existing": for_update}
    found = session.scalar(asked, execution_options=fresh) if complaint_id else None
    if found is None:
        raise NotThere("没有这条投诉建议，或不在您的范围内。")
    return found


def complaint_by_receipt(session: Session, number: str, code: str) -> Complaint:
    """The complaint of a receipt; raises ReceiptUnknown, whichever half is wrong."""
    asked = _whole().where(Complaint.number == plain_number(number))
    found = session.scalar(asked)
    kept = (found.receipt_hash if found else None) or ""
    if not hmac.compare_digest(kept, code_hash(code)) or found is None:
        raise ReceiptUnknown("请对照回执，查询码不分大小写。")
    return found


def _whole() -> Select[Complaint]:
    return (
        select(Complaint)
        .join(Organisation, Organisation.id == Complaint.office_id)
        .options(
            joinedload(Complaint.office),
            joinedload(Complaint.compound),
            joinedload(Complaint.ticket),
            joinedload(Complaint.person),
            joinedload(Complaint.answered_by),
        )
    )


def office_lines(session: Session, office: Organisation) -> ComplaintOffice | None:
    """How an office is reached by telephone; None where nobody has said it."""
    return session.get(ComplaintOffice, office.id)
