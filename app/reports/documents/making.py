"""A document made by the worker: what is known is gathered, the template filled, the file kept."""

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, joinedload

from app.grid.models import CompoundKind
from app.kernel.db import begin_reading, rows_changed, unit_of_work
from app.photos.store import PhotoStore
from app.reports.documents.facts import Asked, counted_behind
from app.reports.documents.kinds import MAKINGS, generated
from app.reports.documents.models import Report, ReportKind, ReportPiece, ReportState
from app.reports.documents.photos_shown import want_pictures
from app.reports.documents.rendering import Filling
from app.reports.documents.sentences import told
from app.reports.documents.service import dated
from app.reports.periods import Days, day_said
from app.reports.pictures import empty_picture, small_picture
from app.tickets.figures.behind import Ids

Said = Callable[[int, str], None]
PIECE_BYTES = 1 << 18
_EVERY = 5
"""Pictures between two reports of progress."""


@dataclass(frozen=True)
class Workshop:
    """What documents are made with: the photos, the county's own templates, what is walked."""

    store: PhotoStore
    templates: Path | None
    kinds: frozenset[CompoundKind]


@dataclass(frozen=True)
class Gathered:
    """What a document is made of, read at once."""

    kind: ReportKind
    version: int
    facts: dict[str, Any]
    counted: Ids
    edits: dict[str, str]
    about: dict[str, Any]
    at: datetime


def make_report(report_id: UUID, shop: Workshop, *, now: datetime, said: Said) -> None:
    """Makes a draft; one that is not there or was sent meanwhile stays as it is."""
    said(1, "统计")
    session = begin_reading()
    gathered = _gathered(session, report_id, shop, now)
    session.rollback()
    if gathered is None:
        return
    with tempfile.TemporaryFile() as file:
        _write(gathered, shop, file, said)
        said(95, "保存")
        with unit_of_work() as writing:
            _keep(writing, report_id, gathered, file, now)
    said(100, "已做好")


def _gathered(session: Session, report_id: UUID, shop: Workshop, now: datetime) -> Gathered | None:
    asked = select(Report).where(Report.id == report_id, Report.state == ReportState.draft)
    report = session.scalar(asked.options(joinedload(Report.organisation)))
    if report is None:
        return None
    days = Days(report.from_on, report.to_on)
    asking = Asked(session, report.organisation, days, now, shop.kinds)
    facts = MAKINGS[report.kind].facts(asking, [UUID(one) for one in report.cases])
    about = {
        "organisation": report.organisation.name,
        "issue_number": report.issue_number or "",
        "dated": day_said(dated(report, now)),
    }
    # The same facts make the same bytes: the instant of making is not among them.
    at = datetime.combine(dated(report, now), time(), UTC)
    edits = dict(report.edits)
    return Gathered(report.kind, report.version, facts, counted_behind(asking), edits, about, at)


def _write(gathered: Gathered, shop: Workshop, file: IO[bytes], said: Said) -> None:
    making = MAKINGS[gathered.kind]
    filling = Filling(io.BytesIO(template_of(gathered.kind, shop.templates)))

    def opened(key: str) -> bytes:
        return small_picture(shop.store, key) or empty_picture()

    sentences = told(generated(gathered.kind, gathered.facts), gathered.edits)
    words = making.words(gathered.facts, sentences, filling, opened)
    filling.fill({**words, **gathered.about}, at=gathered.at)
    for done in filling.write(file):
        if done % _EVERY == 0:
            said(5 + 90 * done // filling.count, f"第 {done} 张照片，共 {filling.count} 张")


def template_of(kind: ReportKind, folder: Path | None) -> bytes:
    """The county's own template of a kind, if there is one, else the one that is shipped."""
    own = folder / f"{kind.value}.docx" if folder else None
    return own.read_bytes() if own and own.is_file() else MAKINGS[kind].template()


def _keep(
    session: Session, report_id: UUID, gathered: Gathered, file: IO[bytes], now: datetime
) -> None:
    """Keeps the file and what it was made of, unless the draft was sent or removed meanwhile."""
    digest, size = _measured(file)
    found = update(Report).where(Report.id == report_id, Report.state == ReportState.draft)
    kept = found.values(
        made_at=now,
        made_version=gathered.version,
        facts=gathered.facts,
        counted=gathered.counted,
        sha256=digest,
        bytes=size,
    )
    if not rows_changed(session, kept):
        return
    want_pictures(session, session.get_one(Report, report_id), gathered.facts, now=now)
    session.execute(delete(ReportPiece).where(ReportPiece.report_id == report_id))
    file.seek(0)
    position = 0
    while piece := file.read(PIECE_BYTES):
        named = {"report_id": report_id, "sha256": digest, "position": position}
        session.execute(insert(ReportPiece).values(**named, data=piece))
        position += 1


def _measured(file: IO[bytes]) -> tuple[str, int]:
    digest, size = sha256(), 0
    file.seek(0)
    while piece := file.read(PIECE_BYTES):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size
