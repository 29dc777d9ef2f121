"""Saying something to an office, and the office's answer."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import KeptAs, PausePeriod, Stage
from app.catalogue.pauses import pauses_over
from app.catalogue.queries import stage_limit_in_force, work_calendar
from app.catalogue.retention import periods_in_force
from app.complaints.bounds import refuse_elsewhere
from app.complaints.errors import ComplaintAnswered, ComplaintRepeated, ComplaintStale
from app.complaints.models import (
    Complaint,
    ComplaintKind,
    ComplaintOffice,
    ComplaintSource,
    Outcome,
)
from app.complaints.receipts import code_hash, new_number, receipt_code
from app.grid.models import Compound
from app.kernel.clock import SHANGHAI, shanghai_day
from app.notices.models import NoticeKind
from app.notices.service import News, tell
from app.people.access import Actor, ActorPost
from app.people.models import Organisation, OrganisationType
from app.sla.allowances import Allowance
from app.sla.limits import Limit, LimitUnit, due_at
from app.tickets.models import Ticket

UNSAID = Limit(5, LimitUnit.day)
"""How long an answer may take where the catalogue does not say."""


@dataclass(frozen=True)
class Said:
    """What somebody says; `phone` and `ticket_number` from residents only."""

    kind: ComplaintKind
    text: str
    phone: str | None = None
    ticket_number: str | None = None


@dataclass(frozen=True)
class Receipt:
    """A complaint, and the code with which its answer is read."""

    complaint: Complaint
    code: str


def answering_limit(session: Session, office: Organisation, *, now: datetime) -> Limit:
    """How long an office may take to answer what comes now."""
    town_id = office.id if office.type is OrganisationType.town else None
    day = shanghai_day(now)
    return stage_limit_in_force(session, Stage.answering, day=day, town_id=town_id) or UNSAID


def answering_allowance(session: Session, office: Organisation, *, at: datetime) -> Allowance:
    """The time that an office has for what came at an instant, with what stands still in all of its
    area."""
    pauses = tuple(pauses_over(session, office, "", since=at))
    return Allowance(at, answering_limit(session, office, now=at), pauses=pauses)


def count_answering(session: Session, office: Organisation, *, at: datetime) -> datetime:
    """When an office has to have answered, by the working days and pauses as they are known."""
    allowed = answering_allowance(session, office, at=at)
    return due_at(at, allowed.limit, work_calendar(session), allowed.pauses).at


def move_answers(session: Session, pause: PausePeriod, now: datetime) -> None:
    """Counts anew what offices have to answer whose area a pause covers that was ordered or ended;
    one of some categories leaves answers alone."""
    area = pause.organisation
    under = Organisation.path >= area.path, Organisation.path < area.path_end
    asked = (
        select(Complaint)
        .join(Organisation, Organisation.id == Complaint.office_id)
        .where(Complaint.answered_at.is_(None), *under)
        .with_for_update(of=Complaint)
    )
    for complaint in session.scalars(asked) if pause.categories is None else ():
        office, at = complaint.office, complaint.received_at
        complaint.due_at = count_answering(session, office, at=at)
    session.flush()


def complain(
    session: Session, office: Organisation, said: Said, actor: Actor, *, now: datetime
) -> Complaint:
    """Something said by a person under their own name."""
    made = _new(session, office, said, ComplaintSource.staff, now=now)
    made.person_id = actor.person_id
    session.add(made)
    session.flush()
    return made


def complain_with_receipt(
    session: Session,
    office: Organisation,
    said: Said,
    *,
    key: str,
    secret: str,
    now: datetime,
    compound: Compound | None = None,
) -> Receipt:
    """Something said by a resident of a compound, or by staff of whom nothing is kept.

    The same with the same key is one complaint; raises ComplaintRepeated for something else. What
    is anonymous becomes the office's at the midnight after: nobody learns who was there then.
    """
    about = f"{office.id} {compound.id if compound else ''}"
    once = hashlib.sha256(f"{about}\n{key}".encode()).hexdigest()
    code, said_hash = receipt_code(once, secret=secret), _said_hash(said, secret)
    known = session.scalar(select(Complaint).where(Complaint.once == once))
    if known is not None:
        if known.said_hash != said_hash or known.receipt_hash != code_hash(code):
            raise ComplaintRepeated("请重新打开页面再填。")
        return Receipt(known, code)
    source = ComplaintSource.resident if compound else ComplaintSource.anonymous_staff
    at = now if compound else _next_midnight(now)
    made = _new(session, office, said, source, now=at)
    made.compound_id = compound.id if compound else None
    made.phone, made.ticket_id = said.phone, _ticket_named(session, office, said.ticket_number)
    made.receipt_hash, made.once, made.said_hash = code_hash(code), once, said_hash
    session.add(made)
    session.flush()
    return Receipt(made, code)


def _new(
    session: Session, office: Organisation, said: Said, source: ComplaintSource, *, now: datetime
) -> Complaint:
    return Complaint(
        number=new_number(shanghai_day(now)),
        kind=said.kind,
        source=source,
        office_id=office.id,
        text=said.text,
        received_at=now,
        due_at=count_answering(session, office, at=now),
        version=1,
    )


def _said_hash(said: Said, secret: str) -> str:
    """With a key: a telephone number is soon guessed from a plain hash."""
    parts = (said.kind.value, said.text, said.phone or "", said.ticket_number or "")
    return hmac.new(secret.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def _next_midnight(now: datetime) -> datetime:
    day = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


def _ticket_named(session: Session, office: Organisation, number: str | None) -> UUID | None:
    """The office's ticket with a number; whether there is one, who wrote the number is not told."""
    if number is None:
        return None
    asked = select(Ticket.id).where(Ticket.number == number, Ticket.town_id == office.id)
    return session.scalar(asked)


def link_ticket(complaint: Complaint, ticket: Ticket, *, version: int) -> None:
    """Notes which ticket a complaint that is locked is about; raises ComplaintStale or
    TicketElsewhere."""
    refuse_stale(complaint, version)
    refuse_elsewhere(complaint, ticket)
    complaint.ticket_id = ticket.id
    complaint.version += 1


def answer(
    session: Session,
    complaint: Complaint,
    text: str,
    outcome: Outcome,
    *,
    version: int,
    actor: Actor,
    post: ActorPost,
    now: datetime,
) -> None:
    """The office's answer to a complaint that is locked; who is known here is told.

    Raises ComplaintAnswered or ComplaintStale.
    """
    if complaint.answered_at is not None:
        raise ComplaintAnswered("请刷新后查看。")
    refuse_stale(complaint, version)
    complaint.answer, complaint.outcome, complaint.answered_at = text, outcome, now
    complaint.answered_by_id, complaint.post_id = actor.person_id, post.id
    complaint.next_at = None
    complaint.version += 1
    session.flush()
    if complaint.person_id is not None:
        said = f"您的投诉建议（{complaint.number}）已答复，请到“我的投诉建议”查看。"
        about = f"complaint:{complaint.id.hex}"
        news = News(NoticeKind.complaint_answered, None, said, about)
        tell(session, [complaint.person_id], news, now=now)


def refuse_stale(complaint: Complaint, version: int) -> None:
    """Raises ComplaintStale unless this is the version that was seen."""
    if version != complaint.version:
        raise ComplaintStale("请看过最新的情况再办。", version=complaint.version)


def set_office(session: Session, office: Organisation, *, phone: str, hours: str) -> None:
    """How an office is reached from now on."""
    row = ComplaintOffice(organisation_id=office.id, phone=phone, hours=hours)
    session.merge(row)
    session.flush()


def forget_phones(session: Session, now: datetime, at_most: int) -> int:
    """Forgets the telephone numbers of residents, as long after the answer as the catalogue says,
    and what was kept to know a repetition by; how many. Where it says nothing they are kept."""
    period = periods_in_force(session, day=shanghai_day(now)).get(KeptAs.complaint_phone)
    if period is None:
        return 0
    over = Complaint.answered_at <= now - timedelta(days=period.days)
    asked = select(Complaint).where(Complaint.phone.is_not(None), over).limit(at_most)
    found = session.scalars(asked).all()
    for complaint in found:
        complaint.phone = complaint.once = complaint.said_hash = None
    return len(found)
