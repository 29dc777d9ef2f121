"""Tables of documents."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, ByteOrdered, Identified
from app.people.models import Organisation


class ReportKind(StrEnum):
    """What a document is."""

    bulletin = "bulletin"
    work_report = "work_report"


REPORT_KIND_LABELS = {ReportKind.bulletin: "通报", ReportKind.work_report: "工作汇报"}


class ReportState(StrEnum):
    """Where a document stands."""

    draft = "draft"
    submitted = "submitted"
    issued = "issued"


REPORT_STATE_LABELS = {
    ReportState.draft: "草稿",
    ReportState.submitted: "送审",
    ReportState.issued: "已签发",
}


class Report(Identified, Base):
    """A document about an organisation's days.

    `edits` are the sentences that somebody wrote in place of ours, by their keys, and stay when it
    is made again; `cases` the ids of the tickets chosen for it, in their order. What the newest
    making found: `facts`, `counted` (the ids behind the figures) and the file, whose bytes are the
    pieces; `made_version` is the version it was made of, so that what was edited since is known.
    Nothing of an issued one changes any more.
    """

    __tablename__ = "reports"

    kind: Mapped[ReportKind]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    state: Mapped[ReportState]
    version: Mapped[int]
    issue_number: Mapped[str | None] = mapped_column(String(40))
    dated_on: Mapped[date | None]
    edits: Mapped[dict[str, str]] = mapped_column(JSON)
    cases: Mapped[list[str]] = mapped_column(JSON)
    began_at: Mapped[datetime]
    began_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    job_id: Mapped[UUID | None]
    made_at: Mapped[datetime | None]
    made_version: Mapped[int | None]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    counted: Mapped[dict[str, list[str]] | None] = mapped_column(
        JSON(none_as_null=True), deferred=True
    )
    sha256: Mapped[str | None] = mapped_column(ByteOrdered(64))
    bytes: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    """By which post it was issued."""

    organisation: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (Index("ix_reports_organisation", "organisation_id", "id"),)


class ReportPiece(Base):
    """A stretch of a document's bytes. They lie in the database, so that a backup and a move to
    another engine have them; the hash of the whole is in the key, so that nobody who reads meets
    stretches of two."""

    __tablename__ = "report_pieces"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(ByteOrdered(64), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
