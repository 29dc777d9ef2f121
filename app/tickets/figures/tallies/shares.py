"""What each ticket adds to the tallies: its shares, by the very rules that figures are counted by.

A share says in which denominator (or state) the ticket is, on which day, in which group of each
dimension, and which numerators hold (or which light it has).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, CompoundSelect, Select, literal, select, union_all
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.sla.lights import Light
from app.tickets.figures.counting import counted_from, one_if
from app.tickets.figures.definitions import DENOMINATORS, Denominator, Unit, kpis_of
from app.tickets.figures.grouping import By, group_key
from app.tickets.figures.rules import shanghai_date
from app.tickets.figures.summary import SummaryBy
from app.tickets.models import Leg, Ticket
from app.tickets.narrowing import has_light

COUNTS = 4
"""How many numerators a denominator can have, and columns of counts a tally."""

FIGURES_BY = (By.organisation, By.category, By.source, By.responsible)
LISTS_BY = (SummaryBy.state, SummaryBy.category, SummaryBy.organisation, SummaryBy.responsible)
"""What the county's figures and lists are counted in advance by, in the order of a share's keys."""

NOBODY = ""
"""The key of what is in no group."""


@dataclass(frozen=True)
class Share:
    """`on` is None for the ticket as it stands in a list: then `counted` is its state."""

    counted: str
    on: date | None
    keys: tuple[str, ...]
    holds: tuple[int, ...]


def figure_shares(session: Session, ids: Sequence[UUID], now: datetime) -> dict[UUID, list[Share]]:
    """The shares of some tickets in the KPIs as they are at an instant; one query."""
    found: dict[UUID, list[Share]] = defaultdict(list)
    if ids:
        for ticket_id, counted, on, *rest in session.execute(_figures_of(_chosen(ids), now)):
            found[ticket_id].append(_share(counted, on, rest))
    return found


def list_shares(session: Session, ids: Sequence[UUID], now: datetime) -> dict[UUID, list[Share]]:
    """The share of each of some tickets in the list of all; one query."""
    rows = session.execute(_listed_of(_chosen(ids), now)) if ids else ()
    return {ticket_id: [_share(state.value, None, rest)] for ticket_id, state, *rest in rows}


def _share(counted: str, on: date | None, rest: Sequence[Any]) -> Share:
    keys, holds = rest[:-COUNTS], rest[-COUNTS:]
    return Share(counted, on, tuple(map(as_key, keys)), tuple(holds))


def as_key(value: Any) -> str:
    """The key of a group in the tallies."""
    if value is None:
        return NOBODY
    if isinstance(value, UUID):
        return value.hex
    return str(value.value if isinstance(value, Enum) else value)


def _chosen(ids: Sequence[UUID]) -> CTE:
    return select(Ticket.id.label("id")).where(Ticket.id.in_(ids)).cte("chosen")


def _figures_of(chosen: CTE, now: datetime) -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(*(_figure(one, now).where(_among(one, chosen)) for one in DENOMINATORS))


def _listed_of(chosen: CTE, now: datetime) -> Select[*tuple[Any, ...]]:
    return list_of_all(now).where(Ticket.id.in_(select(chosen.c.id)))


def figures_of_all(now: datetime) -> CompoundSelect[*tuple[Any, ...]]:
    """The shares of all tickets in the KPIs, as rows."""
    return union_all(*(_figure(one, now) for one in DENOMINATORS))


def _figure(denominator: Denominator, now: datetime) -> Select[*tuple[Any, ...]]:
    flags = [one_if(kpi.numerator(now)) for kpi in kpis_of(denominator)]
    flags += [literal(0)] * (COUNTS - len(flags))
    keys = [group_key(by, denominator, countywide=True) for by in FIGURES_BY]
    columns = (
        Ticket.id.label("id"),
        literal(denominator.name).label("counted"),
        shanghai_date(denominator.at(now)).label("on_day"),
        *(key.label(f"key_{number}") for number, key in enumerate(keys)),
        *(flag.label(f"count_{number}") for number, flag in enumerate(flags, start=1)),
    )
    asked = counted_from(denominator, *columns)
    return asked.where(denominator.holds(now), denominator.at(now).is_not(None))


def _among(denominator: Denominator, chosen: CTE) -> Any:
    of = Leg.ticket_id if denominator.unit is Unit.leg else Ticket.id
    return of.in_(select(chosen.c.id))


def list_of_all(now: datetime) -> Select[*tuple[Any, ...]]:
    """The shares of all tickets in the list of all, as rows."""
    category = Ticket.category_code + literal(" ") + Ticket.category_name
    keys = (literal(NOBODY), category, Ticket.community_id, Ticket.responsible_id)
    flags = [one_if(has_light(light, now)) for light in Light]
    flags += [literal(0)] * (COUNTS - len(flags))
    return select(
        Ticket.id.label("id"),
        Ticket.state.label("counted"),
        *(key.label(f"key_{number}") for number, key in enumerate(keys)),
        *(flag.label(f"count_{number}") for number, flag in enumerate(flags, start=1)),
    )


def rules_counted_by(now: datetime) -> str:
    """What stands for all that shares are made by: another text where a rule is another."""
    chosen = _chosen([])
    told = sha256()
    for asked in (_figures_of(chosen, now), _listed_of(chosen, now)):
        said = asked.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
        told.update(f"{said}{sorted(said.params.items(), key=str)}".encode())
    return told.hexdigest()


def written(shares: Iterable[Share]) -> dict[str, Any]:
    """Shares as they are kept: what they say often, they say by its number."""
    words: dict[str, int] = {}

    def number(word: str) -> int:
        return words.setdefault(word, len(words))

    rows = [
        [
            number(one.counted),
            one.on.isoformat() if one.on else None,
            list(map(number, one.keys)),
            list(one.holds),
        ]
        for one in shares
    ]
    return {"words": list(words), "shares": rows}


def read(kept: dict[str, Any]) -> list[Share]:
    """The shares that were kept."""
    words = kept["words"]
    return [
        Share(
            words[counted],
            date.fromisoformat(on) if on else None,
            tuple(words[key] for key in keys),
            tuple(holds),
        )
        for counted, on, keys, holds in kept["shares"]
    ]
