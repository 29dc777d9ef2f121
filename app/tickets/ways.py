"""The ways to the tickets of a list: of each the first ids in order, put together.

The statement of a list that is narrowed by state, light or second look at most is kept by its
shape: building it costs several times what the database needs to answer it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, false, func, null, or_, select, type_coerce, union
from sqlalchemy import not_ as is_not

from app.kernel.db import UTCDateTime
from app.people.access import Actor, ActorPost
from app.people.models import OrganisationType, Role
from app.tickets.models import LIT_STATES, Leg, Ticket
from app.tickets.narrowing import Conditions, TicketFilter, as_left, as_they_are
from app.tickets.queries import answering, reported_by, sees_now, ways_of_seeing

UNKNOWN = type_coerce(null(), UTCDateTime())
"""The time of what has none: in order of the ids alone."""


@dataclass(frozen=True)
class Ways:
    """The ways to the tickets asked for: to those that the actor sees now, and to those handed
    over (one or none)."""

    now: Conditions
    handed_over: Conditions


def ways_to(
    actor: Actor, wanted: TicketFilter, *, few: Sequence[UUID] | None, now: datetime
) -> Ways:
    """The conditions of each way; `few` are the ids in question where they are few."""
    present = as_they_are(wanted, now=now)
    if few is not None:
        present.append(Ticket.id.in_(few))
    ways = reported_by(actor) if wanted.mine else ways_of_seeing(actor)
    # Where few tickets are in question, or one index gives the order for everybody, the ways are
    # only asked of each ticket met.
    if few is not None or wanted.in_one_small_place or (wanted.by_due and not wanted.states):
        # Not a bare OR: a database would take it for an invitation to gather all of every way.
        ways = [func.coalesce(or_(*ways), false())]
    found = [and_(way, *state, *present) for way in ways for state in _states(wanted)]
    return Ways(found, _handed_over(actor, wanted, now))


def _states(wanted: TicketFilter) -> list[Conditions]:
    """State by state, so that each is read in order."""
    states = wanted.states or (LIT_STATES if wanted.light else ())
    return [[Ticket.state == state] for state in states] or [[]]


def _handed_over(actor: Actor, wanted: TicketFilter, now: datetime) -> Conditions:
    mine = answering(actor)
    conditions = as_left(wanted, mine, now=now) if mine else None
    if conditions is None:
        return []
    left = select(Leg.ticket_id).where(Leg.organisation_id.in_(mine), Leg.as_left.is_not(None))
    unseen = is_not(func.coalesce(sees_now(actor), false()))
    return [and_(Ticket.id.in_(left), unseen, *conditions)]


def first_asked(ways: Conditions, at: Any, most: int, *, newest: bool = False) -> Select[Any]:
    """The first ids of all ways in the order of a time, which comes with them."""
    firsts = [_in_order(select(Ticket.id, at.label("at")).where(w), at, newest) for w in ways]
    ids = union(*(select(first.limit(most).subquery()) for first in firsts)).subquery()
    asked = _in_order(select(ids.c.id, ids.c.at), ids.c.at, newest, ids.c.id)
    limited: Select[Any] = asked.limit(most)
    return limited


def _in_order(asked: Any, at: Any, newest: bool, ticket_id: Any = Ticket.id) -> Any:
    if at is UNKNOWN:
        return asked.order_by(ticket_id)
    if newest:
        return asked.order_by(at.desc(), ticket_id.desc())
    return asked.order_by(at, ticket_id)


@dataclass(frozen=True)
class Kept:
    """A statement that is kept, and what to fill in."""

    asked: Select[Any]
    values: Mapping[str, Any]


def kept_newest(actor: Actor, wanted: TicketFilter, *, now: datetime) -> Kept | None:
    """The first page of a plain list, newest first; None for a list that is not plain."""
    plain = TicketFilter(
        states=tuple(wanted.states),
        light=wanted.light,
        mine=wanted.mine,
        second_look=wanted.second_look,
        limit=wanted.limit,
    )
    of_a_group = any(post.given for post in actor.posts)
    if replace(wanted, states=plain.states, pending=()) != plain or wanted.pending or of_a_group:
        return None
    ids = list(dict.fromkeys(each for post in actor.posts for each in _ids(post)))
    posts = tuple(
        (post.role, post.organisation_type, *(ids.index(each) for each in _ids(post)))
        for post in actor.posts
    )
    values = {f"id_{number}": each for number, each in enumerate(ids)}
    return Kept(_newest_of(posts, plain), {**values, "person_id": actor.person_id, "now": now})


def _ids(post: ActorPost) -> tuple[UUID | None, UUID | None]:
    return post.organisation_id, post.town_id


@lru_cache(512)
def _newest_of(
    posts: Sequence[tuple[Role, OrganisationType, int, int]], plain: TicketFilter
) -> Select[Any]:
    """The statement for whoever has such posts: their ids and the instant are filled in."""
    ids: dict[int, Any] = {each: bindparam(f"id_{each}") for post in posts for each in post[2:]}
    nobody: Any = bindparam("person_id")
    somebody = Actor(nobody, "", "", tuple(_anywhere(post, ids) for post in posts))
    now: Any = bindparam("now")
    ways = ways_to(somebody, plain, few=None, now=now)
    every = [*ways.now, *ways.handed_over]
    return first_asked(every, Ticket.reported_at, plain.limit + 1, newest=True)


def _anywhere(post: tuple[Role, OrganisationType, int, int], ids: Mapping[int, Any]) -> ActorPost:
    role, kind, organisation, town = post
    return ActorPost(UUID(int=0), role, ids[organisation], "", "", kind, "", ids[town])
