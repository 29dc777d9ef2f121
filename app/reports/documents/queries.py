"""Reads about documents: who sees which, what could be a case, the bytes."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.kernel.clock import day_start, parse_instant
from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor, ActorPost
from app.people.models import Organisation, OrganisationType, Role
from app.photos.evidence import PhotoRole, Verdict
from app.reports.documents.models import Report, ReportPiece, ReportState
from app.tickets.figures.scope import lying_under
from app.tickets.models import State, Ticket, TicketPhoto

READERS = (Role.warden, Role.lead, Role.supervisor, Role.administrator)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor sees a document, beside its Organisation row: one they may make,
    and an issued one of their community, town or county."""
    return or_(false(), *(_seen_by_post(post) for post in actor.posts_as(*READERS)))


def made_by(actor: Actor) -> ColumnElement[bool]:
    """The condition on an Organisation row that an actor may make documents about it."""
    return or_(false(), *(_made_by_post(post) for post in actor.posts_as(*READERS)))


def _seen_by_post(post: ActorPost) -> ColumnElement[bool]:
    issued = and_(
        Report.state == ReportState.issued,
        or_(
            Organisation.id == post.organisation_id,
            Organisation.id == post.town_id,
            Organisation.type == OrganisationType.county,
        ),
    )
    return or_(issued, _made_by_post(post))


def _made_by_post(post: ActorPost) -> ColumnElement[bool]:
    if post.role is Role.administrator:
        return and_(Organisation.path >= post.path, Organisation.path < post.path + "g")
    if post.role is Role.supervisor:
        if post.organisation_type is OrganisationType.management_group:
            return Organisation.id.in_(sorted(post.given))
        return Organisation.town_id == post.town_id
    if post.role is Role.lead:
        return Organisation.id == post.organisation_id
    return false()


def report_in_sight(
    session: Session, actor: Actor, report_id: UUID | None, *, for_update: bool = False
) -> Report:
    """The document with an id, when the actor sees it; locked for an update. Raises NotThere."""
    asked = select(Report).join(Organisation, Organisation.id == Report.organisation_id)
    asked = asked.where(Report.id == report_id, seen_by(actor))
    asked = asked.options(joinedload(Report.organisation))
    if for_update:
        asked = asked.with_for_update(of=Report).execution_options(populate_existing=True)
    found = session.scalar(asked) if report_id else None
    if found is None:
        raise NotThere("没有这份公文，或不在您的范围内。")
    return found


def reports_page(
    session: Session, actor: Actor, *narrower: ColumnElement[bool], limit: int, cursor: str | None
) -> Page[Report]:
    """A page of the documents in sight, the one begun last first; one query."""
    asked = select(Report).join(Organisation, Organisation.id == Report.organisation_id)
    asked = asked.where(seen_by(actor), *narrower).options(joinedload(Report.organisation))
    if cursor is not None:
        (after,) = decode_cursor(cursor, _id)
        asked = asked.where(Report.id < after)
    rows = session.scalars(asked.order_by(Report.id.desc()).limit(limit + 1)).all()
    return cut_page(rows, limit, lambda one: (str(one.id),))


def can_be_a_case() -> ColumnElement[bool]:
    """The condition that a ticket was closed, with photos of before and after, none of the after
    ones contradicted."""

    def used(role: PhotoRole, *more: ColumnElement[bool]) -> ColumnElement[bool]:
        its = TicketPhoto.ticket_id == Ticket.id, TicketPhoto.role == role
        return exists().where(*its, *more)

    against = used(PhotoRole.AFTER, TicketPhoto.verdict == Verdict.CONTRADICTED)
    shown = used(PhotoRole.BEFORE), used(PhotoRole.AFTER)
    return and_(Ticket.state == State.closed, *shown, ~against)


def unsuitable_cases(session: Session, report: Report) -> Sequence[str]:
    """The numbers of a document's cases that could not be chosen any more: opened again, voided,
    or an after-photo contradicted since."""
    ids = [UUID(one) for one in report.cases]
    asked = select(Ticket.number).where(Ticket.id.in_(ids), ~can_be_a_case())
    return session.scalars(asked.order_by(Ticket.number)).all() if ids else ()


def candidates_page(
    session: Session, report: Report, *, limit: int, cursor: str | None
) -> Page[Any]:
    """The ids of tickets closed in the days of a document that can be its cases, the latest closed
    first; rows of (id, closed_at)."""
    asked = select(Ticket.id, Ticket.closed_at).where(
        lying_under(report.organisation, report.to_on),
        Ticket.closed_at >= day_start(report.from_on),
        Ticket.closed_at < day_start(report.to_on + timedelta(days=1)),
        can_be_a_case(),
    )
    if cursor is not None:
        at, last_id = decode_cursor(cursor, parse_instant, _id)
        same = and_(Ticket.closed_at == at, Ticket.id < last_id)
        asked = asked.where(or_(Ticket.closed_at < at, same))
    asked = asked.order_by(Ticket.closed_at.desc(), Ticket.id.desc()).limit(limit + 1)
    rows = session.execute(asked).all()
    return cut_page(rows, limit, lambda row: (row.closed_at.isoformat(), str(row.id)))


def number_taken(session: Session, report: Report) -> bool:
    """Whether another document of the organisation was sent or issued under the same number."""
    asked = select(func.count()).select_from(Report)
    same = (
        Report.organisation_id == report.organisation_id,
        Report.kind == report.kind,
        Report.issue_number == report.issue_number,
        Report.state != ReportState.draft,
        Report.id != report.id,
    )
    return bool(session.scalar(asked.where(*same)))


def pieces_of(session: Session, report_id: UUID, sha256: str) -> Iterator[bytes]:
    """A document's bytes, a piece at a time."""
    position = 0
    while True:
        found = session.scalar(
            select(ReportPiece.data).where(
                ReportPiece.report_id == report_id,
                ReportPiece.sha256 == sha256,
                ReportPiece.position == position,
            )
        )
        if found is None:
            return
        yield found
        position += 1


def _id(value: Any) -> UUID:
    return UUID(str(value))
