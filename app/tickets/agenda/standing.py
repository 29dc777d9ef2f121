"""What is with some organisations now: their open tickets, each in a few columns, and grouped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from app.sla.lights import Light, light_at
from app.tickets.models import Leg, LegOutcome, PendingKind, State, Ticket

WITH_US = (State.dispatched, State.referred, State.suspended)
"""Where somebody is responsible and has not put it right."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An open ticket in a few words; `is_rework`: the organisation did it before, in vain."""

    id: UUID
    state: State
    compound_id: UUID | None
    community_id: UUID
    responsible_id: UUID | None
    assignee_id: UUID | None
    due_at: datetime | None
    yellow_at: datetime | None
    pending_kind: PendingKind | None
    pending_at: datetime | None
    is_rework: bool

    def light(self, now: datetime) -> Light | None:
        """How near the limit is to its end; one that stands still has none."""
        if self.state is State.suspended or self.due_at is None or self.yellow_at is None:
            return None
        return light_at(now, self.yellow_at, self.due_at)

    @property
    def urgency(self) -> tuple[bool, datetime | None, UUID]:
        """What orders the most urgent first."""
        return self.due_at is None, self.due_at, self.id


def standing_with(session: Session, organisation_ids: Sequence[UUID]) -> list[Standing]:
    """The open tickets that organisations are responsible for, the most urgent first."""
    return _standing(session, Ticket.responsible_id.in_(organisation_ids))


def standing_in(session: Session, community_ids: Sequence[UUID]) -> list[Standing]:
    """The open tickets of communities that somebody is responsible for, the most urgent first."""
    return _standing(session, Ticket.community_id.in_(community_ids))


def _standing(session: Session, whose: ColumnElement[bool]) -> list[Standing]:
    rows = session.execute(
        select(
            Ticket.id,
            Ticket.state,
            Ticket.compound_id,
            Ticket.community_id,
            Ticket.responsible_id,
            Ticket.assignee_id,
            Ticket.due_at,
            Ticket.yellow_at,
            Ticket.pending_kind,
            Ticket.pending_at,
            and_(Ticket.rework_count > 0, _done_before()),
        ).where(whose, Ticket.state.in_(WITH_US), Ticket.responsible_id.is_not(None))
    )
    return sorted((Standing(*row) for row in rows), key=lambda each: each.urgency)


def _done_before() -> ColumnElement[bool]:
    """Whether the leg before the running one is the same organisation's, and it rectified."""
    running, before = aliased(Leg), aliased(Leg)
    return exists().where(
        running.ticket_id == Ticket.id,
        running.to_at.is_(None),
        before.ticket_id == Ticket.id,
        before.sequence == running.sequence - 1,
        before.organisation_id == running.organisation_id,
        before.outcome == LegOutcome.rectified,
    )


@dataclass(frozen=True)
class Group:
    """Tickets of one compound, or of a community outside all compounds, the most urgent first."""

    compound_id: UUID | None
    community_id: UUID
    tickets: Sequence[Standing]

    @property
    def is_with_one(self) -> bool:
        """Whether one organisation is responsible for all of them."""
        return len({each.responsible_id for each in self.tickets}) == 1

    def count(self, light: Light, now: datetime) -> int:
        """How many have a light."""
        return sum(each.light(now) is light for each in self.tickets)

    def urgency(self, now: datetime) -> tuple[Any, ...]:
        """Most red first, then most yellow, then what is due first."""
        red, yellow = self.count(Light.red, now), self.count(Light.yellow, now)
        return -red, -yellow, self.tickets[0].urgency


def by_compound(standing: Sequence[Standing], *, now: datetime) -> list[Group]:
    """Tickets whose limit runs by compound, the most urgent compound first."""
    groups: dict[tuple[UUID | None, UUID | None], list[Standing]] = {}
    for each in standing:
        if each.state is not State.suspended:
            outside = each.community_id if each.compound_id is None else None
            groups.setdefault((each.compound_id, outside), []).append(each)
    found = [Group(key[0], found[0].community_id, found) for key, found in groups.items()]
    return sorted(found, key=lambda group: group.urgency(now))
