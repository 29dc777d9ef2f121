"""Months frozen: figures that stay as they were, and what has come and gone since."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.kernel.clock import day_start, shanghai_day
from app.kernel.errors import NotThere
from app.kernel.ids import new_id
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor, ActorPost
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType
from app.tickets.figures.behind import Ids, Part, ids_counted, ids_of, numbers_of
from app.tickets.figures.counting import Period
from app.tickets.figures.definitions import KPIS, Kpi
from app.tickets.figures.freezes.errors import (
    AlreadyFrozen,
    FreezeUnsuitable,
    MonthNotOver,
    NothingToFreeze,
)
from app.tickets.figures.freezes.models import KpiFreeze
from app.tickets.figures.scope import Scope, lying_under, may_read
from app.tickets.models import Ticket

FROZEN_FOR = COMMUNITY_TYPES | {OrganisationType.county, OrganisationType.town}


@dataclass(frozen=True)
class FreezeAsked:
    """What somebody wants to freeze: whose month, under which paper, and why once more."""

    organisation: Organisation
    month: str
    document: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Change:
    """What came into and went out of one half of a KPI since it was frozen: ids and numbers of
    tickets, once for each leg or ticket counted."""

    came: list[tuple[UUID, str]]
    went: list[tuple[UUID, str]]


def month_days(month: str) -> tuple[date, date]:
    """The first and last day of a month written 2026-11; ValueError when there is no such month."""
    first = date.fromisoformat(f"{month}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def period_of(month: str, now: datetime) -> Period:
    """A month as it is seen at an instant."""
    return Period(*month_days(month), now)


def refuse_unfreezable(session: Session, asked: FreezeAsked, *, now: datetime) -> None:
    """Raises FreezeUnsuitable, MonthNotOver or NothingToFreeze."""
    if asked.organisation.type not in FROZEN_FOR:
        detail = "请选择县、镇、社区或村。"
        raise FreezeUnsuitable(detail, fields={"organisation": [detail]})
    _, last = month_days(asked.month)
    if now < day_start(last + timedelta(days=1)):
        detail = "请等这个月结束以后再固定。"
        raise MonthNotOver(detail, fields={"month": [detail]})
    began = _first_day(session, asked.organisation, now)
    if began is None or last < began:
        since = f"最早的工单是 {began} 上报的，请选择当月或以后。" if began else "还没有一张工单。"
        detail = f"{asked.organisation.name}{since}"
        raise NothingToFreeze(detail, fields={"month": [detail]})


def _first_day(session: Session, organisation: Organisation, now: datetime) -> date | None:
    """The day (Asia/Shanghai) on which its first ticket was reported; None when there is none."""
    lying = lying_under(organisation, shanghai_day(now))
    first = session.scalar(select(func.min(Ticket.reported_at)).where(lying))
    return shanghai_day(first) if first else None


def freeze_month(
    session: Session,
    asked: FreezeAsked,
    figures: dict[str, Any],
    *,
    actor: Actor,
    post: ActorPost,
    now: datetime,
) -> KpiFreeze:
    """Keeps the figures of a month that is over (`figures`, as they are shown now) and the ids
    behind them. Raises AlreadyFrozen when it was done before and no reason is given."""
    sequence = _next_sequence(session, asked)
    if sequence > 1 and not asked.reason:
        raise AlreadyFrozen("要再固定一次，请写明原因；原来的仍然保留。")
    scope = Scope(actor, shanghai_day(now), asked.organisation)
    freeze = KpiFreeze(
        id=new_id(),
        organisation_id=asked.organisation.id,
        organisation=asked.organisation,
        month=asked.month,
        sequence=sequence,
        document=asked.document,
        reason=asked.reason,
        frozen_at=now,
        frozen_by_id=actor.person_id,
        post_id=post.id,
        figures=figures,
        counted=ids_counted(session, scope, period_of(asked.month, now)),
    )
    session.add(freeze)
    session.flush()
    return freeze


def _next_sequence(session: Session, asked: FreezeAsked) -> int:
    """Two who freeze the same month wait for one another by the organisation's row."""
    organisation_id = asked.organisation.id
    session.execute(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    )
    known = select(func.max(KpiFreeze.sequence)).where(
        KpiFreeze.organisation_id == organisation_id, KpiFreeze.month == asked.month
    )
    return (session.scalar(known) or 0) + 1


def freeze_in_sight(session: Session, actor: Actor, freeze_id: UUID | None) -> KpiFreeze:
    """The freeze with an id, when its figures are the actor's to read; raises NotThere."""
    asked = select(KpiFreeze).where(KpiFreeze.id == freeze_id)
    found = session.scalar(asked.options(joinedload(KpiFreeze.organisation)))
    if found is None or not may_read(actor, found.organisation):
        raise NotThere("没有这次固定的统计，或不在您的范围内。")
    return found


def freezes_page(
    session: Session, organisation: Organisation, *, limit: int, cursor: str | None
) -> Page[KpiFreeze]:
    """A page of an organisation's freezes, the latest month first."""
    asked = select(KpiFreeze).where(KpiFreeze.organisation_id == organisation.id)
    if cursor is not None:
        month, sequence = decode_cursor(cursor, str, int)
        same = (KpiFreeze.month == month) & (KpiFreeze.sequence < sequence)
        asked = asked.where((KpiFreeze.month < month) | same)
    asked = asked.options(joinedload(KpiFreeze.organisation))
    asked = asked.order_by(KpiFreeze.month.desc(), KpiFreeze.sequence.desc()).limit(limit + 1)
    return cut_page(session.scalars(asked).all(), limit, lambda one: (one.month, one.sequence))


def changes_since(
    session: Session, freeze: KpiFreeze, actor: Actor, *, now: datetime
) -> dict[Kpi, dict[Part, Change]]:
    """What came and went in each KPI since the freeze."""
    scope = Scope(actor, shanghai_day(now), freeze.organisation)
    present = ids_counted(session, scope, period_of(freeze.month, now))
    return {kpi: _changes(session, kpi, freeze.counted, present) for kpi in KPIS}


def _changes(
    session: Session, kpi: Kpi, frozen: Mapping[str, list[str]], present: Ids
) -> dict[Part, Change]:
    found = {}
    for part in Part:
        then, now = ids_of(frozen, kpi, part), ids_of(present, kpi, part)
        numbers = numbers_of(session, kpi.denominator.unit, then ^ now)
        found[part] = Change(
            [numbers[one] for one in sorted(now - then)],
            [numbers[one] for one in sorted(then - now)],
        )
    return found
