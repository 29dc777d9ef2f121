"""Tables of complaints: what was said to which office, and what it answered."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Enum, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue.models import Audience
from app.grid.models import Compound
from app.kernel.db import Base, FreeText, Identified
from app.people.models import Organisation, Person
from app.tickets.models import Ticket

_OPEN = text("answered_at IS NULL")
_PHONE = text("phone IS NOT NULL")


class ComplaintKind(StrEnum):
    """What a complaint is about."""

    wrong_report = "wrong_report"
    decision = "decision"
    suggestion = "suggestion"
    system = "system"


COMPLAINT_KIND_LABELS = {
    ComplaintKind.wrong_report: "反映的问题不属实",
    ComplaintKind.decision: "对处理有意见",
    ComplaintKind.suggestion: "建议",
    ComplaintKind.system: "对这个系统有意见",
}


class ComplaintSource(StrEnum):
    """Whom a complaint is from."""

    resident = "resident"
    staff = "staff"
    anonymous_staff = "anonymous_staff"


COMPLAINT_SOURCE_LABELS = {
    ComplaintSource.resident: "居民",
    ComplaintSource.staff: "工作人员",
    ComplaintSource.anonymous_staff: "工作人员（匿名）",
}


class Outcome(StrEnum):
    """What an answer comes to."""

    corrected = "corrected"
    accepted = "accepted"
    explained = "explained"


OUTCOME_LABELS = {
    Outcome.corrected: "已更正",
    Outcome.accepted: "已采纳",
    Outcome.explained: "已说明",
}


class Complaint(Base):
    """What somebody said to an office: a township's, or the county's.

    Ids are random: those made by the clock would tell when an anonymous one was written.
    `received_at` is from when it is the office's, of an anonymous one the midnight after it was
    written (Asia/Shanghai). `person_id` is None of a resident, and of anonymous staff nothing is
    kept. `receipt_hash` is of the secret half of the receipt, `once` and `said_hash` of the key and
    the content it was sent with. `next_at`: when its limit is to be looked at again.
    """

    __tablename__ = "complaints"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[ComplaintKind]
    source: Mapped[ComplaintSource]
    office_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    compound_id: Mapped[UUID | None] = mapped_column(ForeignKey("compounds.id"))
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))
    text: Mapped[str] = mapped_column(FreeText)
    phone: Mapped[str | None] = mapped_column(String(20))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    receipt_hash: Mapped[str | None] = mapped_column(String(64))
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    said_hash: Mapped[str | None] = mapped_column(String(64))
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    outcome: Mapped[Outcome | None]
    answer: Mapped[str | None] = mapped_column(FreeText)
    version: Mapped[int]

    office: Mapped[Organisation] = relationship(viewonly=True)
    compound: Mapped[Compound | None] = relationship(viewonly=True)
    ticket: Mapped[Ticket | None] = relationship(viewonly=True)
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], viewonly=True)
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id], viewonly=True)

    __table_args__ = (
        Index("ix_complaints_office", "office_id", "received_at", "id"),
        Index("ix_complaints_person", "person_id", "received_at", "id"),
        Index("ix_complaints_due", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_complaints_phone", "answered_at", sqlite_where=_PHONE, postgresql_where=_PHONE),
    )


class ComplaintRung(Identified, Base):
    """A rung of the ladder of reminders that was told of a complaint."""

    __tablename__ = "complaint_rungs"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"))
    percent: Mapped[int]
    audience: Mapped[Audience] = mapped_column(Enum(Audience, native_enum=False, length=32))
    told_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("complaint_id", "percent", "audience"),)


class ComplaintOffice(Base):
    """How an office is reached by telephone, and when somebody is there: public."""

    __tablename__ = "complaint_offices"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    phone: Mapped[str] = mapped_column(String(40))
    hours: Mapped[str] = mapped_column(String(40))
