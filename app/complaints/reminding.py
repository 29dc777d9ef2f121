"""Tells offices of complaints that came, and of those whose limit runs out: each rung once."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from app.catalogue.models import Audience, Clock
from app.catalogue.queries import work_calendar
from app.catalogue.reminders import Rung, rungs_in_force
from app.complaints.models import COMPLAINT_KIND_LABELS, Complaint, ComplaintRung
from app.complaints.service import answering_allowance, count_answering
from app.escalations.ladder import Climb, RunningClock, climb
from app.kernel.clock import day_start, shanghai_day
from app.kernel.ids import new_id
from app.notices.models import NoticeKind
from app.notices.quiet import quiet_until
from app.notices.service import News, tell
from app.people.models import Organisation, OrganisationType
from app.tickets.telling.people import Recipients
from app.tickets.telling.phrases import local
from app.work.service import enqueue

TELL = "tell_complaints"
"""The kind of job that tells, and that goes on where one part was not all."""

AT_ONCE = 50


def tell_complaints(session: Session, now: datetime) -> None:
    """Tells of 50 complaints what is to be told; what comes in the quiet hours waits for their
    end, and so does what is anonymous until it is the office's."""
    if quiet_until(now) is not None:
        return
    waits = or_(Complaint.told_at.is_(None), Complaint.next_at <= now)
    asked = (
        select(Complaint)
        .where(Complaint.answered_at.is_(None), Complaint.received_at <= now, waits)
        .order_by(Complaint.due_at, Complaint.id)
        .limit(AT_ONCE)
        .options(joinedload(Complaint.office), joinedload(Complaint.compound))
        .with_for_update(of=Complaint)
    )
    found = session.scalars(asked).all()
    teller = _Teller(session, now)
    for complaint in found:
        teller.tell_of(complaint)
    if len(found) == AT_ONCE:
        enqueue(session, TELL, {}, now=now)


class _Teller:
    """One round of telling."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._today = shanghai_day(now)
        self._recipients = Recipients(session, self._today)
        self._calendar = work_calendar(session)

    def tell_of(self, complaint: Complaint) -> None:
        """Tells that it came, once, and the rungs that have come; says when to look again."""
        if complaint.told_at is None:
            complaint.told_at = self._now
            self._tell(complaint, Audience.supervisors, "新收到一条")
        found = self._climb(complaint)
        for rung in found.come:
            if self._note(complaint, rung):
                late = self._now > complaint.due_at
                said = (
                    f"应在 {local(complaint.due_at)} 前答复，{'已超期' if late else '临近期限'}："
                )
                self._tell(complaint, rung.audience, said, due=True)
        tomorrow = day_start(self._today + timedelta(days=1))
        complaint.next_at = min(found.next_at or tomorrow, tomorrow)

    def _climb(self, complaint: Complaint) -> Climb:
        office = complaint.office
        allowance = answering_allowance(self._session, office, at=complaint.received_at)
        # Every day anew: the working days of another year may have become known.
        complaint.due_at = count_answering(self._session, office, at=complaint.received_at)
        clock = RunningClock(Clock.answering, "", allowance, complaint.due_at)
        town_id = office.id if office.type is OrganisationType.town else None
        rungs = rungs_in_force(self._session, day=self._today, town_id=town_id)
        asked = select(ComplaintRung).where(ComplaintRung.complaint_id == complaint.id)
        rows = self._session.scalars(asked)
        told = [Rung(Clock.answering, row.percent, row.audience) for row in rows]
        since = complaint.received_at
        return climb(clock, rungs, self._calendar, told=told, since=since, now=self._now)

    def _note(self, complaint: Complaint, rung: Rung) -> bool:
        """Whether nobody has told the rung before."""
        postgres = self._session.get_bind().dialect.name == "postgresql"
        row = (postgresql if postgres else sqlite).insert(ComplaintRung)
        noted = row.values(
            id=new_id(),
            complaint_id=complaint.id,
            percent=rung.percent,
            audience=rung.audience,
            told_at=self._now,
        ).on_conflict_do_nothing(index_elements=["complaint_id", "percent", "audience"])
        return self._session.scalar(noted.returning(ComplaintRung.id)) is not None

    def _tell(self, complaint: Complaint, to: Audience, said: str, *, due: bool = False) -> None:
        where = f"{complaint.compound.name}，" if complaint.compound else ""
        kind = NoticeKind.complaint_due if due else NoticeKind.complaint_received
        what = f"投诉建议（{where}{COMPLAINT_KIND_LABELS[complaint.kind]}）{complaint.number}"
        text = f"{said}{what}，请在 {local(complaint.due_at)} 前答复。" if not due else said + what
        people = self._people(complaint.office, to)
        news = News(kind, None, text, f"complaint:{complaint.id.hex}")
        tell(self._session, people, news, now=self._now)

    def _people(self, office: Organisation, to: Audience) -> frozenset[UUID]:
        """Those a rung is for; where there are none, those above."""
        known = self._recipients
        of_the_town = to is Audience.supervisors and office.type is OrganisationType.town
        return (of_the_town and known.supervisors(office)) or known.administrators(office)
