"""Verdicts on a photo in use that came after it was put to use: appended, never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Base, Identified
from app.kernel.recording import Recorded, waiting_index
from app.photos.evidence import VERDICT_LABELS, Thresholds, Verdict
from app.photos.findings import graver
from app.photos.judgements import Found
from app.photos.judgements import JudgedFor as JudgedFor
from app.photos.judgements import gravest as gravest
from app.photos.judging import finding_json
from app.photos.noticing import unknown
from app.tickets.models import TicketPhoto

JUDGED_ANEW = "judged_anew"
"""The finding that says from where on later findings take the place of the first ones."""


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


def judge_anew(
    session: Session, use: TicketPhoto, found: Sequence[Found], limits: Thresholds, *, now: datetime
) -> None:
    """Puts what is found by other thresholds in the place of what was found until then, for a use
    whose row is locked; what was found first stays beside it."""
    before, after = use.verdict, gravest(found)
    use.later_findings = [_marker(before, after, limits), *(dict(each) for each in found)]
    use.verdict = after
    session.add(
        UseJudgement(
            use_id=use.id,
            ticket_id=use.ticket_id,
            judged_at=now,
            judged_for=JudgedFor.rejudged,
            rule_version=limits.version,
            verdict_before=before,
            verdict=after,
            findings=use.later_findings,
        )
    )


def _marker(before: Verdict, after: Verdict, limits: Thresholds) -> dict[str, Any]:
    was, now = VERDICT_LABELS[before], VERDICT_LABELS[after]
    message = f"已按规则 {limits.version} 重新判断：原来“{was}”，现在“{now}”。"
    return finding_json(unknown(limits, JUDGED_ANEW, message))


def findings_in_force(use: TicketPhoto) -> list[dict[str, Any]]:
    """What holds about a use now: what was found first and since, or, from when it was judged anew
    on, what was found then and since."""
    if any(each["code"] == JUDGED_ANEW for each in use.later_findings):
        return list(use.later_findings)
    return [*use.findings, *use.later_findings]
