"""The queue of decisions, in one statement whatever waits.

Candidates are the rectified tickets and those closed that wait for a second look: of each the index
of its kind leads there. What was found about the photos of each is looked up once, in a CTE that is
kept, since it both narrows and orders. The order is by what does not change while people decide:
the gravest reason, when the repair was done, the id.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy import not_ as is_not
from sqlalchemy.orm import Session, aliased

from app.catalogue.models import Action as SixAction
from app.catalogue.models import Category
from app.kernel.clock import parse_instant
from app.kernel.paging import cut_page, decode_cursor
from app.people.access import Actor, ActorPost
from app.people.models import Organisation, OrganisationType, Role
from app.photos.evidence import PhotoRole, Verdict
from app.photos.models import Photo
from app.sla.limits import LimitUnit
from app.tickets.actions import Action
from app.tickets.fetching import tickets_listed
from app.tickets.models import SecondLook, State, Ticket, TicketEvent, TicketPhoto
from app.tickets.narrowing import TicketFilter, as_they_are
from app.tickets.review.reasons import ReviewReason

_URGENT = [unit for unit in LimitUnit if unit.is_urgent]
# Spelt out, so that the index of those that wait can be used.
_WAITS = Ticket.second_look == literal_column(f"'{SecondLook.waiting.value}'")


@dataclass(frozen=True)
class Waiting:
    """A ticket that waits for a decision, and why: the gravest reason first."""

    ticket: Ticket
    reasons: Sequence[ReviewReason]


@dataclass(frozen=True)
class ReviewPage:
    """Some of what waits, and how many there are from the first of these on."""

    items: Sequence[Waiting]
    count: int
    next_cursor: str | None


@dataclass(frozen=True)
class ReviewAsked:
    """What the queue is narrowed to."""

    under: Organisation | None = None
    reason: ReviewReason | None = None
    limit: int = 20
    cursor: str | None = None


def review_page(session: Session, actor: Actor, asked: ReviewAsked, *, now: datetime) -> ReviewPage:
    """The tickets that wait for the actor's decision: a supervisor's with a reason to look, a
    lead's all that the community has to check; never what the actor rectified or closed."""
    rows = session.execute(_ranked(actor, asked, now)).all()
    page = cut_page(rows, asked.limit, lambda row: (row.rank, row.at.isoformat(), str(row.id)))
    tickets = tickets_listed(session, [row.id for row in page.items])
    found = [Waiting(t, _reasons(row)) for t, row in zip(tickets, page.items, strict=True)]
    return ReviewPage(found, rows[0].ahead if rows else 0, page.next_cursor)


def _ranked(actor: Actor, asked: ReviewAsked, now: datetime) -> Any:
    seen = _candidates(actor, asked, now).cte("seen").prefix_with("MATERIALIZED")
    rank = case(
        *((_holds(seen, reason), literal(reason.rank)) for reason in _OTHERS),
        else_=ReviewReason.check.rank,
    )
    ranked = select(seen, rank.label("rank")).where(or_(*map(_of(seen), _OTHERS), seen.c.led))
    if asked.reason is not None:
        ranked = ranked.where(_holds(seen, asked.reason))
    rows = ranked.subquery()
    page = select(rows, func.count().over().label("ahead"))
    if asked.cursor:
        place = tuple_(*(literal(value) for value in _last(asked.cursor)))
        page = page.where(tuple_(rows.c.rank, rows.c.at, rows.c.id) > place)
    return page.order_by(rows.c.rank, rows.c.at, rows.c.id).limit(asked.limit + 1)


_OTHERS = [reason for reason in ReviewReason if reason is not ReviewReason.check]


def _of(seen: Any) -> Any:
    return lambda reason: _holds(seen, reason)


def _holds(seen: Any, reason: ReviewReason) -> ColumnElement[bool]:
    """Whether a reason holds for a candidate."""
    if reason is ReviewReason.contradicted:
        found: ColumnElement[bool] = seen.c.worst == 2
    elif reason is ReviewReason.needs_review:
        found = seen.c.worst == 1
    elif reason is ReviewReason.check:
        found = is_not(seen.c.second_look)
    else:
        found = seen.c[reason.value]
    return found


def _reasons(row: Row[Any]) -> list[ReviewReason]:
    held = {
        ReviewReason.contradicted: row.worst == 2,
        ReviewReason.needs_review: row.worst == 1,
        **{reason: bool(row._mapping[reason.value]) for reason in _OTHERS[2:]},
    }
    return [reason for reason in held if held[reason]] or [ReviewReason.check]


def _candidates(actor: Actor, asked: ReviewAsked, now: datetime) -> Any:
    """The tickets in question with all that the order and the reasons look at."""
    ways = list(_ways(actor)) or [select(Ticket.id).where(false())]
    ids = union_all(*ways).subquery()
    illegal = select(Category.code).where(Category.action == SixAction.illegal_building)
    led = [post.organisation_id for post in actor.posts_as(Role.lead)]
    is_rectified = Ticket.state == State.rectified
    return select(
        Ticket.id,
        func.coalesce(Ticket.rectified_at, Ticket.reported_at).label("at"),
        _worst().label("worst"),
        Ticket.limit_unit.in_(_URGENT).label("urgent"),
        Ticket.category_code.in_(illegal).label("illegal_building"),
        is_not(is_rectified).label("second_look"),
        and_(is_rectified, func.coalesce(Ticket.check_due_at < now, false())).label("late"),
        and_(is_rectified, Ticket.community_id.in_(led)).label("led"),
    ).where(
        Ticket.id.in_(select(ids)),
        *_not_their_own(actor),
        *as_they_are(TicketFilter(under=asked.under), now=now),
    )


def _ways(actor: Actor) -> Iterator[Any]:
    """The ids that each post leads to: only what is closed waits for a second look."""
    for post in actor.posts_as(Role.supervisor):
        for scope in _supervised(post):
            yield select(Ticket.id).where(scope, Ticket.state == State.rectified)
            yield select(Ticket.id).where(scope, _WAITS)
    for post in actor.posts_as(Role.lead):
        here = Ticket.community_id == post.organisation_id
        yield select(Ticket.id).where(here, Ticket.state == State.rectified)


def _supervised(post: ActorPost) -> Iterator[ColumnElement[bool]]:
    if post.organisation_type is OrganisationType.management_group:
        yield from (Ticket.community_id == given for given in sorted(post.given))
    else:
        yield Ticket.town_id == post.town_id


def _worst() -> Any:
    """How bad the worst is that was found about a photo, in its use or by itself: 2 contradicted,
    1 to be reviewed. Of after-photos only those of the newest rectification count, as in
    deciding."""
    used, newest = aliased(TicketPhoto), aliased(TicketPhoto)
    last = (
        select(newest.event_id)
        .where(newest.ticket_id == Ticket.id, newest.role == PhotoRole.AFTER)
        .order_by(newest.sequence.desc())
        .limit(1)
        .correlate(Ticket)
        .scalar_subquery()
    )
    graver = used.verdict == Verdict.CONTRADICTED, Photo.verdict == Verdict.CONTRADICTED
    doubtful = used.verdict != Verdict.CONSISTENT, Photo.verdict != Verdict.CONSISTENT
    return (
        select(func.max(case((or_(*graver), 2), else_=1)))
        .join(Photo, Photo.id == used.photo_id)
        .where(
            used.ticket_id == Ticket.id,
            or_(*doubtful),
            or_(used.role != PhotoRole.AFTER, used.event_id == last),
        )
        .correlate(Ticket)
        .scalar_subquery()
    )


def _not_their_own(actor: Actor) -> list[ColumnElement[bool]]:
    """Not what the actor or their organisation rectified, nor what the actor closed; the fixes of
    the community are checked by its lead."""
    led = {post.organisation_id for post in actor.posts_as(Role.lead)}
    own = sorted(actor.organisation_ids - led)
    me = actor.person_id
    closer = (
        select(TicketEvent.actor_id)
        .where(TicketEvent.ticket_id == Ticket.id, TicketEvent.action == Action.close.value)
        .order_by(TicketEvent.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )
    return [
        or_(Ticket.rectifier_id.is_(None), Ticket.rectifier_id != me),
        or_(Ticket.responsible_id.is_(None), Ticket.responsible_id.not_in(own)),
        or_(Ticket.state == State.rectified, closer.is_distinct_from(me)),
    ]


def _last(cursor: str) -> tuple[int, datetime, UUID]:
    """Where the page before ended; raises BadCursor."""
    rank, at, ticket_id = decode_cursor(cursor, int, parse_instant, lambda v: UUID(str(v)))
    return rank, at, ticket_id
