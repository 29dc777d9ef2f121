"""Documents as JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.kernel.clock import rfc3339
from app.reports.documents.kinds import generated
from app.reports.documents.models import (
    REPORT_KIND_LABELS,
    REPORT_STATE_LABELS,
    Report,
    ReportState,
)
from app.tickets.showing.describing import named
from app.work.models import JOB_STATE_LABELS, Job
from app.work.queries import state_of


def report_item_json(report: Report, base: str) -> dict[str, Any]:
    """A document in a list."""
    return {
        "id": str(report.id),
        "kind": report.kind,
        "kind_label": REPORT_KIND_LABELS[report.kind],
        "organisation": named(report.organisation),
        "from": report.from_on.isoformat(),
        "to": report.to_on.isoformat(),
        "state": report.state,
        "state_label": REPORT_STATE_LABELS[report.state],
        "version": report.version,
        "issue_number": report.issue_number,
        "dated_on": report.dated_on.isoformat() if report.dated_on else None,
        "began_at": rfc3339(report.began_at),
        "submitted_at": rfc3339(report.submitted_at) if not _is_draft(report) else None,
        "issued_at": rfc3339(report.issued_at),
        "document": _document(report, base),
    }


def _is_draft(report: Report) -> bool:
    return report.state is ReportState.draft


def _document(report: Report, base: str) -> dict[str, Any] | None:
    if report.sha256 is None:
        return None
    return {
        "url": f"{base}/reports/{report.id}/document.docx",
        "sha256": report.sha256,
        "bytes": report.bytes,
        "made_at": rfc3339(report.made_at),
        "up_to_date": report.made_version == report.version,
    }


def report_json(
    report: Report, job: Job | None, cases: Mapping[str, str], base: str, *, now: datetime
) -> dict[str, Any]:
    """A document whole; `cases` are the numbers of its tickets by their ids."""
    return {
        **report_item_json(report, base),
        "cases": [{"id": one, "number": cases[one]} for one in report.cases if one in cases],
        "sentences": _sentences(report),
        "job": making_json(job, now) if job and _is_draft(report) else None,
    }


def _sentences(report: Report) -> list[dict[str, Any]]:
    """Every sentence with ours and what stands in its place."""
    ours = generated(report.kind, report.facts) if report.facts else {}
    keys = dict.fromkeys([*ours, *report.edits])
    return [
        {
            "key": key,
            "generated": ours.get(key),
            "edited": report.edits.get(key),
            "text": report.edits.get(key, ours.get(key, "")),
        }
        for key in keys
    ]


def making_json(job: Job, now: datetime) -> dict[str, Any]:
    """How far a making is."""
    state = state_of(job, now=now)
    return {
        "id": str(job.id),
        "state": state,
        "state_label": JOB_STATE_LABELS[state],
        "progress": job.progress,
        "progress_text": job.progress_text,
    }
