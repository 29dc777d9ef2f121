"""Bringing blobs along whose hashes are of an older version, or that have none, while others go on.

A blob that has been brought along says so itself: who was stopped goes on where it was. What is
found late is added to what is known of the photo that came later, and takes nothing back.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from app.kernel.turns import Turn, take_turn
from app.photos.findings import findings_of_looks
from app.photos.judgements import JudgedFor, judge_later
from app.photos.judging import facts_of, finding_json
from app.photos.likeness.hashing import HASH_VERSION, Hashes
from app.photos.likeness.keeping import keep_hashes, keep_pairs, looks_of
from app.photos.likeness.lookup import Alike, alike_blobs
from app.photos.likeness.models import AlikePair, PictureHash
from app.photos.models import Photo, PhotoBlob
from app.photos.queries import likes_of
from app.photos.thresholds.in_force import thresholds_at

_IS_CURRENT = PhotoBlob.hash_version == HASH_VERSION


def blobs_behind(session: Session, *, after: int, most: int) -> list[tuple[int, str]]:
    """Number and SHA-256 of blobs with photos that are to be brought along, by number."""
    rows = session.execute(
        select(PhotoBlob.number, PhotoBlob.sha256)
        .where(PhotoBlob.number > after, _IS_CURRENT.isnot(True), PhotoBlob.purged_at.is_(None))
        .order_by(PhotoBlob.number)
        .limit(most)
    )
    return [(number, sha256) for number, sha256 in rows]


def rehash(session: Session, number: int, hashes: Hashes, *, now: datetime) -> bool:
    """Brings one blob along: its hashes, its pairs, and findings that come late; whether it is
    still there and was behind."""
    take_turn(session, Turn.photo_numbers)
    behind = (PhotoBlob.number == number) & _IS_CURRENT.isnot(True)
    stored_at = session.scalar(select(PhotoBlob.stored_at).where(behind))
    if stored_at is None:
        return False
    limits = thresholds_at(session, stored_at)
    session.execute(update(PhotoBlob).where(behind).values(**looks_of(hashes, limits)))
    session.execute(delete(PictureHash).where(PictureHash.number == number))
    _forget_pairs(session, number)
    alike: Sequence[Alike] = []
    if not hashes.shows_little(limits):
        keep_hashes(session, number, hashes)
        alike = alike_blobs(session, hashes, but=number)
        keep_pairs(session, number, alike)
    _add_findings(session, [number, *(each.number for each in alike)], now)
    return True


def _forget_pairs(session: Session, number: int) -> None:
    """Those with blobs that were brought along before are about to be found anew; the others stay
    until their turn comes."""
    current = select(PhotoBlob.number).where(_IS_CURRENT)
    session.execute(
        delete(AlikePair).where(
            ((AlikePair.number == number) & AlikePair.other.in_(current))
            | ((AlikePair.other == number) & AlikePair.number.in_(current))
        )
    )


def _add_findings(session: Session, numbers: Sequence[int], now: datetime) -> None:
    photos = session.scalars(
        select(Photo)
        .join(PhotoBlob)
        .where(PhotoBlob.number.in_(numbers))
        .options(joinedload(Photo.blob))
        .order_by(Photo.id)
        .with_for_update(key_share=True, of=Photo)
        .execution_options(populate_existing=True)
    )
    for photo in photos.all():
        _add_findings_to(session, photo, now)


def _add_findings_to(session: Session, photo: Photo, now: datetime) -> None:
    limits = thresholds_at(session, photo.received_at)
    found = findings_of_looks(facts_of(photo, likes=likes_of(session, photo)), limits)
    known = {(each["code"], each["photo_id"]) for each in photo.findings}
    rows = [finding_json(each) for each in found]
    fresh = [row for row in rows if (row["code"], row["photo_id"]) not in known]
    if fresh:
        every, why = [*photo.findings, *fresh], JudgedFor.rehashed
        judge_later(session, photo, every, why, rule_version=limits.version, now=now)
