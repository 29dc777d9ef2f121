"""The life cycle as a table: from a state, an action leads to a state, under a permission.

A move that is not a row here is not possible. `needs` are the evidence and the words an action
must bring; `open_until` says how long a move stays open. What else a move does is its effect, in
`service.py`. A further action is a further row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from app.people.access import Actor, allowing_post
from app.tickets.actions import ACTION_LABELS as ACTION_LABELS
from app.tickets.actions import Action as Action
from app.tickets.bars import CONTRADICTED, OWN_CLOSING, OWN_REQUEST, OWN_WORK, Bar
from app.tickets.circumstances import Circumstances, Guard
from app.tickets.models import OPEN_STATES, LegOutcome, PendingKind, SecondLook, State, Ticket

WITHDRAWAL = timedelta(minutes=10)
REOPENING = timedelta(days=30)
EXTENSIONS = 2
"""How often the limit of one leg may be extended."""


class Need(StrEnum):
    """What an action must bring."""

    reason = "reason"
    photo = "photo"
    reason_or_photo = "reason_or_photo"


@dataclass(frozen=True)
class Move:
    """One row: who may, where it leads (None: nowhere else), what it needs, how long it is open,
    and who must not all the same."""

    permission: str
    to: State | None
    needs: Need | None = None
    still_open: Guard = lambda circumstances: True
    bars: tuple[Bar, ...] = ()


def within_withdrawal(circumstances: Circumstances) -> bool:
    """Whether the report is at most 10 minutes old, and it is the reporter's alone: work that was
    done, returned or closed does not vanish with it, nor what somebody else reported too."""
    ticket = circumstances.ticket
    fresh = circumstances.now <= ticket.reported_at + WITHDRAWAL
    return fresh and not was_rectified(ticket) and not ticket.witness_ids


def was_rectified(ticket: Ticket) -> bool:
    """Whether somebody rectified it and did not recall it."""
    return any(leg.outcome is LegOutcome.rectified for leg in ticket.legs)


def within_reopening(circumstances: Circumstances) -> bool:
    """Whether the ticket was closed at most 30 days ago."""
    closed_at = circumstances.ticket.closed_at
    return closed_at is not None and circumstances.now <= closed_at + REOPENING


def may_still_send_back(circumstances: Circumstances) -> bool:
    """Whether nothing is pending and this leg was never sent back."""
    leg = circumstances.ticket.open_leg
    return leg is not None and not leg.sent_back and circumstances.ticket.pending_kind is None


def may_still_be_extended(circumstances: Circumstances) -> bool:
    """Whether nothing is pending and this leg was extended less than twice."""
    leg = circumstances.ticket.open_leg
    left = leg is not None and leg.extension_count < EXTENSIONS
    return left and circumstances.ticket.pending_kind is None


def _pending(kind: PendingKind) -> Guard:
    return lambda circumstances: circumstances.ticket.pending_kind is kind


def waits_for_second_look(circumstances: Circumstances) -> bool:
    """Whether the closure waits to be looked at again."""
    return circumstances.ticket.second_look is SecondLook.waiting


_WITHDRAW = Move("tickets.withdraw", State.withdrawn, still_open=within_withdrawal)
_RECLASSIFY = Move("tickets.reclassify", None, Need.reason)
_COMMENT = Move("tickets.comment", None, Need.reason_or_photo)
_REFER = Move("tickets.refer", State.referred)
_VOID = Move("tickets.void", State.voided, Need.reason)
_MERGE = Move("tickets.merge_into", State.voided)
_NOT_BY_WHO_RECTIFIED = {Action.void: _VOID, Action.merge_into: _MERGE}
_SUPERVISE = Move("tickets.supervise", None)
_EXPLAIN = Move("tickets.explain", None, Need.reason)
_SENT_BACK = _pending(PendingKind.send_back)
_TO_EXTEND = _pending(PendingKind.request_extension)

MOVES: dict[tuple[State, Action], Move] = {
    (State.reported, Action.dispatch): Move("tickets.dispatch", State.dispatched),
    (State.reported, Action.reject): Move("tickets.reject", State.rejected, Need.reason),
    (State.reported, Action.reclassify): _RECLASSIFY,
    (State.reported, Action.withdraw): _WITHDRAW,
    (State.reported, Action.comment): _COMMENT,
    (State.dispatched, Action.dispatch): Move("tickets.dispatch", State.dispatched, Need.reason),
    (State.dispatched, Action.reclassify): _RECLASSIFY,
    (State.dispatched, Action.withdraw): _WITHDRAW,
    (State.dispatched, Action.rectify): Move("tickets.rectify", State.rectified, Need.photo),
    (State.dispatched, Action.comment): _COMMENT,
    (State.rectified, Action.recall): Move("tickets.recall", State.dispatched),
    (State.rectified, Action.close): Move(
        "tickets.close", State.closed, bars=(OWN_WORK, CONTRADICTED)
    ),
    (State.rectified, Action.return_): Move(
        "tickets.return", State.dispatched, Need.reason, bars=(OWN_WORK,)
    ),
    (State.rectified, Action.comment): _COMMENT,
    (State.referred, Action.comment): _COMMENT,
    (State.suspended, Action.comment): _COMMENT,
    (State.dispatched, Action.assign): Move("tickets.assign", None),
    (State.dispatched, Action.send_back): Move(
        "tickets.send_back", None, Need.reason, may_still_send_back
    ),
    (State.dispatched, Action.accept_send_back): Move(
        "tickets.accept_send_back", State.reported, None, _SENT_BACK, (OWN_REQUEST,)
    ),
    (State.dispatched, Action.refuse_send_back): Move(
        "tickets.refuse_send_back", None, None, _SENT_BACK, (OWN_REQUEST,)
    ),
    (State.dispatched, Action.request_extension): Move(
        "tickets.request_extension", None, Need.reason, may_still_be_extended
    ),
    (State.dispatched, Action.grant_extension): Move(
        "tickets.grant_extension", None, None, _TO_EXTEND, (OWN_REQUEST,)
    ),
    (State.dispatched, Action.refuse_extension): Move(
        "tickets.refuse_extension", None, None, _TO_EXTEND, (OWN_REQUEST,)
    ),
    (State.dispatched, Action.suspend): Move("tickets.suspend", State.suspended, Need.reason),
    (State.suspended, Action.resume): Move("tickets.resume", State.dispatched),
    (State.reported, Action.refer): _REFER,
    (State.dispatched, Action.refer): _REFER,
    (State.referred, Action.rectify): Move("tickets.rectify", State.rectified, Need.photo),
    (State.referred, Action.dispatch): Move("tickets.dispatch", State.dispatched, Need.reason),
    (State.closed, Action.confirm): Move(
        "tickets.confirm", None, None, waits_for_second_look, (OWN_WORK, OWN_CLOSING)
    ),
    (State.closed, Action.reopen): Move(
        "tickets.reopen", State.dispatched, Need.reason, within_reopening
    ),
    **{(state, Action.void): _VOID for state in OPEN_STATES},
    **{(state, Action.merge_into): _MERGE for state in OPEN_STATES},
    **{
        (State.rectified, action): replace(move, bars=(OWN_WORK,))
        for action, move in _NOT_BY_WHO_RECTIFIED.items()
    },
    **{(state, Action.supervise): _SUPERVISE for state in OPEN_STATES},
    (State.dispatched, Action.explain): _EXPLAIN,
    (State.rectified, Action.explain): _EXPLAIN,
    (State.closed, Action.explain): _EXPLAIN,
}


_ROWS: dict[State, dict[Action, Move]] = {
    state: {action: MOVES[state, action] for action in Action if (state, action) in MOVES}
    for state in State
}
"""The rows of each state, in the order of the actions."""

_ROWS_WHEN_OVER: dict[Action, Move] = {
    action: move
    for action in Action
    if (move := _ROWS[State.suspended if action is Action.resume else State.dispatched].get(action))
}


def rows_of(circumstances: Circumstances) -> Mapping[Action, Move]:
    """The rows that the ticket's actions have now, in the order of the actions.

    When the date of a suspension has come, the ticket can be worked on, whether or not somebody has
    resumed it by then; who does anything to it resumes it.
    """
    return _ROWS_WHEN_OVER if circumstances.suspension_over else _ROWS[circumstances.ticket.state]


def row_of(action: Action, circumstances: Circumstances) -> Move | None:
    """The row that an action has now."""
    return rows_of(circumstances).get(action)


def resumes_first(action: Action, circumstances: Circumstances) -> bool:
    """Whether an action finds a suspension that is over, and so resumes the ticket before."""
    return circumstances.suspension_over and action is not Action.resume


def bar_before(actor: Actor, action: Action, circumstances: Circumstances) -> Bar | None:
    """What keeps the actor from an action that has a row now."""
    move = row_of(action, circumstances)
    return _bar_of(actor, move, circumstances) if move else None


def _bar_of(actor: Actor, move: Move, circumstances: Circumstances) -> Bar | None:
    return next((bar for bar in move.bars if bar.keeps_out(actor, circumstances)), None)


def may_move(actor: Actor, action: Action, circumstances: Circumstances) -> bool:
    """Whether the actor is one of those the row names, whatever the clock says."""
    move = row_of(action, circumstances)
    if move is None:
        return allowing_post(actor, f"tickets.{action}", circumstances.matter) is not None
    return _may(actor, move, circumstances)


def _may(actor: Actor, move: Move, circumstances: Circumstances) -> bool:
    if allowing_post(actor, move.permission, circumstances.matter) is None:
        return False
    return _bar_of(actor, move, circumstances) is None


def allowed_actions(actor: Actor, circumstances: Circumstances) -> list[Action]:
    """The actions that this actor can take on the ticket now."""
    return [
        action
        for action, move in rows_of(circumstances).items()
        if move.still_open(circumstances) and _may(actor, move, circumstances)
    ]
