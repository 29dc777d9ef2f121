"""The photos of a document's cases: which wait for a mask, and whether its file shows them as they
are now."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session, joinedload

from app.evidence.outgoing.service import Undecided, Wish, pending, want_no_more, want_photos
from app.photos.masking.models import Purpose
from app.photos.models import PhotoBlob, PhotoRemoval, RemovalReason
from app.reports.documents.models import REPORT_KIND_LABELS, Report, ReportState
from app.reports.pictures import picture_key

Json = dict[str, Any]
_OLD = "unknown"
"""For facts from before there were masks."""


def want_pictures(session: Session, report: Report, facts: Json, *, now: datetime) -> None:
    """The photos that a file shows a placeholder for wait for a mask from now on, and no others for
    this document."""
    want_no_more(session, report.id)
    waiting = [one for one, photo in _shown(facts) if _picture(photo) is None]
    wish = Wish(Purpose.bulletin, report.began_by_id, now, report.id)
    want_photos(session, waiting, wish=wish)


def refuse_pending(session: Session, report: Report, then: str) -> None:
    """Raises MasksPending while somebody has to look at a photo of a case; `then` is what is to be
    done afterwards."""
    now = _pictures_now(session, report)
    shown = _shown(report.facts or {})
    waiting = [one for one, photo in shown if now.get(photo["sha256"], _OLD) is None]
    if waiting:
        raise pending(waiting, then)


def shows_old_pictures(session: Session, report: Report) -> bool:
    """Whether the file was made of other pictures than would go into it now: somebody drew or
    changed a mask since. What was purged since, its period being over, is left as shown."""
    now = _pictures_now(session, report)
    shown = (photo for _, photo in _shown(report.facts or {}))
    return any(now.get(photo["sha256"], _picture(photo)) != _picture(photo) for photo in shown)


def shows_removed_pictures(session: Session, report: Report) -> bool:
    """Whether the file shows a photo that was removed since, because a complaint was right: it has
    to be made again, without it. By the photo, not its bytes: another one may have the same."""
    shown = [UUID(photo["id"]) for _, photo in _shown(report.facts or {})]
    asked = select(PhotoRemoval.photo_id).where(
        PhotoRemoval.photo_id.in_(shown), PhotoRemoval.reason == RemovalReason.complaint
    )
    return session.scalar(asked.limit(1)) is not None


def issued_showing(session: Session, photo_ids: Collection[UUID]) -> list[Json]:
    """The issued documents whose files show one of some photos, {id, name}: these do not change."""
    facts = cast(Report.facts, Text)
    issued = select(Report).where(
        Report.state == ReportState.issued, or_(*(facts.contains(f"{one}") for one in photo_ids))
    )
    found = session.scalars(issued.options(joinedload(Report.organisation)).order_by(Report.id))
    return [
        {"id": f"{report.id}", "name": _name(report)}
        for report in found
        if any(UUID(photo["id"]) in photo_ids for _, photo in _shown(report.facts or {}))
    ]


def _name(report: Report) -> str:
    days = f"{report.from_on}至{report.to_on}"
    said = f"{report.organisation.name}{REPORT_KIND_LABELS[report.kind]}（{days}）"
    return f"{said}{report.issue_number or ''}"


def _pictures_now(session: Session, report: Report) -> dict[str, str | None]:
    hashes = {photo["sha256"] for _, photo in _shown(report.facts or {})}
    asked = select(PhotoBlob).where(PhotoBlob.sha256.in_(hashes), PhotoBlob.purged_at.is_(None))
    return {blob.sha256: picture_key(blob) for blob in session.scalars(asked)}


def _picture(photo: Json) -> str | None:
    found: str | None = photo.get("picture", _OLD)
    return found


def _shown(facts: Json) -> Iterator[tuple[Undecided, Json]]:
    """The photos of the cases that have their files, each as one that might wait."""
    for case in facts.get("cases", ()):
        for photo in (case["before"], case["after"]):
            if photo and photo.get("id") and not photo["purged"]:
                yield Undecided(UUID(photo["id"]), UUID(case["id"]), case["number"]), photo
