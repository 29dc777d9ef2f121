"""The life cycle as a table: from a state, an action leads to a state, under a permission.

A move that is not a row here is not possible. `needs` are the evidence and the words an action
must bring; `open_until` says how long a move stays open. What else a move does is its effect, in
`service.py`. A further action is a further row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.people.access import Actor, Matter, allowing_post
from app.people.models import Role
from app.photos.evidence import Verdict
from app.tickets.models import State, Ticket

WITHDRAWAL = timedelta(minutes=10)


class Action(StrEnum):
    """What people do to a ticket after it is reported."""

    dispatch = "dispatch"
    reject = "reject"
    reclassify = "reclassify"
    withdraw = "withdraw"
    rectify = "rectify"
    recall = "recall"
    close = "close"
    return_ = "return"
    comment = "comment"


ACTION_LABELS = {
    Action.dispatch: "派遣",
    Action.reject: "不予立案",
    Action.reclassify: "改类别",
    Action.withdraw: "撤回上报",
    Action.rectify: "提交整改",
    Action.recall: "撤回整改",
    Action.close: "核查通过，结案",
    Action.return_: "退回返工",
    Action.comment: "补充说明",
}


class Need(StrEnum):
    """What an action must bring."""

    reason = "reason"
    photo = "photo"
    reason_or_photo = "reason_or_photo"


@dataclass(frozen=True)
class Circumstances:
    """What a guard looks at: the ticket, the instant, the verdicts of its after-photos."""

    ticket: Ticket
    now: datetime
    after_verdicts: tuple[Verdict, ...] = ()

    @property
    def after_photo_contradicted(self) -> bool:
        """Whether an after-photo of this turn is contradicted in its use."""
        return Verdict.CONTRADICTED in self.after_verdicts


Guard = Callable[[Circumstances], bool]


@dataclass(frozen=True)
class Move:
    """One row: who may, where it leads (None: nowhere else), what it needs, how long it is open."""

    permission: str
    to: State | None
    needs: Need | None = None
    still_open: Guard = lambda circumstances: True
    checks_work: bool = False


def within_withdrawal(circumstances: Circumstances) -> bool:
    """Whether the report is at most 10 minutes old."""
    return circumstances.now <= circumstances.ticket.reported_at + WITHDRAWAL


_WITHDRAW = Move("tickets.withdraw", State.withdrawn, still_open=within_withdrawal)
_RECLASSIFY = Move("tickets.reclassify", None, Need.reason)
_COMMENT = Move("tickets.comment", None, Need.reason_or_photo)

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
    (State.rectified, Action.close): Move("tickets.close", State.closed, checks_work=True),
    (State.rectified, Action.return_): Move(
        "tickets.return", State.dispatched, Need.reason, checks_work=True
    ),
    (State.rectified, Action.comment): _COMMENT,
    (State.referred, Action.comment): _COMMENT,
    (State.suspended, Action.comment): _COMMENT,
}


def is_own_work(actor: Actor, matter: Matter) -> bool:
    """Whether the actor would check their own work or that of their own organisation.

    The fixes of the community of the place may be checked by its lead, unless the lead made them.
    """
    if matter.rectifier_id == actor.person_id:
        return True
    organisation_id = matter.rectifying_organisation_id
    roles = {p.role for p in actor.posts if p.organisation_id == organisation_id}
    leads_the_place = organisation_id == matter.community_id and Role.lead in roles
    return bool(roles) and not leads_the_place


def matter_of(ticket: Ticket) -> Matter:
    """What permissions ask about a ticket."""
    leg = ticket.last_leg
    return Matter(
        town_id=ticket.town_id,
        community_id=ticket.community_id,
        paths=(ticket.community.path,),
        responsible_id=ticket.responsible_id,
        reporter_id=ticket.reporter_id,
        rectifier_id=ticket.rectifier_id,
        rectifying_organisation_id=leg.organisation_id if leg else None,
        past_responsible_ids=frozenset(each.organisation_id for each in ticket.legs),
    )


def may_move(actor: Actor, action: Action, circumstances: Circumstances) -> bool:
    """Whether the actor is one of those the row names, whatever the clock says."""
    ticket = circumstances.ticket
    move = MOVES.get((ticket.state, action))
    permission = move.permission if move else f"tickets.{action}"
    matter = matter_of(ticket)
    if allowing_post(actor, permission, matter) is None:
        return False
    if move is None or not move.checks_work:
        return True
    if is_own_work(actor, matter):
        return False
    return action is not Action.close or closes_what_is_contradicted(actor, circumstances)


def closes_what_is_contradicted(actor: Actor, circumstances: Circumstances) -> bool:
    """Only a supervisor closes over a contradicted after-photo."""
    if not circumstances.after_photo_contradicted:
        return True
    return allowing_post(actor, "tickets.overrule", matter_of(circumstances.ticket)) is not None


def allowed_actions(actor: Actor, circumstances: Circumstances) -> list[Action]:
    """The actions that this actor can take on the ticket now."""
    return [
        action
        for (state, action), move in MOVES.items()
        if state is circumstances.ticket.state
        and move.still_open(circumstances)
        and may_move(actor, action, circumstances)
    ]
