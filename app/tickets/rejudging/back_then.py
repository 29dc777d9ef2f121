"""The facts of a use as they were when the photo was put to use.

Whatever was written later has a later id: later uses are no earlier copies, and a ticket that was
voided since still counts. Places are those of now: a use whose ticket was moved since, or another
ticket that it is held against, cannot be judged anew, since the place of then is not kept. Nor is
one whose maker could not explain it: a verdict that nobody may answer is none.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.kernel.clock import shanghai_day
from app.photos.evidence import Finding, PhotoRole, Thresholds
from app.photos.findings import findings_of_use
from app.photos.judging import facts_of
from app.photos.models import Photo
from app.tickets.actions import Action
from app.tickets.handling.copies import GONE, Evidence, PhotoUse, uses_of_their_bytes
from app.tickets.handling.evidence import Attachment, facts_of_use
from app.tickets.models import Leg, State, Ticket, TicketEvent, TicketPhoto
from app.tickets.workflow import MOVES

EXPLAINED_IN = frozenset(state for state, action in MOVES if action is Action.explain)


def findings_then(session: Session, use: TicketPhoto, limits: Thresholds) -> list[Finding] | None:
    """What some thresholds find about a use; None: it cannot be judged anew."""
    ticket = session.get_one(Ticket, use.ticket_id)
    if ticket.state not in EXPLAINED_IN:
        return None
    event = session.get_one(TicketEvent, use.event_id)
    attached = _attachment(session, ticket, event, use)
    others = {each.ticket.id for each in attached.evidence.uses if each.ticket is not None}
    if _moved_since(session, {ticket.id, *others}, use.id):
        return None
    facts = facts_of_use(session, ticket, use.photo, attached, limits)
    return findings_of_use(facts_of(use.photo), facts, limits)


def _moved_since(session: Session, ticket_ids: Collection[UUID], use_id: UUID) -> bool:
    """Whether one of some tickets was given another place later than a use."""
    changes = session.scalars(
        select(TicketEvent.changes).where(
            TicketEvent.ticket_id.in_(ticket_ids),
            TicketEvent.id > use_id,
            TicketEvent.action == Action.reclassify.value,
        )
    )
    return any("place" in each for each in changes)


def _attachment(
    session: Session, ticket: Ticket, event: TicketEvent, use: TicketPhoto
) -> Attachment:
    same = session.scalars(
        select(TicketPhoto)
        .where(TicketPhoto.event_id == event.id)
        .options(joinedload(TicketPhoto.photo).joinedload(Photo.blob))
        .order_by(TicketPhoto.sequence)
    ).all()
    with_report = event.sequence == 1
    first = next(each.sequence for each in same if each.role is use.role)
    of_report = with_report and use.role is PhotoRole.AFTER
    return Attachment(
        evidence_then(session, use, [each.photo for each in same if each.role is use.role]),
        use.role,
        first,
        shanghai_day(event.occurred_at),
        frozenset({ticket.town_id}),
        before=[each.photo for each in same if of_report and each.role is PhotoRole.BEFORE],
        with_report=with_report,
        leg=_leg_then(ticket, use),
    )


def _leg_then(ticket: Ticket, use: TicketPhoto) -> Leg | None:
    known = [leg for leg in ticket.legs if leg.from_at <= use.attached_at]
    return known[-1] if known else None


def evidence_then(session: Session, use: TicketPhoto, together: Sequence[Photo]) -> Evidence:
    """What was known of photos that were put to use together when they were."""
    mine = {each.id for each in together}
    rows = session.execute(uses_of_their_bytes(), {"photo_ids": list(mine)}).all()
    there = [row for row in rows if row.Photo.id in mine or row.Photo.id < use.id]
    earlier = {row.TicketPhoto.id: row[:3] for row in there if _was_before(row.TicketPhoto, use)}
    states = _states_then(session, {each.ticket_id for _, each, _ in earlier.values()}, use.id)
    uses = [
        PhotoUse(photo, other, ticket, gone=states.get(ticket.id, ticket.state) in GONE)
        for photo, other, ticket in earlier.values()
    ]
    used = {each.photo.id for each in uses}
    unused = {row.Photo.id: row.Photo for row in there if row.Photo.id not in used}
    apart = {(row.of, row.Photo.sha256): row.whole for row in there}
    return Evidence(tuple(together), (*uses, *map(PhotoUse, unused.values())), apart)


def _was_before(other: TicketPhoto | None, use: TicketPhoto) -> bool:
    return other is not None and other.event_id != use.event_id and other.id < use.id


def _states_then(session: Session, ticket_ids: Collection[UUID], before: UUID) -> dict[UUID, State]:
    """The state of each ticket by its timeline up to an id."""
    if not ticket_ids:
        return {}
    rows = session.execute(
        select(TicketEvent.ticket_id, TicketEvent.to_state)
        .where(TicketEvent.ticket_id.in_(ticket_ids), TicketEvent.id < before)
        .order_by(TicketEvent.sequence)
    )
    return {ticket_id: state for ticket_id, state in rows}
