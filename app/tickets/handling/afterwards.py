"""Rework, the second look at closures, and the ends of tickets that were none."""

from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from app.kernel.clock import rfc3339, shanghai_day
from app.people.access import allowing_post
from app.tickets.actions import MERGED_IN
from app.tickets.circumstances import Circumstances
from app.tickets.errors import MergeUnsuitable, OtherTicketBusy
from app.tickets.handling.clocks import begin_leg, end_leg
from app.tickets.handling.timeline import append_event
from app.tickets.handling.turns import Changes, Turn
from app.tickets.intake.town_map import is_retired
from app.tickets.models import STATE_LABELS, LegOutcome, SecondLook, State, Ticket, TicketWitness
from app.tickets.queries import sees_now

NOT_MERGED_INTO = (State.rejected, State.voided, State.withdrawn)


def rework(turn: Turn) -> Changes:
    """The same organisation again: a new leg, a new limit, the same person. The community's, until
    it is dispatched, where that organisation is retired and has nobody to do it."""
    ticket, leg = turn.ticket, turn.ticket.last_leg
    assert leg is not None
    leg.checked_late = _is_checked_late(turn)
    ticket.rework_count += 1
    back_to_work(ticket)
    if is_retired(leg.organisation, shanghai_day(turn.now)):
        begin_leg(turn.session, ticket, ticket.community, now=turn.now)
        return {"responsible": ticket.community.code}
    assignee = ticket.assignee
    begin_leg(turn.session, ticket, leg.organisation, now=turn.now)
    ticket.assignee_id, ticket.assignee = assignee.id if assignee else None, assignee
    return {}


def _is_checked_late(turn: Turn) -> bool:
    """Whether a repair waited to be checked for longer than checking may take."""
    due = turn.ticket.check_due_at
    return turn.ticket.state is State.rectified and due is not None and turn.now > due


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
    chosen = is_chosen(turn.ticket.id, percent=turn.second_look_percent)
    return SecondLook.waiting if turn.doubtful or chosen else None


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
    _tell_there(turn, other)
    return {**changes, "merged_into": str(other.id)}


def _other_ticket(turn: Turn) -> Ticket:
    """The ticket to merge into, locked; one that somebody else is changing is not waited for, since
    they may be waiting for this one. Raises OtherTicketBusy then, and MergeUnsuitable, which says
    what is in the way."""
    ticket, other_id = turn.ticket, turn.asked.ticket_id
    if other_id == ticket.id:
        raise _unsuitable("不能并入它自己，请选另一张工单。")
    in_sight = select(Ticket).where(Ticket.id == other_id, sees_now(turn.actor))
    locked = in_sight.with_for_update(skip_locked=True, of=Ticket)
    other = turn.session.scalar(locked.execution_options(populate_existing=True))
    if other is None and turn.session.scalar(in_sight.with_only_columns(Ticket.id)) is not None:
        raise OtherTicketBusy("请稍后再试。")
    if other is None:
        raise _unsuitable("没有那张工单，或不在您的范围内。")
    if other.town_id != ticket.town_id:
        raise _unsuitable("那张工单不是本镇的，只能并入本镇的工单。")
    if other.state in NOT_MERGED_INTO:
        label = STATE_LABELS[other.state]
        raise _unsuitable(f"那张工单已是“{label}”，请并入仍然有效的一张。")
    if other.closed_at is not None and ticket.occurred_at > other.closed_at:
        raise _unsuitable("那张工单在这次发现之前已结案，问题又出现了，请按本单办理。")
    return other


def _unsuitable(detail: str) -> MergeUnsuitable:
    return MergeUnsuitable(detail, fields={"ticket": [detail]})


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


def _tell_there(turn: Turn, other: Ticket) -> None:
    """The timeline of the ticket that goes on says what came into it."""
    other.version += 1
    other.updated_at = turn.now
    append_event(
        turn.session,
        other,
        actor=turn.actor,
        post=allowing_post(turn.actor, "tickets.merge_into", Circumstances(other, turn.now).matter),
        moment=turn.asked.moment,
        action=MERGED_IN,
        from_state=other.state,
        note=turn.asked.note,
        changes={"merged": turn.ticket.number},
    )
