"""Pauses ordered by a paper: clocks and rounds stand still in an area for a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import OrganisationMisplaced
from app.administration.models import ChangeKind, SubjectKind
from app.administration.presenting.pauses import pause_state
from app.administration.sight import SEGMENT, of_towns
from app.catalogue.models import PausePeriod
from app.catalogue.pausing import end_pause, order_pause
from app.catalogue.queries import categories_in_force
from app.grid.indexes import Towns
from app.kernel.errors import NotThere, Rejected
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType

AREAS = COMMUNITY_TYPES | {OrganisationType.town, OrganisationType.county}
"""What a pause can hold in. What a management group is given changes with the day, so it is none:
its communities can be paused each."""

PauseEffect = Callable[[Session, PausePeriod, datetime], None]
"""What lies above administration and runs by the clock: told of each pause ordered or ended."""


@dataclass(frozen=True, slots=True)
class PauseContent:
    """What a paper orders: for which categories (None: all), why, from when to when."""

    categories: Sequence[str] | None
    document: str
    reason: str
    from_at: datetime
    to_at: datetime


def begin_pause(
    session: Session,
    area: Organisation,
    content: PauseContent,
    *,
    effects: Sequence[PauseEffect],
    act: Act,
) -> PausePeriod:
    """Order a pause in an area. Raises OrganisationMisplaced, BadDates, or Rejected for categories
    that are in no dictionary of the place."""
    if area.type not in AREAS:
        detail = "暂停的范围须为县、镇、社区或村。"
        raise OrganisationMisplaced(detail, fields={"organisation": [detail]})
    _refuse_unknown(session, area, content, act)
    pause = order_pause(
        session,
        area,
        categories=content.categories,
        document=content.document,
        reason=content.reason,
        from_at=content.from_at,
        to_at=content.to_at,
        now=act.now,
        actor_id=act.actor_id,
    )
    after = pause_state(pause)
    record_change(session, act, _subject(pause), ChangeKind.create, after=after)
    _tell(session, pause, effects, act)
    return pause


def finish_pause(
    session: Session,
    pause: PausePeriod,
    *,
    at: datetime | None,
    effects: Sequence[PauseEffect],
    act: Act,
) -> None:
    """End a pause earlier than ordered; raises BadDates or PauseOver."""
    before = pause_state(pause)
    end_pause(session, pause, at=at, now=act.now, actor_id=act.actor_id)
    after = pause_state(pause)
    record_change(session, act, _subject(pause), ChangeKind.end, before=before, after=after)
    _tell(session, pause, effects, act)


def _tell(session: Session, pause: PausePeriod, effects: Sequence[PauseEffect], act: Act) -> None:
    for effect in effects:
        effect(session, pause, act.now)


def _refuse_unknown(session: Session, area: Organisation, content: PauseContent, act: Act) -> None:
    named = set(content.categories or ())
    known = categories_in_force(session, day=act.today, town_id=area.town_id)
    if unknown := sorted(named - {category.code for category in known}):
        detail = f"字典里没有：{'、'.join(unknown)}"
        raise Rejected(detail, fields={"categories": [detail]})


def _subject(pause: PausePeriod) -> Subject:
    return Subject(SubjectKind.pause, pause.document, pause.organisation)


def pause_in_sight(session: Session, pause_id: UUID | None, towns: Towns) -> PausePeriod:
    """The pause with an id, of the townships or of the county; raises NotThere."""
    asked = _pauses(towns).where(PausePeriod.id == pause_id)
    found = session.scalar(asked) if pause_id else None
    if found is None:
        raise NotThere("没有这次暂停，或不在您的范围内。")
    return found


def pauses_page(
    session: Session,
    towns: Towns,
    place: Organisation | None,
    *,
    limit: int,
    cursor: str | None,
) -> Page[PausePeriod]:
    """A page of the pauses of some townships and of the county, the one ordered last first; of a
    place: those ordered for it, for anything below it and for anything above it."""
    asked = _pauses(towns).order_by(PausePeriod.id.desc()).limit(limit + 1)
    if place is not None:
        below = Organisation.path >= place.path, Organisation.path < place.path_end
        ends = range(SEGMENT, len(place.path), SEGMENT)
        above = [place.path[:end] for end in ends]
        asked = asked.where(or_(below[0] & below[1], Organisation.path.in_(above)))
    if cursor is not None:
        (after,) = decode_cursor(cursor, _id)
        asked = asked.where(PausePeriod.id < after)
    return cut_page(session.scalars(asked).all(), limit, lambda one: (str(one.id),))


def _pauses(towns: Towns) -> Select[PausePeriod]:
    return (
        select(PausePeriod)
        .join(PausePeriod.organisation)
        .where(of_towns(towns))
        .options(
            joinedload(PausePeriod.organisation),
            joinedload(PausePeriod.made_by),
            joinedload(PausePeriod.ended_by),
        )
    )


def _id(value: Any) -> UUID:
    return UUID(str(value))
