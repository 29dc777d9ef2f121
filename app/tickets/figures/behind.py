"""What is behind a figure: the very legs and tickets that were counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.kernel.clock import parse_instant
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.models import Organisation
from app.tickets.fetching import tickets_listed
from app.tickets.figures.counting import Period, counted_from, one_if
from app.tickets.figures.definitions import DENOMINATORS, Denominator, Kpi, Unit, kpis_of
from app.tickets.figures.grouping import By, is_in_group
from app.tickets.figures.rules import Condition
from app.tickets.figures.scope import Scope
from app.tickets.models import Leg, LegOutcome, Ticket


class Part(StrEnum):
    """The two halves of a figure."""

    numerator = "numerator"
    denominator = "denominator"


@dataclass(frozen=True)
class LegCounted:
    """A leg as a figure's list shows it."""

    id: UUID
    code: str
    name: str
    from_at: datetime
    to_at: datetime | None
    outcome: LegOutcome | None
    due_at: datetime
    in_time: bool | None


@dataclass(frozen=True)
class Counted:
    """A ticket that was counted, with the leg that was when it is legs that are."""

    ticket: Ticket
    leg: LegCounted | None


@dataclass(frozen=True)
class Behind:
    """Which half of which KPI, of whose figures, in which period, in which group (by, code)."""

    kpi: Kpi
    part: Part
    scope: Scope
    period: Period
    group: tuple[By, str] | None = None

    @property
    def conditions(self) -> list[Condition]:
        """What holds for each leg or ticket counted."""
        denominator = self.kpi.denominator
        found = [self.period.holds(denominator), self.scope.holds(denominator)]
        if self.part is Part.numerator:
            found.append(self.kpi.numerator(self.period.now))
        if self.group is not None:
            found.append(is_in_group(*self.group, denominator, self.scope))
        return found


def unit_id(denominator: Denominator) -> Any:
    """The id of what is counted."""
    return Leg.id if denominator.unit is Unit.leg else Ticket.id


def counted_page(
    session: Session, behind: Behind, *, limit: int, cursor: str | None
) -> Page[Counted]:
    """A page of what was counted, the tickets reported last first; at most four queries."""
    denominator = behind.kpi.denominator
    counted, at = unit_id(denominator), Ticket.reported_at
    asked = counted_from(denominator, counted.label("id"), Ticket.id.label("ticket_id"), at)
    asked = asked.where(*behind.conditions)
    if cursor:
        last, last_id = decode_cursor(cursor, parse_instant, _id)
        asked = asked.where(or_(at < last, and_(at == last, counted < last_id)))
    asked = asked.order_by(at.desc(), counted.desc()).limit(limit + 1)
    page = cut_page(session.execute(asked).all(), limit, _position)
    return Page(_as_counted(session, denominator, page.items), page.next_cursor)


def _position(row: Row[Any]) -> tuple[Any, ...]:
    return row.reported_at.isoformat(), str(row.id)


def _id(value: Any) -> UUID:
    return UUID(str(value))


def _as_counted(
    session: Session, denominator: Denominator, rows: Sequence[Row[Any]]
) -> list[Counted]:
    tickets = tickets_listed(session, [row.ticket_id for row in rows])
    legs = legs_counted(session, [row.id for row in rows]) if denominator.unit is Unit.leg else {}
    return [Counted(t, legs.get(row.id)) for t, row in zip(tickets, rows, strict=True)]


def frozen_page(
    session: Session,
    kpi: Kpi,
    ids: Iterable[str],
    scope: Scope,
    *,
    limit: int,
    cursor: str | None,
) -> Page[Counted]:
    """A page of what was counted when a month was frozen (ids in hex), the newest first, as it is
    now. What was moved out of the scope since is left out: not everybody who reads the figures may
    still see it."""
    denominator = kpi.denominator
    before = _id(decode_cursor(cursor, _id)[0]).hex if cursor else None
    wanted = [one for one in sorted(ids, reverse=True) if before is None or one < before]
    page = cut_page(wanted[: limit + 1], limit, lambda one: (str(UUID(hex=one)),))
    counted = unit_id(denominator)
    asked = counted_from(denominator, counted.label("id"), Ticket.id.label("ticket_id"))
    asked = asked.where(
        counted.in_([UUID(hex=one) for one in page.items]), scope.holds(denominator)
    )
    rows = session.execute(asked.order_by(counted.desc())).all()
    return Page(_as_counted(session, denominator, rows), page.next_cursor)


def legs_counted(session: Session, ids: Sequence[UUID]) -> dict[UUID, LegCounted]:
    """Legs by their ids."""
    rows = session.execute(
        select(
            Leg.id,
            Organisation.code,
            Organisation.name,
            Leg.from_at,
            Leg.to_at,
            Leg.outcome,
            Leg.due_at,
            Leg.in_time,
        )
        .join(Organisation, Organisation.id == Leg.organisation_id)
        .where(Leg.id.in_(ids))
    )
    return {row.id: LegCounted(*row) for row in rows}


Ids = dict[str, list[str]]
"""Ids (hex) by the name of a denominator, or by the code of a KPI for its numerator."""


def ids_counted(session: Session, scope: Scope, period: Period) -> Ids:
    """The ids of all legs and tickets that are counted, so that a frozen figure can say later what
    came and went; a query for each denominator."""
    found: Ids = {}
    for denominator in DENOMINATORS:
        kpis = kpis_of(denominator)
        rows = session.execute(_flagged(denominator, kpis, scope, period)).all()
        found[f"of:{denominator.name}"] = [row[0].hex for row in rows]
        for place, kpi in enumerate(kpis, start=1):
            found[kpi.code.value] = [row[0].hex for row in rows if row[place]]
    return found


def ids_of(found: Mapping[str, list[str]], kpi: Kpi, part: Part) -> set[str]:
    """The ids behind one half of a KPI."""
    of = f"of:{kpi.denominator.name}" if part is Part.denominator else kpi.code.value
    return set(found.get(of, ()))


def _flagged(
    denominator: Denominator, kpis: Iterable[Kpi], scope: Scope, period: Period
) -> Select[*tuple[Any, ...]]:
    flags = [one_if(kpi.numerator(period.now)) for kpi in kpis]
    counted = unit_id(denominator)
    asked = counted_from(denominator, counted, *flags)
    asked = asked.where(period.holds(denominator), scope.holds(denominator))
    return asked.order_by(counted)


AT_ONCE = 500


def numbers_of(session: Session, unit: Unit, ids: Iterable[str]) -> dict[str, tuple[UUID, str]]:
    """The id and number of the tickets that some counted ids (hex) are of."""
    found: dict[str, tuple[UUID, str]] = {}
    every = sorted(ids)
    for first in range(0, len(every), AT_ONCE):
        wanted = [UUID(hex=one) for one in every[first : first + AT_ONCE]]
        asked = select(Ticket.id, Ticket.id, Ticket.number).where(Ticket.id.in_(wanted))
        if unit is Unit.leg:
            asked = select(Leg.id, Ticket.id, Ticket.number).join(Leg.ticket)
            asked = asked.where(Leg.id.in_(wanted))
        for counted, ticket_id, number in session.execute(asked):
            found[counted.hex] = (ticket_id, number)
    return found
