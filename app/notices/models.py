"""What people are told."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Identified


class NoticeKind(StrEnum):
    """What a notice is about."""

    illegal_building = "illegal_building"
    dispatched = "dispatched"
    returned = "returned"
    resumed = "resumed"
    supervised = "supervised"
    answered = "answered"
    closed = "closed"
    rejected = "rejected"
    voided = "voided"
    due_soon = "due_soon"
    overdue = "overdue"
    filing_overdue = "filing_overdue"
    checking_overdue = "checking_overdue"
    digest = "digest"
    complaint_received = "complaint_received"
    complaint_due = "complaint_due"
    complaint_answered = "complaint_answered"


NOTICE_KIND_LABELS = {
    NoticeKind.illegal_building: "违法建设上报",
    NoticeKind.dispatched: "新派的工单",
    NoticeKind.returned: "退回返工",
    NoticeKind.resumed: "恢复办理",
    NoticeKind.supervised: "督办",
    NoticeKind.answered: "申请已答复",
    NoticeKind.closed: "已结案",
    NoticeKind.rejected: "不予立案",
    NoticeKind.voided: "作废",
    NoticeKind.due_soon: "临近期限",
    NoticeKind.overdue: "已超期",
    NoticeKind.filing_overdue: "受理超时",
    NoticeKind.checking_overdue: "核查超时",
    NoticeKind.digest: "巡查汇总",
    NoticeKind.complaint_received: "新的投诉建议",
    NoticeKind.complaint_due: "投诉建议待答复",
    NoticeKind.complaint_answered: "投诉建议已答复",
}


TEXT_LENGTH = 400
UNSENT = text("message_at IS NOT NULL")


class Notice(Identified, Base):
    """One sentence to one person: the same is told once.

    `about` names a thing of which there is always something newer to say, as a ticket on its way:
    a person has one notice about it, which is renewed. `message_at`: when a message is to be made
    of it, at once (no later than it was created) for danger; None when that was seen to.
    """

    __tablename__ = "notices"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[NoticeKind]
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))
    about: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    message_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("person_id", "kind", "ticket_id"),
        UniqueConstraint("person_id", "about"),
        Index("ix_notices_person_created", "person_id", "created_at", "id"),
        Index("ix_notices_message_at", "message_at", sqlite_where=UNSENT, postgresql_where=UNSENT),
    )
