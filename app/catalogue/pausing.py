"""Ordering a pause and ending it early; each is a version of the catalogue, so that every process
knows of it in its next transaction."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.models import CatalogueVersion, PausePeriod
from app.catalogue.snapshots import look_again
from app.kernel.dated import BadDates
from app.kernel.errors import Conflict
from app.kernel.ids import new_id
from app.people.models import Organisation

LATE = timedelta(hours=72)
"""How long after its beginning a pause can still be entered: as long as anything done offline."""

LONGEST = timedelta(days=366)


class PauseOver(Conflict):
    """What is over or was cancelled cannot be ended."""

    code = "pause_over"
    title = "这次暂停已经结束"


def order_pause(
    session: Session,
    area: Organisation,
    *,
    categories: Sequence[str] | None,
    document: str,
    reason: str,
    from_at: datetime,
    to_at: datetime,
    now: datetime,
    actor_id: UUID | None = None,
) -> PausePeriod:
    """Let clocks and rounds stand still in an area for a time, at most 366 days.

    Raises BadDates, also for a beginning more than 72 h ago or an end that is not ahead: a week
    and a month that were counted stay as they were.
    """
    _refuse_times(from_at, to_at, now)
    pause = PausePeriod(
        id=new_id(),
        organisation_id=area.id,
        organisation=area,
        categories=None if categories is None else sorted(set(categories)),
        document=document,
        reason=reason,
        from_at=from_at,
        to_at=to_at,
        made_at=now,
        made_by_id=actor_id,
    )
    session.add(pause)
    _new_version(session, pause, f"暂停计时 {document}", now, actor_id)
    return pause


def end_pause(
    session: Session,
    pause: PausePeriod,
    *,
    at: datetime | None,
    now: datetime,
    actor_id: UUID | None = None,
) -> None:
    """End a pause earlier than ordered, now unless told when; one that has not begun by then never
    was. Time that was given is not taken back: raises BadDates for an end in the past or not before
    the one ordered, PauseOver when there is nothing left to end."""
    if pause.to_at <= max(now, pause.from_at):
        raise PauseOver("已经到期、提前结束或取消的暂停不能再结束。")
    end = at or now
    if end < now or end >= pause.to_at:
        detail = "须不早于现在，且早于原定的结束时间。"
        raise BadDates(detail, fields={"at": [detail]})
    pause.to_at = max(end, pause.from_at)
    pause.ended_at, pause.ended_by_id = now, actor_id
    _new_version(session, pause, f"结束暂停 {pause.document}", now, actor_id)


def _refuse_times(from_at: datetime, to_at: datetime, now: datetime) -> None:
    field, detail = "to", ""
    if from_at < now - LATE:
        field, detail = "from", "最多补录 72 小时以内开始的暂停。"
    elif to_at <= max(from_at, now):
        detail = "须晚于开始时间，也晚于现在。"
    elif to_at - from_at > LONGEST:
        detail = "一次暂停最长 366 天。"
    if detail:
        raise BadDates(detail, fields={field: [detail]})


def _new_version(
    session: Session, pause: PausePeriod, name: str, now: datetime, actor_id: UUID | None
) -> None:
    newest = session.scalar(select(func.max(CatalogueVersion.number))) or 0
    said = f"{pause.id} {pause.from_at.isoformat()} {pause.to_at.isoformat()}"
    version = CatalogueVersion(
        id=new_id(),
        number=newest + 1,
        name=name[:80],
        organisation_id=pause.organisation_id,
        loaded_at=now,
        loaded_by_id=actor_id,
        sha256=hashlib.sha256(said.encode()).hexdigest(),
    )
    session.add(version)
    session.flush()
    look_again(session)
