"""Rework, the second look at closures, and the ends of tickets that were none."""

from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from app.kernel.clock import rfc3339
from app.photos.evidence import Verdict
from app.tickets.errors import MergeUnsuitable
from app.tickets.handling.clocks import begin_leg, end_leg
from app.tickets.handling.turns import Changes, Turn
from app.tickets.models import LegOutcome, SecondLook, State, Ticket, TicketWitness
from app.tickets.queries import sees_now

NOT_MERGED_INTO = (State.rejected, State.voided, State.withdrawn)


def rework(turn: Turn) -> Changes:
    """The same organisation again: a new leg, a new limit, the same person."""
    ticket, leg = turn.ticket, turn.ticket.last_leg
    assert leg is not None
    assignee = ticket.assignee
    begin_leg(turn.session, ticket, leg.organisation, now=turn.now)
    ticket.assignee_id, ticket.assignee = assignee.id if assignee else None, assignee
    ticket.rework_count += 1
    back_to_work(ticket)
    return {}


def back_to_work(ticket: Ticket) -> None:
    """Who rectified last stays known: for them a recall is too late, not somebody else's."""
    ticket.rectified_at = ticket.check_due_at = None


def reopen(turn: Turn) -> Changes:
    """A closure that does not hold: rework."""
    ticket = turn.ticket
    closed_at = rfc3339(ticket.closed_at)
    ticket.closed_at = ticket.second_look = None
    return {**rework(turn), "closed_at": closed_at}


def second_look_of(turn: Turn) -> SecondLook | None:
    """Whether a closure waits for a supervisor: a share of all, and all with a doubtful photo."""
    doubtful = any(verdict is not Verdict.CONSISTENT for verdict in turn.after_verdicts)
    chosen = is_chosen(turn.ticket.id, percent=turn.second_look_percent)
    return SecondLook.waiting if doubtful or chosen else None


def is_chosen(ticket_id: UUID, *, percent: int) -> bool:
    """Whether a ticket is one of the share (0–100): by the SHA-256 of its id, so that nobody can
    choose."""
    return int.from_bytes(sha256(str(ticket_id).encode()).digest()[:8]) % 100 < percent


def confirm(turn: Turn) -> Changes:
    """The second look was passed."""
    turn.ticket.second_look = SecondLook.ok
    return {}


def supervise(turn: Turn) -> Changes:
    """It is being watched from above from now on."""
    turn.ticket.supervised_at = turn.now
    return {}


def void(turn: Turn) -> Changes:
    """It was none: what ran is over."""
    ticket = turn.ticket
    if ticket.open_leg is not None:
        end_leg(ticket, ticket.open_leg, LegOutcome.voided, now=turn.now)
    ticket.suspended_at = ticket.suspended_until = None
    return {}


def merge_into(turn: Turn) -> Changes:
    """It is another ticket's problem: whoever reported it, or had witnessed it, witnesses that one.
    The photos stay with theirs."""
    ticket = turn.ticket
    other = _other_ticket(turn)
    changes = void(turn)
    ticket.merged_into_id = other.id
    _add_witnesses(turn, other)
    return {**changes, "merged_into": str(other.id)}


def _other_ticket(turn: Turn) -> Ticket:
    """The ticket to merge into, locked; one that somebody else is changing is not waited for, since
    they may be waiting for this one."""
    ticket, other_id = turn.ticket, turn.asked.ticket_id
    other = turn.session.scalar(
        select(Ticket)
        .where(Ticket.id == other_id, Ticket.town_id == ticket.town_id, sees_now(turn.actor))
        .with_for_update(skip_locked=True, of=Ticket)
        .execution_options(populate_existing=other_id != ticket.id)
    )
    if other is None or other.id == ticket.id or other.state in NOT_MERGED_INTO:
        detail = "须为本镇另一张有效的工单；有人正在处理的，请稍后再试。"
        raise MergeUnsuitable(detail, fields={"ticket": [detail]})
    return other


def _add_witnesses(turn: Turn, other: Ticket) -> None:
    ticket = turn.ticket
    seen_by = dict.fromkeys((ticket.reporter_id, *(UUID(each) for each in ticket.witness_ids)))
    known = {str(other.reporter_id), *other.witness_ids}
    new = [person_id for person_id in seen_by if str(person_id) not in known]
    turn.session.add_all(
        TicketWitness(
            ticket_id=other.id, person_id=person_id, merged_ticket_id=ticket.id, at=turn.now
        )
        for person_id in new
    )
    other.witness_ids = [*other.witness_ids, *(str(person_id) for person_id in new)]
    other.updated_at = turn.now
