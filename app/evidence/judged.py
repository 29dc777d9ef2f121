"""What an entry says of a verdict that came later, on a photo or on a use of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.evidence.hashing import digest_of_json, instant
from app.evidence.models import EntryKind
from app.evidence.recordable import Recordable, chain_under
from app.kernel.db import fetch
from app.people.models import Organisation
from app.photos.findings import graver
from app.photos.judgements import JudgedFor, PhotoJudgement, gravest
from app.photos.models import Photo
from app.tickets.judgements import UseJudgement
from app.tickets.models import Ticket, TicketPhoto


def uses_judged(session: Session, ids: Collection[UUID]) -> dict[UUID, Recordable]:
    """Those of some later verdicts on photos in use that are there, by id."""
    asked = (
        select(*UseJudgement.__table__.c, TicketPhoto.photo_id, Ticket.number, Ticket.town_id)
        .join(TicketPhoto, TicketPhoto.id == UseJudgement.use_id)
        .join(Ticket, Ticket.id == UseJudgement.ticket_id)
        .where(UseJudgement.id.in_(ids))
    )
    return {row.id: _use_judged(row) for row in fetch(session, asked)}


def _use_judged(row: Row[Any]) -> Recordable:
    facts = {
        "judgement": str(row.id),
        "ticket": str(row.ticket_id),
        "number": row.number,
        "photo": str(row.photo_id),
        "judged_at": instant(row.judged_at),
        "judged_for": row.judged_for.value,
        "rule_version": row.rule_version,
        "verdict_before": row.verdict_before.value,
        "verdict": row.verdict.value,
        "follows": _follows(row),
        "findings_sha256": digest_of_json(row.findings),
    }
    kind, at = EntryKind.use_judged, row.judged_at
    return Recordable(kind, row.id, row.town_id, at, row.record_state, facts, row.ticket_id)


def _follows(row: Row[Any]) -> bool:
    """Whether the verdict is what the findings lead to: judged anew, by them alone."""
    found = gravest(row.findings)
    alone = row.judged_for is JudgedFor.rejudged
    return (found if alone else graver(row.verdict_before, found)) is row.verdict


def photos_judged(session: Session, ids: Collection[UUID]) -> dict[UUID, Recordable]:
    """Those of some later verdicts on photos by themselves that are there, by id."""
    asked = (
        select(*PhotoJudgement.__table__.c, Organisation.path)
        .join(Organisation, Organisation.id == PhotoJudgement.organisation_id)
        .where(PhotoJudgement.id.in_(ids))
    )
    rows = fetch(session, asked)
    later = _what_came_then(session, {row.photo_id for row in rows})
    return {row.id: _photo_judged(row, later[row.photo_id]) for row in rows}


def _photo_judged(row: Row[Any], later: Sequence[tuple[UUID, Any, Any]]) -> Recordable:
    follows = gravest(row.findings) is row.verdict
    facts = {
        "judgement": str(row.id),
        "photo": str(row.photo_id),
        "judged_at": instant(row.judged_at),
        "judged_for": row.judged_for.value,
        "rule_version": row.rule_version,
        "verdict_before": row.verdict_before.value,
        "verdict": row.verdict.value,
        "follows": follows and gravest(row.findings_before) is row.verdict_before,
        "stands": _stands(row, later),
        "findings_before_sha256": digest_of_json(row.findings_before),
        "findings_sha256": digest_of_json(row.findings),
    }
    chain, kind = chain_under(row.town_id, row.path), EntryKind.photo_judged
    return Recordable(kind, row.id, chain, row.judged_at, row.record_state, facts)


def _stands(row: Row[Any], later: Sequence[tuple[UUID, Any, Any]]) -> bool:
    """Whether the photo was left as this verdict has it: until the next one, or until now."""
    after = next((each for each in later if each[0] > row.id), None)
    return after is None or after[1:] == (row.verdict, row.findings)


def _what_came_then(
    session: Session, photo_ids: Collection[UUID]
) -> Mapping[UUID, list[tuple[UUID, Any, Any]]]:
    """Of some photos what was thought of each before every later verdict, and, behind them, what is
    thought of it now; nothing of now for one that is not there any more."""
    found: dict[UUID, list[tuple[UUID, Any, Any]]] = defaultdict(list)
    its = PhotoJudgement
    before = select(its.photo_id, its.id, its.verdict_before, its.findings_before)
    for row in fetch(session, before.where(its.photo_id.in_(photo_ids)).order_by(its.id)):
        found[row.photo_id].append((row.id, row.verdict_before, row.findings_before))
    now = select(Photo.id, Photo.verdict, Photo.findings).where(Photo.id.in_(photo_ids))
    for row in fetch(session, now):
        found[row.id].append((_LAST, row.verdict, row.findings))
    return found


_LAST = UUID(int=2**128 - 1)
