"""The answers of a time and place, as rows and as a workbook."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.grid.queries import under_organisation
from app.kernel.clock import SHANGHAI, shanghai_day
from app.kernel.errors import NotThere, Rejected
from app.kernel.spreadsheets import workbook_of
from app.people.access import Actor
from app.people.models import Organisation, OrganisationType
from app.people.queries import organisation_by_code
from app.tickets.figures.scope import may_read
from app.tickets.models import Leg, State, Ticket, TicketEvent, TicketPhoto
from app.tickets.queries import sees_now
from app.tickets.replying.words import handling, in_time
from app.tickets.words import SOURCE_LABELS, SOURCES_WITHOUT_PHOTO, STATE_LABELS, Source

MOST = 2000
COLUMNS = (
    ("来源", 12),
    ("编号", 22),
    ("工单号", 26),
    ("状态", 10),
    ("办理单位", 24),
    ("办理情况", 70),
    ("期限", 18),
    ("整改时间", 18),
    ("结案时间", 18),
    ("是否按期", 14),
    ("照片", 8),
)


class AnswersTooMany(Rejected):
    """More tickets than one workbook of answers takes."""

    code = "answers_too_many"
    title = "要回复的工单太多，请缩小范围"


@dataclass(frozen=True)
class AnswersWanted:
    """Which answers: of a source (None: of all outside), reported between two instants (both
    included), in an organisation's subtree."""

    source: Source | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    under: Organisation | None = None


def answers_wanted(
    session: Session,
    actor: Actor,
    *,
    source: Source | None,
    reported_from: datetime | None,
    reported_to: datetime | None,
    organisation: str | None,
) -> AnswersWanted:
    """What the actor asks for. Raises Rejected when it ends before it begins, and NotThere for an
    organisation that the actor does not answer for: it had no tickets, as far as they could see."""
    if reported_from and reported_to and reported_to < reported_from:
        detail = "截止日期早于起始日期，请核对。"
        raise Rejected(detail, fields={"to": [detail]})
    if organisation is None:
        return AnswersWanted(source, reported_from, reported_to)
    under = organisation_by_code(session, organisation)
    if under is None or not may_read(actor, under):
        raise NotThere("没有这个组织，或它的工单不由您回复。")
    return AnswersWanted(source, reported_from, reported_to, under)


def answers_workbook(
    session: Session, actor: Actor, wanted: AnswersWanted, *, now: datetime
) -> tuple[bytes, int]:
    """The answers to what the actor sees, the first reported first, as an xlsx; and how many there
    are. Raises AnswersTooMany."""
    tickets = _tickets(session, actor, wanted, now)
    if len(tickets) > MOST:
        raise AnswersTooMany(f"一次最多 {MOST} 张工单，请缩短日期范围，或分来源、分社区导出。")
    ids = [ticket.id for ticket in tickets]
    events, photos = _events(session, ids), _photos(session, ids)
    rows = (
        _row(ticket, events.get(ticket.id, ()), photos.get(ticket.id, 0), now) for ticket in tickets
    )
    return workbook_of("回复", COLUMNS, rows), len(tickets)


def _tickets(
    session: Session, actor: Actor, wanted: AnswersWanted, now: datetime
) -> Sequence[Ticket]:
    sources = [wanted.source] if wanted.source else sorted(SOURCES_WITHOUT_PHOTO)
    asked = (
        select(Ticket)
        .where(
            sees_now(actor),
            Ticket.source.in_(sources),
            Ticket.external_number.is_not(None),
            Ticket.state != State.withdrawn,
        )
        .options(
            joinedload(Ticket.responsible), selectinload(Ticket.legs).joinedload(Leg.organisation)
        )
        .order_by(Ticket.reported_at, Ticket.id)
        .limit(MOST + 1)
    )
    if wanted.reported_from is not None:
        asked = asked.where(Ticket.reported_at >= wanted.reported_from)
    if wanted.reported_to is not None:
        asked = asked.where(Ticket.reported_at <= wanted.reported_to)
    if wanted.under is not None:
        asked = asked.where(_within(wanted.under, now))
    return session.scalars(asked).all()


def _within(under: Organisation, now: datetime) -> ColumnElement[bool]:
    """Its subtree; a company or an enforcement body stands for what it is responsible for."""
    if under.type in (OrganisationType.property_company, OrganisationType.enforcement_body):
        return Ticket.responsible_id == under.id
    homes = select(Organisation.id).where(under_organisation(under, day=shanghai_day(now)))
    return Ticket.community_id.in_(homes)


def _events(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[TicketEvent]]:
    found: dict[UUID, list[TicketEvent]] = {}
    asked = select(TicketEvent).where(TicketEvent.ticket_id.in_(ids))
    for event in session.scalars(asked.order_by(TicketEvent.ticket_id, TicketEvent.sequence)):
        found.setdefault(event.ticket_id, []).append(event)
    return found


def _photos(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, int]:
    counted = (
        select(TicketPhoto.ticket_id, func.count())
        .where(TicketPhoto.ticket_id.in_(ids))
        .group_by(TicketPhoto.ticket_id)
    )
    return {ticket_id: count for ticket_id, count in session.execute(counted)}


def _row(
    ticket: Ticket, events: Iterable[TicketEvent], photos: int, now: datetime
) -> list[str | int]:
    return [
        SOURCE_LABELS[ticket.source],
        ticket.external_number or "",
        ticket.number,
        STATE_LABELS[ticket.state],
        _whose(ticket),
        handling(ticket, events),
        _time(ticket.external_due_at or ticket.due_at),
        _time(ticket.rectified_at),
        _time(ticket.closed_at),
        in_time(ticket, now=now),
        photos,
    ]


def _whose(ticket: Ticket) -> str:
    """The unit that has it, outside ones too."""
    if ticket.state is State.referred and ticket.outside:
        return str(ticket.outside["name"])
    return ticket.responsible.name if ticket.responsible else ""


def _time(instant: datetime | None) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if instant else ""
