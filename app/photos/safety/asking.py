"""Asks the host about photos, takes its answers, and leaves to a person what it does not say.

The host checks only what somebody sent who was in its app within two hours: photos are asked about
soon after they came, those of others never. Answers are only kept by the endpoint that receives
them, and taken here, so that it does not matter which comes first, the answer or our own note.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.db import begin_reading, unit_of_work
from app.kernel.errors import DomainError
from app.people.hosts.binding import subjects_of
from app.photos.models import Photo, PhotoBlob
from app.photos.safety.events import ERROR, RISKY
from app.photos.safety.models import CheckAnswer, CheckState, CheckTrace, PhotoCheck
from app.photos.safety.port import CheckImpossible, CheckRefused, PhotoChecker
from app.photos.store import BlobKind

CHECK = "check_photos"
"""The kind of job."""
AT_ONCE = 30
ANSWERS_AT_ONCE = 200
ASKED_WITHIN = timedelta(hours=2)
ANSWERED_WITHIN = timedelta(minutes=30)
LAST_CHANCE = timedelta(minutes=5)
"""How long before the two hours are over a photo that could not be asked about is a person's."""
MOST_TRIES = 2
FETCHED_WITHIN = timedelta(minutes=35)
"""How long the address is good that the host is given."""
KEPT = timedelta(days=1)
_WARNED_LATE = (CheckState.left, CheckState.passed)


@dataclass(frozen=True)
class Asker:
    """How photos are asked about. `address` signs a path until an instant; `clock` gives aware
    instants."""

    checker: PhotoChecker
    address: Callable[[str, datetime], str]
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class _Photo:
    id: UUID
    tries: int
    subject: str | None


def check_photos(asker: Asker) -> int:
    """Takes what was answered, then asks about 30 photos; how many. While the host is not to be had
    the others wait for the next run."""
    with unit_of_work() as session:
        take_answers(session)
        leave_unanswered(session, now=asker.clock())
    asked = 0
    for photo in _to_ask(asker):
        try:
            _ask(asker, photo)
        except DomainError:
            break
        asked += 1
    with unit_of_work() as session:
        leave_unasked(session, asker.checker, now=asker.clock())
    return asked


def _to_ask(asker: Asker) -> list[_Photo]:
    """New photos, then those whose answer has not come."""
    session, now = begin_reading(), asker.clock()
    recent = Photo.received_at > now - ASKED_WITHIN, Photo.purged_at.is_(None)
    unknown = ~exists().where(PhotoCheck.photo_id == Photo.id)
    fresh = select(Photo.id, Photo.maker_id).where(*recent, unknown)
    late = (
        select(Photo.id, Photo.maker_id, PhotoCheck.tries)
        .join(PhotoCheck, PhotoCheck.photo_id == Photo.id)
        .where(*recent, *_unanswered(now))
    )
    rows = [
        (row.id, row.maker_id, 0)
        for row in session.execute(fresh.order_by(Photo.received_at).limit(AT_ONCE))
    ]
    rows += [
        (row.id, row.maker_id, row.tries)
        for row in session.execute(late.limit(AT_ONCE - len(rows)))
    ]
    checker = asker.checker
    people = [person_id for _, person_id, _ in rows]
    known = subjects_of(session, people, host=checker.host, tenant=checker.tenant)
    return [_Photo(photo_id, tries, known.get(person_id)) for photo_id, person_id, tries in rows]


def _unanswered(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return PhotoCheck.state == CheckState.asked, PhotoCheck.asked_at <= now - ANSWERED_WITHIN


def _ask(asker: Asker, photo: _Photo) -> None:
    """Asks, and notes the trace; raises what the host does while it is not to be had."""
    trace_id, state = None, CheckState.impossible
    if photo.subject is not None:
        path = f"/photos/{photo.id}/{BlobKind.DISPLAY.value}"
        url = asker.address(path, asker.clock() + FETCHED_WITHIN)
        try:
            trace_id = asker.checker.ask(photo.subject, url)
            state = CheckState.asked
        except CheckImpossible:
            pass
        except CheckRefused:
            # As if it did not answer: it is asked once more, then left to a person.
            state = CheckState.asked
    with unit_of_work() as session:
        _note(session, photo, trace_id, state, now=asker.clock())


def _note(
    session: Session, photo: _Photo, trace_id: str | None, state: CheckState, *, now: datetime
) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    said = {"state": state, "trace_id": trace_id, "tries": photo.tries + 1, "asked_at": now}
    row = dialect.insert(PhotoCheck).values(photo_id=photo.id, **said)
    still = PhotoCheck.state == CheckState.asked
    kept = row.on_conflict_do_update(index_elements=["photo_id"], set_=said, where=still)
    session.execute(kept)
    if trace_id is not None:
        trace = {"trace_id": trace_id, "photo_id": photo.id, "asked_at": now}
        known = dialect.insert(CheckTrace).values(trace)
        session.execute(known.on_conflict_do_nothing(index_elements=["trace_id"]))


def take_answers(session: Session) -> None:
    """What was answered to traces that are known, whichever time it was asked; each is taken once,
    the warnings first."""
    rows = session.execute(
        select(PhotoCheck, CheckTrace, CheckAnswer)
        .join(CheckTrace, CheckTrace.photo_id == PhotoCheck.photo_id)
        .join(CheckAnswer, CheckAnswer.trace_id == CheckTrace.trace_id)
        .where(
            or_(
                PhotoCheck.state == CheckState.asked,
                # What was left to a person, or passed by another answer: a late warning counts.
                and_(PhotoCheck.state.in_(_WARNED_LATE), CheckAnswer.suggest == RISKY),
            )
        )
        .order_by(CheckAnswer.suggest != RISKY)
        .limit(ANSWERS_AT_ONCE)
        .with_for_update(of=PhotoCheck)
    ).all()
    for check, trace, answer in rows:
        session.delete(trace)
        if check.state is CheckState.asked or answer.suggest == RISKY:
            _take(session, check, answer)
    session.flush()


def _take(session: Session, check: PhotoCheck, answer: CheckAnswer) -> None:
    if answer.suggest == ERROR:
        # As if it had not answered; the last time it was asked, it is asked again at once.
        if check.trace_id == answer.trace_id:
            check.trace_id, check.asked_at = None, check.asked_at - ANSWERED_WITHIN
        return
    states = {"pass": CheckState.passed, RISKY: CheckState.risky}
    check.state = states.get(answer.suggest, CheckState.left)
    check.label = answer.label
    if check.state is CheckState.risky:
        # Locked even when it is hidden already: somebody may be about to release it.
        whose = select(Photo.sha256).where(Photo.id == check.photo_id).scalar_subquery()
        locked = select(PhotoBlob).where(PhotoBlob.sha256 == whose).with_for_update()
        blob = session.scalars(locked.execution_options(populate_existing=True)).one_or_none()
        if blob is not None and blob.quarantined_at is None:
            blob.quarantined_at = answer.received_at


def leave_unanswered(session: Session, *, now: datetime) -> None:
    """What was asked twice, or is too old to be asked again, is a person's."""
    old = select(Photo.id).where(
        Photo.id == PhotoCheck.photo_id, Photo.received_at > now - ASKED_WITHIN
    )
    given_up = (PhotoCheck.tries >= MOST_TRIES) | ~old.exists()
    session.execute(
        update(PhotoCheck).where(*_unanswered(now), given_up).values(state=CheckState.left),
        execution_options={"synchronize_session": False},
    )


def leave_unasked(session: Session, checker: PhotoChecker, *, now: datetime) -> None:
    """What nobody could be asked about in its two hours is a person's too: while the host was not
    to be had, too many came, or no worker ran. What came before photos were checked is not."""
    last = session.scalar(select(func.max(PhotoCheck.asked_at))) or now
    unknown = ~exists().where(PhotoCheck.photo_id == Photo.id)
    rows = session.execute(
        select(Photo.id, Photo.maker_id)
        .where(unknown, Photo.purged_at.is_(None))
        .where(Photo.received_at > min(last, now) - ASKED_WITHIN)
        .where(Photo.received_at <= now - ASKED_WITHIN + LAST_CHANCE)
        .order_by(Photo.received_at)
        .limit(ANSWERS_AT_ONCE)
    ).all()
    people = [row.maker_id for row in rows]
    known = subjects_of(session, people, host=checker.host, tenant=checker.tenant)
    for row in rows:
        state = CheckState.left if row.maker_id in known else CheckState.impossible
        _note(session, _Photo(row.id, 0, None), None, state, now=now)


def forget_old_answers(session: Session, now: datetime, at_most: int) -> int:
    """Removes answers older than a day, and traces that nobody answered; how many there were."""
    answers = select(CheckAnswer).where(CheckAnswer.received_at < now - KEPT).limit(at_most)
    traces = select(CheckTrace).where(CheckTrace.asked_at < now - KEPT).limit(at_most)
    found = [*session.scalars(answers), *session.scalars(traces)]
    for row in found:
        session.delete(row)
    return len(found)
