"""After-photos that are a before-photo painted over: which pairs to look at, and what is found.

The pictures are compared long after the step; its findings stay as they were recorded, and these
are kept beside them, each on the record as a judgement of its own.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.photos.evidence import PhotoRole, Thresholds
from app.photos.judging import finding_json
from app.photos.models import Photo
from app.photos.noticing import contradicts
from app.photos.retouching.comparing import Patch
from app.photos.thresholds.in_force import thresholds_at
from app.tickets.judgements import JudgedFor, add_finding
from app.tickets.models import Ticket, TicketPhoto

COMPARE = "compare_before_and_after"
CODE = "after_is_before_retouched"
MOST_PAIRS = 36
"""How many pairs of one step are looked at, the first ones: at 0.1 s each."""


@dataclass(frozen=True)
class BeforeAndAfter:
    """Two photos of one ticket; `use_id` is the use of the after-photo."""

    use_id: UUID
    before_id: UUID
    before_sha256: str
    after_sha256: str
    limits: Thresholds


def pairs_to_compare(session: Session, event_id: UUID) -> list[BeforeAndAfter]:
    """The after-photos that a step brought, each with every before-photo of its ticket."""
    after, before = aliased(TicketPhoto), aliased(TicketPhoto)
    shown, known = aliased(Photo), aliased(Photo)
    rows = session.execute(
        select(after.id, before.photo_id, known.sha256, shown.sha256, shown.received_at)
        .join(before, (before.ticket_id == after.ticket_id) & (before.role == PhotoRole.BEFORE))
        .join(shown, shown.id == after.photo_id)
        .join(known, known.id == before.photo_id)
        .where(after.event_id == event_id, after.role == PhotoRole.AFTER)
        .order_by(after.sequence, before.sequence)
        .limit(MOST_PAIRS)
    )
    return [
        BeforeAndAfter(use, photo, known, shown, thresholds_at(session, at))
        for use, photo, known, shown, at in rows
    ]


def add_retouched(session: Session, pair: BeforeAndAfter, patch: Patch, *, now: datetime) -> None:
    """Adds the finding to the use of the after-photo; a second time changes nothing."""
    use = session.get(TicketPhoto, pair.use_id)
    if use is None:
        return
    ticket = session.get_one(Ticket, use.ticket_id, with_for_update=True)
    session.refresh(use, with_for_update=True)
    row = _finding(pair, patch)
    known = {(each["code"], each["photo_id"]) for each in use.later_findings}
    if (CODE, row["photo_id"]) in known:
        return
    add_finding(session, use, row, JudgedFor.retouched, now=now)
    ticket.updated_at = now
    session.flush()


def _finding(pair: BeforeAndAfter, patch: Patch) -> dict[str, Any]:
    limits = pair.limits
    found = contradicts(
        limits,
        CODE,
        f"{patch.middle:.2f} {patch.most:.2f} {patch.shift:.2f}‰",
        f"{limits.retouched_middle:.2f} {limits.retouched_most:.2f} {limits.retouched_shift:.2f}‰",
        "整改后的照片疑似由整改前的照片涂改而成：除一处外画面完全相同，请核对。",
        other_photo_id=pair.before_id,
    )
    box = {"x": patch.x, "y": patch.y, "width": patch.width, "height": patch.height}
    areas = [asdict(area) for area in patch.areas]
    return {**finding_json(found), "patch": box, "areas": areas}
