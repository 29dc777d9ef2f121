"""Tables of administration: the log of changes, and leaves with the posts that deputies got."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, Dated, Identified
from app.people.models import Organisation, Person, Post


class SubjectKind(StrEnum):
    """What a change is about."""

    organisation = "organisation"
    person = "person"
    post = "post"
    leave = "leave"
    compound = "compound"
    contract = "contract"
    checkpoint = "checkpoint"
    cell = "cell"
    category = "category"
    reminders = "reminders"
    township = "township"
    catalogue = "catalogue"
    pause = "pause"
    assignment = "assignment"
    unit_title = "unit_title"
    hold = "hold"
    thresholds = "thresholds"


SUBJECT_KIND_LABELS = {
    SubjectKind.organisation: "组织",
    SubjectKind.person: "人员",
    SubjectKind.post: "岗位",
    SubjectKind.leave: "请假代理",
    SubjectKind.compound: "小区",
    SubjectKind.contract: "物业合同",
    SubjectKind.checkpoint: "点位",
    SubjectKind.cell: "网格",
    SubjectKind.category: "事项类别",
    SubjectKind.reminders: "期限的提醒",
    SubjectKind.township: "乡镇资料",
    SubjectKind.catalogue: "事项字典",
    SubjectKind.pause: "暂停计时",
    SubjectKind.assignment: "分工",
    SubjectKind.unit_title: "称号",
    SubjectKind.hold: "照片保全",
    SubjectKind.thresholds: "照片疑点的界限",
}


class ChangeKind(StrEnum):
    """What was done to it."""

    create = "create"
    change = "change"
    retire = "retire"
    give = "give"
    end = "end"
    deactivate = "deactivate"
    activate = "activate"
    sign_out = "sign_out"
    reset_password = "reset_password"
    unbind = "unbind"
    redraw = "redraw"
    load = "load"


CHANGE_KIND_LABELS = {
    ChangeKind.create: "新建",
    ChangeKind.change: "修改",
    ChangeKind.retire: "停用",
    ChangeKind.give: "设立",
    ChangeKind.end: "结束",
    ChangeKind.deactivate: "停用账号",
    ChangeKind.activate: "恢复账号",
    ChangeKind.sign_out: "注销登录",
    ChangeKind.reset_password: "重设口令",
    ChangeKind.unbind: "解除微信绑定",
    ChangeKind.redraw: "重划",
    ChangeKind.load: "载入",
}


class AuditEntry(Identified, Base):
    """One change: who, by which post, what was before and what is after. Written, never edited.

    `organisation_id` is where the subject belongs, `town_id` its township (None: the county's);
    without an actor it was done at the terminal.
    """

    __tablename__ = "audit_entries"

    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    town_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    subject_kind: Mapped[SubjectKind]
    subject_code: Mapped[str] = mapped_column(String(80))
    action: Mapped[ChangeKind]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    request_id: Mapped[str | None] = mapped_column(String(128))

    actor: Mapped[Person | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])

    __table_args__ = (
        Index("ix_audit_entries_newest", "at", "id"),
        Index("ix_audit_entries_town", "town_id", "at", "id"),
        Index("ix_audit_entries_subject", "subject_code", "at", "id"),
        Index("ix_audit_entries_actor", "actor_id", "at", "id"),
    )


class Leave(Identified, Dated, Base):
    """A person's absence from a day to a day, and who stands in; the person's posts stay."""

    __tablename__ = "leaves"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    deputy_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    deputy: Mapped[Person] = relationship(foreign_keys=[deputy_id])
    posts: Mapped[list["LeavePost"]] = relationship(order_by="LeavePost.id")


class LeavePost(Identified, Base):
    """A post that a deputy was given for a leave, and the absent person's that it stands for."""

    __tablename__ = "leave_posts"

    leave_id: Mapped[UUID] = mapped_column(ForeignKey("leaves.id"), index=True)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"), index=True)
    stands_for_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"), index=True)

    leave: Mapped[Leave] = relationship(back_populates="posts")
    post: Mapped[Post] = relationship(foreign_keys=[post_id])
