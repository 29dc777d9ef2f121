"""Verdicts on a photo in use that came after it was put to use: appended, never changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Base, Identified
from app.kernel.recording import Recorded, waiting_index
from app.photos.evidence import Verdict
from app.photos.findings import graver
from app.tickets.models import TicketPhoto


class JudgedFor(StrEnum):
    """Why a use was judged once more."""

    retouched = "retouched"


class UseJudgement(Identified, Recorded, Base):
    """One later verdict on a use: `findings` are all that were found since it was put to use,
    `verdict_before` what was thought of it until then."""

    __tablename__ = "use_judgements"

    use_id: Mapped[UUID] = mapped_column(ForeignKey("ticket_photos.id"), index=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), index=True)
    judged_at: Mapped[datetime]
    judged_for: Mapped[JudgedFor]
    rule_version: Mapped[str] = mapped_column(String(40))
    verdict_before: Mapped[Verdict]
    verdict: Mapped[Verdict]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    __table_args__ = (waiting_index("ix_use_judgements_waiting", "judged_at", "id"),)


def add_finding(
    session: Session, use: TicketPhoto, found: Mapping[str, Any], why: JudgedFor, *, now: datetime
) -> None:
    """Adds a finding to a use, whose row is locked; its verdict can only grow graver."""
    before = use.verdict
    use.later_findings = [*use.later_findings, dict(found)]
    use.verdict = graver(use.verdict, Verdict(found["leads_to"]))
    session.add(
        UseJudgement(
            use_id=use.id,
            ticket_id=use.ticket_id,
            judged_at=now,
            judged_for=why,
            rule_version=found["rule_version"],
            verdict_before=before,
            verdict=use.verdict,
            findings=use.later_findings,
        )
    )


def gravest(findings: Iterable[Mapping[str, Any]]) -> Verdict:
    """The gravest verdict that kept findings lead to."""
    verdict = Verdict.CONSISTENT
    for each in findings:
        verdict = graver(verdict, Verdict(each["leads_to"]))
    return verdict
