"""Verdicts on a photo that came after it was received: appended, never changed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Base, Identified
from app.kernel.recording import Recorded, waiting_index
from app.photos.evidence import Verdict
from app.photos.findings import graver
from app.photos.models import Photo

Found = Mapping[str, Any]


class JudgedFor(StrEnum):
    """Why a photo or its use was judged once more."""

    retouched = "retouched"
    rejudged = "rejudged"
    rehashed = "rehashed"
    located = "located"


class PhotoJudgement(Identified, Recorded, Base):
    """One later verdict on a photo by itself: all findings from then on, and all until then. It
    stays when the photo goes."""

    __tablename__ = "photo_judgements"

    photo_id: Mapped[UUID] = mapped_column(index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    town_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    judged_at: Mapped[datetime]
    judged_for: Mapped[JudgedFor]
    rule_version: Mapped[str] = mapped_column(String(40))
    verdict_before: Mapped[Verdict]
    verdict: Mapped[Verdict]
    findings_before: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    __table_args__ = (waiting_index("ix_photo_judgements_waiting", "judged_at", "id"),)


def judge_later(
    session: Session,
    photo: Photo,
    findings: Sequence[Found],
    why: JudgedFor,
    *,
    rule_version: str,
    now: datetime,
) -> None:
    """Gives a photo, whose row is locked, other findings than it had, and their verdict."""
    verdict = gravest(findings)
    session.add(
        PhotoJudgement(
            photo_id=photo.id,
            organisation_id=photo.organisation_id,
            town_id=photo.town_id,
            judged_at=now,
            judged_for=why,
            rule_version=rule_version,
            verdict_before=photo.verdict,
            verdict=verdict,
            findings_before=photo.findings,
            findings=[*findings],
        )
    )
    photo.findings, photo.verdict = [dict(each) for each in findings], verdict


def gravest(findings: Iterable[Found]) -> Verdict:
    """The gravest verdict that kept findings lead to."""
    verdict = Verdict.CONSISTENT
    for each in findings:
        verdict = graver(verdict, Verdict(each["leads_to"]))
    return verdict


def say_the_same(some: Iterable[Found], others: Iterable[Found]) -> bool:
    """Whether two sets of findings come to the same, whatever rule version or words they have."""
    return Counter(map(_said, some)) == Counter(map(_said, others))


def _said(found: Found) -> tuple[Any, ...]:
    names = "code", "direction", "observed", "threshold", "photo_id", "leads_to"
    return tuple(found[name] for name in names)


def of_lost_photos(session: Session, findings: Iterable[Found]) -> list[dict[str, Any]]:
    """Those of some findings that name a photo which is not there any more: they cannot be found
    again, and still hold."""
    known = [dict(each) for each in findings if each["photo_id"]]
    ids = {UUID(each["photo_id"]) for each in known}
    there = set(session.scalars(select(Photo.id).where(Photo.id.in_(ids)))) if ids else set()
    return [each for each in known if UUID(each["photo_id"]) not in there]
