"""An organisation's day, read in a fixed number of queries and bounded in size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.kernel.clock import shanghai_day
from app.people.access import Actor
from app.people.models import Role
from app.tickets.agenda.answered import decided, returns_of
from app.tickets.agenda.ended import Ended, after_the_contract
from app.tickets.agenda.standing import Group, Standing, by_compound, standing_in, standing_with
from app.tickets.fetching import tickets_listed
from app.tickets.models import Ticket, TicketEvent
from app.tickets.queries import answering

MOST_GROUPS = 10
"""So many compounds are shown, each with its first `MOST_EACH` tickets."""
MOST_EACH = 5
MOST = 20
"""So many are shown of what is contested, returned and decided."""


@dataclass(frozen=True)
class Agenda:
    """A day's work: each part in its order, whole where it costs nothing."""

    now: datetime
    standing: Sequence[Standing]
    groups: Sequence[Group]
    contested: Sequence[Standing]
    returned: Sequence[Standing]
    decided: Sequence[Row[Any]]
    handed_over: Sequence[Ended]
    to_hand_over: Sequence[Ended]

    @property
    def shown_ids(self) -> list[UUID]:
        """The tickets that are shown in any part."""
        parts: list[Sequence[Standing]] = [
            *(group.tickets[:MOST_EACH] for group in self.groups[:MOST_GROUPS]),
            self.contested[:MOST],
            self.returned[:MOST],
            *(each.tickets[:MOST_EACH] for each in self.handed_over[:MOST_GROUPS]),
            *(each.tickets[:MOST_EACH] for each in self.to_hand_over[:MOST_GROUPS]),
        ]
        ids = [each.id for part in parts for each in part]
        return list(dict.fromkeys([*ids, *(row.ticket_id for row in self.decided)]))


@dataclass(frozen=True)
class Shown:
    """What is shown of the tickets of an agenda."""

    tickets: dict[UUID, Ticket]
    returns: dict[UUID, TicketEvent]


def agenda_of(session: Session, actor: Actor, *, now: datetime) -> Agenda:
    """What is with the actor's organisations today; for a lead also what waits in the community
    with a company that is no longer in contract."""
    mine = answering(actor)
    led = [post.organisation_id for post in actor.posts_as(Role.lead)]
    standing = standing_with(session, mine)
    around = standing_in(session, led) if led else []
    every = {each.id: each for each in (*standing, *around)}
    ended = after_the_contract(session, list(every.values()), day=shanghai_day(now))
    contested = [each for each in standing if each.pending_at]
    return Agenda(
        now,
        standing,
        by_compound(standing, now=now),
        sorted(contested, key=_asked_at, reverse=True),
        [each for each in standing if each.is_rework],
        decided(session, mine, now=now, limit=MOST),
        [each for each in ended if each.company.id in mine],
        [each for each in ended if each.tickets[0].community_id in led],
    )


def shown_of(session: Session, agenda: Agenda) -> Shown:
    """The tickets that an agenda shows, and why those of them came back that did."""
    listed = tickets_listed(session, agenda.shown_ids)
    returns = returns_of(session, [each.id for each in agenda.returned[:MOST]])
    return Shown({ticket.id: ticket for ticket in listed}, returns)


def _asked_at(standing: Standing) -> tuple[datetime, UUID]:
    assert standing.pending_at is not None
    return standing.pending_at, standing.id
