"""Judging anew: begun once for what is asked, done a part at a time, each part exactly once.

How far it is lies in the row of the run and is written with each part, so that who was stopped goes
on there and two at the same run share it. Nothing is written about what comes to the same.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.kernel.clock import day_start, shanghai_day
from app.kernel.errors import Rejected
from app.kernel.ids import new_id
from app.people.models import Organisation, OrganisationType
from app.people.queries import organisation_by_code
from app.photos.evidence import Thresholds, Verdict
from app.photos.judgements import JudgedFor, judge_later, of_lost_photos, say_the_same
from app.photos.judging import finding_json, findings_about
from app.photos.models import Photo
from app.photos.queries import others_of
from app.photos.thresholds.in_force import thresholds_on
from app.tickets.handling.retouched import CODE as RETOUCHED
from app.tickets.judgements import JUDGED_ANEW, findings_in_force, judge_anew
from app.tickets.models import Ticket, TicketPhoto
from app.tickets.rejudging.back_then import findings_then
from app.tickets.rejudging.models import Rejudging
from app.work.service import enqueue

REJUDGE = "rejudge_photos"
FIRST = UUID(int=0)

Change = tuple[Verdict, Verdict]


@dataclass(frozen=True)
class Scope:
    """Which photos: received in these days (both included), of this township."""

    town_id: UUID | None = None
    from_on: date | None = None
    to_on: date | None = None


def scope_of(session: Session, code: str | None, from_on: date | None, to_on: date | None) -> Scope:
    """The scope of a township's code (None: all) and days. Raises Rejected for what cannot be."""
    if from_on and to_on and to_on < from_on:
        detail = "结束日期不能早于开始日期。"
        raise Rejected(detail, fields={"to_on": [detail]})
    town = organisation_by_code(session, code) if code else None
    if code and (town is None or town.type is not OrganisationType.town):
        detail = f"没有编码为 {code} 的乡镇。"
        raise Rejected(detail, fields={"town": [detail]})
    return Scope(town.id if town else None, from_on, to_on)


def begin_rejudging(session: Session, scope: Scope, *, now: datetime) -> Rejudging:
    """The run for a scope by the thresholds of today: the one that was not finished, or a new."""
    day = shanghai_day(now)
    limits = thresholds_on(session, day)
    asked = select(Rejudging).where(
        Rejudging.ended_at.is_(None),
        Rejudging.rule_version == limits.version,
        Rejudging.town_id.is_not_distinct_from(scope.town_id),
        Rejudging.from_on.is_not_distinct_from(scope.from_on),
        Rejudging.to_on.is_not_distinct_from(scope.to_on),
    )
    known = session.scalars(asked.order_by(Rejudging.id.desc()).limit(1)).first()
    if known is not None:
        return known
    run = Rejudging(
        id=new_id(),
        asked_at=now,
        day=day,
        rule_version=limits.version,
        town_id=scope.town_id,
        from_on=scope.from_on,
        to_on=scope.to_on,
        after_id=FIRST,
        total=0,
        photos=0,
        uses=0,
        left_out=0,
        changes={},
    )
    run.total = session.scalar(select(func.count(Photo.id)).where(*_lying_in(run))) or 0
    session.add(run)
    session.flush()
    return run


def _lying_in(run: Rejudging) -> list[ColumnElement[bool]]:
    """The condition that a photo is one of the run's."""
    found: list[ColumnElement[bool]] = [Photo.received_at <= run.asked_at]
    if run.from_on is not None:
        found.append(Photo.received_at >= day_start(run.from_on))
    if run.to_on is not None:
        found.append(Photo.received_at < day_start(run.to_on + timedelta(days=1)))
    if run.town_id is not None:
        # A company's photos are of no township, their uses are.
        used = select(TicketPhoto.photo_id).join(Ticket, Ticket.id == TicketPhoto.ticket_id)
        used = used.where(Ticket.town_id == run.town_id)
        found.append(or_(Photo.town_id == run.town_id, Photo.id.in_(used)))
    return found


def queue_rejudging(
    session: Session, run: Rejudging, *, requested_by: UUID | None, now: datetime
) -> UUID:
    """Leaves a run to the worker; the id of the job, which the county's administrators see."""
    county = select(Organisation.path).where(Organisation.type == OrganisationType.county)
    job = enqueue(
        session,
        REJUDGE,
        {"run": str(run.id)},
        now=now,
        requested_by=requested_by,
        requested_path=session.scalar(county),
    )
    assert job is not None
    return job


def rejudge_part(session: Session, run_id: UUID, *, most: int, now: datetime) -> Rejudging:
    """Judges the next photos of a run with their uses; with none left it has ended."""
    run = session.get_one(Rejudging, run_id, with_for_update=True, populate_existing=True)
    if run.ended_at is not None:
        return run
    limits = thresholds_on(session, run.day)
    photos = _next_photos(session, run, most)
    uses = _uses(session, run, photos)
    changes = Counter(run.changes)
    for photo in photos:
        changes.update(_named("photo", [_rejudge_photo(session, photo, limits, now=now)]))
    judged = [(use, findings_then(session, use, limits)) for use in uses]
    for use, found in judged:
        if found is not None:
            rows = [finding_json(each) for each in found]
            change = _rejudge_use(session, use, rows, limits, now=now)
            changes.update(_named("use", [change]))
    run.changes, run.photos = dict(changes), run.photos + len(photos)
    run.uses += len(uses)
    run.left_out += sum(found is None for _, found in judged)
    if photos:
        run.after_id = photos[-1].id
    if len(photos) < most:
        run.ended_at = now
    session.flush()
    return run


def _next_photos(session: Session, run: Rejudging, most: int) -> Sequence[Photo]:
    """Locked as for a change that leaves their ids alone: who puts them to use does not wait."""
    asked = (
        select(Photo)
        .where(Photo.id > run.after_id, *_lying_in(run))
        .options(joinedload(Photo.blob, innerjoin=True))
        .order_by(Photo.id)
        .limit(most)
        .with_for_update(key_share=True, of=Photo)
    )
    return session.scalars(asked.execution_options(populate_existing=True)).all()


def _uses(session: Session, run: Rejudging, photos: Sequence[Photo]) -> Sequence[TicketPhoto]:
    asked = (
        select(TicketPhoto)
        .where(TicketPhoto.photo_id.in_([photo.id for photo in photos]))
        .order_by(TicketPhoto.ticket_id, TicketPhoto.sequence)
    )
    if run.town_id is not None:
        asked = asked.join(Ticket, Ticket.id == TicketPhoto.ticket_id)
        asked = asked.where(Ticket.town_id == run.town_id)
    return session.scalars(asked).all() if photos else ()


def _named(kind: str, changes: Iterable[Change | None]) -> Iterable[str]:
    return (f"{kind} {each[0].value} {each[1].value}" for each in changes if each is not None)


def _rejudge_photo(
    session: Session, photo: Photo, limits: Thresholds, *, now: datetime
) -> Change | None:
    """By what it was held against when it came; the verdicts before and after, where anything
    about it changes."""
    others = others_of(session, photo.sha256, maker_id=photo.maker_id)
    match = photo.cell["match"] if photo.cell else None
    found = [finding_json(each) for each in findings_about(photo, others, limits, cell_match=match)]
    found += of_lost_photos(session, photo.findings)
    if say_the_same(found, photo.findings):
        return None
    before = photo.verdict
    why, version = JudgedFor.rejudged, limits.version
    judge_later(session, photo, found, why, rule_version=version, now=now)
    return before, photo.verdict


def _rejudge_use(
    session: Session,
    use: TicketPhoto,
    found: Sequence[dict[str, Any]],
    limits: Thresholds,
    *,
    now: datetime,
) -> Change | None:
    """The same of a use. What the pictures themselves showed stays: it is compared once."""
    if _comes_to_the_same(session, use, found):
        return None
    # As who compares the pictures does: first the ticket, then its use.
    ticket = session.get_one(Ticket, use.ticket_id, with_for_update=True, populate_existing=True)
    session.refresh(use, with_for_update=True)
    if _comes_to_the_same(session, use, found):
        return None
    before = use.verdict
    judge_anew(session, use, [*found, *_kept(session, use)], limits, now=now)
    ticket.updated_at = now
    session.flush()
    return before, use.verdict


def _comes_to_the_same(session: Session, use: TicketPhoto, found: Sequence[dict[str, Any]]) -> bool:
    held = [each for each in findings_in_force(use) if each["code"] != JUDGED_ANEW]
    return say_the_same([*found, *_kept(session, use)], held)


def _kept(session: Session, use: TicketPhoto) -> list[dict[str, Any]]:
    held = findings_in_force(use)
    painted = [each for each in held if each["code"] == RETOUCHED]
    lost = of_lost_photos(session, held)
    return [*painted, *(each for each in lost if each["code"] != RETOUCHED)]
