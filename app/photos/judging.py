"""What is noticed about a photo, written down with it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.grid.indexes import cell_index
from app.grid.locate import locate
from app.grid.sight import towns_in_sight
from app.kernel.clock import shanghai_day
from app.people.access import Actor
from app.photos.evidence import EarlierCopy, EarlierLike, Finding, Fix, PhotoFacts, Thresholds
from app.photos.findings import findings_of_photo, verdict
from app.photos.judgements import JudgedFor, judge_later
from app.photos.models import Photo
from app.photos.queries import Others, earlier_likes


def judge(session: Session, photo: Photo, others: Others, limits: Thresholds, actor: Actor) -> None:
    """Locates a new photo and writes down what is noticed about it."""
    match = _locate(session, photo, actor=actor)
    found = findings_about(photo, others, limits, cell_match=match)
    photo.verdict = verdict(found)
    photo.findings = [finding_json(finding) for finding in found]


def judge_where_it_was(
    session: Session, photo: Photo, others: Others, limits: Thresholds, actor: Actor, now: datetime
) -> None:
    """Locates a photo that lacked a position until now, and judges it with that."""
    match = _locate(session, photo, actor=actor)
    rows = [finding_json(each) for each in findings_about(photo, others, limits, cell_match=match)]
    version, why = limits.version, JudgedFor.located
    judge_later(session, photo, rows, why, rule_version=version, now=now)


def findings_about(
    photo: Photo, others: Others, limits: Thresholds, *, cell_match: str | None
) -> list[Finding]:
    """What is noticed about a photo by some thresholds.

    Only photos made before it count: judged again, a photo is not held against later ones.
    """
    earlier = tuple(
        EarlierCopy(copy.id, copy.received_at, copy.maker_id == photo.maker_id)
        for copy in others.copies
        if copy.id < photo.id
    )
    likes = earlier_likes(photo, others)
    facts = facts_of(photo, copies=earlier, likes=likes, cell_match=cell_match)
    return findings_of_photo(facts, limits)


def _locate(session: Session, photo: Photo, *, actor: Actor) -> str | None:
    if photo.lng is None or photo.lat is None:
        photo.cell, photo.cell_id = None, None
        return None
    day = shanghai_day(photo.occurred_at)
    towns = towns_in_sight(session, actor, day=day)
    accuracy = photo.device_accuracy_m if photo.device_lng is not None else None
    index = cell_index(session, day=day, town_ids=towns)
    located = locate(index, photo.lng, photo.lat, accuracy)
    photo.cell_id = located.cell.id if located.cell else None
    photo.cell = {
        "code": located.cell.code if located.cell else None,
        "name": located.cell.name if located.cell else None,
        "match": located.match.value,
        "candidates": [{"code": c.code, "name": c.name} for c in located.candidates],
    }
    return located.match.value


def facts_of(
    photo: Photo,
    *,
    copies: tuple[EarlierCopy, ...] = (),
    likes: Sequence[EarlierLike] = (),
    cell_match: str | None = None,
) -> PhotoFacts:
    """What the rules of evidence look at, from a photo's row."""
    device = exif = None
    if photo.device_lng is not None and photo.lng is not None and photo.lat is not None:
        device = Fix(photo.lng, photo.lat, photo.device_accuracy_m, photo.device_fixed_at)
    if photo.exif_lng is not None and photo.exif_lat is not None:
        exif = Fix(photo.exif_lng, photo.exif_lat)
    return PhotoFacts(
        received_at=photo.received_at,
        device_position=device,
        exif_position=exif,
        device_taken_at=photo.device_taken_at,
        exif_taken_at=photo.exif_taken_at,
        exif_problem=photo.exif_problem,
        clock_offset=timedelta(seconds=photo.clock_offset_s or 0),
        source=photo.source,
        cell_match=cell_match,
        earlier_copies=copies,
        earlier_likes=tuple(likes),
        low_detail=bool(photo.blob.low_detail),
    )


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as it is kept."""
    return {
        "code": finding.code,
        "direction": finding.direction.value,
        "observed": finding.observed,
        "threshold": finding.threshold,
        "message": finding.message,
        "photo_id": str(finding.other_photo_id) if finding.other_photo_id else None,
        "rule_version": finding.rule_version,
        "leads_to": finding.leads_to.value,
    }
