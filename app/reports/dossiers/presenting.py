"""Dossiers as JSON."""

from datetime import datetime
from typing import Any

from app.kernel.clock import rfc3339
from app.reports.documents.presenting import making_json
from app.reports.dossiers.models import Dossier
from app.reports.dossiers.periods import term_of
from app.reports.dossiers.service import KEPT
from app.tickets.showing.describing import named
from app.work.models import Job


def dossier_json(
    dossier: Dossier, job: Job | None, base: str, *, is_outdated: bool, now: datetime
) -> dict[str, Any]:
    """A dossier with how far its making is."""
    term = term_of(dossier.term)
    return {
        "id": str(dossier.id),
        "organisation": named(dossier.organisation),
        "term": {"code": term.code, "label": term.label},
        "from": term.days.first.isoformat(),
        "to": term.days.last.isoformat(),
        "began_at": rfc3339(dossier.began_at),
        "kept_until": rfc3339(dossier.began_at + KEPT),
        "job": making_json(job, now) if job else None,
        "package": _package(dossier, base, is_outdated=is_outdated),
    }


def _package(dossier: Dossier, base: str, *, is_outdated: bool) -> dict[str, Any] | None:
    if dossier.sha256 is None:
        return None
    return {
        "url": f"{base}/dossiers/{dossier.id}/package.zip",
        "sha256": dossier.sha256,
        "bytes": dossier.bytes,
        "files": dossier.files,
        "photos_waiting": dossier.waiting,
        "is_outdated": is_outdated,
        "made_at": rfc3339(dossier.made_at),
    }
