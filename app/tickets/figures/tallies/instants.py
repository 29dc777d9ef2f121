"""When a ticket is counted otherwise without anybody writing to it: as a limit passes.

Which limits these are is read out of the rules themselves: the columns that they hold against the
present instant. So a rule about another limit cannot be forgotten here.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Column, ColumnElement, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression

from app.sla.lights import Light
from app.tickets.figures.definitions import DENOMINATORS, KPIS
from app.tickets.figures.tallies.shares import rules_counted_by
from app.tickets.models import Leg, Ticket
from app.tickets.narrowing import has_light

SOME_NOW = datetime(1, 1, 1, 1, 1, 1, tzinfo=UTC)
"""Stands for the present instant in conditions that are only looked at."""

Between = tuple[datetime | None, datetime | None]


@cache
def rules_in_force() -> str:
    """What stands for the rules of this version of the product."""
    return rules_counted_by(SOME_NOW)


@cache
def limits_held_against_now() -> tuple[Column[Any], ...]:
    """The columns that the rules compare with the present instant, in the order of their names.

    Raises RuntimeError for a rule that uses that instant in any other way: then what follows from
    it as time goes by is not known here.
    """
    found = {}
    for rule in _rules():
        for column in _compared(rule):
            found[f"{column.table}.{column.name}"] = column
    return tuple(found[name] for name in sorted(found))


def _rules() -> Iterator[ColumnElement[Any]]:
    for denominator in DENOMINATORS:
        yield denominator.at(SOME_NOW)  # type: ignore[misc]
        yield denominator.holds(SOME_NOW)
    for kpi in KPIS:
        yield kpi.numerator(SOME_NOW)
    for light in Light:
        yield has_light(light, SOME_NOW)


def _compared(rule: ColumnElement[Any]) -> Iterator[Column[Any]]:
    nows = 0
    for part in visitors.iterate(rule):
        nows += _is_now(part)
        if isinstance(part, BinaryExpression) and _is_now(part.left) + _is_now(part.right):
            column = part.left if _is_now(part.right) else part.right
            if not isinstance(column, Column) or not operators.is_comparison(part.operator):
                break
            nows -= 1
            yield column
    if nows:
        raise RuntimeError(f"a rule does with now what nobody knows of: {rule}")


def _is_now(part: Any) -> bool:
    return isinstance(part, BindParameter) and part.value == SOME_NOW


def valid_between(
    session: Session, ids: Sequence[UUID], now: datetime
) -> dict[UUID, tuple[datetime | None, datetime | None]]:
    """Between which instants around now nothing passes for each of some tickets; one query.

    The instants are the last that passed and the next that will; None where there is none.
    """
    found: dict[UUID, Between] = {ticket_id: (None, None) for ticket_id in ids}
    for ticket_id, instant in session.execute(_instants_of(ids)) if ids else ():
        since, until = found[ticket_id]
        if instant <= now:
            since = max(since, instant) if since else instant
        if instant >= now:
            until = min(until, instant) if until else instant
        found[ticket_id] = since, until
    return found


def _instants_of(ids: Sequence[UUID]) -> Any:
    chosen = select(Ticket.id.label("id")).where(Ticket.id.in_(ids)).cte("chosen")
    parts = []
    for column in limits_held_against_now():
        of = Leg.ticket_id if column.table is Leg.__table__ else Ticket.id
        asked = select(of, column.label("at")).where(of.in_(select(chosen.c.id)))
        parts.append(asked.where(column.is_not(None)))
    return union_all(*parts)
